package rtmp

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	firstChunkSize = 128      // before a peer says otherwise (5.4.1)
	maxChunkSize   = 1 << 24  // a message is never longer, so more means no more (5.4.1)
	maxStreams     = 64       // encoders use two to six
	farTimestamp   = 0xffffff // the true one follows in four bytes (5.3.1.3)

	// strangerMessage bounds a message, and all unfinished ones together, of a
	// peer that was not let in: a connect with a token of 4 KB, which it
	// repeats in app, tcUrl and swfUrl, needs some 12 KB.
	strangerMessage = 16 << 10
	// publisherMessage is what the 24 bits of a length allow.
	publisherMessage = 1 << 24
	// publisherHeld bounds all unfinished messages of a publisher together.
	publisherHeld = 32 << 20
	// firstBody bounds what a mere claim of length allocates; a longer body
	// grows with what comes of it.
	firstBody = 1 << 20
)

// message is one RTMP message. Its body is its reader's to keep.
type message struct {
	typ       uint8
	stream    uint32
	timestamp uint32 // milliseconds, modulo 2^32
	body      []byte
}

// chunkStream is what the headers of one chunk stream leave out when it is as
// before (5.3.1.2).
type chunkStream struct {
	id        uint32
	begun     bool   // a header came
	extended  bool   // the newest header had an extended timestamp
	field     uint32 // timestamp or delta of the newest header
	timestamp uint32
	length    int
	typ       uint8
	stream    uint32

	open bool   // a message is unfinished
	body []byte // what came of it
}

// chunkReader puts messages together from chunks. Each message costs one
// allocation, its body.
type chunkReader struct {
	in        *buffer
	chunkSize int
	longest   int // of a message
	budget    int // of all unfinished bodies together
	held      int // by them now
	streams   []*chunkStream
}

func newChunkReader(in *buffer) *chunkReader {
	return &chunkReader{in: in, chunkSize: firstChunkSize, longest: strangerMessage, budget: strangerMessage}
}

// admit raises the bounds from those of strangers to those of publishers.
func (r *chunkReader) admit() {
	r.longest, r.budget = publisherMessage, publisherHeld
}

// next returns the next message. Set Chunk Size and Abort are obeyed here and
// not returned.
func (r *chunkReader) next() (message, error) {
	for {
		cs, err := r.header()
		if err != nil {
			return message{}, err
		}
		if err := r.payload(cs, min(r.chunkSize, cs.length-len(cs.body))); err != nil {
			return message{}, err
		}
		if len(cs.body) < cs.length {
			continue
		}
		m := message{typ: cs.typ, stream: cs.stream, timestamp: cs.timestamp, body: cs.body}
		r.drop(cs)
		if m.typ != typeSetChunkSize && m.typ != typeAbort {
			return m, nil
		}
		if err := r.control(m); err != nil {
			return message{}, err
		}
	}
}

// header reads the headers of one chunk (5.3.1).
func (r *chunkReader) header() (*chunkStream, error) {
	b, err := r.in.next(1)
	if err != nil {
		return nil, err
	}
	format, id := b[0]>>6, uint32(b[0]&0x3f)
	if id < 2 { // ids from 64 on take one or two bytes more (5.3.1.1)
		if b, err = r.in.next(int(id) + 1); err != nil {
			return nil, err
		}
		id = 64 + uint32(b[0])
		if len(b) == 2 {
			id += uint32(b[1]) << 8
		}
	}
	cs, err := r.find(id)
	if err != nil {
		return nil, err
	}
	if format == 3 {
		return cs, r.resume(cs)
	}
	return cs, r.begin(cs, format)
}

func (r *chunkReader) find(id uint32) (*chunkStream, error) {
	for _, cs := range r.streams {
		if cs.id == id {
			return cs, nil
		}
	}
	if len(r.streams) == maxStreams {
		return nil, fmt.Errorf("more than %d chunk streams", maxStreams)
	}
	cs := &chunkStream{id: id}
	r.streams = append(r.streams, cs)
	return cs, nil
}

