package web

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// Channel is a channel as the API tells of it.
type Channel struct {
	Name            string             `json:"name"`
	Title           string             `json:"title"`
	Description     string             `json:"description" doc:"Markdown."`
	DescriptionHTML string             `json:"description_html" doc:"The same, rendered and safe to show."`
	Category        string             `json:"category"`
	Tags            []string           `json:"tags" nullable:"false"`
	Language        string             `json:"language" doc:"BCP 47; empty: not said."`
	Mature          bool               `json:"mature"`
	Schedule        []account.Showtime `json:"schedule" nullable:"false"`
	Avatar          *string            `json:"avatar" doc:"Null: none."`
	Banner          *string            `json:"banner"`
	Offline         *string            `json:"offline" doc:"What is shown while nothing is on air."`

	Visibility string `json:"visibility" enum:"public,unlisted,password,members"`
	Access     string `json:"access" enum:"open,password,members" doc:"What it takes to watch: nothing, or a viewing that begins with a password or by being signed in."`

	Clips string `json:"clips" enum:"nobody,signed_in" doc:"Which viewers may make clips; its moderators always may."`

	Followers *int64 `json:"followers,omitempty" doc:"How many follow it; left out of lists."`

	Embeddable bool `json:"embeddable" doc:"Pages of any site may show its player, and those of its recordings and clips."`

	Live *Live `json:"live" doc:"What is on air; null when nothing is."`
}

// Live is a broadcast on air.
type Live struct {
	_         struct{}   `nullable:"true"`
	Broadcast string     `json:"broadcast"`
	State     string     `json:"state" enum:"opening,live,interrupted"`
	StartedAt *time.Time `json:"started_at" doc:"Null while opening."`
	Viewers   int        `json:"viewers" doc:"How many watch now."`
	// While it waits for its encoder.
	InterruptedAt  *time.Time `json:"interrupted_at" doc:"When the encoder was lost; null unless interrupted."`
	ReconnectUntil *time.Time `json:"reconnect_until" doc:"When the broadcast ends unless an encoder comes; null unless it waits for one."`
	// The addresses are left out where it takes a viewing, which has them.
	HLS           string       `json:"hls,omitempty" doc:"LL-HLS."`
	Rewind        string       `json:"rewind,omitempty" doc:"LL-HLS with delta updates, which reaches back as far as one can rewind."`
	RewindSeconds *float64     `json:"rewind_seconds" doc:"How far that is at most; null for the whole broadcast."`
	Plain         string       `json:"plain,omitempty" doc:"HLS of whole segments, for players that are confused by more."`
	TS            string       `json:"ts,omitempty" doc:"HLS of MPEG-TS segments, for players that know nothing newer. It answers 406 when what is on air does not fit."`
	FLV           string       `json:"flv,omitempty" doc:"HTTP-FLV: one body for as long as the broadcast is on air."`
	DASH          string       `json:"dash,omitempty" doc:"DASH."`
	Recording     string       `json:"recording,omitempty" doc:"What was recorded so far, as HLS."`
	Preview       string       `json:"preview,omitempty" doc:"The newest still, JPEG, some seconds old: another one each time. Left out where there is none, too."`
	Renditions    []Rendition  `json:"renditions" nullable:"false"`
	Notices       []string     `json:"notices" nullable:"false" doc:"What the encoder sends and cannot be carried, in sentences."`
	NotCarried    []NotCarried `json:"not_carried" nullable:"false" doc:"The same, each with a code and what stands in its sentence: for programs, and to say it in other languages."`
}

// NotCarried is something that an encoder sends and that cannot be carried.
type NotCarried struct {
	Code string `json:"code" example:"codec" doc:"Stable: codec, codec_number, aac_profile, further_tracks, vod_track or format. There may be more of them in time."`
	Kind string `json:"kind" enum:",video,audio" doc:"Of what; empty where it is not known."`
	Name string `json:"name" example:"VP9" doc:"Of a codec its name, or its number in FLV; of a format its sample entry in MP4; else empty."`
	Text string `json:"text" doc:"The sentence."`
}

// notCarriedOf is never nil.
func notCarriedOf(list []media.Notice) []NotCarried {
	out := make([]NotCarried, len(list))
	for i, n := range list {
		out[i] = NotCarried{string(n.Code), n.KindName(), n.Name, n.String()}
	}
	return out
}

// Rendition is one encoding of a broadcast.
type Rendition struct {
	Name       string  `json:"name" example:"video/source"`
	Kind       string  `json:"kind" enum:"video,audio"`
	Codecs     string  `json:"codecs" example:"avc1.64001f" doc:"As RFC 6381 says."`
	Width      int     `json:"width,omitempty"`
	Height     int     `json:"height,omitempty"`
	FrameRate  float64 `json:"frame_rate,omitempty" doc:"Pictures a second; missing when not known."`
	SampleRate int     `json:"sample_rate,omitempty" doc:"Hz."`
	Channels   int     `json:"channels,omitempty"`
	Bitrate    int     `json:"bitrate" doc:"Bits a second, the mean of the newest minute."`
}

