package live

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// maxUnits bounds a ring by count, against encoders that send tiny units.
const maxUnits = 8192

// Rendition is one encoding of one kind, exactly one track at a time: a ring
// of access units that one goroutine writes.
type Rendition struct {
	Name   string // such as "video/source"
	stream *Stream

	// The stream's mutex guards what follows.
	ring    []entry // length a power of two; index i lives at i & (len-1)
	oldest  uint64  // absolute index of the oldest unit that is kept
	head    uint64  // absolute index of the next unit
	lastKey uint64  // absolute index + 1 of the newest key unit, 0 before it
	bytes   int
	clock   clock
	track   *media.Track
	fresh   bool // its publisher has written nothing yet
	stats   Stats
}

type entry struct {
	seq     uint64
	unit    *media.AccessUnit
	session uint32
}

// Feed is a publisher's way into a rendition.
type Feed struct {
	publisher *Publisher
	rendition *Rendition
}

// Stats counts what came through a rendition since its start.
type Stats struct {
	Units    uint64 // written to the ring
	Bytes    uint64 // of their Data
	Dropped  uint64 // units refused: no key frame yet, or the stream had ended or was taken over
	Repaired uint64 // units whose time ran backwards or jumped
}

// Track returns the track of the newest unit, nil before the first.
func (r *Rendition) Track() *media.Track {
	r.stream.mu.Lock()
	defer r.stream.mu.Unlock()
	return r.track
}

// Stats returns the counts so far.
func (r *Rendition) Stats() Stats {
	r.stream.mu.Lock()
	defer r.stream.mu.Unlock()
	return r.stats
}

// Write takes over the unit, whose times are on the encoder's clock in ticks
// of its track, and publishes it to all readers on the broadcast's timeline.
// It is the one customs post for time: what runs backwards or leaps is
// repaired, an audio clock in milliseconds is rebuilt from sample counts, and
// each track, and each publisher, starts at a key frame. What is written after
// another publisher took the stream is dropped. It never blocks: who drives
// the stream (Drive) and who is told of it (Tell) promise that too.
func (f *Feed) Write(u *media.AccessUnit) {
	if u.Arrived.IsZero() {
		u.Arrived = time.Now()
	}
	drive, witness, seen := f.publish(u)
	if witness != nil {
		witness.Witness(seen)
	}
	if drive != nil {
		drive()
	}
}

// publish puts the unit into the ring, unless it is refused, and returns what
// is to be called after it, and who is to be told what.
func (f *Feed) publish(u *media.AccessUnit) (drive func(), witness Witness, seen Sight) {
	r := f.rendition
	s := r.stream
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.publisher == f.publisher {
		s.fed, s.wrote = u.Arrived, true
	}
	if s.closed || s.publisher != f.publisher || (u.Track != r.track || r.fresh) && !u.Key {
		r.stats.Dropped++
		return nil, nil, seen
	}
	stamp, repaired := u.DTS, r.clock.repaired
	if !r.clock.admit(&s.clock, u) {
		r.stats.Dropped++
		return nil, nil, seen
	}
	r.track, r.fresh = u.Track, false
	r.stats.Units++
	r.stats.Bytes += uint64(len(u.Data))
	r.stats.Repaired = r.clock.repaired
	r.push(entry{seq: s.seq, unit: u, session: s.session})
	s.seq++
	s.news()
	return s.drive, s.witness, Sight{Unit: u, Stamp: stamp, Repaired: r.clock.repaired != repaired, Session: s.session}
}

// push appends e and lets the oldest go by the limits. The mutex is held.
func (r *Rendition) push(e entry) {
	limits := r.stream.limits
	for r.oldest < r.head {
		old := r.at(r.oldest).unit
		if age(old, e.unit) <= limits.Age && r.bytes+len(e.unit.Data) <= limits.Bytes && r.head-r.oldest < maxUnits {
			break
		}
		r.bytes -= len(old.Data)
		*r.at(r.oldest) = entry{}
		r.oldest++
	}
	if int(r.head-r.oldest) == len(r.ring) {
		r.grow()
	}
	*r.at(r.head) = e
	r.bytes += len(e.unit.Data)
	r.head++
	if e.unit.Key {
		r.lastKey = r.head
	}
}

// age is how far a unit lies behind another: by their stamps, or by their
// arrival when that is less. What comes at once after a stall of the network,
// or of this process, is seconds of media, and its readers had no time to take
// any of it.
func age(old, newest *media.AccessUnit) time.Duration {
	stamps := media.Duration(newest.DTS, newest.Track.Timescale) - media.Duration(old.DTS, old.Track.Timescale)
	return min(stamps, newest.Arrived.Sub(old.Arrived))
}

func (r *Rendition) at(i uint64) *entry { return &r.ring[i&uint64(len(r.ring)-1)] }

func (r *Rendition) grow() {
	bigger := make([]entry, max(64, 2*len(r.ring)))
	for i := r.oldest; i < r.head; i++ {
		bigger[i&uint64(len(bigger)-1)] = *r.at(i)
	}
	r.ring = bigger
}
