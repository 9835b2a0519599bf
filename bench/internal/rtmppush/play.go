package rtmppush

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// playLimit bounds the wait for a server's answers before it is asked to play.
const playLimit = 15 * time.Second

// Player is a connection that may ask for a stream.
type Player struct {
	s *Session
}

// NewPlayer opens a session on a connection, up to the stream for media. The
// connection stays the caller's.
func NewPlayer(conn net.Conn, app string) (*Player, error) {
	if err := conn.SetDeadline(time.Now().Add(playLimit)); err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	s := &Session{conn: conn}
	if err := s.connect(conn.RemoteAddr().String(), app); err != nil {
		return nil, err
	}
	if err := s.create(s.command(nil, 0, "createStream", 4.0, nil), 4); err != nil {
		return nil, err
	}
	return &Player{s: s}, nil
}

// Play asks for the stream and returns what finds the media in all that the
// server sends from then on. It is called once.
func (p *Player) Play(name string) (*Walker, error) {
	if n := p.s.in.r.Buffered(); n > 0 {
		return nil, errors.New("play: the server spoke before it was asked")
	}
	if err := p.s.write(p.s.command(nil, p.s.stream, "play", 3.0, nil, name, -2000.0)); err != nil {
		return nil, fmt.Errorf("play: %w", err)
	}
	return newWalker(p.s.in.size), nil
}
