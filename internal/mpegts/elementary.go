package mpegts

import (
	"github.com/rostrumlive/rostrum/internal/media"
)

// elementary is a picture or a sound that is being received.
type elementary struct {
	continuity
	pid    uint16
	codec  media.Codec
	layout byte // Opus: the channel configuration code
	most   int  // bytes of a PES packet

	pes   []byte // that is being received, from its header on
	open  bool
	entry bool // it was said that decoding can start at it

	track *media.Track // of the newest unit

	// Of a picture.
	sets    *media.ParameterSets
	changed bool // since track
	nals    [][]byte

	// Of sound.
	tracks map[adts]*media.Track // nil: cannot be carried
	rest   []byte                // the beginning of a frame
	next   int64                 // when the next frame should begin, in ticks of track
}

// receive takes a packet's payload (2.4.3.6, 2.4.3.7).
func (d *Demuxer) receive(e *elementary, p []byte, counter, flags byte, start bool) {
	switch d.follows(&e.continuity, counter, flags) {
	case jump:
		d.spoil(e)
	case again:
		return
	}
	if start {
		d.finish(e)
		e.open, e.entry = true, flags&randomAccess != 0
	}
	if !e.open {
		return
	}
	if len(e.pes)+len(p) > e.most {
		d.spoil(e)
		return
	}
	e.pes = append(e.pes, p...)
	const lengthEnd = 6
	if len(e.pes) < lengthEnd {
		return
	}
	if n := int(e.pes[4])<<8 | int(e.pes[5]); n > 0 && len(e.pes) >= lengthEnd+n {
		e.pes = e.pes[:lengthEnd+n]
		d.finish(e)
	}
}

// spoil gives up the PES packet that is being received, and the frame of sound
// that waits for its end.
func (d *Demuxer) spoil(e *elementary) {
	if e.open {
		d.stats.Damaged++
	}
	e.open, e.pes, e.rest = false, e.pes[:0], e.rest[:0]
}

// finish reads the PES packet that was received. Without one it does nothing.
func (d *Demuxer) finish(e *elementary) {
	if e == nil || !e.open {
		return
	}
	pes := e.pes
	e.open, e.pes = false, e.pes[:0]
	h, data, ok := readPES(pes)
	if !ok || !h.timed && (e.codec.Kind() == media.Video || e.track == nil) {
		d.stats.Damaged++
		return
	}
	var dts, pts int64
	if h.timed {
		dts = d.clock.unroll(h.dts)
		pts = dts + distance(h.dts, h.pts)
	}
	ok = true
	switch e.codec {
	case media.H264, media.H265:
		ok = d.picture(e, data, dts, pts)
	case media.AAC:
		ok = d.aac(e, data, pts, h.timed)
	case media.Opus:
		ok = d.opus(e, data, pts, h.timed)
	}
	if !ok {
		d.stats.Damaged++
	}
}

// pesHeader is what we need of it: stamps as they were sent.
type pesHeader struct {
	pts, dts int64
	timed    bool
}

// readPES reads a PES packet's header (2.4.3.6) and returns its data.
func readPES(b []byte) (h pesHeader, data []byte, ok bool) {
	if len(b) < pesFixed || b[0] != 0 || b[1] != 0 || b[2] != 1 || b[6]&0xc0 != 0x80 {
		return h, nil, false
	}
	flags, n := b[7], int(b[8])
	b = b[pesFixed:]
	if n > len(b) {
		return h, nil, false
	}
	stamps, data := b[:n], b[n:]
	if flags&hasPTS != 0 && len(stamps) >= pesStamp {
		h.pts, h.timed = readStamp(stamps), true
		h.dts = h.pts
		if flags&hasDTS != 0 && len(stamps) >= 2*pesStamp {
			h.dts = readStamp(stamps[pesStamp:])
		}
	}
	return h, data, true
}

func readStamp(b []byte) int64 {
	return int64(b[0]>>1&7)<<30 | int64(b[1])<<22 | int64(b[2]>>1)<<15 | int64(b[3])<<7 | int64(b[4]>>1)
}
