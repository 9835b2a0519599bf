package mpegts

// Bits of a packet's second and fourth byte (2.4.3.2).
const (
	transportError = 0x80
	unitStart      = 0x40
	scrambled      = 0xc0
	hasAdaptation  = 0x20
	hasPayload     = 0x10
	counterMask    = 0x0f
)

// Bits of an adaptation field's first byte (2.4.3.4).
const (
	discontinuity = 0x80
	randomAccess  = 0x40
	hasPCR        = 0x10
)

// pcrSize is that of a PCR in an adaptation field.
const pcrSize = 6

// output writes the packets of one elementary stream.
type output struct {
	pid  uint16
	last byte // continuity counter of the newest packet with payload
}

// mark is what the first packet of a PES packet says beside its payload.
type mark struct {
	flags byte // of the adaptation field
	pcr   int64
}

// field is how many bytes of a packet the adaptation field takes.
func (m mark) field() int {
	n := 0
	if m.flags != 0 {
		n = 2
	}
	if m.flags&hasPCR != 0 {
		n += pcrSize
	}
	return n
}

// packets is how many packets a PES packet takes at least.
func (m mark) packets(pes int) int {
	rest := max(0, pes-(payloadSize-m.field()))
	return 1 + (rest+payloadSize-1)/payloadSize
}

// toRound is how many packets more than it takes make the stream's counter
// end as it began.
func (o *output) toRound(pes int, m mark) int {
	return (counters - 1 - (int(o.last)+m.packets(pes))%counters + counters) % counters
}

// append writes a PES packet over as many packets as it takes and extra ones;
// each has one byte of it at least.
func (o *output) append(dst, pes []byte, m mark, extra int) []byte {
	start := byte(unitStart)
	for left := m.packets(len(pes)) + extra; left > 0; left-- {
		field := m.field()
		n := min(payloadSize-field, len(pes)-(left-1))
		o.last = (o.last + 1) % counters
		control := byte(hasPayload)
		if field > 0 || n < payloadSize {
			control |= hasAdaptation
		}
		dst = append(dst, syncByte, start|byte(o.pid>>8), byte(o.pid), control|o.last)
		if control&hasAdaptation != 0 {
			dst = appendAdaptation(dst, m, payloadSize-n)
		}
		dst = append(dst, pes[:n]...)
		pes, m, start = pes[n:], mark{}, 0
	}
	return dst
}

// appendClock writes a packet with a PCR and no payload, which does not count
// (2.4.3.3).
func (o *output) appendClock(dst []byte, m mark) []byte {
	dst = append(dst, syncByte, byte(o.pid>>8), byte(o.pid), hasAdaptation|o.last)
	return appendAdaptation(dst, m, payloadSize)
}

// appendAdaptation writes an adaptation field of size bytes, its length
// included.
func appendAdaptation(dst []byte, m mark, size int) []byte {
	dst = append(dst, byte(size-1))
	if size == 1 {
		return dst
	}
	dst = append(dst, m.flags)
	written := 2
	if m.flags&hasPCR != 0 {
		base := uint64(m.pcr) & clockMask
		dst = append(dst, byte(base>>25), byte(base>>17), byte(base>>9), byte(base>>1), byte(base<<7)|0x7e, 0)
		written += pcrSize
	}
	for range size - written {
		dst = append(dst, 0xff)
	}
	return dst
}

// appendStamp writes a time stamp of five bytes behind its prefix of four bits
// (2.4.3.6).
func appendStamp(dst []byte, prefix byte, at int64) []byte {
	v := uint64(at) & clockMask
	return append(dst, prefix<<4|byte(v>>29)&0x0e|1, byte(v>>22), byte(v>>14)|1, byte(v>>7), byte(v<<1)|1)
}

// The form of a PES packet's header (2.4.3.6).
const (
	pesFixed = 9 // bytes up to the time stamps
	pesStamp = 5
	hasPTS   = 0x80
	hasDTS   = 0x40
)

// appendPESHeader writes the header of a PES packet that begins with an access
// unit. The length is written by setPESLength.
func appendPESHeader(dst []byte, id byte, pts, dts int64) []byte {
	const aligned = 0x84 // data_alignment_indicator
	dst = append(dst, 0, 0, 1, id, 0, 0, aligned)
	if pts == dts {
		return appendStamp(append(dst, hasPTS, pesStamp), 2, pts)
	}
	dst = append(dst, hasPTS|hasDTS, 2*pesStamp)
	return appendStamp(appendStamp(dst, 3, pts), 1, dts)
}

// setPESLength completes a PES packet. A picture that is too long for the
// field has 0 there, as only pictures may.
func setPESLength(pes []byte) {
	const before, most = 6, 0xffff
	if n := len(pes) - before; n <= most {
		pes[4], pes[5] = byte(n>>8), byte(n)
	}
}
