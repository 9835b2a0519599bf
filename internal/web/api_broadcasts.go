package web

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// Broadcast is one time on air of a channel.
type Broadcast struct {
	ID         string     `json:"id"`
	Channel    string     `json:"channel"`
	Title      string     `json:"title" doc:"The channel's at its beginning, unless it was given one; may be empty."`
	State      string     `json:"state" enum:"opening,live,interrupted,ended,archived,discarded,failed"`
	CreatedAt  time.Time  `json:"created_at" doc:"When the encoder was let in."`
	StartedAt  *time.Time `json:"started_at" doc:"When it was on air; null before."`
	EndedAt    *time.Time `json:"ended_at" doc:"Null before."`
	EndReason  string     `json:"end_reason" doc:"A sentence; empty before its end."`
	DurationMS int64      `json:"duration_ms"`
	Bytes      int64      `json:"bytes" doc:"Of the recording; 0 before it is archived."`
	Recorded   bool       `json:"recorded"`
	Mature     bool       `json:"mature" doc:"Its channel's."`
	Visibility string     `json:"visibility" enum:"public,unlisted,password,members" doc:"Its own, or else its channel's."`
	Access     string     `json:"access" enum:"open,password,members" doc:"What it takes to watch: nothing, or a viewing that begins with a password or by being signed in."`
	// The addresses are left out where it takes a viewing, which has them.
	HLS      string `json:"hls,omitempty" doc:"The recording."`
	DASH     string `json:"dash,omitempty" doc:"The recording, as DASH."`
	Download string `json:"download,omitempty" doc:"The recording as an MP4 file. Its downloads say whether it has further parts."`
	// So they are while there are none.
	Cover      string `json:"cover,omitempty" doc:"A picture of the recording, JPEG. Left out until it is made, which is after the end, and where the server makes none."`
	Storyboard string `json:"storyboard,omitempty" doc:"Small pictures of all of the recording, as WebVTT for players' bars; left out as cover is."`
}