// begin reads a header of type 0, 1 or 2 (5.3.1.2). Types 1 and 2 on a chunk
// stream without an earlier header, which DJI's devices send, follow a header
// of zeros. A message that the chunk stream had not finished is given up.
func (r *chunkReader) begin(cs *chunkStream, format uint8) error {
	b, err := r.in.next([...]int{11, 7, 3}[format])
	if err != nil {
		return err
	}
	cs.field = uint24(b)
	if format < 2 {
		cs.length, cs.typ = int(uint24(b[3:])), b[6]
	}
	if format == 0 {
		cs.stream = binary.LittleEndian.Uint32(b[7:])
		cs.timestamp = 0
	}
	cs.begun, cs.extended = true, cs.field == farTimestamp
	if cs.extended {
		if b, err = r.in.next(4); err != nil {
			return err
		}
		cs.field = binary.BigEndian.Uint32(b)
	}
	r.drop(cs)
	return r.open(cs)
}

// resume reads a header of type 3: more of the unfinished message, or the
// start of one like that before it.
func (r *chunkReader) resume(cs *chunkStream) error {
	if !cs.begun {
		return fmt.Errorf("chunk stream %d goes on before it began", cs.id)
	}
	if cs.extended {
		if err := r.skipRepeated(cs); err != nil {
			return err
		}
	}
	if cs.open {
		return nil
	}
	return r.open(cs)
}

// skipRepeated passes over an extended timestamp that a chunk of type 3
// repeats, as 5.3.1.3 asks and half of the encoders do. The others go on with
// the payload at once, which begins like the timestamp once in 2^32. Some
// repeat the message's time where its header had the delta.
func (r *chunkReader) skipRepeated(cs *chunkStream) error {
	// The payload's rest may be all that comes for a while, so first look at
	// no more than that.
	rest := min(4, r.chunkSize, cs.length-len(cs.body))
	for _, n := range [...]int{rest, 4} {
		b, err := r.in.peek(n)
		if err != nil {
			return err
		}
		if !beginsWith(cs.field, b) && !beginsWith(cs.timestamp, b) {
			return nil
		}
	}
	_, err := r.in.next(4)
	return err
}

// beginsWith reports whether v, big endian, begins with b.
func beginsWith(v uint32, b []byte) bool {
	for i := range b {
		if b[i] != byte(v>>(24-8*i)) {
			return false
		}
	}
	return true
}

// open starts a message from what the headers of cs said. A delta after a
// header of type 0 is that header's timestamp again (5.3.1.2.4).
func (r *chunkReader) open(cs *chunkStream) error {
	if cs.length > r.longest {
		return fmt.Errorf("a message of %d bytes where %d is the most", cs.length, r.longest)
	}
	cs.timestamp += cs.field
	cs.open = true
	return nil
}

// drop forgets the message that cs had open.
func (r *chunkReader) drop(cs *chunkStream) {
	r.held -= cap(cs.body)
	cs.open, cs.body = false, nil
}

// payload reads n bytes into the body of cs.
func (r *chunkReader) payload(cs *chunkStream, n int) error {
	for n > 0 {
		if len(cs.body) == cap(cs.body) {
			if err := r.grow(cs); err != nil {
				return err
			}
		}
		at := len(cs.body)
		step := min(n, cap(cs.body)-at)
		cs.body = cs.body[:at+step]
		if err := r.in.full(cs.body[at:]); err != nil {
			return err
		}
		n -= step
	}
	return nil
}

// grow makes room in the body of cs, at once for all of a usual message.
func (r *chunkReader) grow(cs *chunkStream) error {
	size := min(cs.length, max(firstBody, 2*cap(cs.body)))
	r.held += size - cap(cs.body)
	if r.held > r.budget {
		return fmt.Errorf("unfinished messages of more than %d bytes", r.budget)
	}
	body := make([]byte, len(cs.body), size)
	copy(body, cs.body)
	cs.body = body
	return nil
}

// control obeys Set Chunk Size (5.4.1) and Abort (5.4.2).
func (r *chunkReader) control(m message) error {
	if len(m.body) < 4 {
		return fmt.Errorf("a control message of type %d with %d bytes", m.typ, len(m.body))
	}
	v := binary.BigEndian.Uint32(m.body)
	if m.typ == typeAbort {
		for _, cs := range r.streams {
			if cs.id == v {
				r.drop(cs)
			}
		}
		return nil
	}
	size := v &^ (1 << 31) // the first bit is always zero
	if size == 0 {
		return errors.New("a chunk size of 0")
	}
	r.chunkSize = int(min(size, maxChunkSize))
	return nil
}

// uint24 reads three bytes, big endian.
func uint24(b []byte) uint32 {
	return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2])
}
