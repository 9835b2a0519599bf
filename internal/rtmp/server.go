// Package rtmp owns the door by which encoders publish over RTMP: handshake,
// chunk streams, commands, and the way from a message to a rendition. It asks
// a live.Gate for leave and knows nothing of keys, accounts or what becomes of
// the media.
//
// Where a comment names a clause and nothing else, it is of Adobe's "Real-Time
// Messaging Protocol (RTMP) specification 1.0"; E-RTMP is Veovera's "Enhanced
// RTMP v2".
package rtmp

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// Options tells a Server what to stand on. Durations that are zero take the
// default that is written beside them.
type Options struct {
	Gate   live.Gate    // asked for leave to publish; required
	Logins Logins       // asked who may log in by name and password; nil when nobody can
	Log    *slog.Logger // nil is silence

	// PublishTimeout bounds the time from accepting a connection to its
	// publish command, whatever it says in between: 10 s.
	PublishTimeout time.Duration
	// GateTimeout bounds what the Gate may take for one answer: 10 s.
	GateTimeout time.Duration
	// StartTimeout is how long an encoder that was let in may send nothing
	// before its first picture or sound: 20 s. Some connect while they still
	// open their source.
	StartTimeout time.Duration
	// SilenceTimeout is how long it may send nothing after that before it
	// counts as lost: 8 s, so that its viewers are told before players give up
	// waiting for an answer (hls.js after 10 s). Both are kept to within an
	// eighth.
	SilenceTimeout time.Duration
	// WriteTimeout bounds each answer: 5 s.
	WriteTimeout time.Duration

	// MaxStrangers bounds the connections that were not let in: 4096. When
	// more come the oldest of them is closed.
	MaxStrangers int
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	defaults := []struct {
		at   *time.Duration
		want time.Duration
	}{
		{&o.PublishTimeout, 10 * time.Second},
		{&o.GateTimeout, 10 * time.Second},
		{&o.StartTimeout, 20 * time.Second},
		{&o.SilenceTimeout, 8 * time.Second},
		{&o.WriteTimeout, 5 * time.Second},
	}
	for _, d := range defaults {
		if *d.at <= 0 {
			*d.at = d.want
		}
	}
	if o.MaxStrangers <= 0 {
		o.MaxStrangers = maxStrangers
	}
	return o
}

// Server accepts encoders on any number of listeners. New is the only door;
// its methods may be called by several goroutines.
type Server struct {
	opts   Options
	log    *slog.Logger
	logins challenger
	counts counters

	ctx    context.Context // ends with Shutdown
	cancel context.CancelFunc
	wg     sync.WaitGroup // one for each Serve and each connection

	mu        sync.Mutex
	closed    bool
	listeners map[net.Listener]struct{}
	crowd     crowd
}

// counters are what Stats is read from.
type counters struct {
	accepted, open, publishing, refused, madeRoom, panics atomic.Int64
	badTags, uncarried, bytes                             atomic.Uint64
}

// Stats counts what a Server met since it was made.
type Stats struct {
	Accepted   int64  // connections
	Open       int64  // connections that are open now
	Publishing int64  // of them, those that were let in
	Refused    int64  // publish commands that the Gate refused, and logins that failed
	MadeRoom   int64  // connections that were not let in and were closed for newer ones
	Panics     int64  // connections that ended in a fault of ours
	BadTags    uint64 // messages that could not be read
	Uncarried  uint64 // frames of further tracks, and of codecs that cannot be carried
	Bytes      uint64 // received
}

// New makes a server that does not listen yet.
func New(o Options) *Server {
	o = o.withDefaults()
	s := &Server{
		opts:      o,
		log:       o.Log,
		logins:    newChallenger(),
		listeners: make(map[net.Listener]struct{}),
		crowd:     crowd{all: make(map[net.Conn]*list.Element)},
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Stats returns the counts so far; each is right, all together are of about
// one moment.
func (s *Server) Stats() Stats {
	return Stats{
		Accepted:   s.counts.accepted.Load(),
		Open:       s.counts.open.Load(),
		Publishing: s.counts.publishing.Load(),
		Refused:    s.counts.refused.Load(),
		MadeRoom:   s.counts.madeRoom.Load(),
		Panics:     s.counts.panics.Load(),
		BadTags:    s.counts.badTags.Load(),
		Uncarried:  s.counts.uncarried.Load(),
		Bytes:      s.counts.bytes.Load(),
	}
}

// Serve accepts encoders on l until Shutdown, then returns nil, or until l
// fails, then returns why. It closes l.
func (s *Server) Serve(l net.Listener) error { return s.serve(l, nil) }

// ServeTLS is Serve for encoders that begin with TLS (rtmps://). The handshake
// is part of the time and memory that a stranger has: l is a listener of plain
// sockets.
func (s *Server) ServeTLS(l net.Listener, config *tls.Config) error { return s.serve(l, config) }

func (s *Server) serve(l net.Listener, secure *tls.Config) error {
	defer func() { _ = l.Close() }() // also closed by Shutdown: the second close has nothing to tell
	if !s.enter(l) {
		return nil
	}
	defer s.leave(l)
	for pause := time.Duration(0); ; {
		nc, err := l.Accept()
		if err == nil {
			pause = 0
			s.welcome(nc, secure)
			continue
		}
		if s.ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, net.ErrClosed) {
			return fmt.Errorf("accept: %w", err)
		}
		// Most often there are no descriptors left: others that close bring
		// them back, so wait a little longer each time.
		pause = min(max(2*pause, 5*time.Millisecond), time.Second)
		s.log.Warn("accept", "err", err, "pause", pause)
		if !s.rest(pause) {
			return nil
		}
	}
}

// rest waits and reports whether the server still runs.
func (s *Server) rest(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// Shutdown closes all listeners and connections and waits until the last
// goroutine is done, or returns ctx's error when that comes first. Encoders
// that were publishing count as lost, so that they may come back.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.cancel()
	for l := range s.listeners {
		_ = l.Close() // nothing depends on how a listener closes
	}
	for nc := range s.crowd.all {
		_ = nc.Close() // the connection's own goroutine meets the error
	}
	s.mu.Unlock()

	done := make(chan struct{})
	go func() { // ends with the last connection, also when ctx is done first
		s.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for RTMP connections: %w", ctx.Err())
	}
}

func (s *Server) enter(l net.Listener) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.listeners[l] = struct{}{}
	s.wg.Add(1)
	return true
}

func (s *Server) leave(l net.Listener) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.listeners, l)
	s.wg.Done()
}
