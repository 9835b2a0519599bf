package rtmp

import (
	"container/list"
	"crypto/tls"
	"net"
	"time"
)

// maxStrangers is how many connections that were not let in are kept when
// Options say nothing. Encoders are let in within a second, so those that stay
// strangers are slow, or mean no good.
const maxStrangers = 4096

// crowd is all connections of a server. Strangers are in line, the oldest
// first; when there are too many, that one is closed. So a flood of silent
// connections can neither use up descriptors nor lock encoders out: each who
// comes has the time in which maxStrangers others come, and need not be told
// from them by its address, which an attacker has more of than a school does.
//
// It holds the sockets, not what TLS makes of them: to close those could wait
// for a peer that reads nothing. The server's mutex guards it.
type crowd struct {
	all       map[net.Conn]*list.Element // nil for those that were let in
	strangers list.List                  // of net.Conn
	untold    int                        // were closed since the log told of it
	told      time.Time
}

// welcome gives a connection its goroutine, and makes room for it.
func (s *Server) welcome(nc net.Conn, secure *tls.Config) {
	if closed := s.admit(nc, secure); closed > 0 {
		s.log.Warn("too many connections that ask for nothing: the oldest are closed", "count", closed, "most", s.opts.MaxStrangers)
	}
}

// admit returns how many strangers were closed, once a second.
func (s *Server) admit(nc net.Conn, secure *tls.Config) (closed int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		_ = nc.Close() // nothing was said yet
		return 0
	}
	s.crowd.all[nc] = s.crowd.strangers.PushBack(nc)
	if s.crowd.strangers.Len() > s.opts.MaxStrangers {
		s.sendOldestAway()
	}
	if now := time.Now(); s.crowd.untold > 0 && now.Sub(s.crowd.told) >= tellEvery {
		closed, s.crowd.untold, s.crowd.told = s.crowd.untold, 0, now
	}
	s.counts.accepted.Add(1)
	s.counts.open.Add(1)
	s.wg.Go(func() {
		defer s.forget(nc)
		newConn(s, nc, secure).serve()
	})
	return closed
}

// sendOldestAway closes the oldest stranger; its goroutine meets the error.
// s.mu is held.
func (s *Server) sendOldestAway() {
	oldest, ok := s.crowd.strangers.Remove(s.crowd.strangers.Front()).(net.Conn)
	if !ok {
		return
	}
	s.crowd.all[oldest] = nil
	s.crowd.untold++
	s.counts.madeRoom.Add(1)
	_ = oldest.Close() // it goes either way
}

// letIn takes a connection out of the strangers' line.
func (s *Server) letIn(nc net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.crowd.all[nc]; at != nil {
		s.crowd.strangers.Remove(at)
		s.crowd.all[nc] = nil
	}
}

func (s *Server) forget(nc net.Conn) {
	s.letIn(nc)
	s.mu.Lock()
	delete(s.crowd.all, nc)
	s.mu.Unlock()
	s.counts.open.Add(-1)
	_ = nc.Close() // what had to reach the peer was flushed
}
