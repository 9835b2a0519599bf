// Package await waits for bytes on thousands of connections with one thread, so
// that a load costs little beside the server that it shares the machine with.
package await

import (
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	// mostEvents are taken in one call.
	mostEvents = 1024
	// lookNanos is how long the thread sleeps between two looks. Were it woken
	// for each write, that would be a tenth of the server's work, which no server
	// has whose peers are elsewhere.
	lookNanos = 200_000
)

// Loop waits for connections. New makes it.
type Loop struct {
	epoll   int
	stop    *os.File // the reading end of a pipe that nobody writes to: it ends the loop when it is closed
	stopper *os.File
	running sync.WaitGroup
}

// New makes a loop that calls ready when a connection has bytes, with the number
// that it was added by; ended is true when the peer has sent all that it will. All
// that there is must be read then: ready is not called again for what is left.
// Calls come one after the other, on one thread. failed is called at most once,
// when no more can be waited for. The caller owes Close.
func New(ready func(number int32, ended bool), failed func(error)) (*Loop, error) {
	l := &Loop{}
	var err error
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("make an epoll: %w", err)
	}
	if l.stop, l.stopper, err = os.Pipe(); err != nil {
		return nil, errors.Join(fmt.Errorf("make a pipe: %w", err), unix.Close(l.epoll))
	}
	if err := l.Add(int(l.stop.Fd()), -1); err != nil {
		return nil, errors.Join(err, l.stop.Close(), l.stopper.Close(), unix.Close(l.epoll))
	}
	l.running.Go(func() { l.run(ready, failed) })
	return l, nil
}

// Add has the loop wait for a descriptor, too. Numbers are not negative.
func (l *Loop) Add(fd int, number int32) error {
	// By edges: the kernel does not look at all of them again the next time.
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLRDHUP | unix.EPOLLET, Fd: number}
	if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("watch a connection: %w", err)
	}
	return nil
}

// Remove has it wait for one no longer.
func (l *Loop) Remove(fd int) { _ = unix.EpollCtl(l.epoll, unix.EPOLL_CTL_DEL, fd, nil) } // it is there

func (l *Loop) run(ready func(int32, bool), failed func(error)) {
	runtime.LockOSThread() // it ends with the goroutine
	events := make([]unix.EpollEvent, mostEvents)
	for {
		_ = unix.Nanosleep(&unix.Timespec{Nsec: lookNanos}, nil) // a signal makes it a look more
		n, err := unix.EpollWait(l.epoll, events, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			failed(fmt.Errorf("wait for bytes: %w", err))
			return
		}
		for _, event := range events[:max(0, n)] {
			if event.Fd < 0 {
				return
			}
			ready(event.Fd, event.Events&(unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0)
		}
	}
}

// Close ends the loop, and not its connections. It is called once.
func (l *Loop) Close() error {
	err := l.stopper.Close()
	l.running.Wait()
	return errors.Join(err, l.stop.Close(), unix.Close(l.epoll))
}

// Detach makes a file of a TCP connection and closes the connection: reading and
// writing never wait, and the runtime does not look at it. The caller owes the
// file's Close.
func Detach(conn net.Conn) (file *os.File, fd int, err error) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return nil, 0, errors.Join(fmt.Errorf("a %T has no descriptor to wait for", conn), conn.Close())
	}
	file, err = tcp.File()
	if err = errors.Join(err, tcp.Close()); err != nil { // the file is a copy
		return nil, 0, fmt.Errorf("detach a connection: %w", err)
	}
	fd = int(file.Fd()) // which makes it block
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, 0, errors.Join(fmt.Errorf("detach a connection: %w", err), file.Close())
	}
	return file, fd, nil
}
