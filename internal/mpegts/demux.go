package mpegts

import (
	"bytes"
	"errors"

	"github.com/rostrumlive/rostrum/internal/media"
)

// What a sender can make a demuxer keep.
const (
	// maxPicture bounds a PES packet of a picture: 100 Mbit/s are 8 MB in two
	// thirds of a second.
	maxPicture = 8 << 20
	// maxSound bounds one of sound, which has 64 kB when it tells its length.
	maxSound = 256 << 10
)

// Stats counts what a demuxer met.
type Stats struct {
	Packets    int64 // of 188 bytes
	Lost       int64 // jumps of a continuity counter, each of one packet lost or more
	Skipped    int64 // bytes between packets
	Damaged    int64 // pictures and groups of sound that were left out, with packets lost or nothing to be made of them
	Duplicates int64 // packets sent twice
}

// Demuxer reads the first program of a transport stream that comes in pieces
// of any length: its first picture in H.264 or H.265, and its first sound in
// AAC (ADTS) or Opus. It finds the beginning of packets by itself, follows the
// tables when they change, and holds no more than the PES packets that are
// being received. The zero value is ready; it is for one goroutine.
type Demuxer struct {
	rest    []byte // begins a packet
	synced  bool   // the last packet ended where rest begins
	stats   Stats
	units   []*media.AccessUnit
	refused error

	clock   clock
	pat     section
	pmt     section
	program uint16 // that is followed
	pmtPID  uint16 // 0: none yet
	pcrPID  uint16
	video   *elementary
	audio   *elementary
}

// Stats returns the counts so far.
func (d *Demuxer) Stats() Stats { return d.stats }

// Push reads the next piece of the stream and returns the units that it
// completed, in the order in which they did. The slice is the caller's until
// the next call, the units for ever. Their times are on one clock, which does
// not wrap and begins at the sender's; Arrived is not set. An error wraps
// media.ErrUnsupported: the program was told to have nothing that can be
// carried, or the picture or sound that comes cannot be. Push goes on after it.
func (d *Demuxer) Push(chunk []byte) ([]*media.AccessUnit, error) {
	d.begin()
	for len(d.rest) > 0 && len(chunk) > 0 {
		n := min(len(chunk), d.window()-len(d.rest))
		d.rest = append(d.rest, chunk[:n]...)
		chunk = chunk[n:]
		used := d.consume(d.rest)
		d.rest = d.rest[:copy(d.rest, d.rest[used:])]
	}
	if len(chunk) > 0 {
		used := d.consume(chunk)
		d.rest = append(d.rest, chunk[used:]...)
	}
	return d.units, d.refused
}

// Flush ends the stream: it returns the units of which no end was seen. What
// is pushed afterwards is another stream.
func (d *Demuxer) Flush() ([]*media.AccessUnit, error) {
	d.begin()
	if len(d.rest) == packetSize && d.rest[0] == syncByte {
		d.packet(d.rest) // nothing came behind it that told it from chance
	}
	d.finish(d.video)
	d.finish(d.audio)
	units, refused := d.units, d.refused
	*d = Demuxer{stats: d.stats, rest: d.rest[:0]}
	return units, refused
}

func (d *Demuxer) begin() {
	clear(d.units) // they are the caller's alone
	d.units, d.refused = d.units[:0], nil
}

// window is how many bytes are looked at together: a packet, and the beginning
// of the next while it is not known where packets begin.
func (d *Demuxer) window() int {
	if d.synced {
		return packetSize
	}
	return packetSize + 1
}

// consume reads the packets in b and returns how many bytes it has done with;
// fewer than window stay.
func (d *Demuxer) consume(b []byte) (used int) {
	for len(b)-used >= d.window() {
		p := b[used : used+packetSize]
		if d.synced = p[0] == syncByte && (d.synced || b[used+packetSize] == syncByte); d.synced {
			d.packet(p)
			used += packetSize
			continue
		}
		n := bytes.IndexByte(p[1:], syncByte) + 1
		if n == 0 {
			n = packetSize
		}
		d.stats.Skipped += int64(n)
		used += n
	}
	return used
}

// packet reads one packet (2.4.3).
func (d *Demuxer) packet(p []byte) {
	d.stats.Packets++
	pid := uint16(p[1]&0x1f)<<8 | uint16(p[2])
	if pid == pidNull || p[1]&transportError != 0 || p[3]&scrambled != 0 {
		return // what is missing is seen by the next packet's counter
	}
	payload := p[headerSize:]
	var flags byte
	if p[3]&hasAdaptation != 0 {
		n := int(payload[0])
		if n >= len(payload) {
			return
		}
		field := payload[1 : 1+n]
		payload = payload[1+n:]
		if n > 0 {
			flags = field[0]
		}
		if flags&hasPCR != 0 && n > pcrSize && pid == d.pcrPID {
			d.clock.unroll(int64(field[1])<<25 | int64(field[2])<<17 | int64(field[3])<<9 | int64(field[4])<<1 | int64(field[5])>>7)
		}
	}
	if p[3]&hasPayload == 0 || len(payload) == 0 {
		return
	}
	start := p[1]&unitStart != 0
	counter := p[3] & counterMask
	switch {
	case pid == pidPAT:
		switch d.follows(&d.pat.continuity, counter, flags) {
		case jump:
			d.pat.drop()
			fallthrough
		case inOrder:
			d.pat.push(payload, start, d.readPAT)
		}
	case pid == d.pmtPID && pid != 0:
		switch d.follows(&d.pmt.continuity, counter, flags) {
		case jump:
			d.pmt.drop()
			fallthrough
		case inOrder:
			d.pmt.push(payload, start, d.readPMT)
		}
	case d.video != nil && pid == d.video.pid:
		d.receive(d.video, payload, counter, flags, start)
	case d.audio != nil && pid == d.audio.pid:
		d.receive(d.audio, payload, counter, flags, start)
	}
}

// continuity follows the counter of one PID.
type continuity struct {
	last byte
	seen bool
}

// order is where a packet stands by its counter.
type order byte

const (
	inOrder order = iota
	jump          // what was begun before it has no end
	again         // it was there before
)

// follows tells where the packet of a PID stands, and counts what is missing.
func (d *Demuxer) follows(c *continuity, counter, flags byte) order {
	before, seen := c.last, c.seen
	c.last, c.seen = counter, true
	switch {
	case !seen || counter == (before+1)%counters:
		return inOrder
	case flags&discontinuity != 0:
		return jump
	case counter == before:
		d.stats.Duplicates++
		return again
	}
	d.stats.Lost++
	return jump
}

// refuse keeps the first error of a Push.
func (d *Demuxer) refuse(err error) {
	if d.refused == nil && errors.Is(err, media.ErrUnsupported) {
		d.refused = err
	}
}
