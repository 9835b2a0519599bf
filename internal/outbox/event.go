package outbox

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// EventMessage is what is sent, as one JSON object.
type EventMessage struct {
	ID        string    `json:"id" doc:"Of the event: the same at each try, at each listener, and when it is delivered again."`
	Type      Kind      `json:"type" enum:"broadcast.started,broadcast.interrupted,broadcast.resumed,broadcast.ended,recording.ready,clip.made,key.new_address,report.made,ping"`
	Timestamp time.Time `json:"timestamp" doc:"When it happened."`
	Sequence  int64     `json:"sequence" doc:"Counts the events of this webhook, from 1: a number that is missing is one that has not arrived."`
	Data      EventData `json:"data"`
}

// EventData is what an event is about.
type EventData struct {
	Channel   *EventChannel   `json:"channel,omitempty" doc:"Of all kinds but ping, and of a ping to a channel's webhook."`
	Broadcast *EventBroadcast `json:"broadcast,omitempty" doc:"Of broadcast.*, recording.ready and clip.made."`
	Clip      *EventClip      `json:"clip,omitempty" doc:"Of clip.made."`
	Key       *EventKey       `json:"key,omitempty" doc:"Of key.new_address."`
	Report    *EventReport    `json:"report,omitempty" doc:"Of report.made."`
}

// EventChannel is the channel that it happened on.
type EventChannel struct {
	ID    string `json:"id" doc:"Stays when the channel gets another name."`
	Name  string `json:"name"`
	Title string `json:"title"`
	URL   string `json:"url" doc:"Its page. Without the host where the server does not know its own (http.url)."`
}

// EventBroadcast is a broadcast as it is after the event.
type EventBroadcast struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	State      string     `json:"state" enum:"live,interrupted,ended,archived,discarded"`
	StartedAt  *time.Time `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at"`
	EndReason  string     `json:"end_reason" doc:"A sentence; empty while it is on air."`
	DurationMS int64      `json:"duration_ms" doc:"Of its media; 0 while it is on air."`
	Recorded   bool       `json:"recorded"`
	Bytes      int64      `json:"bytes" doc:"Of its recording, once that is complete."`
	URL        string     `json:"url" doc:"The page of the recording."`
	Playlist   string     `json:"playlist" doc:"Of the recording, for players (HLS)."`
	Download   string     `json:"download" doc:"The recording as an MP4 file."`
}

// EventClip is a clip that was made.
type EventClip struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	StartMS int64  `json:"start_ms" doc:"On the broadcast's media time."`
	EndMS   int64  `json:"end_ms"`
	URL     string `json:"url" doc:"Its page."`
}

// EventKey is a stream key that was used.
type EventKey struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Hint    string `json:"hint" doc:"The key's last characters."`
	Network string `json:"network" doc:"Where it was used from: the first 24 bits of an IPv4 address, or 48 of an IPv6 address."`
}

// EventReport is what somebody says should not be there.
type EventReport struct {
	ID     string `json:"id"`
	Kind   string `json:"kind" enum:"channel,recording,clip"`
	Reason string `json:"reason" enum:"copyright,abuse,other"`
	Words  string `json:"words"`
	URL    string `json:"url" doc:"The page of what it is about."`
}

func channelOf(c store.Channel) *EventChannel {
	return &EventChannel{ID: c.ID, Name: c.Name, Title: c.Title, URL: "/@" + c.Name}
}

// BroadcastOf tells of a broadcast.
func BroadcastOf(b store.Broadcast) *EventBroadcast {
	media := "/vod/" + b.ID
	e := &EventBroadcast{
		ID: b.ID, Title: b.Title, State: string(b.State), EndReason: b.EndReason, DurationMS: b.Duration.Milliseconds(), Recorded: b.Recorded,
		Bytes: b.Bytes, URL: "/v/" + b.ID, Playlist: media + "/index.m3u8", Download: media + "/download.mp4",
	}
	if !b.StartedAt.IsZero() {
		e.StartedAt = &b.StartedAt
	}
	if !b.EndedAt.IsZero() {
		e.EndedAt = &b.EndedAt
	}
	return e
}

// ClipOf tells of a clip.
func ClipOf(c store.Clip) *EventClip {
	return &EventClip{ID: c.ID, Title: c.Title, StartMS: c.Start.Milliseconds(), EndMS: c.End.Milliseconds(), URL: "/c/" + c.ID}
}

// Message is what is sent for a delivery, as JSON. site is the origin before its
// addresses; the same delivery at the same site is the same message.
func Message(d store.WebhookDelivery, site string) (EventMessage, error) {
	m := EventMessage{ID: d.EventID, Type: Kind(d.Kind), Timestamp: d.At.UTC(), Sequence: d.Sequence}
	if err := json.Unmarshal([]byte(d.Data), &m.Data); err != nil {
		return m, fmt.Errorf("read event %s: %w", d.EventID, err)
	}
	for _, url := range m.Data.urls() {
		*url = site + *url
	}
	return m, nil
}

// urls are the addresses in the data.
func (d *EventData) urls() (urls []*string) {
	if d.Channel != nil {
		urls = append(urls, &d.Channel.URL)
	}
	if b := d.Broadcast; b != nil {
		urls = append(urls, &b.URL, &b.Playlist, &b.Download)
	}
	if d.Clip != nil {
		urls = append(urls, &d.Clip.URL)
	}
	if d.Report != nil {
		urls = append(urls, &d.Report.URL)
	}
	return urls
}
