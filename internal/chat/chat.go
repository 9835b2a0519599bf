// Package chat owns the conversation beside the video: rooms, one a channel,
// with those who are connected; what may be said, by whom and how often; what
// moderators do; polls, reactions and emotes; and what was said when of a
// broadcast, for its recording.
//
// What is said is a row before anybody hears it, and goes to all rooms of the
// channel, on this node and on others, by the bus. The room knows nothing of
// HTTP: it takes connections that speak WebSocket already.
package chat

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/store"
)

// OnAir is what a channel has on air.
type OnAir struct {
	BroadcastID string
	Media       time.Duration // how far its media time is, from its beginning
	At          time.Time     // when it began
	Interrupted bool
}

// Options is what a Service stands on.
type Options struct {
	DB       *store.DB
	Accounts *account.Service
	Bus      *bus.Bus
	Files    *blob.Files // of emotes
	Log      *slog.Logger
	// OnAir tells what this node knows of a channel; nil is nothing.
	OnAir func(channelID string) (OnAir, bool)
	// Viewers counts who watches a channel; nil where that is not counted.
	Viewers func(channelID string) int
	// Follows tells since when a user follows a channel, and whether it does;
	// nil where nobody can follow.
	Follows func(ctx context.Context, channelID, userID string) (since time.Time, ok bool, err error)
	// Blocked tells whether a channel's owner has blocked a user; nil is nobody.
	Blocked func(ctx context.Context, channelID, userID string) (bool, error)
	// MayWatch tells whether a viewing's token still opens a channel that has a
	// password; nil is that none does.
	MayWatch func(ctx context.Context, token, channelID string) bool
	// Animate makes an animated WebP of a picture that moves; nil, or an error,
	// and the first picture stays.
	Animate func(context.Context, *picture.Motion) ([]byte, error)

	now  func() time.Time // for tests
	pace pace
}

// pace is how a Service keeps time; tests shorten it.
type pace struct {
	tick    time.Duration // of reactions, polls, live, viewers
	ping    time.Duration
	silence time.Duration // after which a connection is taken for dead
	slow    time.Duration // how old what waits for a connection may be
	idle    time.Duration // after which a room without anybody is forgotten
	window  func(n int) time.Duration
}

func (p pace) withDefaults() pace {
	for _, d := range []struct {
		value *time.Duration
		or    time.Duration
	}{{&p.tick, time.Second}, {&p.ping, 25 * time.Second}, {&p.silence, time.Minute}, {&p.slow, 10 * time.Second}, {&p.idle, time.Minute}} {
		if *d.value <= 0 {
			*d.value = d.or
		}
	}
	if p.window == nil {
		p.window = windowOf
	}
	return p
}

// Service is the chat of all channels, on this node. Its methods may be called
// by any number of goroutines. Their errors are an *account.Error or a *Refusal
// where the caller can do something about it.
type Service struct {
	o      Options
	log    *slog.Logger
	node   string // tells this process from others on the bus
	rates  *rates
	writer *writer
	wheel  atomic.Int64 // counts ticks

	// Of tendBus: what it knows of the ways to other nodes, and when rooms were
	// compared with the rows last.
	joins      atomic.Uint64
	caughtUp   time.Time
	catchingUp atomic.Bool

	subs []*bus.Subscription

	ctx     context.Context // ends with Close
	stop    context.CancelFunc
	running sync.WaitGroup // of tending, and of connections
	reading chan struct{}  // holds one while an emote's picture is read

	mu     sync.Mutex
	rooms  map[string]*Room
	closed bool

	stats Stats
}

// Stats count what happened since the start.
type Stats struct {
	Lines, Refused, Deliveries, Slow, Flooded, Joins atomic.Int64
}

// Subjects of the bus.
const (
	roomSubject    = "chat.room." // and a channel's id
	saidSubject    = "chat.said"
	changedSubject = "chat.changed"
	userSubject    = "chat.user"
)

