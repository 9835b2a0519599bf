package mpegts

import (
	"errors"

	"github.com/rostrumlive/rostrum/internal/media"
)

// How a segment is laid out in time, in ticks of 90 kHz.
const (
	// epoch is the time stamp of the broadcast's zero: what lies a little
	// before it, as pictures may that are shown before they are decoded, has a
	// stamp too.
	epoch = 10 * pcrClock
	// lead is how much earlier than it is decoded a unit comes, by the PCR.
	lead = pcrClock / 4
	// clockEvery is the longest time from one PCR to the next, which must be
	// less than 100 ms (2.7.2).
	clockEvery = 80 * pcrClock / 1000
	// longestHole bounds the PCRs that fill a time without media.
	longestHole = 10 * pcrClock
)

// Segment is what a media segment of HLS holds (RFC 8216 3.2): the units of a
// picture, of sound, or of both. It is written without knowing the ones
// before, and yet goes on where they ended: each stream's continuity counter
// begins at 0 and ends at 15.
type Segment struct {
	Number        int64 // counts on the tables' counter, by one for each segment
	Discontinuity bool  // time or coding does not go on from the segment before
	// Units are in the order of decoding, all of one track, which Carries. One
	// of Video and Audio may be empty. A frame of sound that is too long for
	// its header, which no encoder makes, is left out.
	Video, Audio []media.AccessUnit
	// End is where the segment ends, in ticks of 90 kHz since the broadcast's
	// epoch: there are PCRs up to it.
	End int64
}

// AppendTo appends the segment's bytes, which depend on nothing but its
// fields, and returns the extended slice. The error is of a track that cannot
// be carried, or of a segment without media.
func (s *Segment) AppendTo(dst []byte) ([]byte, error) {
	w := segmentWriter{}
	var tracks [2]*media.Track
	if len(s.Video) > 0 {
		tracks[0] = s.Video[0].Track
		p, err := newPictures(s.Video)
		if err != nil {
			return nil, err
		}
		w.streams = append(w.streams, stream{source: p, output: output{pid: pidVideo}})
	}
	if len(s.Audio) > 0 {
		p, err := newSounds(s.Audio)
		if err != nil {
			return nil, err
		}
		if p.left() {
			tracks[1] = s.Audio[0].Track
			w.streams = append(w.streams, stream{source: p, output: output{pid: pidAudio}})
		}
	}
	if len(w.streams) == 0 {
		return nil, errors.New("segment without media")
	}
	for i := range w.streams {
		w.streams[i].last = counters - 1
		if s.Discontinuity {
			w.streams[i].flags = discontinuity
		}
	}
	w.dst = appendTables(dst, tracks[0], tracks[1], byte(s.Number)&counterMask)
	w.run()
	w.fill(epoch + s.End - lead)
	return w.dst, nil
}

// source is what an elementary stream of a segment is made of.
type source interface {
	left() bool  // there is a PES packet to write
	time() int64 // when it is decoded, as a time stamp
	// next appends the PES packet to an empty slice and tells whether decoding
	// can start at it.
	next(pes []byte) (out []byte, key bool)
}

type stream struct {
	source
	output
	flags byte // of the first packet to come
}

// segmentWriter writes a segment's streams, of which the first carries the
// clock.
type segmentWriter struct {
	dst     []byte
	streams []stream
	clock   int64 // the newest PCR
	ticking bool  // there was one
	scratch []byte
}

// run writes what the streams have, in the order of decoding. The first stream
// begins: a player may start at its key frame.
func (w *segmentWriter) run() {
	for {
		var next *stream
		for i := range w.streams {
			s := &w.streams[i]
			if s.left() && (next == nil || s.time() < next.time()) {
				next = s
			}
		}
		if next == nil {
			return
		}
		at := next.time() - lead
		if !w.ticking {
			next = &w.streams[0]
		}
		w.write(next, at)
	}
}

// write writes the next PES packet of a stream, with a clock that says at
// where it carries one.
func (w *segmentWriter) write(s *stream, at int64) {
	w.fill(at)
	pes, key := s.next(w.scratch[:0])
	w.scratch = pes
	m := mark{flags: s.flags}
	s.flags = 0
	if key {
		m.flags |= randomAccess
	}
	if s == &w.streams[0] && (!w.ticking || at > w.clock) {
		m.flags |= hasPCR
		m.pcr, w.clock, w.ticking = at, at, true
	}
	extra := 0
	if !s.left() {
		extra = s.toRound(len(pes), m)
	}
	w.dst = s.append(w.dst, pes, m, extra)
}

// fill lets the clock tick in a time up to to in which no packet carries it.
func (w *segmentWriter) fill(to int64) {
	if !w.ticking || to-w.clock > longestHole {
		return
	}
	for to-w.clock > clockEvery {
		w.clock += clockEvery
		w.dst = w.streams[0].appendClock(w.dst, mark{flags: hasPCR, pcr: w.clock})
	}
}
