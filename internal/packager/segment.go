package packager

import (
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/media"
)

// The names of the pieces of a rendition, with a number between prefix and
// suffix.
const (
	initPrefix, initSuffix  = "init", ".mp4"
	partPrefix, mediaSuffix = "part", ".m4s"
	segmentPrefix           = "seg"
)

// Init is an initialisation section: everything that follows it in its
// rendition is of this track, until the next.
type Init struct {
	Number int64
	Track  *media.Track
	Bytes  []byte
}

// Name is the last part of its address.
func (i *Init) Name() string { return address("", initPrefix, i.Number, initSuffix) }

// Part is an LL-HLS partial segment: one moof and its mdat. It is immutable.
type Part struct {
	// Number counts a rendition's parts from 0 over all segments, so that the
	// address of the next part is known before it is known which segment it
	// will belong to.
	Number      int64
	Offset      int64 // of its bytes in the segment
	Size        int   // bytes
	Duration    int64 // ticks of the track, as its samples say
	Independent bool  // begins with a sync sample
}

// Name is the last part of its address.
func (p *Part) Name() string { return address("", partPrefix, p.Number, mediaSuffix) }

// Segment is one segment of one rendition. Its identity is immutable; its
// length is known once it is complete, its bytes grow until then.
type Segment struct {
	Number        int64 // Media Sequence Number, the same over all renditions
	Init          *Init // of a gap the one before it, nil when there is none
	Start         int64 // decode time of the first sample, ticks of the track
	Time          time.Time
	Discontinuity bool
	Seam          bool // of a discontinuity: only the encoder and the wall clock change there
	Gap           bool
	Independent   bool  // begins with a sync sample
	delay         int64 // ticks from decoding to presentation of the first sample
	firstPart     int64

	// Set before the segment is listed as complete, immutable from then on.
	Duration time.Duration // to the next segment's start, never over the target duration
	Ticks    int64         // the same in ticks of the track
	Parts    []Part
	Size     int64

	mu   sync.Mutex
	data [][]byte // one slice a part; nil once the file is there, or the segment has left
	open func() (*os.File, error)
	// Whether it is settled that the segment is not stored; see settle.
	isSettled, isLost bool
}

// Name is the last part of its address.
func (s *Segment) Name() string { return address("", segmentPrefix, s.Number, mediaSuffix) }

// Stored says that the complete segment now lies in a file: open opens it, for
// as long as the window holds the segment. The copy in memory is given up.
func (s *Segment) Stored(open func() (*os.File, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open, s.data = open, nil
}

// drop gives up the copy in memory.
func (s *Segment) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = nil
}

// held returns how many bytes of the complete segment are in memory.
func (s *Segment) held() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		return 0
	}
	return s.Size
}

func (s *Segment) append(b []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		s.data = make([][]byte, 0, usualParts)
	}
	s.data = append(s.data, b)
}

// memory returns the slices of the parts from..to, nil when they are not in
// memory.
func (s *Segment) memory(from, to int) [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to > len(s.data) {
		return nil
	}
	return s.data[from:to:to]
}

// source returns the slices of the parts from..to when they are in memory, or
// else what opens the file of the whole segment, or neither when it is gone.
func (s *Segment) source(from, to int) ([][]byte, bodies.Open) {
	s.mu.Lock()
	open := s.open
	s.mu.Unlock()
	if open == nil {
		return s.memory(from, to), nil
	}
	return nil, func() (*os.File, int64, error) {
		f, err := open()
		return f, s.Size, err
	}
}

// span returns where the bytes of the parts from..to lie in the complete
// segment. The parts of a segment of an earlier run are not known any more: it
// is served whole.
func (s *Segment) span(from, to int) (offset, size int64) {
	if to-from == len(s.Parts) {
		return 0, s.Size
	}
	for i := range s.Parts[from:to] {
		size += int64(s.Parts[from+i].Size)
	}
	return s.Parts[from].Offset, size
}

// address makes a piece's in one allocation: a playlist has a hundred of them.
func address(folder, prefix string, number int64, suffix string) string {
	b := make([]byte, 0, 128)
	b = append(append(b, folder...), prefix...)
	b = strconv.AppendInt(b, number, 10)
	return string(append(b, suffix...))
}
