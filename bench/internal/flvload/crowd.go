package flvload

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

const (
	// readBuffer takes more than a connection can hold of one picture.
	readBuffer = 256 << 10
	// mostEvents are taken in one call.
	mostEvents = 1024
	// lookNanos is how long the reader sleeps between two looks. Were it woken
	// for each write, that would be a tenth of the server's work, which no server
	// has whose viewers are elsewhere.
	lookNanos = 200_000
)

// Crowd is the viewers of one encoder. NewCrowd makes it.
type Crowd struct {
	encoder *Encoder
	epoll   int
	stop    *os.File // the reading end of a pipe that nobody writes to: it ends the reading when it is closed
	stopper *os.File
	reading sync.WaitGroup

	mu      sync.Mutex
	viewers []*viewer
	bytes   int64
	noting  bool
	delays  []time.Duration
	fault   error
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
	c := &Crowd{encoder: e}
	var err error
	if c.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("make an epoll: %w", err)
	}
	if c.stop, c.stopper, err = os.Pipe(); err != nil {
		return nil, errors.Join(fmt.Errorf("make a pipe: %w", err), unix.Close(c.epoll))
	}
	if err := c.watch(int(c.stop.Fd()), -1); err != nil {
		return nil, errors.Join(err, c.stop.Close(), c.stopper.Close(), unix.Close(c.epoll))
	}
	c.reading.Go(c.read)
	return c, nil
}

func (c *Crowd) watch(fd int, number int32) error {
	// By edges: the kernel does not look at all of them again the next time.
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLET, Fd: number}
	if err := unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("watch a connection: %w", err)
	}
	return nil
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
		if err := c.watch(v.fd, int32(number)); err != nil {
			return err
		}
	}
	return nil
}

// read reads for all viewers, on a thread of its own, until the pipe is closed.
func (c *Crowd) read() {
	runtime.LockOSThread() // it ends with the goroutine
	events := make([]unix.EpollEvent, mostEvents)
	buf := make([]byte, readBuffer)
	var seen []flvclip.Seen
	for {
		_ = unix.Nanosleep(&unix.Timespec{Nsec: lookNanos}, nil) // a signal makes it a look more
		n, err := unix.EpollWait(c.epoll, events, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			c.fail(fmt.Errorf("wait for bytes: %w", err))
			return
		}
		c.mu.Lock()
		for _, event := range events[:max(0, n)] {
			if event.Fd < 0 {
				c.mu.Unlock()
				return
			}
			ended := event.Events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0
			seen = c.take(c.viewers[event.Fd], ended, buf, seen)
		}
		c.mu.Unlock()
	}
}

func (c *Crowd) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fault = errors.Join(c.fault, err)
}

// take reads all that a viewer has, and the end when there is one. The mutex is
// held.
func (c *Crowd) take(v *viewer, ended bool, buf []byte, seen []flvclip.Seen) []flvclip.Seen {
	for n := len(buf); n == len(buf) || ended; {
		var err error
		if n, err = unix.Read(v.fd, buf); n <= 0 {
			if !errors.Is(err, unix.EAGAIN) {
				c.leave(v, err)
			}
			return seen
		}
		now := c.encoder.now()
		c.bytes += int64(n)
		seen, err = v.Walk(buf[:n], seen[:0])
		for _, s := range seen {
			err = errors.Join(err, c.note(v, s, now))
		}
		if err != nil {
			c.leave(v, err)
			return seen
		}
	}
	return seen
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
	_ = unix.EpollCtl(c.epoll, unix.EPOLL_CTL_DEL, v.fd, nil) // it is there
}

// Close ends the reading and all connections. It is called once.
func (c *Crowd) Close() error {
	err := c.stopper.Close()
	c.reading.Wait()
	errs := []error{err, c.stop.Close(), unix.Close(c.epoll)}
	for _, v := range c.viewers {
		errs = append(errs, v.file.Close())
	}
	return errors.Join(errs...)
}
