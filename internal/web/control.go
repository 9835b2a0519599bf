package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
)

// Control says who may use the addresses that operators' programs know from
// nginx-rtmp: whoever shows the token or asks from one of the networks. The zero
// value is nobody, and then there are no such addresses.
type Control struct {
	Token string
	Allow []netip.Prefix
	// Accepted tells how many connections of encoders there were; nil is none.
	Accepted func() int64
}

func (c Control) on() bool { return c.Token != "" || len(c.Allow) > 0 }

// controlRoutes mounts nginx-rtmp's control and stat.
func (s *Server) controlRoutes(mux *routes) {
	if !s.opts.Control.on() || s.opts.Hooks == nil {
		return
	}
	for pattern, serve := range map[string]http.HandlerFunc{
		"/control/drop/publisher": s.controlled(s.dropPublisher),
		"/control/drop/client":    s.controlled(s.dropClient),
		"/control/record/start":   s.controlled(s.recordStart),
		"/control/record/stop":    s.controlled(s.recordStop),
		"/stat":                   s.stat,
	} {
		for _, method := range []string{"GET ", "POST "} {
			mux.HandleFunc(method+pattern, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cache-Control", "no-store")
				if !s.mayControl(r) {
					respond(w, http.StatusForbidden, "You may not use this address.\n")
					return
				}
				serve(w, r)
			})
		}
	}
}

// mayControl reports whether who asks may. A page of another site that somebody
// has open who asks from one of the networks may not, since the addresses do
// something when they are only read.
func (s *Server) mayControl(r *http.Request) bool {
	c := s.opts.Control
	if c.Token != "" {
		token, ok := bearer(r)
		if !ok {
			token = r.URL.Query().Get("token")
		}
		got, want := sha256.Sum256([]byte(token)), sha256.Sum256([]byte(c.Token))
		if subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
			return true
		}
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "none" && site != "same-origin" {
		return false
	}
	from := s.clientAddress(r)
	for _, p := range c.Allow {
		if p.Contains(from) {
			return true
		}
	}
	return false
}

// controlled finds what a request of control is for, and answers with what was
// done to it. As with nginx-rtmp what is wrong is told with 400.
func (s *Server) controlled(do func(ctx context.Context, b *broadcast.Broadcast, r *http.Request) (string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.URL.Query().Get("name")
		b := s.onAir(r.Context(), name)
		if b == nil {
			respond(w, http.StatusBadRequest, "No stream of that name is on air")
			return
		}
		text, err := do(r.Context(), b, r)
		if err != nil {
			s.log.Error("control", "broadcast", b.ID, "error", err)
			respond(w, http.StatusInternalServerError, "That cannot be done now")
			return
		}
		respond(w, http.StatusOK, text)
	}
}

func (s *Server) dropPublisher(_ context.Context, b *broadcast.Broadcast, _ *http.Request) (string, error) {
	return count(b.Drop()), nil
}

// dropClient drops who publishes or watches from an address; without one all.
func (s *Server) dropClient(_ context.Context, b *broadcast.Broadcast, r *http.Request) (string, error) {
	addr := r.URL.Query().Get("addr")
	n := s.opts.Hooks.DropPlayers(account.FoldName(b.Channel.Name), addr)
	if from, fed := b.Source(); addr == "" || fed && from.Remote.String() == addr {
		if b.Drop() {
			n++
		}
	}
	return strconv.Itoa(n), nil
}

func count(one bool) string {
	if one {
		return "1"
	}
	return "0"
}

// stopPatience is how long recordStop waits until what was recorded can be had: a
// segment and what it takes to list it.
const stopPatience = 8 * time.Second

// recordStart has what is on air kept from now on, and answers with the address of
// the recording's file; with nothing when it is kept already.
func (s *Server) recordStart(ctx context.Context, b *broadcast.Broadcast, r *http.Request) (string, error) {
	return s.addressOf(r)(b.Record(ctx))
}

// recordStop ends what is kept with the segment that is on air, and answers with
// the address of the file when it can be had; with nothing when nothing is
// recorded.
func (s *Server) recordStop(ctx context.Context, b *broadcast.Broadcast, r *http.Request) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, stopPatience)
	defer cancel()
	return s.addressOf(r)(b.StopRecording(ctx))
}

// addressOf makes an address of a path, and nothing of none.
func (s *Server) addressOf(r *http.Request) func(path string, err error) (string, error) {
	return func(path string, err error) (string, error) {
		if path == "" || err != nil {
			return "", err
		}
		return s.origin(r) + path, nil
	}
}
