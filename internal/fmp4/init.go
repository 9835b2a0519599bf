package fmp4

import (
	"fmt"
	"math"

	"github.com/rostrumlive/rostrum/internal/media"
)

// AppendInit appends the initialisation segment of one track, a ftyp and a
// moov with mvex, and returns the extended slice. A track that cannot be
// described (unknown codec, no timescale, no configuration, a size or a
// number of channels out of range) is an error, and dst comes back as it was.
func AppendInit(dst []byte, t *media.Track) ([]byte, error) {
	if err := check(t); err != nil {
		return dst, fmt.Errorf("write init segment: %w", err)
	}
	w := writer{b: dst}
	w.ftyp(t)
	moov := w.open("moov")
	w.mvhd(t)
	w.trak(t)
	w.mvex(t)
	w.close(moov)
	return w.b, nil
}

func check(t *media.Track) error {
	switch {
	case t.Kind() == 0:
		return fmt.Errorf("unknown codec %d", t.Codec)
	case t.Timescale == 0:
		return fmt.Errorf("%v track without a timescale", t.Codec)
	case len(t.Config) == 0:
		return fmt.Errorf("%v track without a decoder configuration", t.Codec)
	case len(t.Config) > maxConfigBytes:
		return fmt.Errorf("decoder configuration of %d bytes", len(t.Config))
	case t.Kind() == media.Video && (t.Width < 1 || t.Width > math.MaxUint16 || t.Height < 1 || t.Height > math.MaxUint16):
		return fmt.Errorf("picture of %d×%d", t.Width, t.Height)
	case t.Kind() == media.Audio && (t.Channels < 1 || t.Channels > math.MaxUint16):
		return fmt.Errorf("%d channels", t.Channels)
	}
	return nil
}

// maxConfigBytes is far more than any decoder needs, and fits the descriptors
// of esds.
const maxConfigBytes = 1 << 20

// ftyp names what the file keeps to: the base format with movie fragments
// (iso6), CMAF (ISO/IEC 23000-19 7.2), DASH, and the oldest that players know.
func (w *writer) ftyp(t *media.Track) {
	box := w.open("ftyp")
	w.text("iso6")
	w.u32(0) // minor version
	w.text("iso6cmfcdashmp41")
	if t.Codec == media.AV1 {
		w.text("av01") // AV1 in ISOBMFF 2.1
	}
	w.close(box)
}

func (w *writer) mvhd(t *media.Track) {
	box := w.openFull("mvhd", 0, 0)
	w.words(0, 0, t.Timescale, 0) // made, changed, timescale, duration: in fragments
	w.u32(1 << 16)                // rate 1
	w.u16(0x0100)                 // volume 1
	w.zeros(10)                   // reserved
	w.matrix()
	w.zeros(24)        // predefined
	w.u32(trackID + 1) // next track
	w.close(box)
}

// matrix is the identity.
func (w *writer) matrix() {
	w.words(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30)
}

func (w *writer) trak(t *media.Track) {
	trak := w.open("trak")
	w.tkhd(t)
	mdia := w.open("mdia")
	w.mdhd(t)
	w.hdlr(t)
	minf := w.open("minf")
	w.mediaHeader(t)
	w.dinf()
	w.stbl(t)
	w.close(minf)
	w.close(mdia)
	w.close(trak)
}

func (w *writer) mediaHeader(t *media.Track) {
	if t.Kind() == media.Video {
		vmhd := w.openFull("vmhd", 0, 1) // flags are 1 by 14496-12 12.1.2.1
		w.zeros(8)                       // graphics mode: copy
		w.close(vmhd)
		return
	}
	smhd := w.openFull("smhd", 0, 0)
	w.zeros(4) // balance: centre
	w.close(smhd)
}

func (w *writer) tkhd(t *media.Track) {
	const enabled, inMovie = 1, 2
	box := w.openFull("tkhd", 0, enabled|inMovie)
	w.words(0, 0, trackID, 0, 0) // made, changed, id, reserved, duration
	w.trackPlace(t, t.Width, t.Height)
	w.close(box)
}

// trackPlace is the rest of tkhd: where and how loud the track is.
func (w *writer) trackPlace(t *media.Track, width, height int) {
	w.zeros(8 + 2 + 2) // reserved, layer, alternate group
	if t.Kind() == media.Audio {
		w.u16(0x0100) // volume 1
	} else {
		w.u16(0)
	}
	w.u16(0) // reserved
	w.matrix()
	if t.Kind() == media.Video {
		w.words(uint32(width)<<16, uint32(height)<<16) // 16.16
	} else {
		w.words(0, 0)
	}
}

// undetermined is the language "und", five bits a letter (14496-12 8.4.2.3).
const undetermined = 0x55c4

func (w *writer) mdhd(t *media.Track) {
	box := w.openFull("mdhd", 0, 0)
	w.words(0, 0, t.Timescale, 0)
	w.u16(undetermined)
	w.u16(0)
	w.close(box)
}

func (w *writer) hdlr(t *media.Track) {
	box := w.openFull("hdlr", 0, 0)
	w.u32(0)
	if t.Kind() == media.Video {
		w.text("vide")
	} else {
		w.text("soun")
	}
	w.zeros(12)
	w.text(t.Kind().String())
	w.u8(0)
	w.close(box)
}

// dinf says that the media is in this file.
func (w *writer) dinf() {
	dinf := w.open("dinf")
	dref := w.openFull("dref", 0, 0)
	w.u32(1)
	url := w.openFull("url ", 0, 1)
	w.close(url)
	w.close(dref)
	w.close(dinf)
}

// stbl holds the sample entry and the tables, which are empty: the samples
// are in fragments.
func (w *writer) stbl(t *media.Track) {
	stbl := w.open("stbl")
	stsd := w.openFull("stsd", 0, 0)
	w.u32(1)
	w.sampleEntry(t)
	w.close(stsd)
	for _, name := range [...]string{"stts", "stsc", "stsz", "stco"} {
		box := w.openFull(name, 0, 0)
		if name == "stsz" {
			w.u32(0) // sample size: in the (empty) table
		}
		w.u32(0)
		w.close(box)
	}
	w.close(stbl)
}

// mvex announces fragments, and what a sample is when its fragment says
// nothing of it.
func (w *writer) mvex(t *media.Track) {
	mvex := w.open("mvex")
	trex := w.openFull("trex", 0, 0)
	w.words(trackID, 1) // description index
	if t.Kind() == media.Audio {
		w.words(uint32(max(t.SamplesPerFrame, 0)), 0, flagsKey)
	} else {
		interval := t.FrameRate.Interval(t.Timescale)
		if interval > math.MaxUint32 {
			interval = 0 // not a rate that a picture has
		}
		w.words(uint32(interval), 0, flagsDelta)
	}
	w.close(trex)
	w.close(mvex)
}
