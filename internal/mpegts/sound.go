package mpegts

import (
	"bytes"
	"errors"
	"slices"

	"github.com/rostrumlive/rostrum/internal/media"
)

// sameTime is how many ticks a frame may be off the end of the one before and
// still begin there: a stamp is rounded to 90 kHz, which is two ticks of the
// highest rate.
const sameTime = 2

// aac reads the ADTS frames of a PES packet. A frame may end in the next one;
// the stamp is of the first that begins in this one (2.4.3.7).
func (d *Demuxer) aac(e *elementary, data []byte, pts int64, timed bool) bool {
	sound, carried := true, len(e.rest)
	e.rest = append(e.rest, data...)
	whole, b := e.rest, e.rest
	for len(b) > 0 {
		a, frame, rest, err := cutADTS(b)
		if errors.Is(err, errShortADTS) {
			break
		}
		if err != nil {
			n := bytes.IndexByte(b[1:], 0xff) + 1
			if sound = false; n == 0 {
				n = len(b)
			}
			b = b[n:]
			continue
		}
		began := len(whole) - len(b)
		if b = rest; !d.adoptADTS(e, a) {
			sound = false
			continue
		}
		if began >= carried && timed {
			e.settle(pts)
			timed = false
		}
		d.emitSound(e, frame, int64(e.track.SamplesPerFrame))
	}
	e.rest = append(e.rest[:0], b...)
	return sound
}

// adoptADTS makes the frame's track the present one. It is false for one that
// cannot be carried.
func (d *Demuxer) adoptADTS(e *elementary, a adts) bool {
	t, known := e.tracks[a]
	if !known {
		var err error
		if t, err = a.track(); err != nil {
			t = nil
			d.refuse(err)
		}
		if e.tracks == nil {
			e.tracks = map[adts]*media.Track{}
		}
		e.tracks[a] = t
	}
	if t == nil {
		return false
	}
	if e.track != nil && e.track.Timescale != t.Timescale {
		e.next = media.Rescale(e.next, t.Timescale, e.track.Timescale)
	}
	e.track = t
	return true
}

// opus reads the packets of a PES packet, each behind its control header.
func (d *Demuxer) opus(e *elementary, data []byte, pts int64, timed bool) bool {
	for len(data) > 0 {
		packet, rest, ok := cutOpus(data)
		if !ok {
			return false
		}
		data = rest
		length := media.OpusPacketSamples(packet)
		if length == 0 {
			return false
		}
		if e.track == nil {
			if e.track = opusTrack(e.layout); e.track == nil {
				d.refuse(media.ErrUnsupported)
				return false
			}
			e.track.SamplesPerFrame = length
		}
		if timed {
			e.settle(pts)
			timed = false
		}
		d.emitSound(e, packet, int64(length))
	}
	return true
}

// settle sets the time of the next frame by a stamp, which is rounded: a frame
// that begins where the last one ended has the exact time.
func (e *elementary) settle(pts int64) {
	at := media.Rescale(pts, e.track.Timescale, pcrClock)
	if d := at - e.next; d < -sameTime || d > sameTime {
		e.next = at
	}
}

func (d *Demuxer) emitSound(e *elementary, frame []byte, length int64) {
	d.units = append(d.units, &media.AccessUnit{
		Track: e.track, DTS: e.next, PTS: e.next, Key: true, Data: slices.Clone(frame),
	})
	e.next += length
}
