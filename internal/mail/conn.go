package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	smtp "github.com/wneessen/go-mail"
)

const (
	// idleFor is how long a connection waits for another letter; servers wait for
	// five minutes (RFC 5321 4.5.3.2.7).
	idleFor = 5 * time.Second
	// mostIdle is as many as send at one time (notify).
	mostIdle = 4
	// mostLetters go by one connection. Servers bound them, some at 100, and then
	// hang up: that costs a try.
	mostLetters = 100
	// quitFor bounds saying goodbye.
	quitFor = time.Second
)

// conn is a connection to the server, which knows who we are. It sends one letter
// at a time.
type conn struct {
	client *smtp.Client
	raw    net.Conn // below TLS, where that is from STARTTLS
	sent   int
	lapse  *time.Timer // while it is idle
}

// open makes a connection, until ctx ends.
func (s *Sender) open(ctx context.Context) (*conn, error) {
	c := &conn{}
	// The library bounds each command and not all of them together, and leaves the
	// connection open when one fails.
	stop := func() bool { return true }
	var err error
	c.client, err = s.client(func(within context.Context, network, addr string) (net.Conn, error) {
		raw, err := s.dial(within, network, addr)
		if err == nil {
			c.raw, stop = raw, context.AfterFunc(ctx, func() { _ = raw.Close() }) // who waits for it is told by that
		}
		return raw, err
	})
	if err != nil {
		return nil, fmt.Errorf("prepare to send mail: %w", err)
	}
	err = c.client.DialWithContext(ctx)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil && c.raw != nil {
		_ = c.raw.Close()
	}
	return c, err
}

// hand gives a letter to a connection, which is kept when that went well. After a
// refusal it is not: servers count those against a connection.
func (s *Sender) hand(ctx context.Context, c *conn, m *smtp.Msg) error {
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	err := c.client.Send(m)
	c.sent++
	if err == nil && c.sent < mostLetters && stop() && s.keep(c) {
		return nil
	}
	c.quit()
	if m.IsDelivered() {
		return nil // what failed came after it
	}
	return err
}

// unbegun reports whether a letter failed before the server had any of it, so that
// it cannot arrive twice when it is sent again, and for no reason of its own.
func unbegun(err error) bool {
	var told *smtp.SendError
	if !errors.As(err, &told) {
		return false
	}
	switch told.Reason {
	case smtp.ErrConnCheck, smtp.ErrSMTPMailFrom:
		return true
	case smtp.ErrSMTPRcptTo, smtp.ErrSMTPData:
		return !refused(told)
	}
	return false
}

// refused reports whether the server will not have a letter at all.
func refused(told *smtp.SendError) bool { return told.ErrorCode() >= 500 && told.ErrorCode() < 600 }

// take returns an idle connection, or nil.
func (s *Sender) take() *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) == 0 {
		return nil
	}
	c := s.idle[len(s.idle)-1]
	s.idle = s.idle[:len(s.idle)-1]
	c.lapse.Stop()
	return c
}

// keep has a connection wait for another letter, and reports whether there was
// room for it.
func (s *Sender) keep(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.idle) >= mostIdle {
		return false
	}
	s.idle = append(s.idle, c)
	c.lapse = time.AfterFunc(s.idleFor, func() { s.drop(c) })
	return true
}

// drop ends a connection that is still idle.
func (s *Sender) drop(c *conn) {
	s.mu.Lock()
	i := slices.Index(s.idle, c)
	if i >= 0 {
		s.idle = slices.Delete(s.idle, i, i+1)
		s.leaving.Add(1)
	}
	s.mu.Unlock()
	if i >= 0 {
		defer s.leaving.Done()
		c.quit()
	}
}

// Close ends the connections that wait for another letter, and returns after the
// end. What is sent afterwards has a connection of its own. It is idempotent.
func (s *Sender) Close() {
	s.mu.Lock()
	s.closed = true
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	for _, c := range idle {
		c.lapse.Stop()
		s.leaving.Go(c.quit)
	}
	s.leaving.Wait()
}

// quit says goodbye and hangs up, in a second at most.
func (c *conn) quit() {
	_ = c.raw.SetDeadline(time.Now().Add(quitFor)) // closed already, perhaps
	_ = c.client.Close()
	_ = c.raw.Close()
}