// broadcastOf tells of a broadcast; v is its own visibility or its channel's.
func broadcastOf(row store.Broadcast, v account.Visibility) Broadcast {
	b := Broadcast{
		ID: row.ID, Channel: row.ChannelName, Title: row.Title, State: string(row.State), CreatedAt: row.CreatedAt,
		StartedAt: known(row.StartedAt), EndedAt: known(row.EndedAt), EndReason: row.EndReason,
		DurationMS: row.Duration.Milliseconds(), Bytes: row.Bytes, Recorded: row.Recorded, Mature: row.Mature,
		Visibility: string(v), Access: accessOf(v),
	}
	if viewing.IsOpen(v) {
		b.HLS, b.DASH, b.Download = recordingURL(row.ID), recordingDASH(row.ID), downloadURL(row.ID, 1)
		b.Cover, b.Storyboard = stillsOf("", row)
	}
	if row.State == store.StateLive && b.StartedAt != nil {
		b.DurationMS = time.Since(row.StartedAt).Milliseconds()
	}
	return b
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// listOf makes a page of rows, of which one more than the limit was read. Those
// that have no visibility of their own have that of their channel.
func listOf(rows []store.Broadcast, limit int, channel account.Visibility) *answer[page[Broadcast]] {
	list := page[Broadcast]{Items: []Broadcast{}}
	if len(rows) > limit {
		rows = rows[:limit]
		list.Next = &rows[limit-1].ID
	}
	for _, row := range rows {
		v := account.Visibility(row.Visibility)
		if v == "" {
			v = channel
		}
		list.Items = append(list.Items, broadcastOf(row, v))
	}
	return reply(list)
}

// channelListInput is how a channel's list is asked for.
type channelListInput struct {
	Channel string `path:"channel" maxLength:"64"`
	Paging
}

func (s *Server) channelBroadcasts(ctx context.Context, in *channelListInput) (*answer[page[Broadcast]], error) {
	c, err := s.channelNamed(ctx, in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	list := s.opts.DB.FoundBroadcasts
	if s.opts.Accounts.Require(ctx, actor(ctx), c, account.PlaceEditor, account.ScopeRead) == nil {
		list = s.opts.DB.BroadcastsByChannel
	}
	rows, err := list(ctx, c.ID, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	return listOf(rows, in.Limit, account.Visibility(c.Visibility)), nil
}

func (s *Server) recordings(ctx context.Context, in *Paging) (*answer[page[Broadcast]], error) {
	rows, err := s.opts.DB.PublicRecordings(ctx, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	return listOf(rows, in.Limit, account.Public), nil
}

type broadcastInput struct {
	Broadcast string `path:"broadcast"`
}

func (s *Server) broadcast(ctx context.Context, in *broadcastInput) (*answer[Broadcast], error) {
	row, err := s.opts.DB.Broadcast(ctx, in.Broadcast)
	if err != nil {
		return nil, s.problem(err)
	}
	v, err := s.visibility(ctx, viewing.What{Broadcast: row.ID})
	if err != nil {
		return nil, err
	}
	return reply(broadcastOf(row, v)), nil
}

// Download is an MP4 file that a recording can be had in.
type Download struct {
	Part       int    `json:"part" doc:"Counts from 1. Another codec, sample rate or number of channels begins a further part."`
	URL        string `json:"url,omitempty" doc:"Left out where it takes a viewing."`
	DurationMS int64  `json:"duration_ms"`
	Bytes      int64  `json:"bytes" doc:"Of the media in it; the file is longer by a few bytes a frame."`
}

// Downloads are the MP4 files that a recording can be had in.
type Downloads struct {
	Items []Download `json:"items" nullable:"false"`
}

func (s *Server) downloads(ctx context.Context, in *broadcastInput) (*answer[Downloads], error) {
	row, err := s.opts.DB.Broadcast(ctx, in.Broadcast)
	if err != nil {
		return nil, s.problem(err)
	}
	parts, err := s.opts.Library.Downloads(ctx, row)
	if err != nil {
		return nil, s.problem(err)
	}
	v, err := s.visibility(ctx, viewing.What{Broadcast: row.ID})
	if err != nil {
		return nil, err
	}
	list := Downloads{Items: []Download{}}
	for _, p := range parts {
		d := Download{Part: p.Part, DurationMS: p.Duration.Milliseconds(), Bytes: p.Bytes}
		if viewing.IsOpen(v) {
			d.URL = downloadURL(row.ID, p.Part)
		}
		list.Items = append(list.Items, d)
	}
	return reply(list), nil
}

// Event is something that happened to a broadcast.
type Event struct {
	ID         string    `json:"id"`
	At         time.Time `json:"at"`
	Kind       string    `json:"kind" enum:"interrupted,resumed,taken_over,recording_gap,title"`
	Text       string    `json:"text" doc:"A sentence for a person."`
	DurationMS int64     `json:"duration_ms" doc:"0 for what has none, or is not over."`
}

type eventsInput struct {
	Broadcast string `path:"broadcast"`
	Paging
}

func (s *Server) events(ctx context.Context, in *eventsInput) (*answer[page[Event]], error) {
	if _, err := s.opts.DB.Broadcast(ctx, in.Broadcast); err != nil {
		return nil, s.problem(err)
	}
	rows, err := s.opts.DB.Events(ctx, in.Broadcast, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Event]{Items: []Event{}}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		list.Next = &rows[in.Limit-1].ID
	}
	for _, e := range rows {
		list.Items = append(list.Items, Event{
			ID: e.ID, At: e.At, Kind: e.Kind, Text: e.Text, DurationMS: e.Duration.Milliseconds(),
		})
	}
	return reply(list), nil
}

type changeBroadcastInput struct {
	Broadcast string `path:"broadcast" maxLength:"64"`
	Body      struct {
		Title      *string `json:"title,omitempty" maxLength:"560"`
		Visibility *string `json:"visibility,omitempty" enum:",public,unlisted,password,members" doc:"Empty: as its channel."`
	}
}

func (s *Server) changeBroadcast(ctx context.Context, in *changeBroadcastInput) (*answer[Broadcast], error) {
	row, err := s.opts.Manager.Change(ctx, actor(ctx), in.Broadcast, broadcast.Change{
		Title: in.Body.Title, Visibility: (*account.Visibility)(in.Body.Visibility),
	})
	if err != nil {
		return nil, s.problem(err)
	}
	v, err := s.visibility(ctx, viewing.What{Broadcast: row.ID})
	if err != nil {
		return nil, err
	}
	return reply(broadcastOf(row, v)), nil
}
