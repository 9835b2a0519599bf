package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

// reportRoutes mount what anyone may report, and what moderators do about it.
func (s *Server) reportRoutes(api huma.API) {
	refused := []int{http.StatusUnauthorized, http.StatusForbidden}
	post(api, "/api/v1/reports", "report", "Tells the site's moderators that a channel, a recording or a clip should not be here. It takes no sign-in. Said again it changes nothing.",
		http.StatusNoContent, s.report, http.StatusNotFound, http.StatusGone, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	get(api, "/api/v1/admin/reports", "reports", "Lists the reports that nobody has decided on, newest first. For admins and site moderators.", s.reports, refused...)
	post(api, "/api/v1/admin/reports/{report}/dismiss", "dismiss-report", "Decides that nothing follows from a report.",
		http.StatusNoContent, s.dismissReport, append(refused, http.StatusNotFound)...)
	get(api, "/api/v1/admin/takedowns", "takedowns", "Lists what was taken down, also what is up again, newest first. For admins and site moderators.", s.takedowns, refused...)
	post(api, "/api/v1/admin/takedowns", "take-down", "Takes a channel, a recording or a clip down, with all that is part of it, and settles the reports of it. Every address of it answers 410 from then on. For admins and site moderators.",
		http.StatusCreated, s.takeDown, append(refused, http.StatusNotFound, http.StatusGone)...)
	remove(api, "/api/v1/admin/takedowns/{takedown}", "undo-takedown", "Puts what was taken down up again, as it was. It can be undone for 30 days; after that its recordings and clips go.",
		s.undoTakedown, append(refused, http.StatusNotFound, http.StatusConflict)...)
}

// Complaint is what somebody reports.
type Complaint struct {
	Kind   string `json:"kind" enum:"channel,recording,clip"`
	Target string `json:"target" maxLength:"64" doc:"The channel's name, or the id of the recording or clip."`
	Reason string `json:"reason" enum:"copyright,abuse,other"`
	Words  string `json:"words,omitempty" maxLength:"8000" doc:"What is wrong, in at most 2,000 characters."`
}

type reportInput struct{ Body Complaint }

func (s *Server) report(ctx context.Context, in *reportInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Report(ctx, actor(ctx), account.Complaint(in.Body)))
}

// Report is what somebody said should not be here.
type Report struct {
	ID       string    `json:"id"`
	Kind     string    `json:"kind" enum:"channel,recording,clip"`
	Target   string    `json:"target" doc:"The channel's name, or the id of the recording or clip: so it is taken down."`
	Title    string    `json:"title" doc:"Of what it is about; may be empty."`
	Channel  string    `json:"channel" doc:"Whose it is."`
	URL      string    `json:"url" doc:"Its page."`
	Reason   string    `json:"reason" enum:"copyright,abuse,other"`
	Words    string    `json:"words"`
	Reporter string    `json:"reporter" doc:"The user who said so; empty: somebody who was not signed in."`
	At       time.Time `json:"at"`
}

// pageOf is how something is called where it is reported, and its page.
func pageOf(kind, id, channel string) (target, url string) {
	switch kind {
	case "recording":
		return id, "/v/" + id
	case "clip":
		return id, "/c/" + id
	}
	return channel, "/@" + channel
}

func (s *Server) reports(ctx context.Context, in *Paging) (*answer[page[Report]], error) {
	rows, next, err := s.opts.Accounts.Reports(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Report]{Items: []Report{}, Next: cursorOr(next)}
	for _, r := range rows {
		target, url := pageOf(r.Kind, r.TargetID, r.ChannelName)
		list.Items = append(list.Items, Report{
			ID: r.ID, Kind: r.Kind, Target: target, Title: r.Title, Channel: r.ChannelName, URL: url, Reason: r.Reason, Words: r.Words,
			Reporter: r.UserName, At: r.At,
		})
	}
	return reply(list), nil
}

type dismissInput struct {
	Report string `path:"report" maxLength:"64"`
}

func (s *Server) dismissReport(ctx context.Context, in *dismissInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Dismiss(ctx, actor(ctx), in.Report))
}

// Takedown is something that was taken down.
type Takedown struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind" enum:"channel,recording,clip"`
	Target   string     `json:"target" doc:"The channel's name, or the id of the recording or clip."`
	Title    string     `json:"title" doc:"Of what it is about; may be empty."`
	Channel  string     `json:"channel" doc:"Whose it is."`
	Reason   string     `json:"reason" enum:"copyright,abuse,other"`
	Actor    string     `json:"actor" doc:"The name then of who did it."`
	At       time.Time  `json:"at"`
	Until    time.Time  `json:"until" doc:"When it can be undone no longer, and its media goes."`
	UndoneAt *time.Time `json:"undone_at" doc:"Null: it stands."`
}

func takedownOf(d account.Takedown) Takedown {
	target, _ := pageOf(d.Kind, d.TargetID, d.ChannelName)
	return Takedown{
		ID: d.ID, Kind: d.Kind, Target: target, Title: d.Title, Channel: d.ChannelName, Reason: d.Reason, Actor: d.Actor,
		At: d.At, Until: d.Until, UndoneAt: known(d.UndoneAt),
	}
}

func (s *Server) takedowns(ctx context.Context, in *Paging) (*answer[page[Takedown]], error) {
	rows, next, err := s.opts.Accounts.Takedowns(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, s.problem(err)
	}
	list := page[Takedown]{Items: []Takedown{}, Next: cursorOr(next)}
	for _, d := range rows {
		list.Items = append(list.Items, takedownOf(d))
	}
	return reply(list), nil
}

type takeDownInput struct {
	Body struct {
		Kind   string `json:"kind" enum:"channel,recording,clip"`
		Target string `json:"target" maxLength:"64" doc:"The channel's name, or the id of the recording or clip."`
		Reason string `json:"reason" enum:"copyright,abuse,other"`
	}
}

func (s *Server) takeDown(ctx context.Context, in *takeDownInput) (*answer[Takedown], error) {
	d, err := s.opts.Accounts.TakeDown(ctx, actor(ctx), in.Body.Kind, in.Body.Target, in.Body.Reason)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(takedownOf(d)), nil
}

type undoInput struct {
	Takedown string `path:"takedown" maxLength:"64"`
}

func (s *Server) undoTakedown(ctx context.Context, in *undoInput) (*struct{}, error) {
	return nil, s.problemOr(s.opts.Accounts.Undo(ctx, actor(ctx), in.Takedown))
}
