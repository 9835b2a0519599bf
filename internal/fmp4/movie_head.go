package fmp4

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// skeleton is a head without the words of its tables.
type skeleton struct {
	writer
	gaps []gap
}

// gap is where a table's words belong.
type gap struct {
	at            int // in the skeleton
	bytes         int64
	track, column int
	offset        int64 // in the file
}

// close writes the size of a box, with the gaps in it.
func (s *skeleton) close(start int) {
	binary.BigEndian.PutUint32(s.b[start:], uint32(s.sizeFrom(start)))
}

func (s *skeleton) sizeFrom(start int) int64 {
	size := int64(len(s.b) - start)
	for _, g := range s.gaps {
		if g.at > start {
			size += g.bytes
		}
	}
	return size
}

// draw makes the skeleton. Of the boxes around it only moov can be longer than
// a size of 32 bits tells, when the tables together are.
func (h *Head) draw() error {
	h.skeleton = skeleton{}
	s := &h.skeleton
	s.ftypMovie(h.movie.Tracks)
	moov := s.open("moov")
	scale := h.timescale()
	starts, base := h.starts(scale)
	var longest int64
	for i, t := range h.tables {
		longest = max(longest, starts[i]-base+t.shown(h.clock(i), scale))
	}
	s.mvhdMovie(scale, longest, h.movie.Created, len(h.tables))
	for i := range h.tables {
		h.trak(s, i, scale, starts[i]-base)
	}
	if s.sizeFrom(moov) > math.MaxUint32 {
		return ErrTooLong
	}
	s.close(moov)
	s.mdat(h.movie.PayloadBytes)
	h.offset = s.sizeFrom(0)
	return nil
}

// mdat opens the box that the payload fills.
func (s *skeleton) mdat(payload int64) {
	if size := headerBytes + payload; size <= math.MaxUint32 {
		s.u32(uint32(size))
		s.text("mdat")
		return
	}
	s.u32(1) // the size stands behind the type (4.2)
	s.text("mdat")
	s.u64(uint64(2*headerBytes + payload))
}

func (h *Head) clock(track int) uint32 { return h.movie.Tracks[track].Descriptions[0].Timescale }

// timescale of the movie is that of its first track, so that the edits of
// pictures are exact.
func (h *Head) timescale() uint32 { return h.clock(0) }

// cut narrows the tracks to what is shown of them. It reports false when that
// is nothing; a track that is not shown at all begins and ends with its first
// moment.
func (h *Head) cut() (shown bool) {
	if h.movie.Shown == (Interval{}) {
		return true
	}
	for i, t := range h.tables {
		from := media.Ticks(h.movie.Shown.From, h.clock(i)) - t.first
		to := media.Ticks(h.movie.Shown.To, h.clock(i)) - t.first
		begin, end := max(t.begin, from), min(t.end, to)
		if begin < end {
			shown = true
		} else {
			begin = min(max(t.begin, from), t.end)
			end = begin
		}
		t.begin, t.end = begin, end
	}
	return shown
}

// starts are the times at which the tracks are first seen or heard, in a scale,
// and the first of them: where the movie begins.
func (h *Head) starts(scale uint32) (starts []int64, base int64) {
	base = math.MaxInt64
	for i, t := range h.tables {
		at := media.Rescale(t.first+t.begin, scale, h.clock(i))
		starts, base = append(starts, at), min(base, at)
	}
	return starts, base
}

// shown is how long a track is, rounded up so that no frame is cut off.
func (t *tables) shown(clock, scale uint32) int64 {
	ticks := max(t.end-t.begin, 1)
	length := media.Rescale(ticks, scale, clock)
	if length*int64(clock) < ticks*int64(scale) { // it was rounded down
		length++
	}
	return length
}

// ftypMovie names what a file without fragments keeps to: edit lists of both
// signs and all tables (iso4 and before), and what every player knows.
func (s *skeleton) ftypMovie(tracks []MovieTrack) {
	box := s.open("ftyp")
	s.text("isom")
	s.u32(0x200) // minor version
	s.text("isomiso2iso4mp41")
	for _, t := range tracks {
		switch t.Descriptions[0].Codec {
		case media.AV1:
			s.text("av01") // AV1 in ISOBMFF 2.1
		case media.H264:
			s.text("avc1")
		}
	}
	s.close(box)
}

