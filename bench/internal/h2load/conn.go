package h2load

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// Frames of HTTP/2 and their flags (RFC 9113 6).
const (
	frameData         = 0
	frameHeaders      = 1
	frameReset        = 3
	frameSettings     = 4
	framePing         = 6
	frameGoAway       = 7
	frameWindowUpdate = 8

	flagEndStream  = 1 // of DATA and HEADERS
	flagAck        = 1 // of SETTINGS and PING
	flagEndHeaders = 4
	flagPadded     = 8

	settingPush   = 2
	settingWindow = 4

	frameHeader = 9
	// maxFrame is the bound that holds where nobody asks for another.
	maxFrame = 16 << 10
	// window is the most that flow control may allow (RFC 9113 6.9.1), so that
	// it is the server that is measured; initial is what a connection begins
	// with.
	window  = math.MaxInt32
	initial = 65535
	// status200 is how a header block begins in the static table (RFC 7541 A).
	status200 = 0x88
	// tableSize is how an update of the dynamic table's size begins, which may
	// stand before (RFC 7541 6.3).
	tableSize = 0x20

	preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
)

// conn is one connection, with the least that a client has to know of HTTP/2.
type conn struct {
	tls   *tls.Conn
	in    *bufio.Reader
	host  string
	out   []byte
	next  uint32 // stream
	taken int    // bytes of DATA that the connection's window is short of
}

// dial connects with TLS 1.3 and HTTP/2, and allows the server to send as much
// as it likes.
func dial(ctx context.Context, addr string, roots *x509.CertPool, until time.Time) (*conn, error) {
	d := tls.Dialer{Config: &tls.Config{RootCAs: roots, NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS13}}
	raw, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	c := &conn{tls: raw.(*tls.Conn), in: bufio.NewReaderSize(raw, 4*maxFrame), host: addr, next: 1}
	c.out = append(c.out, preface...)
	c.out = appendFrame(c.out, frameSettings, 0, 0, 12)
	c.out = binary.BigEndian.AppendUint16(c.out, settingPush)
	c.out = binary.BigEndian.AppendUint32(c.out, 0)
	c.out = binary.BigEndian.AppendUint16(c.out, settingWindow)
	c.out = binary.BigEndian.AppendUint32(c.out, window)
	c.out = appendFrame(c.out, frameWindowUpdate, 0, 0, 4)
	c.out = binary.BigEndian.AppendUint32(c.out, window-initial)
	if err = c.tls.SetDeadline(until); err == nil {
		err = c.flush()
	}
	if err != nil {
		_ = c.tls.Close()
		return nil, fmt.Errorf("connect: %w", err)
	}
	return c, nil
}

func appendFrame(b []byte, kind, flags byte, stream uint32, length int) []byte {
	b = append(b, byte(length>>16), byte(length>>8), byte(length), kind, flags)
	return binary.BigEndian.AppendUint32(b, stream)
}

// ask prepares a request; flush sends it. The stream's number is returned.
func (c *conn) ask(path string) uint32 {
	// Of the static table: GET, https; :authority and :path with a value that
	// no table keeps (RFC 7541 6.2.2).
	block := []byte{0x82, 0x87}
	block = appendString(append(block, 0x01), c.host)
	block = appendString(append(block, 0x04), path)
	stream := c.next
	c.next += 2
	c.out = append(appendFrame(c.out, frameHeaders, flagEndStream|flagEndHeaders, stream, len(block)), block...)
	return stream
}

// appendString appends one that is not Huffman coded (RFC 7541 5.1, 5.2).
func appendString(b []byte, s string) []byte {
	const prefix = 127
	n := len(s)
	if n < prefix {
		return append(append(b, byte(n)), s...)
	}
	b = append(b, prefix)
	for n -= prefix; n >= 128; n >>= 7 {
		b = append(b, byte(n)|128)
	}
	return append(append(b, byte(n)), s...)
}

func (c *conn) flush() error {
	if len(c.out) == 0 {
		return nil
	}
	_, err := c.tls.Write(c.out)
	c.out = c.out[:0]
	return err
}

// receive takes frames until one tells of a stream: media, which lies in the
// connection's buffer until the next call, or its end, or both.
func (c *conn) receive() (stream uint32, media []byte, end bool, err error) {
	for {
		if c.in.Buffered() == 0 { // before it may block
			if err := c.flush(); err != nil {
				return 0, nil, false, fmt.Errorf("write: %w", err)
			}
		}
		head, err := c.in.Peek(frameHeader)
		if err != nil {
			return 0, nil, false, fmt.Errorf("read frame: %w", err)
		}
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		kind, flags := head[3], head[4]
		stream = binary.BigEndian.Uint32(head[5:]) & math.MaxInt32
		if length > maxFrame {
			return 0, nil, false, fmt.Errorf("a frame of %d bytes", length)
		}
		_, _ = c.in.Discard(frameHeader) // it is there
		body, err := c.in.Peek(length)
		if err != nil {
			return 0, nil, false, fmt.Errorf("read frame: %w", noEOF(err))
		}
		_, _ = c.in.Discard(length)
		switch kind {
		case frameData:
			if flags&flagPadded != 0 {
				return 0, nil, false, errors.New("padded media")
			}
			c.credit(length)
			return stream, body, flags&flagEndStream != 0, nil
		case frameHeaders:
			if err := checkHeaders(flags, body); err != nil {
				return 0, nil, false, err
			}
			if flags&flagEndStream != 0 {
				return stream, nil, true, nil
			}
		case frameSettings:
			if flags&flagAck == 0 {
				c.out = appendFrame(c.out, frameSettings, flagAck, 0, 0)
			}
		case framePing:
			if flags&flagAck == 0 {
				c.out = append(appendFrame(c.out, framePing, flagAck, 0, length), body...)
			}
		case frameReset, frameGoAway:
			return 0, nil, false, fmt.Errorf("the server ended it: frame %d % x", kind, body)
		}
	}
}

// credit gives the connection's window back in large pieces.
func (c *conn) credit(n int) {
	if c.taken += n; c.taken < window/2 {
		return
	}
	c.out = appendFrame(c.out, frameWindowUpdate, 0, 0, 4)
	c.out = binary.BigEndian.AppendUint32(c.out, uint32(c.taken))
	c.taken = 0
}

// checkHeaders wants status 200, which both tables write in one byte.
func checkHeaders(flags byte, block []byte) error {
	if flags&flagEndHeaders == 0 || flags&flagPadded != 0 {
		return errors.New("a header in pieces, or padded")
	}
	for len(block) > 0 && block[0]&0xe0 == tableSize {
		more := block[0] == tableSize|0x1f
		for block = block[1:]; more && len(block) > 0; block = block[1:] {
			more = block[0] >= 128
		}
	}
	if len(block) == 0 || block[0] != status200 {
		return fmt.Errorf("not status 200: the header begins with % x", block[:min(len(block), 4)])
	}
	return nil
}

// noEOF is for the middle of something.
func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
