// Package h2load is a load of viewers by HTTP/2 and TLS: a few connections with
// several streams each ask for the same few bodies as fast as they come. Its
// windows are as wide as they can be and it answers almost nothing, so that
// the server's own work is what is measured; every length is checked, and the
// hash of a sample.
package h2load

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"hash"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/httpload"
)

// checkEvery is how many bodies of a connection go by for one whose hash is
// computed.
const checkEvery = 64

// Plan is what to load and for how long.
type Plan struct {
	Addr        string
	Roots       *x509.CertPool
	Targets     []httpload.Target // each has a hash
	Connections int
	Streams     int // of each connection at a time
	Length      time.Duration
}

// Result is what was answered, and how it was encrypted.
type Result struct {
	httpload.Result
	// TLS names the version and the cipher suite.
	TLS string
}

// Run loads until the plan's length is over. A wrong status, length or hash
// ends the run with an error.
func Run(ctx context.Context, p Plan) (Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var all sync.WaitGroup
	clients := make([]client, p.Connections)
	errs := make([]error, p.Connections)
	began := time.Now()
	for i := range clients {
		clients[i] = client{plan: &p, next: i, streams: map[uint32]*stream{}}
		all.Go(func() {
			if errs[i] = clients[i].run(ctx, began.Add(p.Length)); errs[i] != nil {
				cancel() // one failure spoils the run: end it now
			}
		})
	}
	all.Wait()
	r := Result{Result: httpload.Result{Wall: time.Since(began)}, TLS: clients[0].tls}
	for i := range clients {
		r.Requests += clients[i].requests
		r.Bytes += clients[i].bytes
	}
	if err := errors.Join(errs...); err != nil {
		return r, err
	}
	for i := range clients {
		if clients[i].tls != r.TLS {
			return r, fmt.Errorf("connections by %s and by %s", r.TLS, clients[i].tls)
		}
	}
	return r, nil
}

// client is one connection.
type client struct {
	plan     *Plan
	next     int
	tls      string
	streams  map[uint32]*stream
	requests int64
	bytes    int64
}

// stream is a body that is on its way.
type stream struct {
	target httpload.Target
	size   int64
	sum    hash.Hash // nil when it is not checked
}

func (c *client) run(ctx context.Context, end time.Time) error {
	conn, err := dial(ctx, c.plan.Addr, c.plan.Roots, end.Add(10*time.Second))
	if err != nil {
		return err
	}
	defer func() { _ = conn.tls.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.tls.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	state := conn.tls.ConnectionState()
	c.tls = tls.VersionName(state.Version) + " " + tls.CipherSuiteName(state.CipherSuite)
	if state.NegotiatedProtocol != "h2" {
		return fmt.Errorf("the server speaks %q", state.NegotiatedProtocol)
	}
	for range c.plan.Streams {
		c.ask(conn)
	}
	for len(c.streams) > 0 {
		id, media, over, err := conn.receive()
		if err != nil {
			return err
		}
		s := c.streams[id]
		if s == nil {
			return fmt.Errorf("stream %d was not asked for", id)
		}
		s.size += int64(len(media))
		if s.sum != nil {
			_, _ = s.sum.Write(media) // never fails
		}
		if !over {
			continue
		}
		if err := s.check(); err != nil {
			return fmt.Errorf("%s: %w", s.target.Path, err)
		}
		delete(c.streams, id)
		c.requests++
		c.bytes += s.size
		if time.Now().Before(end) {
			c.ask(conn)
		}
	}
	return nil
}

func (c *client) ask(conn *conn) {
	s := &stream{target: c.plan.Targets[c.next%len(c.plan.Targets)]}
	c.next++
	if c.next%checkEvery == 1 {
		s.sum = sha256.New()
	}
	c.streams[conn.ask(s.target.Path)] = s
}

func (s *stream) check() error {
	if s.size != s.target.Size {
		return fmt.Errorf("body of %d bytes, expected %d", s.size, s.target.Size)
	}
	if s.sum != nil && [sha256.Size]byte(s.sum.Sum(nil)) != *s.target.Hash {
		return errors.New("body has another hash")
	}
	return nil
}