// since1904 is a time as boxes tell it, 0 for none.
func since1904(t time.Time) uint64 {
	if t.IsZero() {
		return 0
	}
	epoch := time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	return uint64(max(0, t.Unix()-epoch.Unix()))
}

func (s *skeleton) mvhdMovie(scale uint32, duration int64, created time.Time, tracks int) {
	box := s.openFull("mvhd", 1, 0)
	s.u64(since1904(created))
	s.u64(since1904(created))
	s.u32(scale)
	s.u64(uint64(duration))
	s.u32(1 << 16)   // rate 1
	s.u16(0x0100)    // volume 1
	s.zeros(2 + 2*4) // reserved
	s.matrix()
	s.zeros(24) // predefined
	s.u32(uint32(tracks + 1))
	s.close(box)
}

// trak writes the track of an index, which is first shown so long after the
// movie's beginning.
func (h *Head) trak(s *skeleton, i int, scale uint32, late int64) {
	track, t := h.movie.Tracks[i], h.tables[i]
	shown := t.shown(h.clock(i), scale)
	trak := s.open("trak")
	s.tkhdMovie(track, uint32(i+1), late+shown, h.movie.Created)
	s.edts(late, shown, t.begin+t.shift)
	mdia := s.open("mdia")
	mdhd := s.openFull("mdhd", 1, 0)
	s.u64(since1904(h.movie.Created))
	s.u64(since1904(h.movie.Created))
	s.u32(h.clock(i))
	s.u64(uint64(t.at))
	s.u16(undetermined)
	s.u16(0)
	s.close(mdhd)
	s.hdlr(track.Descriptions[0])
	minf := s.open("minf")
	s.mediaHeader(track.Descriptions[0])
	s.dinf()
	stbl := s.open("stbl")
	stsd := s.openFull("stsd", 0, 0)
	s.u32(uint32(len(track.Descriptions)))
	for _, d := range track.Descriptions {
		s.sampleEntry(d)
	}
	s.close(stsd)
	for column := range columns {
		if t.has(column) {
			h.table(s, i, column)
		}
	}
	s.close(stbl)
	s.close(minf)
	s.close(mdia)
	s.close(trak)
}

func (s *skeleton) tkhdMovie(track MovieTrack, id uint32, duration int64, created time.Time) {
	const enabled, inMovie = 1, 2
	width, height := 0, 0 // of the largest picture
	for _, d := range track.Descriptions {
		width, height = max(width, d.Width), max(height, d.Height)
	}
	box := s.openFull("tkhd", 1, enabled|inMovie)
	s.u64(since1904(created))
	s.u64(since1904(created))
	s.words(id, 0)
	s.u64(uint64(duration))
	s.trackPlace(track.Descriptions[0], width, height)
	s.close(box)
}

// edts says where the track begins on the movie's timeline (8.6.6): nothing of
// it for as long as it is late, and then it from the first moment that is
// shown.
func (s *skeleton) edts(late, shown, begin int64) {
	if late == 0 && begin == 0 {
		return
	}
	edts := s.open("edts")
	elst := s.openFull("elst", 1, 0)
	if late > 0 {
		s.u32(2)
		s.edit(late, -1) // an empty edit
	} else {
		s.u32(1)
	}
	s.edit(shown, begin)
	s.close(elst)
	s.close(edts)
}

func (s *skeleton) edit(duration, at int64) {
	s.u64(uint64(duration))
	s.u64(uint64(at))
	s.u32(1 << 16) // rate 1
}

var tableNames = [columns]string{"stts", "ctts", "stss", "stsc", "stsz", "stco"}

// table writes a table but for its words.
func (h *Head) table(s *skeleton, track, column int) {
	t := h.tables[track]
	name, words := tableNames[column], t.columns[column].words
	entries := words
	switch column {
	case stts, ctts:
		entries = words / 2
	case stsc:
		entries = words / 3
	case stco:
		if h.wide {
			name, words = "co64", 2*words
		}
	}
	box := s.openFull(name, 0, 0)
	if column == stsz {
		s.u32(0) // sizes differ
	}
	s.u32(uint32(entries))
	s.gaps = append(s.gaps, gap{at: len(s.b), bytes: 4 * words, track: track, column: column})
	s.close(box)
}
