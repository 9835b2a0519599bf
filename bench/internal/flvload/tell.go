package flvload

import (
	"context"
	"fmt"
	"time"
)

// lookEvery is how often a condition is looked at that is waited for.
const lookEvery = 5 * time.Millisecond

// Window is what came to all viewers from a Begin to its End.
type Window struct {
	Bytes  int64
	Delays []time.Duration // of each picture to each viewer, from just before the encoder wrote it
}

// Begin begins a window.
func (c *Crowd) Begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.noting, c.bytes, c.delays = true, 0, nil
}

// End ends the window.
func (c *Crowd) End() Window {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.noting = false
	return Window{Bytes: c.bytes, Delays: c.delays}
}

// Firsts returns how long after its request each viewer had its first picture.
func (c *Crowd) Firsts() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []time.Duration
	for _, v := range c.viewers {
		if v.first > 0 {
			all = append(all, v.first)
		}
	}
	return all
}

// Await waits until every viewer has had the picture before the given one: no
// other was lost on the way to it. The error says who is missing what.
func (c *Crowd) Await(ctx context.Context, picture int, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		short, err := c.short(picture)
		if err != nil || short == 0 {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return fmt.Errorf("%w: %d viewers have not had picture %d", context.Cause(ctx), short, picture-1)
		}
	}
}

// short is how many viewers have not had the picture before the given one.
func (c *Crowd) short(picture int) (n int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range c.viewers {
		if v.next < picture {
			n++
		}
	}
	return n, c.fault
}
