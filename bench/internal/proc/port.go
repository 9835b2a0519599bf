package proc

import (
	"context"
	"fmt"
	"net"
	"time"
)

// FreePorts returns n distinct loopback addresses on which nobody listens
// now. Another process may take one before it is used; the server then says
// so and the run ends.
func FreePorts(n int) ([]string, error) {
	addrs := make([]string, 0, n)
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		defer func() { _ = l.Close() }() // all are held until the last is found
		addrs = append(addrs, l.Addr().String())
	}
	return addrs, nil
}

// WaitFor calls ready every few milliseconds until it returns nil, the
// process ends, or the limit has passed, and then says why.
func (p *Process) WaitFor(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ticker.C:
		case <-p.done:
			return fmt.Errorf("process ended before it was ready (%w): %s", p.end(), p.Log())
		case <-ctx.Done():
			return fmt.Errorf("not ready within %v (%w): %s", limit, err, p.Log())
		}
	}
}
