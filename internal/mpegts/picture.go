package mpegts

import (
	"bytes"
	"encoding/binary"
	"iter"

	"github.com/rostrumlive/rostrum/internal/media"
)

// maxNALs bounds the NAL units of a picture: levels allow some 600 slices.
const maxNALs = 4096

// picture reads the access units of a PES packet: one nearly always. Others
// than the first come a frame's time after the one before.
func (d *Demuxer) picture(e *elementary, data []byte, dts, pts int64) bool {
	e.nals = e.nals[:0]
	sound, coded, key, sets := true, false, false, false
	emit := func() {
		if coded && len(e.nals) <= maxNALs {
			d.emitPicture(e, dts, pts, key || e.entry && sets)
			if e.track != nil {
				step := e.track.FrameRate.Interval(pcrClock)
				dts, pts = dts+step, pts+step
			}
		} else {
			sound = false
		}
		e.nals, coded, key, sets, e.entry = e.nals[:0], false, false, false, false
	}
	for nal := range annexB(data) {
		role := roleOf(e.codec, nal)
		switch role {
		case delimiter:
			if coded {
				emit()
			}
		case parameterSet:
			// A set that cannot be read is as good as none: the pictures
			// decode by the ones before it or not at all.
			if changed, err := e.sets.Add(nal); err == nil && changed {
				e.changed = true
			}
			sets = true
		case slice, keySlice:
			coded = true
			key = key || role == keySlice
		}
		if role == slice || role == keySlice || role == other {
			if len(e.nals) <= maxNALs {
				e.nals = append(e.nals, nal)
			}
		}
	}
	emit()
	return sound
}

// emitPicture makes a unit of the NAL units in e.nals. Before the first
// parameter sets and key picture there is none.
func (d *Demuxer) emitPicture(e *elementary, dts, pts int64, key bool) {
	if key && e.changed {
		e.changed = false
		// While one that is needed is missing, or cannot be read, the old ones
		// stay in force.
		if t, err := e.sets.Track(); err == nil {
			e.track = t
		} else {
			d.refuse(err)
		}
	}
	if e.track == nil {
		return
	}
	const length = 4
	size := 0
	for _, nal := range e.nals {
		size += length + len(nal)
	}
	unit := make([]byte, 0, size)
	for _, nal := range e.nals {
		unit = binary.BigEndian.AppendUint32(unit, uint32(len(nal)))
		unit = append(unit, nal...)
	}
	d.units = append(d.units, &media.AccessUnit{Track: e.track, DTS: dts, PTS: pts, Key: key, Data: unit})
}

// Roles of a NAL unit.
type role byte

const (
	other role = iota
	slice
	keySlice
	parameterSet
	delimiter
	dropped
)

func roleOf(codec media.Codec, nal []byte) role {
	if codec == media.H264 {
		const firstSlice, endOfSequence, endOfStream = 1, 10, 11
		switch t := media.AVCType(nal); {
		case t == media.AVCIDR:
			return keySlice
		case t >= firstSlice && t < media.AVCIDR:
			return slice
		case t == media.AVCSPS, t == media.AVCPPS:
			return parameterSet
		case t == media.AVCDelimiter:
			return delimiter
		case t == media.AVCFiller, t == endOfSequence, t == endOfStream, t == 0:
			return dropped
		}
		return other
	}
	const lastSlice, endOfSequence, endOfStream = 31, 36, 37
	switch t := media.HEVCType(nal); {
	case t >= media.HEVCFirstIRAP && t <= media.HEVCLastIRAP:
		return keySlice
	case t >= 0 && t <= lastSlice:
		return slice
	case t == media.HEVCVPS, t == media.HEVCSPS, t == media.HEVCPPS:
		return parameterSet
	case t == media.HEVCDelimiter:
		return delimiter
	case t == media.HEVCFiller, t == endOfSequence, t == endOfStream, t < 0:
		return dropped
	}
	return other
}

// annexB yields the NAL units of a byte stream (ITU-T H.264 annex B), without
// the zeros around them. They alias data.
func annexB(data []byte) iter.Seq[[]byte] {
	code := []byte(startCode[1:])
	return func(yield func([]byte) bool) {
		at := bytes.Index(data, code)
		for at >= 0 {
			data = data[at+len(code):]
			nal := data
			if at = bytes.Index(data, code); at >= 0 {
				nal = data[:at]
			}
			if nal = bytes.TrimRight(nal, "\x00"); len(nal) > 0 && !yield(nal) {
				return
			}
		}
	}
}
