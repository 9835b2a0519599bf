package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/packager"
)

// liveRoutes mount what moderators see of what is on air, and do about it.
func (s *Server) liveRoutes(api huma.API) {
	refused := []int{http.StatusUnauthorized, http.StatusForbidden}
	post(api, "/api/v1/channels/{channel}/stop", "stop-broadcast", "Ends what a channel has on air and sends its encoder away, which is told why. For the channel's moderators.",
		http.StatusNoContent, s.stopBroadcast, append(refused, http.StatusNotFound, http.StatusConflict, http.StatusGone)...)
	get(api, "/api/v1/admin/live", "on-air", "Lists everything on air, also what is not public, those that began last first. For admins and site moderators.", s.onAirList, refused...)
	get(api, "/api/v1/admin/bans", "bans", "Lists the channels that may not go on air, by name. For admins and site moderators.", s.bans, refused...)
	put(api, "/api/v1/admin/bans/{channel}", "ban", "Ends what a channel has on air, and keeps it from going on air. For admins and site moderators.",
		http.StatusNoContent, s.ban, append(refused, http.StatusNotFound)...)
	remove(api, "/api/v1/admin/bans/{channel}", "unban", "Lets a channel go on air again.", s.unban, append(refused, http.StatusNotFound)...)
}

func (s *Server) stopBroadcast(ctx context.Context, in *ChannelPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Manager.Stop(ctx, actor(ctx), in.Channel))
}

// OnAir is a broadcast on air, as moderators see it.
type OnAir struct {
	Channel   string     `json:"channel"`
	Title     string     `json:"title" doc:"The channel's, when it began."`
	Broadcast string     `json:"broadcast"`
	State     string     `json:"state" enum:"live,interrupted,ended"`
	StartedAt *time.Time `json:"started_at"`
	Viewers   int        `json:"viewers"`
	Bitrate   int        `json:"bitrate" doc:"Bits a second of all renditions, the mean of the newest minute."`
	Encoder   string     `json:"encoder" doc:"What it calls itself; may be empty."`
}

// OnAirList is everything on air.
type OnAirList struct {
	Items []OnAir `json:"items" nullable:"false"`
}

func (s *Server) onAirList(ctx context.Context, _ *struct{}) (*answer[OnAirList], error) {
	if err := actor(ctx).RequireModerator(); err != nil {
		return nil, s.problem(err)
	}
	list := OnAirList{Items: []OnAir{}}
	for _, b := range s.opts.Manager.OnAir() {
		o := OnAir{
			Channel: b.Channel.Name, Title: b.Channel.Title, Broadcast: b.ID, State: string(b.State()), StartedAt: known(b.StartedAt()), Encoder: b.Encoder(),
			Viewers: b.Audience().Count(),
		}
		for _, d := range b.Packager().Describe(packager.Live) {
			o.Bitrate += d.Mean
		}
		list.Items = append(list.Items, o)
	}
	return reply(list), nil
}

// Ban is a channel that may not go on air.
type Ban struct {
	Channel string    `json:"channel"`
	Title   string    `json:"title"`
	Since   time.Time `json:"since"`
}

func (s *Server) bans(ctx context.Context, in *Paging) (*answer[page[Ban]], error) {
	rows, next, err := s.opts.Accounts.Banned(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Ban]{Items: []Ban{}, Next: cursorOr(next)}
	for _, c := range rows {
		list.Items = append(list.Items, Ban{Channel: c.Name, Title: c.Title, Since: c.BannedAt})
	}
	return reply(list), nil
}

func (s *Server) ban(ctx context.Context, in *ChannelPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.SetBanned(ctx, actor(ctx), in.Channel, true))
}

func (s *Server) unban(ctx context.Context, in *ChannelPath) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.SetBanned(ctx, actor(ctx), in.Channel, false))
}
