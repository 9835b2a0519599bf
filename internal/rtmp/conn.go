package rtmp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

const (
	// lingerTime and lingerBytes bound what is read after a farewell: closing
	// with unread bytes would reset the connection, and with it what the
	// encoder has not read yet.
	lingerTime  = time.Second
	lingerBytes = 4 << 20

	startWindow = 2_500_000 // bytes between acknowledgements until the peer asks otherwise
	leastWindow = 32 << 10  // a peer that asks for more often gets this
	ourChunks   = 4096      // holds each of our answers in one chunk
)

// conn is one connection. Its goroutine owns all of it; the one other, which
// waits for a kick, touches nothing but the socket's deadline.
type conn struct {
	srv    *Server
	socket net.Conn
	nc     net.Conn // the socket, or TLS over it
	hello  *hello   // nil without TLS
	log    *slog.Logger
	remote netip.AddrPort
	since  time.Time

	src    source
	in     *buffer
	chunks *chunkReader
	out    chunkWriter
	window uint64 // bytes between acknowledgements
	acked  uint64

	peer      peer
	streams   int    // message streams made
	asked     bool   // to publish
	published uint32 // the message stream that publishes

	pub    *live.Publisher // nil until let in
	intake intake
	leave  chan struct{} // closed once the connection needs no kick any more
	watch  sync.WaitGroup
}

func newConn(s *Server, nc net.Conn, secure *tls.Config) *conn {
	c := &conn{srv: s, socket: nc, nc: nc, remote: remote(nc), since: time.Now(), window: startWindow}
	c.log = s.log.With("remote", c.remote)
	if secure != nil {
		c.hello = &hello{Conn: nc, left: maxHello}
		c.nc = tls.Server(c.hello, secure)
	}
	c.src = source{nc: c.nc, total: &s.counts.bytes}
	c.in = newBuffer(&c.src)
	c.chunks = newChunkReader(c.in)
	c.out.chunkSize = firstChunkSize
	return c
}

// remote is the peer's address, the zero one when it is not of TCP.
func remote(nc net.Conn) netip.AddrPort {
	a, ok := nc.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	ap := a.AddrPort()
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
}

// serve runs the connection to its end. The caller closes the socket.
func (c *conn) serve() {
	cause := c.cause(c.guard(c.session))
	if err := c.guard(func() error { return c.release(cause) }); err != nil {
		cause = errors.Join(cause, err)
	}
	c.report(cause)
	var f *farewell
	if errors.As(cause, &f) || errors.Is(cause, errStopped) {
		c.partWays(f)
	}
}

// guard keeps a fault in one connection from ending the others.
func (c *conn) guard(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			c.srv.counts.panics.Add(1)
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return f()
}

// session reads messages until there is a reason not to.
func (c *conn) session() error {
	if err := c.nc.SetDeadline(c.publishBy()); err != nil {
		return fmt.Errorf("set a deadline: %w", err)
	}
	if err := c.secure(); err != nil {
		return err
	}
	if err := shake(c.in, c.write); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	for {
		m, err := c.chunks.next()
		if err != nil {
			return err
		}
		if err := c.handle(m); err != nil {
			return err
		}
		if c.src.received-c.acked >= c.window/2 { // half: some stop to send at a whole one
			c.out.control(typeAck, uint32(c.src.received))
			c.acked = c.src.received
		}
		if err := c.flush(); err != nil {
			return err
		}
	}
}

// publishBy is when a stranger must have asked to publish.
func (c *conn) publishBy() time.Time { return c.since.Add(c.srv.opts.PublishTimeout) }

// release gives the stream back before anything else is done, so that a newer
// encoder need not wait for this one's last words.
func (c *conn) release(cause error) error {
	if c.pub == nil {
		return nil
	}
	close(c.leave)
	c.watch.Wait()
	c.srv.counts.publishing.Add(-1)
	c.pub.Close(end(cause), cause)
	return nil
}

// report writes the connection's one line at Info.
func (c *conn) report(cause error) {
	attrs := []slog.Attr{
		slog.Duration("duration", time.Since(c.since).Round(time.Millisecond)),
		slog.Uint64("bytes", c.src.received),
		slog.String("why", cause.Error()),
	}
	if n := c.intake.bad.total; n > 0 {
		attrs = append(attrs, slog.Uint64("bad_tags", n))
	}
	if n := c.intake.uncarried; n > 0 {
		attrs = append(attrs, slog.Uint64("uncarried_frames", n))
	}
	var p *panicked
	if errors.As(cause, &p) {
		attrs = append(attrs, slog.String("stack", string(p.stack)))
	}
	c.log.LogAttrs(c.srv.ctx, c.level(cause), "RTMP connection ended", attrs...)
}

// partWays tells the encoder why it must go, nil when it goes by itself, and
// gives it a moment to read that and close.
func (c *conn) partWays(f *farewell) {
	switch {
	case f == nil:
		c.status(c.published, "status", "NetStream.Unpublish.Success", "The broadcast has ended.")
	case f.code != "":
		c.status(c.published, "error", f.code, f.why)
	}
	if c.pub != nil && f != nil {
		c.command(0, "close", 0, nil, flv.Object{
			{Name: "level", Value: "status"},
			{Name: "code", Value: "NetConnection.Connect.Closed"},
			{Name: "description", Value: f.why},
		})
	}
	if c.flush() != nil {
		return
	}
	if closeWrite(c.nc) != nil || c.nc.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, c.nc, lingerBytes) // however it ends, the socket is closed next
}

// command adds a command message to what is flushed next.
func (c *conn) command(stream uint32, values ...any) {
	chunks := uint8(chunksCommand)
	if stream != 0 {
		chunks = chunksStatus
	}
	c.out.message(chunks, typeCommand, stream, flv.AppendAMF0(nil, values...))
}

// status adds an onStatus command (7.2.2).
func (c *conn) status(stream uint32, level, code, description string) {
	c.command(stream, "onStatus", 0, nil, flv.Object{
		{Name: "level", Value: level},
		{Name: "code", Value: code},
		{Name: "description", Value: description},
	})
}

// flush sends what was added, within the write timeout.
func (c *conn) flush() error {
	if len(c.out.buf) == 0 {
		return nil
	}
	err := c.write(c.out.buf)
	c.out.buf = c.out.buf[:0]
	return err
}

// write writes within the write timeout. Who has not asked to publish has no
// more time than that either: a peer need not read our answers.
func (c *conn) write(b []byte) error {
	by := time.Now().Add(c.srv.opts.WriteTimeout)
	if last := c.publishBy(); !c.asked && last.Before(by) {
		by = last
	}
	if err := c.nc.SetWriteDeadline(by); err != nil {
		return fmt.Errorf("set a deadline: %w", err)
	}
	if _, err := c.nc.Write(b); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}
