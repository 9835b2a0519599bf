package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
	"github.com/rostrumlive/rostrum/internal/vod"
)

func (s *Server) clipRoutes(api huma.API) {
	remove(api, "/api/v1/broadcasts/{broadcast}", "delete-recording", "Deletes the recording of a broadcast that is over. Its clips stay unless they are to go too.",
		s.deleteRecording, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict)
	get(api, "/api/v1/broadcasts/{broadcast}/chapters", "broadcast-chapters", "Lists the chapters of a broadcast, one for each title that it had on air; none when that was one.",
		s.chapters, http.StatusNotFound)
	post(api, "/api/v1/broadcasts/{broadcast}/clips", "make-clip", "Makes a clip of a broadcast, on air or over: it begins with the picture that is shown at its start. Of what is on air it waits until its end is recorded, some seconds at most.",
		http.StatusCreated, s.makeClip, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	get(api, "/api/v1/channels/{channel}/clips", "channel-clips", "Lists a channel's clips, newest first.", s.channelClips, http.StatusNotFound)
	get(api, "/api/v1/clips/{clip}", "clip", "Returns a clip.", s.clip, http.StatusNotFound)
	patch(api, "/api/v1/clips/{clip}", "change-clip", "Renames a clip.", s.changeClip, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	remove(api, "/api/v1/clips/{clip}", "delete-clip", "Deletes a clip.", s.deleteClip, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	post(api, "/api/v1/clips/{clip}/viewings", "watch-clip", "Begins a viewing of a clip, which is one of its broadcast.",
		http.StatusCreated, s.watchClip, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable)
}

// Clip is a piece of a broadcast with an address of its own.
type Clip struct {
	ID         string      `json:"id"`
	Channel    string      `json:"channel"`
	Broadcast  string      `json:"broadcast"`
	Title      string      `json:"title"`
	StartMS    int64       `json:"start_ms" doc:"From the broadcast's beginning, on its media time."`
	EndMS      int64       `json:"end_ms"`
	OffsetMS   float64     `json:"offset_ms" doc:"Where its playlist has its first picture: what comes before is for the decoder."`
	CreatedAt  time.Time   `json:"created_at"`
	Author     *ClipAuthor `json:"author" doc:"Who made it; null when that is nobody known."`
	Recording  bool        `json:"recording" doc:"The recording that it was made of is there still, or comes to be."`
	Mature     bool        `json:"mature" doc:"Its channel's."`
	Visibility string      `json:"visibility" enum:"public,unlisted,password,members" doc:"The broadcast's."`
	Access     string      `json:"access" enum:"open,password,members" doc:"What it takes to watch: nothing, or a viewing that begins with a password or by being signed in."`
	Embeddable bool        `json:"embeddable" doc:"Pages of any site may show its player."`
	MayChange  bool        `json:"may_change" doc:"Who asks may rename it and delete it."`
	// The addresses are left out where it takes a viewing, which has them.
	HLS      string `json:"hls,omitempty"`
	Download string `json:"download,omitempty" doc:"As an MP4 file."`
	Cover    string `json:"cover,omitempty" doc:"A picture of it, JPEG. Left out also until it is made, and where the server makes none."`
}

// ClipAuthor is who made a clip.
type ClipAuthor struct {
	_           struct{} `nullable:"true"`
	Name        string   `json:"name"`
	DisplayName string   `json:"display_name"`
}

func (s *Server) clipOf(ctx context.Context, c store.Clip, mayChange bool) Clip {
	v := account.Visibility(c.Visibility)
	out := Clip{
		ID: c.ID, Channel: c.ChannelName, Broadcast: c.BroadcastID, Title: c.Title, StartMS: sinceOrigin(c.Start), EndMS: sinceOrigin(c.End),
		OffsetMS: float64(c.Lead.Microseconds()) / 1000, CreatedAt: c.CreatedAt, Visibility: c.Visibility, Access: accessOf(v), MayChange: mayChange,
		Recording: c.State != store.StateDiscarded, Mature: c.Mature,
		Embeddable: allowsAll(c.Embedding),
	}
	if c.UserID != "" {
		out.Author = &ClipAuthor{Name: c.UserName, DisplayName: c.DisplayName}
	}
	if viewing.IsOpen(v) {
		out.HLS, out.Download = recordingURL(c.ID), downloadURL(c.ID, 1)
		out.Cover = s.stillOfClip(ctx, "", c)
	}
	return out
}

// sinceOrigin is a place on the media time as people count it, in milliseconds.
func sinceOrigin(at time.Duration) int64 { return (at - media.Origin).Milliseconds() }

type clipInput struct {
	Clip string `path:"clip" maxLength:"64"`
}

// livingClip returns a clip that was not removed.
func (s *Server) livingClip(ctx context.Context, id string) (store.Clip, error) {
	c, err := s.opts.DB.Clip(ctx, id)
	if isMissing(err) || err == nil && !c.RemovedAt.IsZero() {
		return c, s.problem(account.ErrUnknownClip)
	}
	if err != nil {
		return c, s.problem(err)
	}
	return c, nil
}

func (s *Server) clip(ctx context.Context, in *clipInput) (*answer[Clip], error) {
	c, err := s.livingClip(ctx, in.Clip)
	if err != nil {
		return nil, err
	}
	return reply(s.clipOf(ctx, c, s.opts.Manager.MayChangeClip(ctx, actor(ctx), c) == nil)), nil
}

type clipListInput struct {
	Channel   string `path:"channel" maxLength:"64"`
	Broadcast string `query:"broadcast" maxLength:"64" doc:"Of this broadcast alone."`
	Paging
}

func (s *Server) channelClips(ctx context.Context, in *clipListInput) (*answer[page[Clip]], error) {
	c, err := s.channelNamed(ctx, in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	a := actor(ctx)
	edits := s.opts.Accounts.Require(ctx, a, c, account.PlaceEditor, account.ScopeRead) == nil
	moderates := s.opts.Accounts.Require(ctx, a, c, account.PlaceModerator, account.ScopeChannels) == nil
	list := s.opts.DB.FoundClips
	if edits {
		list = s.opts.DB.ClipsByChannel
	}
	of := c.ID
	if in.Broadcast != "" {
		list, of = s.opts.DB.ClipsByBroadcast, in.Broadcast
	}
	rows, err := list(ctx, of, in.Cursor, in.Limit+1)
	if err != nil {
		return nil, s.problem(err)
	}
	out := page[Clip]{Items: []Clip{}}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		out.Next = &rows[in.Limit-1].ID
	}
	for _, row := range rows {
		if row.ChannelID != c.ID || !edits && !viewing.IsOpen(account.Visibility(row.Visibility)) {
			continue // it was asked for by a broadcast of another channel, or of one that is not open
		}
		out.Items = append(out.Items, s.clipOf(ctx, row, moderates || row.UserID != "" && row.UserID == a.User.ID))
	}
	return reply(out), nil
}

// ClipRequest is what a clip is to be. Its ends are told on the media time or
// by the clock, which players know of what is on air.
type ClipRequest struct {
	Title   string     `json:"title,omitempty" maxLength:"560" doc:"The broadcast's when it is left out."`
	StartMS *int64     `json:"start_ms,omitempty" minimum:"0" doc:"From the broadcast's beginning, on its media time."`
	EndMS   *int64     `json:"end_ms,omitempty" minimum:"0"`
	StartAt *time.Time `json:"start_at,omitempty" doc:"Instead: when it was on air, as playlists say it (EXT-X-PROGRAM-DATE-TIME)."`
	EndAt   *time.Time `json:"end_at,omitempty"`
	Viewing string     `json:"viewing,omitempty" maxLength:"256" doc:"The prefix of the viewing in which who asks watches, where it takes one."`
}

type makeClipInput struct {
	Broadcast string `path:"broadcast" maxLength:"64"`
	Body      ClipRequest
}

func (s *Server) makeClip(ctx context.Context, in *makeClipInput) (*answer[Clip], error) {
	start, err := momentOf(in.Body.StartMS, in.Body.StartAt, "start")
	if err != nil {
		return nil, err
	}
	end, err := momentOf(in.Body.EndMS, in.Body.EndAt, "end")
	if err != nil {
		return nil, err
	}
	a := actor(ctx)
	clip := broadcast.Clip{Title: in.Body.Title, Start: start, End: end}
	if a.Known() {
		if clip.Watches, err = s.watches(ctx, in.Broadcast, in.Body.Viewing); err != nil {
			return nil, err
		}
	}
	c, err := s.opts.Manager.MakeClip(ctx, a, in.Broadcast, clip)
	if err != nil {
		return nil, s.problem(err)
	}
	s.opts.Stills.Clipped(c.ID)
	return reply(s.clipOf(ctx, c, true)), nil
}

func momentOf(ms *int64, at *time.Time, which string) (vod.Moment, error) {
	switch {
	case (ms == nil) == (at == nil):
		return vod.Moment{}, newProblem(http.StatusUnprocessableEntity, "a clip has one of "+which+"_ms and "+which+"_at")
	case at != nil:
		return vod.Moment{Wall: *at}, nil
	}
	return vod.Moment{Media: media.Origin + time.Duration(*ms)*time.Millisecond}, nil
}

// watches reports whether who asks may watch a broadcast: by a viewing that
// they have, or one that they could begin.
func (s *Server) watches(ctx context.Context, id, prefix string) (bool, error) {
	what := viewing.What{Broadcast: id}
	open, err := s.opts.Viewing.Open(ctx, what)
	if err != nil || open {
		return open, s.viewingTrouble(err)
	}
	if g, signed := s.opts.Viewing.Read(strings.TrimPrefix(prefix, tokenMark)); signed {
		stay, err := s.opts.Viewing.Admit(ctx, g, what, viewing.Media)
		if err == nil {
			stay.End()
			return true, nil
		}
	}
	_, err = s.opts.Viewing.BeginRecording(ctx, id, askerOf(ctx, nil))
	return err == nil, nil
}

func (s *Server) viewingTrouble(err error) error {
	if err == nil {
		return nil
	}
	return s.viewingProblem(err, account.Actor{})
}

type changeClipInput struct {
	Clip string `path:"clip" maxLength:"64"`
	Body struct {
		Title string `json:"title" maxLength:"560"`
	}
}

func (s *Server) changeClip(ctx context.Context, in *changeClipInput) (*answer[Clip], error) {
	c, err := s.opts.Manager.ChangeClip(ctx, actor(ctx), in.Clip, in.Body.Title)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(s.clipOf(ctx, c, true)), nil
}

func (s *Server) deleteClip(ctx context.Context, in *clipInput) (*struct{}, error) {
	if err := s.opts.Manager.RemoveClip(ctx, actor(ctx), in.Clip); err != nil {
		return nil, s.problem(err)
	}
	return nil, nil //nolint:nilnil // there is nothing to answer
}

// ClipViewing is a viewing of a clip.
type ClipViewing struct {
	ViewingStart
	HLS      string `json:"hls"`
	Download string `json:"download" doc:"As an MP4 file."`
	Cover    string `json:"cover,omitempty" doc:"A picture of it, JPEG; left out while there is none."`
}

type watchClipInput struct {
	Clip string `path:"clip" maxLength:"64"`
	Body *ViewingRequest
}

func (s *Server) watchClip(ctx context.Context, in *watchClipInput) (*answer[ClipViewing], error) {
	c, err := s.livingClip(ctx, in.Clip)
	if err != nil {
		return nil, err
	}
	b, err := s.opts.Viewing.BeginRecording(ctx, c.BroadcastID, askerOf(ctx, in.Body))
	if err != nil {
		return nil, s.viewingProblem(err, actor(ctx))
	}
	start := startOf(b)
	return reply(ClipViewing{
		start, start.Prefix + recordingURL(c.ID), start.Prefix + downloadURL(c.ID, 1), s.stillOfClip(ctx, start.Prefix, c),
	}), nil
}

type deleteRecordingInput struct {
	Broadcast string `path:"broadcast" maxLength:"64"`
	Clips     bool   `query:"clips" doc:"Its clips are to go too."`
}

func (s *Server) deleteRecording(ctx context.Context, in *deleteRecordingInput) (*struct{}, error) {
	if err := s.opts.Manager.RemoveRecording(ctx, actor(ctx), in.Broadcast, broadcast.Removal{Clips: in.Clips}); err != nil {
		return nil, s.problem(err)
	}
	return nil, nil //nolint:nilnil // there is nothing to answer
}

// Chapter is a part of a broadcast that has a title of its own.
type Chapter struct {
	StartMS int64  `json:"start_ms" doc:"From the broadcast's beginning, on its media time."`
	Title   string `json:"title"`
}

// Chapters are those of a broadcast.
type Chapters struct {
	BeginsMS int64     `json:"begins_ms" doc:"Where the recording begins, which players of it call 0: a few milliseconds, or more when the oldest of it was removed."`
	Items    []Chapter `json:"items" nullable:"false"`
}

func (s *Server) chapters(ctx context.Context, in *broadcastInput) (*answer[Chapters], error) {
	if _, err := s.opts.DB.Broadcast(ctx, in.Broadcast); err != nil {
		return nil, s.problem(err)
	}
	rows, err := s.opts.DB.EventsOfKind(ctx, in.Broadcast, broadcast.EventTitle, broadcast.MostChapters)
	if err != nil {
		return nil, s.problem(err)
	}
	begins, err := s.opts.Library.Begins(ctx, in.Broadcast)
	if err != nil {
		return nil, s.problem(err)
	}
	list := Chapters{BeginsMS: sinceOrigin(begins), Items: []Chapter{}}
	for _, e := range rows {
		list.Items = append(list.Items, Chapter{StartMS: max(0, sinceOrigin(e.Media)), Title: e.Text})
	}
	return reply(list), nil
}
