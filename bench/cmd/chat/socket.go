package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// socket is one that takes part.
type socket struct {
	conn    net.Conn
	timed   bool
	reads   atomic.Int64 // lines
	history chan struct{}
	once    sync.Once

	mu     sync.Mutex
	delays []float64 // ms
	err    error
}

// stamp stands before the time in a text of ours.
var stamp = []byte(`"text":"at `)

// dial connects one, and reads from then on until the connection ends.
func dial(ctx context.Context, s *servers.Server, path, token string, secure, timed bool, running *sync.WaitGroup) (*socket, error) {
	addr := s.HTTP
	if secure {
		addr = s.HTTPS
	}
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	if secure {
		t := tls.Client(c, &tls.Config{RootCAs: s.Roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}})
		if err := t.HandshakeContext(ctx); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c = t
	}
	auth := ""
	if token != "" {
		auth = "Authorization: Bearer " + token + "\r\n"
	}
	_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", path, addr, auth)
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second)) // it is a socket
	b := bufio.NewReaderSize(c, 512)
	res, err := http.ReadResponse(b, nil) //nolint:bodyclose // it has none
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		return nil, errors.Join(errors.New(res.Status), c.Close())
	}
	_ = c.SetReadDeadline(time.Time{}) // it is a socket
	early, _ := b.Peek(b.Buffered())   // they are there
	k := &socket{conn: c, timed: timed, history: make(chan struct{})}
	rest := append([]byte(nil), early...)
	running.Go(func() { k.read(rest) })
	return k, nil
}

// buffers are large, and shared by those who have something to read.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// read counts frames. A frame that is cut off is kept until the rest comes.
func (k *socket) read(rest []byte) {
	var one [1]byte
	for {
		rest = append([]byte(nil), k.frames(rest)...)
		n, err := k.conn.Read(one[:]) // so that who waits holds no buffer
		if err == nil {
			b := buffers.Get().(*[64 << 10]byte)
			at := copy(b[:], rest)
			if at+n < len(b) {
				b[at] = one[0]
				n, err = k.conn.Read(b[at+1:])
				left := k.frames(b[:at+1+n])
				rest = append([]byte(nil), left...)
			} else { // a history: it is longer than a buffer
				rest = append(rest, one[0])
				err = k.long(&rest)
			}
			buffers.Put(b)
		}
		if err != nil {
			k.mu.Lock()
			k.err = err
			k.mu.Unlock()
			return
		}
	}
}

// long reads the whole of a frame that is longer than a buffer.
func (k *socket) long(rest *[]byte) error {
	head, n, ok := header(*rest)
	if !ok {
		return errors.New("a frame that cannot be")
	}
	whole := make([]byte, head+n)
	at := copy(whole, *rest)
	if _, err := io.ReadFull(k.conn, whole[at:]); err != nil {
		return err
	}
	k.frames(whole)
	*rest = nil
	return nil
}

// header returns the length of a frame's header and of its payload.
func header(b []byte) (head, n int, ok bool) {
	if len(b) < 2 {
		return 0, 0, false
	}
	switch n = int(b[1] & 127); n {
	case 126:
		if len(b) < 4 {
			return 0, 0, false
		}
		return 4, int(binary.BigEndian.Uint16(b[2:])), true
	case 127:
		if len(b) < 10 {
			return 0, 0, false
		}
		return 10, int(binary.BigEndian.Uint64(b[2:])), true
	}
	return 2, n, true
}

// frames takes whole frames and returns what is left.
func (k *socket) frames(b []byte) []byte {
	var now int64
	for {
		head, n, ok := header(b)
		if !ok || len(b) < head+n {
			return b
		}
		p := b[head : head+n]
		switch {
		case b[0]&15 == 9: // a ping
			_, _ = k.conn.Write([]byte{0x8a, 0x80, 0, 0, 0, 0}) // the reader hears of its end
		case bytes.HasPrefix(p, []byte(`{"type":"message"`)):
			k.reads.Add(1)
			if k.timed {
				if now == 0 {
					now = time.Now().UnixNano()
				}
				k.time(p, now)
			}
		case bytes.HasPrefix(p, []byte(`{"type":"history"`)):
			k.once.Do(func() { close(k.history) })
		}
		b = b[head+n:]
	}
}

func (k *socket) time(p []byte, now int64) {
	i := bytes.Index(p, stamp)
	if i < 0 {
		return
	}
	text := p[i+len(stamp):]
	end := bytes.IndexByte(text, ' ')
	if end < 0 {
		return
	}
	at, err := strconv.ParseInt(string(text[:end]), 10, 64)
	if err != nil {
		return
	}
	k.mu.Lock()
	k.delays = append(k.delays, float64(now-at)/1e6)
	k.mu.Unlock()
}

// say writes a line.
func (k *socket) say(n int) error {
	text := fmt.Sprintf(`{"type":"message","text":"at %d %d: about as long as what people say to each other"}`, time.Now().UnixNano(), n)
	b := append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
	if len(text) > 125 {
		b = append([]byte{0x81, 0x80 | 126, 0, byte(len(text)), 0, 0, 0, 0}, text...)
	}
	_, err := k.conn.Write(b)
	return err
}
