// Package httpload is a load of viewers: keep-alive HTTP/1.1 connections that
// ask for the same few bodies as fast as they are answered. It reads every
// byte, checks every length and the hash of a sample, and costs little enough
// that the server is what is measured.
package httpload

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/keepalive"
)

// readBuffer is that of a connection: large, so that few reads make a body.
const readBuffer = 256 << 10

// checkEvery is how many bodies of a connection go by for one whose hash is
// computed.
const checkEvery = 64

// Target is one body to ask for.
type Target struct {
	Path string
	Size int64
	// Hash is the body's SHA-256, nil for a body that may change, such as a
	// live playlist: its length then may differ from Size by a quarter.
	Hash *[sha256.Size]byte
}

// Plan is what to load and for how long.
type Plan struct {
	Addr        string
	Targets     []Target // asked for in turn, each connection beginning elsewhere
	Connections int
	Length      time.Duration
}

// Result is what was answered.
type Result struct {
	Requests int64
	Bytes    int64 // of bodies
	Wall     time.Duration
}

// Run loads until the plan's length is over. A wrong status, length or hash
// ends the run with an error.
func Run(ctx context.Context, p Plan) (Result, error) {
	var requests, total atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, p.Connections)
	began := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	end := began.Add(p.Length)
	for i := range p.Connections {
		wg.Go(func() {
			c := client{plan: &p, next: i}
			errs[i] = c.run(ctx, end)
			requests.Add(c.requests)
			total.Add(c.bytes)
			if errs[i] != nil {
				cancel() // one failure spoils the run: end it now
			}
		})
	}
	wg.Wait()
	r := Result{Requests: requests.Load(), Bytes: total.Load(), Wall: time.Since(began)}
	return r, errors.Join(errs...)
}

// client is one connection.
type client struct {
	plan     *Plan
	next     int
	requests int64
	bytes    int64
}

func (c *client) run(ctx context.Context, end time.Time) error {
	conn, err := keepalive.Dial(ctx, c.plan.Addr, end.Add(10*time.Second))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	buf := make([]byte, readBuffer)
	sum := sha256.New()
	for time.Now().Before(end) && ctx.Err() == nil {
		t := c.plan.Targets[c.next%len(c.plan.Targets)]
		c.next++
		if err := c.get(conn, t, buf, sum); err != nil {
			return fmt.Errorf("%s: %w", t.Path, err)
		}
	}
	return nil
}

// get takes one body and checks it.
func (c *client) get(conn *keepalive.Conn, t Target, buf []byte, sum hash.Hash) error {
	take := func([]byte) {}
	check := t.Hash != nil && c.requests%checkEvery == 0
	if check {
		sum.Reset()
		take = func(piece []byte) { _, _ = sum.Write(piece) } // never fails
	}
	n, err := conn.Stream(t.Path, buf, take)
	if err != nil {
		return err
	}
	if slack := t.slack(); n < t.Size-slack || n > t.Size+slack {
		return fmt.Errorf("body of %d bytes, expected %d", n, t.Size)
	}
	if check && [sha256.Size]byte(sum.Sum(nil)) != *t.Hash {
		return errors.New("body has another hash")
	}
	c.requests++
	c.bytes += n
	return nil
}

func (t Target) slack() int64 {
	if t.Hash != nil {
		return 0
	}
	return t.Size / 4
}
