package rtmp

import "io"

const (
	// strangerBuffer is what a connection may hold for reading before it was
	// let in; the handshake's blocks of 1536 bytes fit.
	strangerBuffer = 4 << 10
	// publisherBuffer lets one read take all that a socket has of an encoder
	// of usual rate.
	publisherBuffer = 64 << 10
)

// buffer reads a connection in as few calls as can be.
type buffer struct {
	src  io.Reader
	data []byte
	r, w int // data[r:w] is not consumed yet
}

func newBuffer(src io.Reader) *buffer {
	return &buffer{src: src, data: make([]byte, strangerBuffer)}
}

// enlarge changes to the buffer of a publisher.
func (b *buffer) enlarge() {
	data := make([]byte, publisherBuffer)
	b.w = copy(data, b.data[b.r:b.w])
	b.r, b.data = 0, data
}

// ready returns what can be read without waiting, valid until the next call.
func (b *buffer) ready() []byte { return b.data[b.r:b.w] }

// peek returns the next n bytes, at most strangerBuffer, without consuming
// them; they are valid until the next call.
func (b *buffer) peek(n int) ([]byte, error) {
	for b.w-b.r < n {
		if err := b.fill(); err != nil {
			return nil, err
		}
	}
	return b.data[b.r : b.r+n], nil
}

// next consumes n bytes, at most strangerBuffer, valid until the next call.
func (b *buffer) next(n int) ([]byte, error) {
	p, err := b.peek(n)
	if err != nil {
		return nil, err
	}
	b.r += n
	return p, nil
}

// full fills p. What does not fit into the buffer goes to p directly.
func (b *buffer) full(p []byte) error {
	for {
		n := copy(p, b.data[b.r:b.w])
		b.r += n
		p = p[n:]
		if len(p) == 0 {
			return nil
		}
		if len(p) < len(b.data) {
			if err := b.fill(); err != nil {
				return err
			}
			continue
		}
		n, err := b.src.Read(p)
		if n == 0 {
			return noneRead(err)
		}
		p = p[n:]
	}
}

// fill reads once, as much as there is room for.
func (b *buffer) fill() error {
	b.w = copy(b.data, b.data[b.r:b.w]) // a few bytes of a header at most
	b.r = 0
	n, err := b.src.Read(b.data[b.w:])
	b.w += n
	if n == 0 {
		return noneRead(err)
	}
	return nil
}

// noneRead is the error of a read that brought nothing. One that comes beside
// bytes comes again with the next read.
func noneRead(err error) error {
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}
