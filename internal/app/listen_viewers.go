package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rostrumlive/rostrum/internal/chat"
)

// viewers is everybody who comes by HTTP, with TLS or without. It keeps those
// who take what they asked for apart from those who only hold on to it, so that
// the latter cost little and not for long; see pace. A healthy viewer costs it
// two additions for each write and no timer.
//
// There is no bound for each address. A school, a mobile network or a proxy in
// front of the server is one address for thousands of viewers, and who attacks
// has more than one. What all hold together is bounded, and when that is
// reached who has been idle for longest makes room.
type viewers struct {
	pace  pace
	limit int          // connections at a time
	plain http.Handler // answers plain requests (see express); nil until it is known
	log   *slog.Logger

	stop     chan struct{}
	stopping sync.Once
	watching sync.WaitGroup

	accepted, acceptedTLS, cutOff, madeRoom, turnedAway, starved atomic.Int64

	mu   sync.Mutex
	open map[*viewer]struct{}
	rest time.Time // there was nobody idle to make room; not looked again before
}

// pace is what a viewer has to keep up with while a response waits for it.
type pace struct {
	look     time.Duration // from one look at the connections to the next
	patience time.Duration
	least    int64 // bytes that it acknowledges within patience
}

// viewerPace cuts off who takes less than 6.5 kbit/s. A telephone at
// 50 kbit/s may lose its network for 17 of the 20 seconds.
func viewerPace() pace {
	return pace{look: 5 * time.Second, patience: 20 * time.Second, least: 16 << 10}
}

func newViewers(p pace, limit int, log *slog.Logger) *viewers {
	return &viewers{pace: p, limit: limit, log: log, stop: make(chan struct{}), open: map[*viewer]struct{}{}}
}

// begin looks at the connections from now on, until close.
func (l *viewers) begin() { l.watching.Go(l.watch) }

// close ends what begin began, not the connections. It is idempotent.
func (l *viewers) close() {
	l.stopping.Do(func() { close(l.stop) })
	l.watching.Wait()
}

// viewerDoor is a listener through which viewers come.
type viewerDoor struct {
	*net.TCPListener
	to  *viewers
	tls bool // what comes is TLS, which who accepts from here unwraps
}

// door opens the TCP address of the schema's key name for viewers. The caller
// closes it.
func (l *viewers) door(ctx context.Context, name, addr string, tls bool) (*viewerDoor, error) {
	listener, err := listen(ctx, name, addr)
	if err != nil {
		return nil, err
	}
	tcp, ok := listener.(*net.TCPListener)
	if !ok {
		return nil, errors.Join(errors.New(name+": not a TCP address"), listener.Close())
	}
	return &viewerDoor{TCPListener: tcp, to: l, tls: tls}, nil
}

// Accept returns the next viewer.
func (d *viewerDoor) Accept() (net.Conn, error) {
	l := d.to
	for {
		c, err := d.AcceptTCP()
		if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
			l.starved.Add(1)
			l.makeRoom(time.Now())
		}
		if err != nil {
			return nil, err // net/http tries again when that can help
		}
		v := &viewer{TCPConn: c, of: l, tls: d.tls}
		if l.admit(v) {
			boundUnsent(c)
			return v, nil
		}
		l.turnedAway.Add(1)
		abort(c)
	}
}

// admit adds a connection, and makes room for it when there is none.
func (l *viewers) admit(v *viewer) bool {
	l.mu.Lock()
	full := len(l.open) >= l.limit
	l.mu.Unlock()
	if full && !l.makeRoom(time.Now()) {
		return false
	}
	l.accepted.Add(1)
	if v.tls {
		l.acceptedTLS.Add(1)
	}
	l.mu.Lock()
	l.open[v] = struct{}{}
	l.mu.Unlock()
	return true
}

// batch is the share of idle connections that make room together, so that
// they are looked for once for many who come.
const batch = 32

// makeRoom closes the connections that have waited for a request for longest,
// as any server may at any time (RFC 9112 9.5), and reports whether there was
// one.
func (l *viewers) makeRoom(now time.Time) bool {
	idle := l.idle(now)
	if len(idle) == 0 {
		return false
	}
	slices.SortFunc(idle, func(a, b idleViewer) int { return int(a.since - b.since) })
	idle = idle[:1+len(idle)/batch]
	for _, i := range idle {
		_ = i.v.Close() // it goes either way
	}
	l.madeRoom.Add(int64(len(idle)))
	return true
}

type idleViewer struct {
	v     *viewer
	since int64
}

// idle lists who waits for a request. When nobody does it does not look again
// for a while: who comes in a crowd costs no look each.
func (l *viewers) idle(now time.Time) []idleViewer {
	const again = 100 * time.Millisecond
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.rest) {
		return nil
	}
	var list []idleViewer
	for v := range l.open {
		if since := v.idleSince.Load(); since != 0 {
			list = append(list, idleViewer{v, since})
		}
	}
	if len(list) == 0 {
		l.rest = now.Add(again)
	}
	return list
}

func (l *viewers) forget(v *viewer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, v)
}

// count is how many connections are open.
func (l *viewers) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// countTLS is how many of them use TLS.
func (l *viewers) countTLS() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for v := range l.open {
		if v.tls {
			n++
		}
	}
	return n
}

// viewer is the connection of one.
type viewer struct {
	*net.TCPConn
	of  *viewers
	tls bool

	writes    atomic.Uint64 // begun and ended: odd while one waits for the viewer
	idleSince atomic.Int64  // Unix nanoseconds; 0 while it is not between two requests
	remote    string        // of who reads
	between   atomic.Bool   // net/http waits for the next request
	outlet    *chat.Outlet  // that all goes through once this is a chat's; nil before

	// How far the viewer was at a look; of watch alone.
	write uint64
	taken int64
	at    time.Time
}

// Write sends from memory.
func (v *viewer) Write(b []byte) (int, error) {
	if v.outlet != nil {
		return v.outlet.Write(b)
	}
	v.writes.Add(1)
	defer v.writes.Add(1)
	return v.TCPConn.Write(b)
}

// Outlet is how a chat writes, which waits for nobody. It belongs to whoever
// took the connection from net/http, and sees by itself to those who do not read.
func (v *viewer) Outlet() *chat.Outlet {
	if v.outlet == nil {
		v.outlet = chat.NewOutlet(v.TCPConn)
	}
	return v.outlet
}

// ReadFrom sends a file without passing it through memory.
func (v *viewer) ReadFrom(r io.Reader) (int64, error) {
	v.writes.Add(1)
	defer v.writes.Add(1)
	return v.TCPConn.ReadFrom(r)
}

// Close ends the connection.
func (v *viewer) Close() error {
	v.of.forget(v)
	return v.TCPConn.Close()
}

// abort ends a connection without waiting for what it has not taken: the
// system drops that at once.
func abort(c *net.TCPConn) {
	_ = c.SetLinger(0) // it goes either way
	_ = c.Close()
}

// between notes who waits for a request; it is net/http's ConnState.
func between(c net.Conn, state http.ConnState) {
	v := viewerOf(c)
	if v == nil {
		return
	}
	var since int64
	if state == http.StateIdle {
		v.between.Store(true)
		since = time.Now().UnixNano()
	}
	v.idleSince.Store(since)
}

// viewerOf returns the viewer behind a connection of net/http's, nil when
// there is none.
func viewerOf(c net.Conn) *viewer {
	if wrapped, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = wrapped.NetConn()
	}
	v, _ := c.(*viewer)
	return v
}
