// Package keepalive is one HTTP/1.1 connection of a load generator: it asks for
// one body after the other and does as little as a client can, so that
// thousands of them cost the machine little beside the server. It wants a
// Content-Length in every answer and takes anything but 200 for an error.
package keepalive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// Conn is one connection, for one goroutine at a time.
type Conn struct {
	tcp  net.Conn
	tail string // of every request: what comes after the path
	out  []byte
}

// StatusError is an answer other than 200.
type StatusError int

func (e StatusError) Error() string { return fmt.Sprintf("status %d", int(e)) }

// Dial connects. Whatever is not over at the given time fails. The caller owes
// Close.
func Dial(ctx context.Context, addr string, until time.Time) (*Conn, error) {
	var d net.Dialer
	tcp, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if err := tcp.SetDeadline(until); err != nil {
		_ = tcp.Close()
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &Conn{tcp: tcp, tail: " HTTP/1.1\r\nHost: " + addr + "\r\nUser-Agent: bench\r\n\r\n"}, nil
}

// Close ends the connection and what is under way on it. Any goroutine may
// call it.
func (c *Conn) Close() error { return c.tcp.Close() }

// Get asks for a path and returns the body, which lies in buf and has to fit
// there together with the header.
func (c *Conn) Get(path string, buf []byte) ([]byte, error) {
	a, err := c.ask(path, buf)
	if err != nil {
		return nil, err
	}
	end := int64(a.body) + a.length
	if end > int64(len(buf)) {
		return nil, fmt.Errorf("body of %d bytes does not fit", a.length)
	}
	for n := int64(a.read); n < end; {
		m, err := c.tcp.Read(buf[n:end])
		n += int64(m)
		if err != nil && n < end {
			return nil, fmt.Errorf("read body: %w", err)
		}
	}
	return buf[a.body:end], nil
}

// Stream asks for a path, hands the body to take piece by piece, and returns
// its length. A piece lies in buf until take returns.
func (c *Conn) Stream(path string, buf []byte, take func(piece []byte)) (int64, error) {
	a, err := c.ask(path, buf)
	if err != nil {
		return 0, err
	}
	take(buf[a.body:a.read])
	for left := a.length - int64(a.read-a.body); left > 0; {
		m, err := c.tcp.Read(buf[:min(left, int64(len(buf)))])
		take(buf[:m])
		left -= int64(m)
		if err != nil && left > 0 {
			return 0, fmt.Errorf("read body: %w", err)
		}
	}
	return a.length, nil
}

// answer is where an answer's pieces lie in the buffer.
type answer struct {
	length     int64 // of the body
	body, read int   // where it begins, and how far it has come
}

// ask sends a request and reads the header of the answer, with what of the
// body comes in the same reads.
func (c *Conn) ask(path string, buf []byte) (answer, error) {
	c.out = append(append(append(c.out[:0], "GET "...), path...), c.tail...)
	if _, err := c.tcp.Write(c.out); err != nil {
		return answer{}, fmt.Errorf("ask: %w", err)
	}
	var a answer
	for {
		m, err := c.tcp.Read(buf[a.read:])
		a.read += m
		if end := bytes.Index(buf[:a.read], endOfHeader); end >= 0 {
			a.body = end + len(endOfHeader)
			a.length, err = readHeader(buf[:a.body])
			if err == nil && int64(a.read-a.body) > a.length {
				err = errors.New("more than the answer came")
			}
			return a, err
		}
		if err != nil {
			return a, fmt.Errorf("read answer: %w", err)
		}
		if a.read == len(buf) {
			return a, errors.New("the answer's header does not fit")
		}
	}
}

var (
	endOfHeader   = []byte("\r\n\r\n")
	endOfLine     = []byte("\r\n")
	protocol      = []byte("HTTP/1.1 ")
	contentLength = []byte("Content-Length")
)

// readHeader returns the length of the body.
func readHeader(head []byte) (int64, error) {
	status, fields, _ := bytes.Cut(head, endOfLine)
	code, ok := bytes.CutPrefix(status, protocol)
	if !ok || len(code) < 3 {
		return 0, fmt.Errorf("not an answer: begins with %.40q", status)
	}
	if n, err := strconv.Atoi(string(code[:3])); err != nil {
		return 0, fmt.Errorf("not an answer: begins with %.40q", status)
	} else if n != 200 {
		return 0, StatusError(n)
	}
	for len(fields) > 0 {
		var field []byte
		field, fields, _ = bytes.Cut(fields, endOfLine)
		if len(field) > len(contentLength) && field[len(contentLength)] == ':' && bytes.EqualFold(field[:len(contentLength)], contentLength) {
			n, err := strconv.ParseUint(string(bytes.TrimSpace(field[len(contentLength)+1:])), 10, 62)
			if err != nil {
				return 0, fmt.Errorf("%.40q: %w", field, err)
			}
			return int64(n), nil
		}
	}
	return 0, errors.New("an answer without Content-Length")
}
