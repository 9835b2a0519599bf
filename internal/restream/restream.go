// Package restream relays what is on air to other servers, by RTMP. It follows a
// stream as a viewer does: it never slows it, and loses what another server is too
// slow for. It knows addresses, which may hold secrets, and puts none in the log;
// who may have a stream relayed where is not its business.
package restream

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/rtmp"
)

// Options is what a Service stands on.
type Options struct {
	Log *slog.Logger
	TLS *tls.Config // whom to trust of rtmps; nil is the system
	// FirstPause and LastPause bound how long it waits before it connects again:
	// twice as long each time. Zero are 1 s and 30 s.
	FirstPause, LastPause time.Duration
	// Patience is how long another server may read nothing, until it is left and
	// tried again. Zero is rtmp's.
	Patience time.Duration
}

// Service relays streams. New is the only door, Close ends it; its methods may be
// called by any number of goroutines.
type Service struct {
	o      Options
	ctx    context.Context
	cancel context.CancelFunc
	counts counts
	ids    atomic.Int64

	mu     sync.Mutex
	closed bool
	relays map[string]*relay // by broadcast
	wg     sync.WaitGroup    // one for each relay
}

type counts struct {
	begun, failed, lost, bytes atomic.Int64
}

// New makes a service that relays nothing yet.
func New(o Options) *Service {
	if o.FirstPause <= 0 {
		o.FirstPause = time.Second
	}
	if o.LastPause <= 0 {
		o.LastPause = 30 * time.Second
	}
	s := &Service{o: o, relays: map[string]*relay{}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Begin relays what a publisher feeds to an address, until its end or that of the
// stream. It takes the place of what it relayed of the same broadcast before. It
// does not wait. name is the stream's there when the address holds none.
func (s *Service) Begin(pub *live.Publisher, stream *live.Stream, address, name string) {
	log := s.o.Log.With("channel", pub.Channel(), "broadcast", pub.Broadcast())
	target, err := rtmp.ParseTarget(address)
	if err != nil {
		log.Warn("a stream cannot be relayed: of its address, " + err.Error())
		return
	}
	if target.Name == "" {
		target.Name = name
	}
	r := &relay{
		service: s, pub: pub, stream: stream, target: target, since: time.Now(), id: s.ids.Add(1),
		log: log.With("to", target.Public()), ended: make(chan struct{}),
	}
	ctx, cancel := context.WithCancel(s.ctx)
	r.cancel = cancel
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		cancel()
		return
	}
	before := s.relays[pub.Broadcast()]
	s.relays[pub.Broadcast()] = r
	if before != nil {
		before.cancel()
	}
	s.wg.Go(func() {
		defer close(r.ended)
		defer cancel()
		if before != nil { // most servers take one publisher of a name
			<-before.ended
		}
		r.run(ctx)
		s.forget(r)
	})
}

// End is told that a publisher feeds its stream no more, once or more often.
func (s *Service) End(pub *live.Publisher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.relays[pub.Broadcast()]; r != nil && r.pub == pub {
		r.cancel()
	}
}

func (s *Service) forget(r *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.relays[r.pub.Broadcast()] == r {
		delete(s.relays, r.pub.Broadcast())
	}
}

// Close ends all relays and returns when they have ended.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.wg.Wait()
}

// Relay is what a broadcast is relayed to, for an operator.
type Relay struct {
	ID        int64 // counts relays
	To        string
	Since     time.Time
	Connected bool
	Bytes     int64 // sent
	Lost      int64 // units that the other server was too slow for
	Trouble   string
}

// Of returns what a broadcast is relayed to, and false for one that is not.
func (s *Service) Of(broadcast string) (Relay, bool) {
	s.mu.Lock()
	r := s.relays[broadcast]
	s.mu.Unlock()
	if r == nil {
		return Relay{}, false
	}
	return r.state(), true
}

// Stats counts what the service did.
type Stats struct {
	Relays    int   // that there are
	Connected int   // of them
	Begun     int64 // connections on which a server let a stream in
	Failed    int64 // connections that failed or broke
	Lost      int64 // units
	Bytes     int64 // of media
}

// Stats returns the counts so far.
func (s *Service) Stats() Stats {
	st := Stats{Begun: s.counts.begun.Load(), Failed: s.counts.failed.Load(), Lost: s.counts.lost.Load(), Bytes: s.counts.bytes.Load()}
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Relays = len(s.relays)
	for _, r := range s.relays {
		if r.state().Connected {
			st.Connected++
		}
	}
	return st
}

// errOver says that there is no more to relay.
var errOver = errors.New("the publisher has ended")
