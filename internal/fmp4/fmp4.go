// Package fmp4 writes and reads fragmented MP4 files of one track, as CMAF
// wants them (ISO/IEC 23000-19, over 14496-12, -14 and -15): an
// initialisation segment, and fragments of one moof and one mdat each, whose
// bytes are at once a part, a piece of a segment and a piece of a recording.
// It does no I/O, starts no goroutine, reads no clock, and knows nothing of
// playlists or of how fragments are cut.
package fmp4

import (
	"encoding/binary"
	"errors"
)

// ErrMalformed is wrapped by every error about boxes that break the format,
// save a file that ends too early, which is io.ErrUnexpectedEOF.
var ErrMalformed = errors.New("malformed mp4")

// trackID is that of the only track of each file that we write.
const trackID = 1

// Sample is one access unit with the time that it lasts.
type Sample struct {
	Duration          uint32 // until the next sample is decoded, in ticks of the track
	CompositionOffset int32  // presentation minus decode time, in ticks of the track
	Key               bool   // decoding can start here; true for all audio
	Data              []byte
}

// Sample flags (ISO/IEC 14496-12 8.8.3.1). MSE players take a key frame from
// sample_is_non_sync_sample, Safari looks at sample_depends_on too.
const (
	flagsKey    = 2 << 24         // sample_depends_on: no other
	flagsDelta  = 1<<24 | nonSync // sample_depends_on: others
	nonSync     = 1 << 16         // sample_is_non_sync_sample
	headerBytes = 8               // size and type of a box
)

// Flags of tfhd (8.8.7.1) and trun (8.8.8.1).
const (
	tfhdBaseDataOffset    = 0x000001
	tfhdDescriptionIndex  = 0x000002
	tfhdDefaultDuration   = 0x000008
	tfhdDefaultSize       = 0x000010
	tfhdDefaultFlags      = 0x000020
	tfhdDefaultBaseIsMoof = 0x020000

	trunDataOffset       = 0x000001
	trunFirstSampleFlags = 0x000004
	trunDuration         = 0x000100
	trunSize             = 0x000200
	trunFlags            = 0x000400
	trunComposition      = 0x000800
)

// writer appends boxes to b. A box is opened, filled and closed; close
// writes its size.
type writer struct{ b []byte }

func (w *writer) open(name string) (start int) {
	start = len(w.b)
	w.b = append(w.b, 0, 0, 0, 0)
	w.b = append(w.b, name...)
	return start
}

// openFull opens a FullBox (ISO/IEC 14496-12 4.2).
func (w *writer) openFull(name string, version uint8, flags uint32) (start int) {
	start = w.open(name)
	w.u32(uint32(version)<<24 | flags)
	return start
}

func (w *writer) close(start int) {
	binary.BigEndian.PutUint32(w.b[start:], uint32(len(w.b)-start))
}

func (w *writer) u8(v uint8)     { w.b = append(w.b, v) }
func (w *writer) u16(v uint16)   { w.b = binary.BigEndian.AppendUint16(w.b, v) }
func (w *writer) u32(v uint32)   { w.b = binary.BigEndian.AppendUint32(w.b, v) }
func (w *writer) u64(v uint64)   { w.b = binary.BigEndian.AppendUint64(w.b, v) }
func (w *writer) bytes(v []byte) { w.b = append(w.b, v...) }
func (w *writer) text(v string)  { w.b = append(w.b, v...) }
func (w *writer) zeros(n int)    { w.b = append(w.b, make([]byte, n)...) }
func (w *writer) words(v ...uint32) {
	for _, word := range v {
		w.u32(word)
	}
}
