package testkit

import (
	"io"
	"net"
	"sync"
	"testing"
)

// Cable carries TCP connections to a server and can be cut. Its methods may be
// called by several goroutines.
type Cable struct {
	Addr string // host:port to connect to instead of the server's

	listener net.Listener
	to       string
	carrying sync.WaitGroup

	mu   sync.Mutex
	cut  bool
	ends map[*net.TCPConn]bool // both ends of each connection
}

// Cut says how the ends of a connection learn that it is gone.
type Cut int

// The ways to cut a cable.
const (
	Reset  Cut = iota // RST: the connection breaks
	Hangup            // FIN: it ends, in the middle of what was said
)

// LayCable listens on a free loopback port for connections to the server at
// host:port. It is taken up when the test ends.
func LayCable(t testing.TB, to string) *Cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("lay a cable: %v", err)
	}
	c := &Cable{Addr: l.Addr().String(), listener: l, to: to, ends: map[*net.TCPConn]bool{}}
	c.carrying.Go(c.run)
	t.Cleanup(func() {
		_ = l.Close() // ends run; nothing else can go wrong with it
		c.Cut(Reset)
		c.carrying.Wait()
	})
	return c
}

// Cut breaks what is connected, and what connects until Mend.
func (c *Cable) Cut(how Cut) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = true
	for end := range c.ends {
		if how == Reset {
			_ = end.SetLinger(0) // an end that is closed already needs no reset
		}
		_ = end.Close()
	}
}

// Mend lets new connections through again.
func (c *Cable) Mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cut = false
}

func (c *Cable) run() {
	for {
		near, err := c.listener.Accept()
		if err != nil {
			return // closed at the test's end
		}
		c.carrying.Go(func() { c.carry(near.(*net.TCPConn)) })
	}
}

// carry copies both ways until either end is done, or the cable is cut.
func (c *Cable) carry(near *net.TCPConn) {
	defer near.Close()
	if !c.plug(near) {
		return
	}
	defer c.unplug(near)
	conn, err := net.Dial("tcp", c.to)
	if err != nil {
		return // the server is gone, and so is what we carry
	}
	far := conn.(*net.TCPConn)
	defer far.Close()
	if !c.plug(far) {
		return
	}
	defer c.unplug(far)
	var back sync.WaitGroup
	back.Go(func() { c.pipe(near, far) })
	c.pipe(far, near)
	back.Wait()
}

// plug tells whether the cable is whole.
func (c *Cable) plug(end *net.TCPConn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cut {
		return false
	}
	c.ends[end] = true
	return true
}

func (c *Cable) unplug(end *net.TCPConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ends, end)
}

// pipe copies one direction to its end, and passes the end on unless the cable
// was cut: then each end learns it from Cut.
func (c *Cable) pipe(to, from *net.TCPConn) {
	_, _ = io.Copy(to, from) // however it ends, there is no more
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.cut {
		_ = to.CloseWrite()
	}
}
