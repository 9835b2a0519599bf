// Package crowd is thousands of viewers of one channel at the least cost: they
// do what players do, ask by ask, and look no closer at what they get than is
// needed to know that they got it all. Everything else about a viewer, such as
// leaving, is left to package audience.
package crowd

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/keepalive"
)

const (
	// connecting is how many connections are opened at a time: less than any
	// server's backlog.
	connecting = 64
	// spare is how many files a process needs beside the crowd's connections.
	spare = 100
)

// Crowd is open connections to a server. Its methods are called by one
// goroutine.
type Crowd struct {
	conns []*keepalive.Conn
	stop  func() bool
}

// Connect opens n connections, which fail at the given time, and when ctx
// ends. The caller owes Close.
func Connect(ctx context.Context, addr string, n int, until time.Time) (*Crowd, error) {
	var limit unix.Rlimit // Go has raised it to the hard one
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return nil, fmt.Errorf("look how many files may be open: %w", err)
	}
	if limit.Cur < uint64(n+spare) {
		return nil, fmt.Errorf("%d files may be open, which is too few for %d connections: ulimit -n", limit.Cur, n)
	}
	c := &Crowd{conns: make([]*keepalive.Conn, n)}
	g, dialing := errgroup.WithContext(ctx)
	g.SetLimit(connecting)
	for i := range c.conns {
		g.Go(func() (err error) {
			c.conns[i], err = keepalive.Dial(dialing, addr, until)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		c.hangUp()
		return nil, err
	}
	c.stop = context.AfterFunc(ctx, c.hangUp)
	return c, nil
}

// Close ends all connections.
func (c *Crowd) Close() {
	c.stop()
	c.hangUp()
}

func (c *Crowd) hangUp() {
	for _, conn := range c.conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
}

// faults are what went wrong with some of thousands: their number and the
// first of them.
type faults struct {
	mu    sync.Mutex
	n     int
	first error
}

func (f *faults) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n++; f.n == 1 {
		f.first = err
	}
}

// err is nil when nothing went wrong.
func (f *faults) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.n == 0 {
		return nil
	}
	return fmt.Errorf("%d viewers met a fault, the first: %w", f.n, f.first)
}