// New makes a Service. The caller closes it before the bus and the database.
func New(o Options) (*Service, error) {
	if o.now == nil {
		o.now = time.Now
	}
	o.pace = o.pace.withDefaults()
	s := &Service{
		o: o, log: o.Log, node: o.DB.NewID(), rates: newRates(o.now), rooms: map[string]*Room{}, reading: make(chan struct{}, 1),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.writer = newWriter(o.DB)
	for subject, f := range map[string]func(bus.Message){
		saidSubject: s.heardSaid, changedSubject: s.heardChanged, userSubject: s.heardUser,
	} {
		sub, err := o.Bus.Subscribe(subject, f)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.subs = append(s.subs, sub)
	}
	s.running.Go(s.tend)
	return s, nil
}

// Close tells all who are connected to come back, writes what was said, and ends
// what New began. It is idempotent.
func (s *Service) Close() {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	rooms := make([]*Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	s.mu.Unlock()
	if !first {
		s.running.Wait()
		return
	}
	for _, r := range rooms {
		r.closeAll(closeGoingAway, "the server goes away")
	}
	s.stop()
	s.running.Wait()
	s.writer.close()
	for _, sub := range s.subs {
		sub.Close()
	}
	for _, r := range rooms {
		r.end()
	}
}

// Connected is how many connections there are.
func (s *Service) Connected() (n int) {
	for _, r := range s.all() {
		n += r.size()
	}
	return n
}

// Rooms is how many rooms are in memory.
func (s *Service) Rooms() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.rooms)
}

// Stats are the counters.
func (s *Service) Stats() *Stats { return &s.stats }

func (s *Service) all() []*Room {
	s.mu.Lock()
	defer s.mu.Unlock()
	rooms := make([]*Room, 0, len(s.rooms))
	for _, r := range s.rooms {
		rooms = append(rooms, r)
	}
	return rooms
}

// ErrClosed is that the server goes away.
var ErrClosed = errors.New("the chat is closed")

// hold returns the room of a channel, which stays in memory until release.
func (s *Service) hold(ctx context.Context, channelID string) (*Room, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, ErrClosed
	}
	r := s.rooms[channelID]
	if r == nil {
		r = newRoom(s, channelID)
		s.rooms[channelID] = r
	}
	r.held++
	s.mu.Unlock()
	r.loading.Do(func() { r.loadErr = r.load() }) // by the first; others wait, and it is quick
	if r.loadErr != nil {
		err := r.loadErr
		s.mu.Lock()
		if s.rooms[channelID] == r {
			delete(s.rooms, channelID) // the next one tries again
		}
		s.mu.Unlock()
		r.end()
		return nil, err
	}
	return r, nil
}

func (s *Service) release(r *Room) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.held--
	r.used = s.o.now()
}

// forget lets go of rooms in which nobody is, and nothing was said for a while.
func (s *Service) forget() {
	now := s.o.now()
	var gone []*Room
	s.mu.Lock()
	for id, r := range s.rooms {
		if r.held == 0 && now.Sub(r.used) >= s.o.pace.idle && r.loadErr == nil {
			delete(s.rooms, id)
			gone = append(gone, r)
		}
	}
	s.mu.Unlock()
	for _, r := range gone {
		r.end()
	}
}

// async runs f beside, unless all ends.
func (s *Service) async(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.running.Go(f)
	}
}

// say tells all rooms of a channel.
func (s *Service) say(channelID string, e envelope) {
	s.publish(roomSubject+channelID, e)
}

func (s *Service) publish(subject string, e envelope) {
	e.Node = s.node
	b, err := json.Marshal(e)
	if err == nil {
		err = s.o.Bus.Publish(subject, b)
	}
	if err != nil {
		s.log.Warn("chat", "error", err)
	}
}

// Changed tells all nodes that something of a channel was changed: who may
// watch it, or who has a place in it.
func (s *Service) Changed(channelID string) {
	s.publish(changedSubject, envelope{Kind: "changed", Channel: channelID})
}

// UserChanged tells all nodes that something of a user was changed.
func (s *Service) UserChanged(userID string) {
	s.publish(userSubject, envelope{Kind: "user", User: userID})
}

func (s *Service) heardChanged(m bus.Message) {
	var e envelope
	if json.Unmarshal(m.Data, &e) != nil {
		return
	}
	if e.Kind == kindEmotes { // the site's
		for _, r := range s.all() {
			r.reloadEmotes()
		}
		return
	}
	s.mu.Lock()
	r := s.rooms[e.Channel]
	s.mu.Unlock()
	if r != nil {
		s.async(r.recheck)
	}
}

func (s *Service) heardUser(m bus.Message) {
	var e envelope
	if json.Unmarshal(m.Data, &e) != nil {
		return
	}
	for _, r := range s.all() {
		r.refresh(e.User)
	}
}

func (s *Service) heardSaid(m bus.Message) {
	var e envelope
	if json.Unmarshal(m.Data, &e) == nil && e.Node != s.node {
		s.rates.note(e.User)
	}
}
