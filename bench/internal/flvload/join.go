package flvload

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/await"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

// walker finds tags in what a viewer reads.
type walker interface {
	Walk(b []byte, seen []flvclip.Seen) ([]flvclip.Seen, error)
}

// Ask asks for the stream on a connection, and returns what reads the answer
// and the time at which it had asked.
type Ask func(conn net.Conn) (walker, time.Time, error)

// FLV asks by HTTP for a path.
func FLV(path string) Ask {
	return func(conn net.Conn) (walker, time.Time, error) {
		asked := time.Now()
		_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: bench\r\n\r\n", path, conn.RemoteAddr())
		return &response{}, asked, err
	}
}

// RTMP asks for app/name. What an RTMP player says before is not in the time.
func RTMP(app, name string) Ask {
	return func(conn net.Conn) (walker, time.Time, error) {
		p, err := rtmppush.NewPlayer(conn, app)
		if err != nil {
			return nil, time.Time{}, err
		}
		asked := time.Now()
		w, err := p.Play(name)
		return w, asked, err
	}
}

// maxHead bounds the head of an answer.
const maxHead = 4 << 10

// response is the body of an answer of HTTP/1.1 that ends with the connection.
type response struct {
	head []byte
	body bool
	flvclip.Walker
}

// Walk takes the next piece.
func (r *response) Walk(b []byte, seen []flvclip.Seen) ([]flvclip.Seen, error) {
	if r.body {
		return r.Walker.Walk(b, seen)
	}
	before := len(r.head)
	r.head = append(r.head, b[:min(len(b), maxHead)]...)
	end := bytes.Index(r.head, []byte("\r\n\r\n"))
	switch {
	case end < 0 && len(r.head) >= maxHead:
		return seen, errors.New("read answer: its head does not end")
	case end < 0:
		return seen, nil
	case !bytes.HasPrefix(r.head, []byte("HTTP/1.1 200 ")):
		return seen, fmt.Errorf("read answer: %.80q", r.head)
	case bytes.Contains(bytes.ToLower(r.head[:end]), []byte("\r\ntransfer-encoding:")):
		return seen, errors.New("read answer: the body is in chunks, which this does not take apart")
	}
	r.body, r.head = true, nil
	return r.Walker.Walk(b[end+4-before:], seen)
}

// connect opens a viewer's connection and asks.
func connect(ctx context.Context, addr string, ask Ask) (*viewer, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	w, asked, err := ask(conn)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ask: %w", err), conn.Close())
	}
	file, fd, err := await.Detach(conn)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &viewer{walker: w, file: file, fd: fd, asked: asked, next: -1}, nil
}
