package doctor

import (
	"math"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// Meter measures one stream: it is a live.Witness. Being told of a unit costs
// it less than a tenth of a microsecond and no memory (BenchmarkMeter); it has
// about 34 kB from the beginning, whatever comes. Its methods may be called by
// any number of goroutines.
type Meter struct {
	mu      sync.Mutex
	begun   time.Time // second 0 begins
	newest  int       // second, counted from begun
	session uint32
	base    int64 // µs from the encoder's first media time to its arrival
	based   bool
	video   pictures
	audio   sound
	ring    [Window]second // second n lies at n % Window
}

// Witness implements live.Witness.
func (m *Meter) Witness(s live.Sight) {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := s.Unit
	if s.Session < m.session {
		return // of an encoder that was taken over at this moment
	}
	if m.begun.IsZero() {
		m.begun = u.Arrived
		m.ring[0] = fresh()
	}
	arrived := u.Arrived.Sub(m.begun)
	if m.session != s.Session {
		m.session, m.based = s.Session, false
		m.video.leave()
		m.audio.leave()
	}
	b := m.at(int(arrived / time.Second))
	b.session = uint16(s.Session)
	sight := sight{
		dts: micros(u.DTS, u.Track.Timescale), stamp: micros(s.Stamp, u.Track.Timescale),
		arrived: arrived.Microseconds(), repaired: s.Repaired,
	}
	if s.Repaired && b.repaired < math.MaxUint16 {
		b.repaired++
	}
	if u.Track.Kind() == media.Video {
		m.video.take(b, u, sight)
		if m.audio.known && !s.Repaired {
			b.apart = int32(clamp((m.audio.last.stamp-sight.stamp)/1000, math.MaxInt32))
		}
	} else {
		m.audio.take(b, u, sight)
		if m.video.track != nil {
			return // pictures tell how late all is
		}
	}
	m.lateness(b, sight)
}

// sight is a unit's times in µs.
type sight struct {
	dts, stamp, arrived int64
	repaired            bool
}

func micros(ticks int64, timescale uint32) int64 {
	if timescale == media.VideoTimescale {
		return ticks * 100 / 9
	}
	return media.Rescale(ticks, 1e6, timescale)
}

// lateness notes how long after its media time a unit came.
func (m *Meter) lateness(b *second, s sight) {
	if !m.based {
		m.based, m.base = true, s.arrived-s.dts
	}
	late := int32(clamp((s.arrived-s.dts-m.base)/1000, math.MaxInt32))
	b.late, b.early = max(b.late, late), min(b.early, late)
}

func clamp(v, limit int64) int64 { return max(-limit, min(limit, v)) }

// fresh is a second of which nothing is known.
func fresh() second {
	return second{late: math.MinInt32, early: math.MaxInt32, level: unmeasured}
}

// at returns a second, and makes it and those before it when they are new. What
// is told late counts for the newest.
func (m *Meter) at(n int) *second {
	if m.newest < n {
		next := fresh()
		next.session, next.usual = m.ring[m.newest%Window].session, m.ring[m.newest%Window].usual
		for m.newest = max(m.newest, n-Window); m.newest < n; {
			m.newest++
			m.ring[m.newest%Window] = next
		}
	}
	return &m.ring[m.newest%Window]
}

// Level notes the sound's level of the second in which something arrived, in dB
// of full scale: who decodes the sound tells it.
func (m *Meter) Level(arrived time.Time, dB float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n := int(arrived.Sub(m.begun) / time.Second); !m.begun.IsZero() && n >= 0 && n <= m.newest && n > m.newest-Window {
		m.ring[n%Window].level = int16(math.Round(max(-120, min(20, dB))))
	}
}

// sameSecond reports whether two times count for the same second.
func (m *Meter) sameSecond(a, b time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return a.Sub(m.begun)/time.Second == b.Sub(m.begun)/time.Second
}

// Snapshot copies what was measured till now, which is not before anything that
// arrived. Its other fields are left to the caller.
func (m *Meter) Snapshot(now time.Time) *Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := &Snapshot{Video: m.video.track, Audio: m.audio.track, Delay: m.video.delay()}
	if m.begun.IsZero() {
		return s
	}
	whole := int(now.Sub(m.begun) / time.Second) // the second that is not over yet is left out
	m.at(whole)
	first := max(0, m.newest-Window+1)
	s.begun = m.begun.Add(time.Duration(first) * time.Second)
	s.seconds, s.starts = make([]second, 0, m.newest-first), make([]int, 0, m.newest-first)
	for n := first; n < m.newest; n++ {
		s.add(m.ring[n%Window])
	}
	return s
}

// Finish is Snapshot for media that is over: its last second counts, too.
func (m *Meter) Finish() *Snapshot {
	m.mu.Lock()
	end := m.begun.Add(time.Duration(m.newest+1) * time.Second)
	m.mu.Unlock()
	return m.Snapshot(end)
}
