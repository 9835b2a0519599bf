// Package audience owns how many are watching: of each broadcast on air, and of
// those that were. It counts viewings by the ids that players' requests carry,
// and sums up what players tell of how it plays. It must not know who a viewer
// is, nor keep anything of one when the viewing is over.
package audience

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// sweepEvery is how late the end of a viewing may be noticed.
	sweepEvery = time.Second
	// writeEvery is how much of a history is lost when the process is killed.
	writeEvery = time.Minute
	// DefaultLapse is how long after its last request a player counts: longer
	// than any player waits before it asks for a live playlist again.
	DefaultLapse = 15 * time.Second
	// maxViewers bounds the memory of one room. Who comes then is not counted.
	maxViewers = 1 << 20
)

// Options of a Service.
type Options struct {
	DB    *store.DB
	Lapse time.Duration // 0 is DefaultLapse
	Log   *slog.Logger
	Now   func() time.Time // nil is time.Now
}

// Service counts the viewers of all broadcasts. Close it before its database.
type Service struct {
	o      Options
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu    sync.Mutex
	rooms map[string]*Room // by broadcast
}

// New starts a service.
func New(o Options) *Service {
	if o.Lapse == 0 {
		o.Lapse = DefaultLapse
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Service{o: o, cancel: cancel, rooms: map[string]*Room{}}
	s.wg.Go(func() { s.run(ctx) })
	return s
}

// Close writes what was not written yet, and ends the service.
func (s *Service) Close() {
	s.cancel()
	s.wg.Wait()
	s.writeAll()
}

// Open makes the room of a broadcast that goes on air. Shut it when that is
// over. A nil Service has nil rooms, which count nothing.
func (s *Service) Open(broadcastID, channelID string) *Room {
	if s == nil {
		return nil
	}
	r := newRoom(s, broadcastID, channelID)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rooms[broadcastID] = r
	return r
}

// Shut ends a room and writes down what is left to write.
func (s *Service) Shut(ctx context.Context, r *Room) {
	if r == nil {
		return
	}
	s.mu.Lock()
	delete(s.rooms, r.broadcastID)
	s.mu.Unlock()
	r.empty()
	s.write(ctx, r)
}

// Room returns the room of a broadcast on air, nil when there is none.
func (s *Service) Room(broadcastID string) *Room {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rooms[broadcastID]
}

// Watching is how many watch what a channel has on air; known is false when it
// has nothing.
func (s *Service) Watching(channelID string) (n int, known bool) {
	if s == nil {
		return 0, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rooms {
		if r.channelID == channelID {
			return r.Count(), true
		}
	}
	return 0, false
}

// Total is how many watch anything.
func (s *Service) Total() (n int) {
	for _, r := range s.list() {
		n += r.Count()
	}
	return n
}

func (s *Service) list() []*Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		list = append(list, r)
	}
	return list
}

func (s *Service) run(ctx context.Context) {
	sweep, write := time.NewTicker(sweepEvery), time.NewTicker(writeEvery)
	defer sweep.Stop()
	defer write.Stop()
	for {
		select {
		case <-sweep.C:
			for _, r := range s.list() {
				r.sweep()
			}
		case <-write.C:
			s.writeAll()
		case <-ctx.Done():
			return
		}
	}
}

func (s *Service) writeAll() {
	for _, r := range s.list() {
		s.write(context.Background(), r)
	}
}

// write adds what was counted since the last time to the rows. What cannot be
// written waits for the next time.
func (s *Service) write(ctx context.Context, r *Room) {
	r.writing.Lock()
	defer r.writing.Unlock()
	p := r.take()
	if p.nothing() {
		return
	}
	err := s.o.DB.Write(context.WithoutCancel(ctx), func(tx *store.Tx) error { return r.put(ctx, tx, p) })
	switch {
	case err == nil:
	case errors.Is(err, store.ErrNotFound): // it was deleted while it was on air
	default:
		r.putBack(p)
		s.o.Log.Warn("how many watched is not written down yet", "broadcast", r.broadcastID, "error", err)
	}
}
