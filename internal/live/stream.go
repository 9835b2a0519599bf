// Package live holds the media of what is on air: for each broadcast a
// stream of renditions, each a bounded ring of access units that one door
// writes and any number of readers follow. Writers never wait; a reader that
// falls behind loses units and counts them. It knows neither accounts nor
// files nor protocols.
package live

import (
	"math"
	"slices"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Limits bounds what a rendition keeps in memory for its readers.
type Limits struct {
	Age   time.Duration // newest minus oldest unit, by stamps or by arrival, whichever is less; 0 is that of DefaultLimits
	Bytes int           // of Data; 0 is that of DefaultLimits
}

// DefaultLimits keep a GOP of usual length for those who join, and stop a
// broken encoder from filling memory.
var DefaultLimits = Limits{Age: 4 * time.Second, Bytes: 16 << 20}

// maxNotices bounds what an encoder can make the server remember.
const maxNotices = 8

// Stream is one broadcast's media in memory. One publisher at a time feeds it;
// when another takes its place the media goes on where it had come to, without
// a hole, on one timeline.
type Stream struct {
	Channel   string // public name
	Broadcast string // id
	limits    Limits

	mu         sync.Mutex
	wake       chan struct{} // closed at news, made by the first who waits for it
	turn       chan struct{} // closed at news other than units, likewise
	drive      func()        // called after each unit, nil for none
	witness    Witness       // told of each unit, nil for none
	encoder    string        // what the publisher says of itself, empty before it does
	renditions []*Rendition  // appended to, never changed
	expected   []media.Kind  // as renditions
	notices    []media.Notice
	closed     bool
	publisher  *Publisher // who may write; nil while there is none
	session    uint32     // counts the publishers
	fed        time.Time  // when the publisher came or last wrote
	wrote      bool       // the publisher has written
	seq        uint64     // of the next unit, over all renditions
	clock      timeline

	out outflow
}

// NewStream makes an empty stream. Who makes it closes it.
func NewStream(channel, broadcast string, limits Limits) *Stream {
	if limits.Age == 0 {
		limits.Age = DefaultLimits.Age
	}
	if limits.Bytes == 0 {
		limits.Bytes = DefaultLimits.Bytes
	}
	return &Stream{Channel: channel, Broadcast: broadcast, limits: limits}
}

// StartAt puts the first unit at a time of the broadcast's timeline, for one
// that goes on after a restart. It is called before the first publisher.
func (s *Stream) StartAt(at time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = timeline{resumed: true, start: at}
}

// Interrupt says that the publisher has gone and that another may come: its
// later units are dropped, and readers that have read all that there is are
// told by ErrInterrupted. Only who feeds the stream can interrupt it.
func (s *Stream) Interrupt(p *Publisher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.publisher == p {
		s.publisher = nil
		s.turns()
	}
}

// change lets p feed the stream, alone.
func (s *Stream) change(p *Publisher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publisher, s.fed, s.wrote = p, time.Now(), false
	s.session++
	s.expected, s.encoder = nil, ""
	s.clock = s.clock.next()
	for _, r := range s.renditions {
		r.clock = r.clock.next()
		r.fresh = true
	}
	s.turns()
}

func (s *Stream) silent(p *Publisher) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.publisher != p {
		return math.MaxInt64 // it can write no more
	}
	return time.Since(s.fed)
}

func (s *Stream) began(p *Publisher) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.publisher == p && s.wrote
}

// Close ends the media: readers drain what is left and then meet io.EOF.
// Units written later are dropped. It is idempotent and does not wait.
func (s *Stream) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.turns()
}

// Closed reports whether the media has ended.
func (s *Stream) Closed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.closed
}

// Renditions returns the renditions that were made so far, in order. All who
// ask share the slice: it is not to be changed.
func (s *Stream) Renditions() []*Rendition {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.renditions[:len(s.renditions):len(s.renditions)]
}

// Expected returns the kinds of track that the encoder announced. All who ask
// share the slice: it is not to be changed.
func (s *Stream) Expected() []media.Kind {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.expected[:len(s.expected):len(s.expected)]
}

// Notices returns what the owner should know of media that is not carried.
func (s *Stream) Notices() []media.Notice {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notices)
}

func (s *Stream) expect(p *Publisher, kinds []media.Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p != s.publisher {
		return
	}
	for _, k := range kinds {
		if !slices.Contains(s.expected, k) {
			s.expected = append(s.expected, k)
		}
	}
	s.turns()
}

func (s *Stream) notice(n media.Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.notices) < maxNotices && !slices.Contains(s.notices, n) {
		s.notices = append(s.notices, n)
	}
}

func (s *Stream) rendition(name string) *Rendition {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.renditions {
		if r.Name == name {
			return r
		}
	}
	r := &Rendition{Name: name, stream: s}
	s.renditions = append(s.renditions, r)
	s.news()
	return r
}

// Drive has f called after each unit that is written, by the goroutine that
// wrote it, without a lock. It is for the one who does something with every
// unit and never waits: to be woken 77 times a second costs more than that
// work. nil ends it; a call that has begun may outlast that.
func (s *Stream) Drive(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drive = f
}

// Tell has w told of each unit that is written from now on; nil ends it, save
// for a call that has begun.
func (s *Stream) Tell(w Witness) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.witness = w
}

// Encoder is what the publisher's media says of the program that made it, such
// as "obs-output module (libobs version 29.0.2)"; empty when it says nothing.
// It is a stranger's word.
func (s *Stream) Encoder() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.encoder
}

func (s *Stream) name(p *Publisher, encoder string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == s.publisher {
		s.encoder = encoder
	}
}

// Turn returns a channel that is closed at the next news other than a unit:
// an announcement, a change of publisher, or the stream's end.
func (s *Stream) Turn() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return waiter(&s.turn)
}

// news wakes who waits for anything. s.mu is held.
func (s *Stream) news() { tell(&s.wake) }

// turns wakes who waits for anything or for a turn. s.mu is held.
func (s *Stream) turns() {
	tell(&s.wake)
	tell(&s.turn)
}

// tell closes a channel that somebody waits for.
func tell(c *chan struct{}) {
	if *c != nil {
		close(*c)
		*c = nil
	}
}

// waiter returns the channel that tell closes next.
func waiter(c *chan struct{}) <-chan struct{} {
	if *c == nil {
		*c = make(chan struct{})
	}
	return *c
}
