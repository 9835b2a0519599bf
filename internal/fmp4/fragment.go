package fmp4

import (
	"slices"

	"github.com/rostrumlive/rostrum/internal/media"
)

// AppendFragment appends one fragment, a moof and its mdat, and returns the
// extended slice. sequence is mfhd's number, decodeTime the first sample's in
// ticks of the track (a negative one is written as 0: tfdt is unsigned). The
// fragment can be read without its initialisation segment's defaults. It
// allocates nothing when dst has room for FragmentSize more bytes; with no
// samples it appends nothing. The fragment must stay under 4 GiB.
func AppendFragment(dst []byte, t *media.Track, sequence uint32, decodeTime int64, samples []Sample) []byte {
	if len(samples) == 0 {
		return dst
	}
	l := layoutOf(t, samples)
	w := writer{b: slices.Grow(dst, l.moof+l.mdat)}

	moof := w.open("moof")
	mfhd := w.openFull("mfhd", 0, 0)
	w.u32(sequence)
	w.close(mfhd)
	traf := w.open("traf")
	w.tfhd(&l)
	tfdt := w.openFull("tfdt", 1, 0)
	w.u64(uint64(max(decodeTime, 0)))
	w.close(tfdt)
	w.trun(&l, samples)
	w.close(traf)
	w.close(moof)

	mdat := w.open("mdat")
	for i := range samples {
		w.bytes(samples[i].Data)
	}
	w.close(mdat)
	return w.b
}

// FragmentSize tells how many bytes AppendFragment appends.
func FragmentSize(t *media.Track, samples []Sample) int {
	if len(samples) == 0 {
		return 0
	}
	l := layoutOf(t, samples)
	return l.moof + l.mdat
}

// layout is how a fragment says what its samples are in the fewest bytes.
type layout struct {
	tfhd, trun   uint32 // box flags
	duration     uint32 // of each sample, when tfhdDefaultDuration is set
	defaultFlags uint32 // when tfhdDefaultFlags is set
	firstFlags   uint32 // when trunFirstSampleFlags is set
	moof, mdat   int    // sizes of the boxes in bytes
}

func layoutOf(t *media.Track, samples []Sample) layout {
	l := layout{tfhd: tfhdDefaultBaseIsMoof, trun: trunDataOffset | trunSize, duration: samples[0].Duration}
	data := 0
	sameDuration := true
	for i := range samples {
		s := &samples[i]
		data += len(s.Data)
		sameDuration = sameDuration && s.Duration == l.duration
		if s.CompositionOffset != 0 {
			l.trun |= trunComposition
		}
	}
	if sameDuration {
		l.tfhd |= tfhdDefaultDuration
	} else {
		l.trun |= trunDuration
	}
	if t.Kind() != media.Audio { // audio's flags stand in trex, and are 0 or all key to who has no trex
		l.chooseFlags(samples)
	}
	l.size(len(samples), data)
	return l
}

// chooseFlags says once what most samples are, and of the first apart what
// it is, when that describes all of them.
func (l *layout) chooseFlags(samples []Sample) {
	l.firstFlags = sampleFlags(&samples[0])
	l.defaultFlags = sampleFlags(&samples[len(samples)-1])
	for i := 1; i < len(samples); i++ {
		if sampleFlags(&samples[i]) != l.defaultFlags {
			l.trun |= trunFlags
			return
		}
	}
	l.tfhd |= tfhdDefaultFlags
	if l.firstFlags != l.defaultFlags {
		l.trun |= trunFirstSampleFlags
	}
}

func sampleFlags(s *Sample) uint32 {
	if s.Key {
		return flagsKey
	}
	return flagsDelta
}

func (l *layout) size(samples, data int) {
	const full = headerBytes + 4
	tfhd := full + 4
	if l.tfhd&tfhdDefaultDuration != 0 {
		tfhd += 4
	}
	if l.tfhd&tfhdDefaultFlags != 0 {
		tfhd += 4
	}
	trun, each := full+8, 4
	for _, f := range [...]uint32{trunDuration, trunFlags, trunComposition} {
		if l.trun&f != 0 {
			each += 4
		}
	}
	if l.trun&trunFirstSampleFlags != 0 {
		trun += 4
	}
	const mfhd, tfdt = full + 4, full + 8
	l.moof = headerBytes + mfhd + headerBytes + tfhd + tfdt + trun + samples*each
	l.mdat = headerBytes + data
}

func (w *writer) tfhd(l *layout) {
	box := w.openFull("tfhd", 0, l.tfhd)
	w.u32(trackID)
	if l.tfhd&tfhdDefaultDuration != 0 {
		w.u32(l.duration)
	}
	if l.tfhd&tfhdDefaultFlags != 0 {
		w.u32(l.defaultFlags)
	}
	w.close(box)
}

// trun is of version 1: composition offsets are signed (8.8.8.1).
func (w *writer) trun(l *layout, samples []Sample) {
	box := w.openFull("trun", 1, l.trun)
	w.u32(uint32(len(samples)))
	w.u32(uint32(l.moof + headerBytes))
	if l.trun&trunFirstSampleFlags != 0 {
		w.u32(l.firstFlags)
	}
	for i := range samples {
		s := &samples[i]
		if l.trun&trunDuration != 0 {
			w.u32(s.Duration)
		}
		w.u32(uint32(len(s.Data)))
		if l.trun&trunFlags != 0 {
			w.u32(sampleFlags(s))
		}
		if l.trun&trunComposition != 0 {
			w.u32(uint32(s.CompositionOffset))
		}
	}
	w.close(box)
}
