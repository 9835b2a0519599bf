package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/audience"
)

func (s *Server) audienceRoutes(api huma.API) {
	get(api, "/api/v1/broadcasts/{broadcast}/audience", "broadcast-audience",
		"Tells how many watched a broadcast, or watch it now, and how it played for them. For the channel's moderators, editors and owners.",
		s.audience, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone)
	post(api, "/api/v1/broadcasts/{broadcast}/beacon", "beacon",
		"Takes a player's word on how what is on air plays for it, since its viewing began. It is summed up by broadcast; nothing of a viewer is kept. What is said of a viewing that is not known is ignored.",
		http.StatusNoContent, s.beacon)
}

// Audience is who watched a broadcast.
type Audience struct {
	Now        *int            `json:"now" doc:"How many watch; null when it is not on air."`
	Viewings   int64           `json:"viewings" doc:"That began. A reload of the page begins another."`
	Peak       int64           `json:"peak" doc:"The most at once."`
	Average    float64         `json:"average" doc:"Over the time on air."`
	WatchedMS  int64           `json:"watched_ms" doc:"Of all viewings together."`
	IntervalMS int64           `json:"interval_ms" doc:"From one point to the next; a whole number of minutes."`
	Points     []AudiencePoint `json:"points" nullable:"false" doc:"Oldest first. Stretches that nobody watched are left out."`
	Quality    AudienceQuality `json:"quality"`
}

// AudiencePoint is one stretch of it.
type AudiencePoint struct {
	At      time.Time `json:"at" doc:"When the stretch began."`
	Average float64   `json:"average"`
	Peak    int       `json:"peak"`
}

// AudienceQuality sums up what players told, those of the site's own pages.
type AudienceQuality struct {
	Players   int64             `json:"players" doc:"That told of anything."`
	Startup   []AudienceStretch `json:"startup" nullable:"false" doc:"Players, by the time from the wish to play to the first picture."`
	Latency   []AudienceStretch `json:"latency" nullable:"false" doc:"Milliseconds played, by how far behind the encoder."`
	Heights   map[string]int64  `json:"heights" nullable:"false" doc:"Milliseconds played, by the height of the picture."`
	Stalls    int64             `json:"stalls" doc:"How often a picture stood still for want of media."`
	StalledMS int64             `json:"stalled_ms"`
	PlayedMS  int64             `json:"played_ms"`
}

// AudienceStretch counts what lies below a bound and not below the one before.
type AudienceStretch struct {
	BelowMS *int64 `json:"below_ms" doc:"Null: the last stretch has no end."`
	Value   int64  `json:"value"`
}

func (s *Server) audience(ctx context.Context, in *broadcastInput) (*answer[Audience], error) {
	row, err := s.opts.DB.Broadcast(ctx, in.Broadcast)
	if err != nil {
		return nil, s.problem(err)
	}
	if _, err := s.opts.Accounts.Overseen(ctx, actor(ctx), row.ChannelName); err != nil {
		return nil, s.problem(err)
	}
	from, to := row.StartedAt, row.EndedAt
	if from.IsZero() {
		from = row.CreatedAt
	}
	if to.IsZero() {
		to = time.Now()
	}
	h, err := s.opts.Audience.History(ctx, row.ID, from, to)
	if err != nil {
		return nil, s.problem(err)
	}
	out := Audience{
		Viewings: h.Viewings, Peak: h.Peak, WatchedMS: h.Watched.Milliseconds(), IntervalMS: h.Every.Milliseconds(),
		Points: []AudiencePoint{}, Quality: qualityOf(h.Quality),
	}
	if s.opts.Audience.Room(row.ID) != nil {
		out.Now = &h.Now
	}
	if lasted := to.Sub(from); lasted > 0 {
		out.Average = h.Watched.Seconds() / lasted.Seconds()
	}
	for _, p := range h.Points {
		out.Points = append(out.Points, AudiencePoint{At: p.At, Average: p.Mean, Peak: p.Peak})
	}
	return reply(out), nil
}

func qualityOf(q audience.Quality) AudienceQuality {
	out := AudienceQuality{
		Players: q.Players, Startup: stretches(audience.StartupBounds, q.Startups), Latency: stretches(audience.LatencyBounds, q.Latencies),
		Heights: map[string]int64{}, Stalls: q.Stalls, StalledMS: q.StalledMs, PlayedMS: q.PlayedMs,
	}
	for height, ms := range q.Rungs {
		out.Heights[strconv.Itoa(height)] = ms
	}
	return out
}

func stretches(bounds, values []int64) []AudienceStretch {
	list := []AudienceStretch{}
	for i, v := range values {
		st := AudienceStretch{Value: v}
		if i < len(bounds) {
			st.BelowMS = &bounds[i]
		}
		list = append(list, st)
	}
	return list
}

type beaconInput struct {
	Broadcast string `path:"broadcast" maxLength:"64"`
	Body      struct {
		Viewing   string `json:"viewing" maxLength:"64" doc:"The v of the player's playlists."`
		StartupMS int64  `json:"startup_ms,omitempty" minimum:"0" maximum:"600000" doc:"From the wish to play to the first picture; 0: there was none yet."`
		Stalls    int64  `json:"stalls,omitempty" minimum:"0"`
		StalledMS int64  `json:"stalled_ms,omitempty" minimum:"0" maximum:"86400000000"`
		PlayedMS  int64  `json:"played_ms,omitempty" minimum:"0" maximum:"86400000000"`
		LatencyMS int64  `json:"latency_ms,omitempty" minimum:"0" maximum:"86400000000" doc:"Behind the encoder, now; 0: not known."`
		Height    int    `json:"height,omitempty" minimum:"0" maximum:"16384" doc:"Of the picture, now; 0: not known."`
		Ended     bool   `json:"ended,omitempty" doc:"The player watches no longer."`
	}
}

func (s *Server) beacon(_ context.Context, in *beaconInput) (*struct{}, error) {
	room, b := s.opts.Audience.Room(in.Broadcast), in.Body
	if !audience.ValidID(b.Viewing) {
		return nil, nil
	}
	ms := func(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
	room.Tell(b.Viewing, audience.Report{
		Startup: ms(b.StartupMS), Stalls: b.Stalls, Stalled: ms(b.StalledMS), Played: ms(b.PlayedMS), Latency: ms(b.LatencyMS), Height: b.Height,
	})
	if b.Ended {
		room.Leave(b.Viewing)
	}
	return nil, nil
}
