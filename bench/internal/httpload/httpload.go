// Package httpload is a load of viewers: keep-alive HTTP/1.1 connections that
// ask for the same few bodies as fast as they are answered. It reads every
// byte, checks every length and the hash of a sample, and costs little enough
// that the server is what is measured.
package httpload

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
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
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", c.plan.Addr)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(end.Add(10 * time.Second)); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	requests := make([][]byte, len(c.plan.Targets))
	for i, t := range c.plan.Targets {
		requests[i] = []byte("GET " + t.Path + " HTTP/1.1\r\nHost: " + c.plan.Addr + "\r\nUser-Agent: bench\r\n\r\n")
	}
	r := bufio.NewReaderSize(conn, readBuffer)
	sum := sha256.New()
	for time.Now().Before(end) && ctx.Err() == nil {
		i := c.next % len(requests)
		c.next++
		if _, err := conn.Write(requests[i]); err != nil {
			return fmt.Errorf("ask for %s: %w", c.plan.Targets[i].Path, err)
		}
		if err := c.read(r, c.plan.Targets[i], sum); err != nil {
			return fmt.Errorf("%s: %w", c.plan.Targets[i].Path, err)
		}
	}
	return nil
}

// read takes one answer off the connection and checks it.
func (c *client) read(r *bufio.Reader, t Target, sum hash.Hash) error {
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	to := io.Discard
	check := t.Hash != nil && c.requests%checkEvery == 0
	if check {
		sum.Reset()
		to = sum
	}
	n, err := io.Copy(to, res.Body)
	if err != nil {
		return fmt.Errorf("read body: %w", err)
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
