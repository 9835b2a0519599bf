package rtmppush

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// The chunk streams that messages travel on: those of librtmp, one for each
// kind, so that each kind has its own time steps.
const (
	csidCommand = 3
	csidAudio   = 4
	csidData    = 5
	csidVideo   = 6
)

const (
	// writeLimit is how long a server may refuse to take bytes before the
	// session counts as broken.
	writeLimit = 15 * time.Second
	// goodbye bounds the wait for a server to answer the end with its own.
	goodbye = 2 * time.Second
)

// Session is one encoder's connection, with leave to publish. Its methods are
// called by one goroutine.
type Session struct {
	conn   net.Conn
	in     *chunkReader
	stream uint32
	name   string

	mu  sync.Mutex // one write at a time: media, or the answer to a ping
	out []byte

	done chan struct{} // closed by the reader once err is set
	err  error
}

// listen answers pings and notices a refusal or the end.
func (s *Session) listen() {
	defer close(s.done)
	for {
		m, err := s.in.next()
		if err != nil {
			s.err = fmt.Errorf("session ended: %w", err)
			return
		}
		if m.kind == typeUserControl {
			if s.err = s.pong(m); s.err != nil {
				return
			}
		}
	}
}

// pong answers a ping request (RTMP 1.0 7.1.7).
func (s *Session) pong(m message) error {
	if len(m.body) < 6 || m.body[1] != 6 {
		return nil
	}
	return s.write(appendMessage(nil, 2, message{kind: typeUserControl, body: append([]byte{0, 7}, m.body[2:6]...)}))
}

func (s *Session) command(b []byte, stream uint32, values ...any) []byte {
	return appendMessage(b, csidCommand, message{kind: typeCommand, stream: stream, body: appendAMF(nil, values...)})
}

// write sends whole messages.
func (s *Session) write(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	_, err := s.conn.Write(b)
	return err
}

// Send sends one tag with its own time. It blocks while the server does not
// take bytes, and fails after 15 s of that.
func (s *Session) Send(t flvclip.Tag) error {
	m := message{kind: t.Type, stream: s.stream, time: t.Time, body: t.Body}
	csid := byte(csidVideo)
	switch t.Type {
	case flvclip.Audio:
		csid = csidAudio
	case flvclip.Script:
		csid = csidData
		m.body = append(appendAMF(nil, "@setDataFrame"), t.Body...)
	}
	s.out = appendMessage(s.out[:0], csid, m)
	return s.write(s.out)
}

// Done is closed when the server has ended the session.
func (s *Session) Done() <-chan struct{} { return s.done }

// Close says that the broadcast is over, waits up to 2 s for the server's
// end of the connection, and closes it.
func (s *Session) Close() error {
	out := s.command(nil, 0, "FCUnpublish", 6.0, nil, s.name)
	out = s.command(out, 0, "deleteStream", 7.0, nil, float64(s.stream))
	err := s.write(out)
	if c, ok := s.conn.(*net.TCPConn); ok && err == nil {
		err = c.CloseWrite()
	}
	timer := time.NewTimer(goodbye)
	defer timer.Stop()
	select {
	case <-s.done:
	case <-timer.C:
	}
	_ = s.conn.Close()
	<-s.done
	if err != nil {
		return fmt.Errorf("close session: %w", err)
	}
	return nil
}
