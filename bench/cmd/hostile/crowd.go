package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/command"
)

// crowd is a number of hostile connections, held up by a process of its own
// so that only the server stands between them and the viewers. Who is thrown
// out comes back.
type crowd struct {
	kind string
	n    int
	addr string   // of the server's HTTP, or of its RTMP
	list *url.URL // a live media playlist
	// As they were at the last look, for kinds that ask.
	msn     atomic.Int64 // of the segment that is being made
	segment string       // path of the newest one that is finished

	members        []*net.TCPConn
	opened, failed int
}

// The kinds of crowds.
const (
	silent   = "silent"   // ask for segments and playlists and do not read
	parked   = "parked"   // wait for what is to come, over and over
	loris    = "loris"    // send a header a byte a second
	halfOpen = "halfopen" // the same with an RTMP handshake
)

// crowdMain is the process: `hostile crowd -kind …`. It tells a line of state
// a second, and ends by a signal.
func crowdMain(ctx context.Context, args []string, out io.Writer) error {
	c := &crowd{}
	var list string
	f := flag.NewFlagSet("crowd", flag.ContinueOnError)
	f.StringVar(&c.kind, "kind", "", "silent, parked, loris or halfopen")
	f.IntVar(&c.n, "n", 0, "connections")
	f.StringVar(&c.addr, "addr", "", "host:port")
	f.StringVar(&list, "list", "", "address of a live media playlist")
	if err := f.Parse(args); err != nil {
		return fmt.Errorf("%w: %w", command.ErrUse, err)
	}
	if !slices.Contains([]string{silent, parked, loris, halfOpen}, c.kind) || c.n < 1 {
		return fmt.Errorf("%w: crowd needs -kind and -n", command.ErrUse)
	}
	var err error
	if c.list, err = url.Parse(list); err != nil {
		return fmt.Errorf("%w: %w", command.ErrUse, err)
	}
	c.members = make([]*net.TCPConn, c.n)
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		if err := c.look(ctx); err != nil {
			return err
		}
		fmt.Fprintln(out, c.state())
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// look brings the crowd to its number, and makes those who send do so.
func (c *crowd) look(ctx context.Context) error {
	if err := c.findEdge(ctx); err != nil {
		return err
	}
	for i, m := range c.members {
		if m != nil && established(m) {
			if c.kind == loris || c.kind == halfOpen {
				_, _ = m.Write([]byte{'x'}) // the next look sees whether it is gone
			}
			continue
		}
		if m != nil {
			_ = m.Close()
		}
		c.members[i] = nil
		if ctx.Err() != nil {
			return nil
		}
		m, err := c.open(ctx)
		if err != nil {
			c.failed++
			continue
		}
		c.members[i] = m
		c.opened++
	}
	return nil
}

func (c *crowd) open(ctx context.Context) (*net.TCPConn, error) {
	d := net.Dialer{Timeout: time.Second}
	conn, err := d.DialContext(ctx, "tcp", c.addr)
	if err != nil {
		return nil, err
	}
	m, ok := conn.(*net.TCPConn)
	if !ok {
		return nil, fmt.Errorf("%s is not TCP", c.addr)
	}
	_ = m.SetLinger(0) // leave nothing behind
	switch c.kind {
	case silent:
		_, err = io.WriteString(m, c.manyRequests())
	case parked:
		go c.wait(m) // ends with the connection, and at the latest with the process
	case loris:
		_, err = io.WriteString(m, "GET / HTTP/1.1\r\nX: ")
	case halfOpen:
		_, err = m.Write([]byte{3}) // C0 (RTMP 1.0 5.2.2); C1 never comes whole
	}
	if err != nil {
		_ = m.Close()
		return nil, err
	}
	return m, nil
}

// state is the line that the other process reads.
func (c *crowd) state() string {
	open := 0
	for _, m := range c.members {
		if m != nil && established(m) {
			open++
		}
	}
	return fmt.Sprintf(stateFormat, open, c.opened, c.failed)
}

// stateFormat says how many are there, came, and could not come.
const stateFormat = "crowd %d %d %d"

// established asks the system, as a look at the connection itself would read
// what is there.
func established(m *net.TCPConn) bool {
	const tcpEstablished = 1 // of linux/tcp_states.h
	raw, err := m.SyscallConn()
	if err != nil {
		return false
	}
	alive := false
	err = raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		alive = err == nil && info.State == tcpEstablished
	})
	return alive && err == nil
}
