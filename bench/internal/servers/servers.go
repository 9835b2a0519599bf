// Package servers starts what is measured, each as a process of its own on
// loopback with its files in a folder of its own, and knows where each keeps
// what a reader asks for.
package servers

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
)

const (
	// readyLimit is how long a server may take to start.
	readyLimit = 20 * time.Second
	// stopGrace is how long a server may take to end.
	stopGrace = 25 * time.Second
)

// Server is a running side of a comparison.
type Server struct {
	*proc.Process
	Name string
	RTMP string // address for encoders; the app is "live"
	HTTP string // address for viewers
	// Metrics is where Go's profiler answers, "" where there is none.
	Metrics string

	// HTTPS is the address for viewers by TLS, Roots who vouches for it.
	HTTPS string
	Roots *x509.CertPool

	recording func(ctx context.Context, client *http.Client, channel string) (string, error)
}

// Recording returns the address of the playlist that holds everything the
// channel sent in this run.
func (s *Server) Recording(ctx context.Context, client *http.Client, channel string) (string, error) {
	return s.recording(ctx, client, channel)
}

// Stop ends the server and waits for it.
func (s *Server) Stop() error {
	if err := s.Process.Stop(stopGrace); err != nil {
		return fmt.Errorf("stop %s: %w", s.Name, err)
	}
	return nil
}

// ready stops the server when it does not come up.
func (s *Server) ready(ctx context.Context, check func(context.Context) error) (*Server, error) {
	if err := s.WaitFor(ctx, readyLimit, check); err != nil {
		_ = s.Stop()
		return nil, fmt.Errorf("start %s: %w", s.Name, err)
	}
	return s, nil
}

// listens says whether somebody accepts connections at the address.
func listens(ctx context.Context, addr string) error {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return c.Close()
}
