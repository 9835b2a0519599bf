package rtmppush

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// handshakeSize is that of C1, S1, C2 and S2 (RTMP 1.0 5.2.3).
const handshakeSize = 1536

// ErrRefused is what Dial wraps when the server will not let the session
// publish; the rest of the message is the server's own words.
var ErrRefused = errors.New("publish refused")

// Dial connects, asks leave to publish app/name and returns when the server
// has said Publish.Start. The caller owes Close.
func Dial(ctx context.Context, addr, app, name string) (*Session, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	s := &Session{conn: conn, name: name, done: make(chan struct{})}
	err = s.open(addr, app)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	go s.listen()
	return s, nil
}

func (s *Session) open(addr, app string) error {
	if err := s.connect(addr, app); err != nil {
		return err
	}
	out := s.command(nil, 0, "releaseStream", 2.0, nil, s.name)
	out = s.command(out, 0, "FCPublish", 3.0, nil, s.name)
	if err := s.create(s.command(out, 0, "createStream", 4.0, nil), 4); err != nil {
		return err
	}
	if err := s.write(s.command(nil, s.stream, "publish", 5.0, nil, s.name, "live")); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if _, err := s.await("onStatus", -1); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// connect opens a session of either kind.
func (s *Session) connect(addr, app string) error {
	r := bufio.NewReader(s.conn)
	if err := s.handshake(r); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	s.in = newChunkReader(r)
	out := appendMessage(nil, 2, message{kind: typeSetChunkSize, body: []byte{0, 0, chunkSize >> 8, chunkSize & 0xff}})
	out = s.command(out, 0, "connect", 1.0, []pair{
		{"app", app}, {"type", "nonprivate"}, {"flashVer", "FMLE/3.0 (compatible; bench)"}, {"tcUrl", "rtmp://" + addr + "/" + app},
	})
	if err := s.write(out); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if _, err := s.await("_result", 1); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	return nil
}

// create sends commands of which one is createStream, and takes its result.
func (s *Session) create(commands []byte, transaction float64) error {
	if err := s.write(commands); err != nil {
		return fmt.Errorf("create stream: %w", err)
	}
	result, err := s.await("_result", transaction)
	if err != nil {
		return fmt.Errorf("create stream: %w", err)
	}
	if id, ok := result[len(result)-1].(float64); ok {
		s.stream = uint32(id)
	}
	return nil
}

func (s *Session) handshake(r *bufio.Reader) error {
	c := make([]byte, 1+handshakeSize)
	c[0] = 3
	_, _ = rand.Read(c[9:]) // never fails
	if err := s.write(c); err != nil {
		return err
	}
	answer := make([]byte, 1+2*handshakeSize)
	if _, err := io.ReadFull(r, answer); err != nil {
		return err
	}
	return s.write(answer[1 : 1+handshakeSize])
}

// await reads until the named command comes, for the given transaction
// unless that is negative. An error or a status that is not a start ends it.
func (s *Session) await(name string, transaction float64) ([]any, error) {
	for {
		m, err := s.in.next()
		if err != nil {
			return nil, err
		}
		if m.kind == typeUserControl {
			if err := s.pong(m); err != nil {
				return nil, err
			}
			continue
		}
		if m.kind != typeCommand {
			continue
		}
		values, err := parseAMF(m.body)
		if err != nil {
			return nil, err
		}
		if len(values) < 3 {
			continue
		}
		switch {
		case values[0] == "_error" && values[1] != 2.0 && values[1] != 3.0: // releaseStream and FCPublish are courtesies
			return nil, fmt.Errorf("%w: %s", ErrRefused, describe(values))
		case values[0] == "onStatus":
			if code, _ := property(values, "code").(string); code != "NetStream.Publish.Start" {
				return nil, fmt.Errorf("%w: %s", ErrRefused, describe(values))
			}
			if name == "onStatus" {
				return values, nil
			}
		case values[0] == name && values[1] == transaction:
			return values, nil
		}
	}
}

func describe(values []any) string {
	return fmt.Sprintf("%v %v", property(values, "code"), property(values, "description"))
}

// property looks a name up in a command's last object.
func property(values []any, name string) any {
	object, _ := values[len(values)-1].(map[string]any)
	return object[name]
}