func (s *Server) listLive(ctx context.Context, _ *struct{}) (*answer[page[Channel]], error) {
	list := page[Channel]{Items: []Channel{}}
	for _, b := range s.opts.Manager.OnAir() {
		v, err := s.opts.Viewing.Visibility(ctx, viewing.What{Broadcast: b.ID, Channel: b.Channel.ID})
		if err != nil && !errors.Is(err, viewing.ErrTakenDown) {
			return nil, s.viewingProblem(err, account.Actor{})
		}
		if err == nil && v == account.Public {
			list.Items = append(list.Items, s.channelOf(b.Channel, b, v))
		}
	}
	slices.SortStableFunc(list.Items, func(a, b Channel) int { return b.Live.watched() - a.Live.watched() })
	return reply(list), nil
}

// watched is by how many; less for what ended while it was looked at.
func (l *Live) watched() int {
	if l == nil {
		return -1
	}
	return l.Viewers
}

// ChannelPath names a channel.
type ChannelPath struct {
	Channel string `path:"channel"`
}

func (s *Server) channel(ctx context.Context, in *ChannelPath) (*answer[Channel], error) {
	c, err := s.channelNamed(ctx, in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	b, v, err := s.onAirOf(ctx, c)
	if err != nil {
		return nil, err
	}
	out := s.channelOf(c, b, v)
	out.Followers = &c.Followers
	return reply(out), nil
}

// liveSet is the addresses of what a channel has on air.
type liveSet struct{ HLS, Rewind, Plain, TS, FLV, DASH string }

// liveAddresses are those behind the prefix of a viewing.
func liveAddresses(prefix, channel string) liveSet {
	base := prefix + "/live/" + channel
	return liveSet{base + "/index.m3u8", base + "/rewind.m3u8", base + "/plain.m3u8", base + "/ts/index.m3u8", base + ".flv", base + "/manifest.mpd"}
}

// channelNamed returns the channel that has a name, or had it before.
func (s *Server) channelNamed(ctx context.Context, name string) (account.Channel, error) {
	c, err := s.opts.Accounts.Channel(ctx, name)
	if errors.Is(err, account.ErrUnknownChannel) {
		return s.opts.Accounts.FormerChannel(ctx, name)
	}
	return c, err
}

// channelOf tells of a channel, of which may be watched what has that visibility.
func (s *Server) channelOf(c account.Channel, b *broadcast.Broadcast, v account.Visibility) Channel {
	out := Channel{
		Name: c.Name, Title: c.Title, Description: c.Description, DescriptionHTML: s.words.html(c), Category: c.Category,
		Tags: orEmpty(c.Tags), Language: c.Language, Mature: c.Mature, Schedule: orEmpty(c.Schedule),
		Visibility: string(v), Access: accessOf(v), Avatar: pictureURL(c.Avatar), Banner: pictureURL(c.Banner), Offline: pictureURL(c.Offline),
		Clips: clipsOf(c), Embeddable: anySiteMayShow(c),
	}
	if b == nil {
		return out
	}
	state := b.State()
	if state != store.StateOpening && state != store.StateLive && state != store.StateInterrupted {
		return out
	}
	out.Live = &Live{Broadcast: b.ID, State: string(state), Viewers: b.Audience().Count(), Renditions: []Rendition{}}
	out.Live.Notices, out.Live.NotCarried = []string{}, notCarriedOf(b.Notices())
	for _, n := range out.Live.NotCarried {
		out.Live.Notices = append(out.Live.Notices, n.Text)
	}
	if viewing.IsOpen(v) {
		at := liveAddresses("", c.Name)
		out.Live.HLS, out.Live.Rewind, out.Live.Plain, out.Live.TS, out.Live.FLV, out.Live.DASH = at.HLS, at.Rewind, at.Plain, at.TS, at.FLV, at.DASH
		out.Live.Recording = recordingURL(b.ID)
		if s.hasPreview(b) {
			out.Live.Preview = previewURL(c.Name)
		}
	}
	if reach := b.Packager().Rewindable().Seconds(); reach > 0 {
		out.Live.RewindSeconds = &reach
	}
	if at := b.StartedAt(); !at.IsZero() {
		out.Live.StartedAt = &at
	}
	if state == store.StateInterrupted {
		lost, until := b.Interrupted()
		out.Live.InterruptedAt, out.Live.ReconnectUntil = known(lost), known(until)
	}
	for _, d := range b.Packager().Describe(packager.Live) {
		out.Live.Renditions = append(out.Live.Renditions, renditionOf(d))
	}
	return out
}

// clipsOf takes a word that it does not know for the narrowest.
func clipsOf(c account.Channel) string {
	if account.Clips(c.Clips) == account.ClipsSignedIn {
		return c.Clips
	}
	return string(account.ClipsNobody)
}

func renditionOf(d packager.Description) Rendition {
	r := Rendition{Name: d.Name, Kind: d.Kind.String(), Codecs: d.Codecs, Bitrate: d.Mean}
	if d.Kind == media.Video {
		r.Width, r.Height, r.FrameRate = d.Width, d.Height, d.FrameRate.Float()
	} else {
		r.SampleRate, r.Channels = d.SampleRate, d.Channels
	}
	return r
}

func recordingDASH(broadcast string) string { return "/vod/" + broadcast + "/manifest.mpd" }

func recordingURL(broadcast string) string { return "/vod/" + broadcast + "/index.m3u8" }

func downloadURL(broadcast string, part int) string {
	address := "/vod/" + broadcast + "/download.mp4"
	if part > 1 {
		address += "?part=" + strconv.Itoa(part)
	}
	return address
}
