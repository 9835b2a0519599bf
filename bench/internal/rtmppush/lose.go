package rtmppush

import "net"

// Cut closes the connection without a word, as a program that is killed does:
// the server sees FIN while the session publishes. It ends the session like
// Close does.
func (s *Session) Cut() {
	_ = s.conn.Close()
	<-s.done
}

// Reset drops the connection, as a router that forgot it does: the server
// sees RST, and what it had not read yet may be lost. It ends the session
// like Close does.
func (s *Session) Reset() {
	if c, ok := s.conn.(*net.TCPConn); ok {
		_ = c.SetLinger(0)
	}
	s.Cut()
}
