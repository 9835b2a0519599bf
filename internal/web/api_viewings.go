package web

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

func (s *Server) viewingRoutes(api huma.API) {
	const access = " Its token stands in front of all addresses of media, and of those that lead on from them; it is extended while somebody watches."
	post(api, "/api/v1/channels/{channel}/viewings", "watch-channel", "Begins a viewing of what a channel has on air."+access,
		http.StatusCreated, s.watchChannel, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	post(api, "/api/v1/broadcasts/{broadcast}/viewings", "watch-broadcast", "Begins a viewing of a recording."+access,
		http.StatusCreated, s.watchBroadcast, http.StatusForbidden, http.StatusNotFound, http.StatusTooManyRequests, http.StatusServiceUnavailable)
}

// What it takes to watch something.
const (
	accessOpen     = "open"
	accessPassword = "password"
	accessMembers  = "members"
)

func accessOf(v account.Visibility) string {
	switch {
	case viewing.IsOpen(v):
		return accessOpen
	case v == account.Password:
		return accessPassword
	}
	return accessMembers
}

// ViewingRequest is by what right somebody asks to watch, beside being signed in.
type ViewingRequest struct {
	Password string `json:"password,omitempty" maxLength:"1024" doc:"The channel's, where it has one."`
}

// ViewingStart is a viewing that was made.
type ViewingStart struct {
	Prefix        string     `json:"prefix" doc:"What stands in front of every address of media: a token, or nothing where anyone may watch. Do not pass it on."`
	FirstUseUntil *time.Time `json:"first_use_until" doc:"It lapses when nothing is asked for until then; null where anyone may watch."`
}

func startOf(b viewing.Beginning) ViewingStart {
	v := ViewingStart{FirstUseUntil: known(b.FirstUse.UTC())}
	if b.Token != "" {
		v.Prefix = tokenMark + b.Token
	} else {
		v.FirstUseUntil = nil
	}
	return v
}

// ChannelViewing is a viewing of what a channel has on air.
type ChannelViewing struct {
	ViewingStart
	HLS    string `json:"hls" doc:"LL-HLS."`
	Rewind string `json:"rewind" doc:"LL-HLS that reaches back."`
	Plain  string `json:"plain" doc:"HLS of whole segments."`
	TS     string `json:"ts" doc:"HLS of MPEG-TS segments."`
	FLV    string `json:"flv" doc:"HTTP-FLV."`
	DASH   string `json:"dash" doc:"DASH."`
	// Left out where there is none.
	Preview string `json:"preview,omitempty" doc:"The newest still, JPEG."`
}

// BroadcastViewing is a viewing of a recording.
type BroadcastViewing struct {
	ViewingStart
	HLS      string `json:"hls"`
	DASH     string `json:"dash"`
	Download string `json:"download" doc:"As an MP4 file; ?part=2 and so on where its downloads say that it has further parts."`
	// Left out while there are none.
	Cover      string `json:"cover,omitempty" doc:"A picture of the recording, JPEG."`
	Storyboard string `json:"storyboard,omitempty" doc:"Small pictures of all of the recording, as WebVTT."`
}

type watchChannelInput struct {
	ChannelPath
	Body *ViewingRequest
}

func (s *Server) watchChannel(ctx context.Context, in *watchChannelInput) (*answer[ChannelViewing], error) {
	c, err := s.channelNamed(ctx, in.Channel)
	if err != nil {
		return nil, s.problem(err)
	}
	b, err := s.opts.Viewing.BeginLive(ctx, s.whatChannel(ctx, c.Name), askerOf(ctx, in.Body))
	if err != nil {
		return nil, s.viewingProblem(err, actor(ctx))
	}
	start := startOf(b)
	at := liveAddresses(start.Prefix, c.Name)
	v := ChannelViewing{ViewingStart: start, HLS: at.HLS, Rewind: at.Rewind, Plain: at.Plain, TS: at.TS, FLV: at.FLV, DASH: at.DASH}
	if b := s.opts.Manager.Live(c.Name); b != nil && s.hasPreview(b) {
		v.Preview = start.Prefix + previewURL(c.Name)
	}
	return reply(v), nil
}

type watchBroadcastInput struct {
	Broadcast string `path:"broadcast" maxLength:"64"`
	Body      *ViewingRequest
}

func (s *Server) watchBroadcast(ctx context.Context, in *watchBroadcastInput) (*answer[BroadcastViewing], error) {
	row, err := s.opts.DB.Broadcast(ctx, in.Broadcast)
	if err != nil {
		return nil, s.problem(err)
	}
	b, err := s.opts.Viewing.BeginRecording(ctx, in.Broadcast, askerOf(ctx, in.Body))
	if err != nil {
		return nil, s.viewingProblem(err, actor(ctx))
	}
	start := startOf(b)
	v := BroadcastViewing{
		ViewingStart: start, HLS: start.Prefix + recordingURL(in.Broadcast), DASH: start.Prefix + recordingDASH(in.Broadcast),
		Download: start.Prefix + downloadURL(in.Broadcast, 1),
	}
	v.Cover, v.Storyboard = stillsOf(start.Prefix, row)
	return reply(v), nil
}

// askerOf is who asks: whom a session or an API token stands for, and who knows
// a password.
func askerOf(ctx context.Context, in *ViewingRequest) viewing.Asker {
	a := actor(ctx)
	asker := viewing.Asker{Address: a.Address, Session: cmp.Or(a.Session, a.Token)}
	if in != nil {
		asker.Password = in.Password
	}
	return asker
}

// viewingProblem tells why no viewing begins.
func (s *Server) viewingProblem(err error, a account.Actor) error {
	var busy *viewing.BusyError
	p := &Problem{Status: http.StatusForbidden}
	switch {
	case errors.As(err, &busy):
		p.Status, p.Code, p.Detail = http.StatusTooManyRequests, account.ErrTooManyAttempts.Code, "Too many wrong passwords. Wait a moment and try again."
		p.header = http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(busy.Retry.Seconds())))}}
	case errors.Is(err, viewing.ErrWrongPassword):
		p.Code, p.Detail = account.ErrWrongPassword.Code, "The password is wrong."
	case errors.Is(err, viewing.ErrNoPassword):
		p.Code, p.Detail = "password_needed", "This takes a password."
	case errors.Is(err, viewing.ErrMembers) && !a.Known():
		p.Code, p.Detail = account.ErrSignIn.Code, "This is for the channel's members: sign in first."
	case errors.Is(err, viewing.ErrMembers):
		p.Code, p.Detail = "members_only", "This is for the channel's members, and you are none of them."
	case errors.Is(err, viewing.ErrUnknown):
		p.Status, p.Code, p.Detail = http.StatusNotFound, codeNotFound, "There is no such thing to watch."
	case errors.Is(err, viewing.ErrTakenDown):
		return s.problem(account.ErrTakenDown)
	case errors.Is(err, viewing.ErrUnavailable):
		p.Status, p.Code, p.Detail = http.StatusServiceUnavailable, "unavailable", "It cannot be told now who may watch this."
		p.header = http.Header{"Retry-After": {"1"}}
	default:
		return s.problem(err)
	}
	p.Title = http.StatusText(p.Status)
	return p
}

// visibility is that of something that is there.
func (s *Server) visibility(ctx context.Context, what viewing.What) (account.Visibility, error) {
	v, err := s.opts.Viewing.Visibility(ctx, what)
	if err != nil {
		return v, s.viewingProblem(err, account.Actor{})
	}
	return v, nil
}
