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
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/await"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// socket is one that takes part. Without TLS one thread reads for all of them;
// with it each has a goroutine.
type socket struct {
	conn    net.Conn // nil: file is
	file    *os.File
	fd      int // of file
	timed   bool
	reads   atomic.Int64 // lines
	history chan struct{}
	once    sync.Once
	rest    []byte // of a frame that is cut off; of who reads alone

	mu     sync.Mutex
	delays []float64 // ms
	err    error
}

const (
	// timedEach is of how many sockets one tells when lines came.
	timedEach = 8
	// readBuffer takes more than a window holds.
	readBuffer = 256 << 10
)

// stamp stands before the time in a text of ours.
var stamp = []byte(`"text":"at `)

// shake connects a socket, and returns what came with the answer.
func shake(ctx context.Context, s *servers.Server, path, token string, secure bool) (c net.Conn, early []byte, err error) {
	addr := s.HTTP
	if secure {
		addr = s.HTTPS
	}
	var d net.Dialer
	c, err = d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.Close())
		}
	}()
	if secure {
		t := tls.Client(c, &tls.Config{RootCAs: s.Roots, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS13, NextProtos: []string{"http/1.1"}})
		if err := t.HandshakeContext(ctx); err != nil {
			return c, nil, err
		}
		c = t
	}
	auth := ""
	if token != "" {
		auth = "Authorization: Bearer " + token + "\r\n"
	}
	_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n", path, addr, auth)
	if err != nil {
		return c, nil, err
	}
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second)) // it is a socket
	b := bufio.NewReaderSize(c, 512)
	res, err := http.ReadResponse(b, nil) //nolint:bodyclose // it has none
	if err != nil {
		return c, nil, err
	}
	if res.StatusCode != http.StatusSwitchingProtocols {
		return c, nil, errors.New(res.Status)
	}
	_ = c.SetReadDeadline(time.Time{}) // it is a socket
	early, _ = b.Peek(b.Buffered())    // they are there
	return c, bytes.Clone(early), nil
}

// dial connects one, which is read until the visit is over.
func (v *visit) dial(ctx context.Context, path, token string, timed bool) (*socket, error) {
	c, early, err := shake(ctx, v.server, path, token, v.secure)
	if err != nil {
		return nil, err
	}
	k := &socket{timed: timed, history: make(chan struct{})}
	if v.secure {
		k.conn = c
		k.take(early)
		v.running.Go(k.read)
		return k, nil
	}
	return k, v.watch(k, c, early)
}

// watch has the loop read a connection without TLS, of which some was read early.
func (v *visit) watch(k *socket, c net.Conn, early []byte) (err error) {
	if k.file, k.fd, err = await.Detach(c); err != nil {
		return err
	}
	k.take(early) // which may be answered
	v.mu.Lock()
	v.plain = append(v.plain, k)
	number := len(v.plain) - 1
	v.mu.Unlock()
	return v.loop.Add(k.fd, int32(number))
}

// close ends it.
func (k *socket) close() {
	if k.conn != nil {
		_ = k.conn.Close() // it ends either way
		return
	}
	_ = k.file.Close() // it ends either way
}

func (k *socket) write(b []byte) error {
	if k.conn != nil {
		_, err := k.conn.Write(b)
		return err
	}
	_, err := unix.Write(k.fd, b) // whole: few bytes are on the way to the server
	return err
}

func (k *socket) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

// ready reads what a socket has.
func (v *visit) ready(number int32, ended bool) {
	v.mu.Lock()
	k := v.plain[number]
	v.mu.Unlock()
	for n := len(v.buf); n == len(v.buf) || ended; {
		var err error
		n, err = unix.Read(k.fd, v.buf)
		if n <= 0 {
			if !errors.Is(err, unix.EAGAIN) {
				k.fail(errors.Join(err, io.EOF))
				v.loop.Remove(k.fd)
			}
			return
		}
		k.take(v.buf[:n])
	}
}

// buffers are large, and shared by those who have something to read.
var buffers = sync.Pool{New: func() any { return new([64 << 10]byte) }}

// read reads what comes by TLS.
func (k *socket) read() {
	var one [1]byte
	for {
		_, err := io.ReadFull(k.conn, one[:]) // so that who waits holds no buffer
		if err == nil {
			var n int
			b := buffers.Get().(*[64 << 10]byte)
			b[0] = one[0]
			n, err = k.conn.Read(b[1:])
			k.take(b[:1+n])
			buffers.Put(b)
		}
		if err != nil {
			k.fail(err)
			return
		}
	}
}

// take is given what came, and keeps what is of a frame whose rest does not.
func (k *socket) take(b []byte) {
	if len(k.rest) > 0 {
		b = append(k.rest, b...)
	}
	k.rest = nil
	if left := k.frames(b); len(left) > 0 {
		k.rest = bytes.Clone(left)
	}
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
			_ = k.write([]byte{0x8a, 0x80, 0, 0, 0, 0}) // the reader hears of its end
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
	return k.write(b)
}
