// Package hook asks a site's own back-end who may publish and who may watch,
// and tells it of what came of that, in the two dialects that back-ends have
// learnt: nginx-rtmp's forms and SRS's JSON. A session of these dialects is one
// connection: of an encoder, from its leave to its end, or of a player.
//
// The room knows nothing of channels, rows or files: what it is given are an
// encoder's words, which may hold a key. They go to the back-end, which checks
// them, and never into the log.
package hook

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// Nginx is where the hooks of nginx-rtmp's dialect are posted to; empty: nowhere.
type Nginx struct {
	OnPublish, OnPublishDone, OnPlay, OnPlayDone, OnUpdate, OnRecordDone string
}

// SRS is where the hooks of SRS's dialect are posted to; empty: nowhere.
type SRS struct {
	OnPublish, OnUnpublish, OnPlay, OnStop, OnDVR, OnHLS string
}

// Options is what a Service stands on. Times that are zero take the default
// that is written beside them.
type Options struct {
	Nginx Nginx
	SRS   SRS
	// Timeout bounds a question, with all that it takes to reach the back-end
	// again: 3 s.
	Timeout time.Duration
	// Update is how often on_update is asked: 30 s.
	Update time.Duration
	// FailOpen lets in, and leaves on air, whom a back-end that does not answer
	// was asked for.
	FailOpen bool
	// Origin of the site, such as https://example.org, for addresses of
	// recordings; empty: they begin with a slash.
	Origin string
	Log    *slog.Logger

	Patience time.Duration // of what is told, over all attempts: 30 s
	Lapse    time.Duration // of a player, after its last playlist: 60 s
	MaxPlays int           // players that are followed: 65,536
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{
		{&o.Timeout, 3 * time.Second},
		{&o.Update, 30 * time.Second},
		{&o.Patience, 30 * time.Second},
		{&o.Lapse, time.Minute},
	} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	if o.MaxPlays <= 0 {
		o.MaxPlays = 64 << 10
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Service speaks with the back-end. New is the only door; its methods may be
// called by any number of goroutines.
type Service struct {
	o      Options
	log    *slog.Logger
	wire   *http.Transport
	server string // server_id
	began  time.Time

	clients atomic.Int64  // the last number that a connection got
	slots   chan struct{} // one for each message on its way
	looks   chan struct{} // one for each on_update of a player
	dropped atomic.Int64
	told    atomic.Int64 // when the log was told of trouble last

	ctx  context.Context // ends when nothing more is to be said
	stop context.CancelFunc
	wg   sync.WaitGroup // one for each session that is followed, and each message on its way

	mu       sync.Mutex
	closed   bool // nobody new is followed
	ended    bool // nothing more is said
	sessions map[*live.Publisher]*session
	newest   map[string]client // of each broadcast, for its recording
	known    map[string]string // names that encoders gave, to those that the back-end gave them
	plays    map[string]*Play
}

// maxTelling bounds the messages on their way. When a back-end is down for so
// long that there are more, the newest are dropped and counted.
const maxTelling = 256

// maxLooks bounds the players that on_update is asked of at one time; the
// others wait.
const maxLooks = 64

// New makes a service. The caller closes it.
func New(o Options) *Service {
	s := &Service{
		o: o.withDefaults(), began: time.Now(), slots: make(chan struct{}, maxTelling), looks: make(chan struct{}, maxLooks),
		sessions: map[*live.Publisher]*session{}, newest: map[string]client{}, known: map[string]string{}, plays: map[string]*Play{},
	}
	s.log = s.o.Log
	s.wire = newTransport(s.o.Timeout)
	var id [4]byte
	_, _ = rand.Read(id[:]) // does not fail
	s.server = "vid-" + hex.EncodeToString(id[:])[:7]
	// A number that no earlier run gave, and that fits where back-ends keep it:
	// many in a column of 31 bits.
	s.clients.Store(s.began.Unix())
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.wg.Go(s.tend)
	return s
}

// Close ends what New began: it waits until what is to be told is told, or ctx
// ends. Only the first call counts.
func (s *Service) Close(ctx context.Context) {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	left := slices.Collect(maps.Values(s.plays))
	s.mu.Unlock()
	if again {
		return
	}
	for _, p := range left {
		p.End()
	}
	for n := 0; n < maxTelling && ctx.Err() == nil; n++ { // all slots are ours when nothing is on its way
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.stop()
	s.wg.Wait()
}

// spawn runs f, which Close awaits, unless nothing more is said.
func (s *Service) spawn(f func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false
	}
	s.wg.Go(f)
	return true
}

// grave tells the log of the back-end's trouble, at most once a second.
func (s *Service) grave(what string, err error) {
	now, told := int64(time.Since(s.began))+1, s.told.Load()
	if (told == 0 || now > told+int64(time.Second)) && s.told.CompareAndSwap(told, now) {
		s.log.Warn("hook: "+what, "error", err, "dropped", s.dropped.Load())
	}
}
