package flvload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/await"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// readBuffer takes more than a connection can hold of one picture.
const readBuffer = 256 << 10

// Crowd is the viewers of one encoder. NewCrowd makes it.
type Crowd struct {
	encoder *Encoder
	loop    *await.Loop

	mu      sync.Mutex
	viewers []*viewer
	bytes   int64
	noting  bool
	delays  []time.Duration
	fault   error
	buf     []byte // of the read that is going on
	seen    []flvclip.Seen
}

// viewer is one connection.
type viewer struct {
	walker
	file  *os.File
	fd    int // of file
	asked time.Time
	first time.Duration // from the request to the first picture, 0 before
	next  int           // the picture that comes next; -1 before the first
}

// NewCrowd makes a crowd that is empty. The caller owes Close.
func NewCrowd(e *Encoder) (*Crowd, error) {
	c := &Crowd{encoder: e, buf: make([]byte, readBuffer)}
	var err error
	if c.loop, err = await.New(c.ready, c.fail); err != nil {
		return nil, err
	}
	return c, nil
}

// Join lets a number of viewers come, evenly spread over a time.
func (c *Crowd) Join(ctx context.Context, addr string, ask Ask, viewers int, spread time.Duration) error {
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for i := range viewers {
		timer.Reset(time.Until(began.Add(spread * time.Duration(i) / time.Duration(viewers))))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		v, err := connect(ctx, addr, ask)
		if err != nil {
			return fmt.Errorf("viewer %d: %w", i, err)
		}
		c.mu.Lock()
		number := len(c.viewers)
		c.viewers = append(c.viewers, v)
		c.mu.Unlock()
		if err := c.loop.Add(v.fd, int32(number)); err != nil {
			return err
		}
	}
	return nil
}

// ready reads for a viewer that has something to read.
func (c *Crowd) ready(number int32, ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.take(c.viewers[number], ended)
}

func (c *Crowd) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = errors.Join(c.fault, err)
}

// take reads all that a viewer has, and the end when there is one. The mutex is
// held.
func (c *Crowd) take(v *viewer, ended bool) {
	for n := len(c.buf); n == len(c.buf) || ended; {
		var err error
		if n, err = unix.Read(v.fd, c.buf); n <= 0 {
			if !errors.Is(err, unix.EAGAIN) {
				c.leave(v, err)
			}
			return
		}
		now := c.encoder.now()
		c.bytes += int64(n)
		c.seen, err = v.Walk(c.buf[:n], c.seen[:0])
		for _, s := range c.seen {
			err = errors.Join(err, c.note(v, s, now))
		}
		if err != nil {
			c.leave(v, err)
			return
		}
	}
}

// note takes account of a tag that is whole. The mutex is held.
func (c *Crowd) note(v *viewer, s flvclip.Seen, now int64) error {
	if !s.Picture() || v.next < 0 && !s.Key {
		return nil
	}
	if v.next < 0 {
		number, found := c.encoder.find(s.Size)
		if !found {
			return fmt.Errorf("a key frame of %d bytes was not sent", s.Size)
		}
		v.first, v.next = time.Since(v.asked), number
	}
	number := v.next
	if number >= len(c.encoder.sent) || len(c.encoder.of(number).Body) != s.Size {
		return fmt.Errorf("where picture %d was due came one of %d bytes that is not it", number, s.Size)
	}
	v.next++
	if c.noting {
		c.delays = append(c.delays, time.Duration(now-c.encoder.sent[number].Load()))
	}
	return nil
}

// leave ends a viewer that was to stay. The mutex is held.
func (c *Crowd) leave(v *viewer, err error) {
	if err == nil {
		err = errors.New("the body ended")
	}
	if c.fault == nil { // one for all
		c.fault = fmt.Errorf("a viewer was lost: %w", err)
	}
	c.loop.Remove(v.fd)
}

// Close ends the reading and all connections. It is called once.
func (c *Crowd) Close() error {
	errs := []error{c.loop.Close()}
	for _, v := range c.viewers {
		errs = append(errs, v.file.Close())
	}
	return errors.Join(errs...)
}
