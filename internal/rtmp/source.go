package rtmp

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// lastLook is how long bytes are looked for that should be there already.
const lastLook = 100 * time.Millisecond

// source is the reading side of a connection: it counts, notes when bytes
// came, and turns a passed deadline into what it meant.
type source struct {
	nc       net.Conn
	total    *atomic.Uint64 // of all connections
	received uint64
	at       time.Time // when the newest bytes came

	silence time.Duration   // 0 until the encoder was let in: one deadline for all
	armed   time.Time       // when the deadline for silence was set
	kicked  <-chan struct{} // nil until the encoder was let in
}

// admit changes from the one deadline of strangers to that for silence.
func (s *source) admit(silence time.Duration, kicked <-chan struct{}) {
	s.silence, s.kicked = silence, kicked
	s.at = time.Now()
	s.armed = time.Time{}
}

// expect changes what silence is too long.
func (s *source) expect(silence time.Duration) {
	s.silence, s.armed = silence, time.Time{}
}

// Read reads what is there and waits for something.
func (s *source) Read(p []byte) (int, error) {
	if s.silence > 0 && s.at.Sub(s.armed) > s.silence/8 {
		// Not at each read: a new deadline costs more than a small read. It is
		// one for writing too, as TLS may answer by itself while it reads.
		if err := s.nc.SetDeadline(s.at.Add(s.silence)); err != nil {
			return 0, err
		}
		s.armed = s.at
		// Who kicks closes the channel first and then sets a deadline in the
		// past: if this has just overwritten it, the channel tells.
		select {
		case <-s.kicked:
			return 0, errKicked
		default:
		}
	}
	n, err := s.nc.Read(p)
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		if late := s.late(); late != errSilent { //nolint:errorlint // late returns it bare
			return 0, late
		}
		n, err = s.lastLook(p)
	}
	if n > 0 {
		s.received += uint64(n)
		s.total.Add(uint64(n))
		s.at = time.Now()
		return n, nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, s.late()
	}
	return 0, err
}

// lastLook reads what waits when the deadline for silence has passed. A read
// fails by its deadline though bytes are there, and they are where it was this
// process that stood still: a machine that was paused, or has too much to do.
func (s *source) lastLook(p []byte) (int, error) {
	s.armed = time.Time{} // armed anew by the next read
	if err := s.nc.SetDeadline(time.Now().Add(lastLook)); err != nil {
		return 0, err
	}
	return s.nc.Read(p)
}

// late tells which deadline has passed.
func (s *source) late() error {
	if s.silence == 0 {
		return errLate
	}
	select {
	case <-s.kicked:
		return errKicked
	default:
		return errSilent
	}
}
