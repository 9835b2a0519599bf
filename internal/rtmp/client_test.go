package rtmp

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"math"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// ended is what a publisher's Close told.
type ended struct {
	end live.End
	err error
}

// gate is a live.Gate that lets everybody in, or refuses with an error.
type gate struct {
	refusal error
	fault   atomic.Bool   // panic when asked
	hold    chan struct{} // not nil: answer when it is closed, or ctx ends
	ends    chan ended
	asked   chan live.Request

	mu        sync.Mutex
	streams   []*live.Stream
	publisher *live.Publisher
}

func newGate() *gate {
	return &gate{ends: make(chan ended, 16), asked: make(chan live.Request, 16)}
}

func (g *gate) Publish(ctx context.Context, req live.Request) (*live.Publisher, error) {
	g.asked <- req
	if g.hold != nil {
		select {
		case <-g.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if g.fault.Load() {
		panic("a fault")
	}
	if g.refusal != nil {
		return nil, g.refusal
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s := live.NewStream("demo", "b1", live.Limits{Age: time.Hour, Bytes: 1 << 30})
	g.streams = append(g.streams, s)
	g.publisher = live.NewPublisher(s, func(_ *live.Publisher, end live.End, err error) {
		s.Close()
		g.ends <- ended{end, err}
	})
	return g.publisher, nil
}

func (g *gate) newest() (*live.Stream, *live.Publisher) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.streams) == 0 {
		return nil, nil
	}
	return g.streams[len(g.streams)-1], g.publisher
}

// receive returns what comes next, or fails the test.
func receive[T any](t *testing.T, from <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("waited %v in vain for %s", patience, what)
	}
	panic("not reached")
}

// journal collects log lines.
type journal struct {
	mu sync.Mutex
	b  strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// running is a server on loopback that the test's end shuts down.
type running struct {
	*Server
	addr string
	log  *journal
}

func start(t *testing.T, o Options) *running {
	t.Helper()
	return startWith(t, o, nil)
}

// startWith is start for connections that begin with TLS, if it is given.
func startWith(t *testing.T, o Options, secure *tls.Config) *running {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	j := &journal{}
	o.Log = slog.New(slog.NewTextHandler(j, nil))
	s := New(o)
	served := make(chan error, 1)
	go func() { served <- s.serve(l, secure) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		require.NoError(t, s.Shutdown(ctx))
		require.NoError(t, receive(t, served, "Serve to return"))
	})
	return &running{Server: s, addr: l.Addr().String(), log: j}
}

// client is an encoder whose every byte is written by hand, so that the
// server is not tested by code of its own.
type client struct {
	t         *testing.T
	nc        net.Conn
	r         *bufio.Reader
	chunkSize int // of the server
	bodies    map[byte][]byte
	heads     map[byte][]byte
}

func dial(t *testing.T, addr string) *client {
	t.Helper()
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = nc.Close() })
	require.NoError(t, nc.SetDeadline(time.Now().Add(patience)))
	return clientOn(t, nc)
}

func clientOn(t *testing.T, nc net.Conn) *client {
	return &client{t: t, nc: nc, r: bufio.NewReader(nc), chunkSize: 128, bodies: map[byte][]byte{}, heads: map[byte][]byte{}}
}

func (c *client) send(parts ...[]byte) {
	c.t.Helper()
	_, err := c.nc.Write(join(parts...))
	require.NoError(c.t, err)
}

func (c *client) shake() {
	c.t.Helper()
	c1 := make([]byte, 1536)
	c.send([]byte{3}, c1)
	_, err := io.ReadFull(c.r, make([]byte, 1+2*1536))
	require.NoError(c.t, err)
	c.send(make([]byte, 1536))
}

// heard is a message from the server.
type heard struct {
	typ    byte
	stream uint32
	body   []byte
}

// read returns the server's next message; it uses headers of type 0 and 3.
func (c *client) read() (heard, error) {
	for {
		first, err := c.r.ReadByte()
		if err != nil {
			return heard{}, err
		}
		id := first & 0x3f
		if first>>6 == 0 {
			head := make([]byte, 11)
			if _, err := io.ReadFull(c.r, head); err != nil {
				return heard{}, err
			}
			c.heads[id], c.bodies[id] = head, nil
		}
		head := c.heads[id]
		require.NotNil(c.t, head, "a chunk of type %d without a header", first>>6)
		length := int(head[3])<<16 | int(head[4])<<8 | int(head[5])
		piece := make([]byte, min(c.chunkSize, length-len(c.bodies[id])))
		if _, err := io.ReadFull(c.r, piece); err != nil {
			return heard{}, err
		}
		c.bodies[id] = append(c.bodies[id], piece...)
		if len(c.bodies[id]) < length {
			continue
		}
		m := heard{typ: head[6], stream: binary.LittleEndian.Uint32(head[7:]), body: c.bodies[id]}
		if m.typ == 1 {
			c.chunkSize = int(binary.BigEndian.Uint32(m.body))
		}
		return m, nil
	}
}

// reply is a command from the server, such as onStatus.
type reply struct {
	stream uint32
	values []any
}

func (r reply) name() string { s, _ := r.values[0].(string); return s }

// info returns a property of the command's last value.
func (r reply) info(name string) any {
	o, _ := r.values[len(r.values)-1].(flv.Object)
	return o.Get(name)
}

// until returns the commands up to the one that done accepts.
func (c *client) until(what string, done func(reply) bool) []reply {
	c.t.Helper()
	var all []reply
	for {
		m, err := c.read()
		require.NoError(c.t, err, "waiting for %s; heard %v", what, all)
		if m.typ != 20 {
			continue
		}
		values, err := flv.DecodeAMF0(m.body)
		require.NoError(c.t, err)
		all = append(all, reply{m.stream, values})
		if done(all[len(all)-1]) {
			return all
		}
	}
}

// status waits for an onStatus and returns it.
func (c *client) status() reply {
	c.t.Helper()
	all := c.until("onStatus", func(r reply) bool { return r.name() == "onStatus" })
	return all[len(all)-1]
}

// closed waits for the server to close and returns the commands before that.
func (c *client) closed() []reply {
	c.t.Helper()
	var all []reply
	for {
		m, err := c.read()
		if err != nil {
			require.False(c.t, errors.Is(err, context.DeadlineExceeded) || isTimeout(err), "the server did not close: %v", err)
			_ = c.nc.Close() // as encoders do, so that the server need not linger
			return all
		}
		if m.typ == 20 {
			values, err := flv.DecodeAMF0(m.body)
			require.NoError(c.t, err)
			all = append(all, reply{m.stream, values})
		}
	}
}

// drainSocket waits for the server to close.
func drainSocket(t *testing.T, nc net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, nc)
	require.False(t, isTimeout(err), "the server did not close")
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout()
}

// AMF0 values, written by hand from its specification.

func num(v float64) []byte {
	return binary.BigEndian.AppendUint64([]byte{0}, math.Float64bits(v))
}

func str(s string) []byte { return join([]byte{2, byte(len(s) >> 8), byte(len(s))}, []byte(s)) }

func null() []byte { return []byte{5} }

func obj(pairs ...any) []byte {
	b := []byte{3}
	for i := 0; i < len(pairs); i += 2 {
		name := pairs[i].(string)
		b = join(b, []byte{byte(len(name) >> 8), byte(len(name))}, []byte(name), pairs[i+1].([]byte))
	}
	return append(b, 0, 0, 9)
}

func array(values ...[]byte) []byte {
	return join(binary.BigEndian.AppendUint32([]byte{10}, uint32(len(values))), join(values...))
}

// command is a message on a chunk stream, in chunks of 128 or of the size given.
func command(id int, stream byte, size int, values ...[]byte) []byte {
	return packed(id, 20, stream, size, join(values...))
}

func packed(id int, typ, stream byte, size int, body []byte) []byte {
	b := type0(id, 0, len(body), typ, stream)
	for len(body) > size {
		b = join(b, body[:size], type3(id))
		body = body[size:]
	}
	return join(b, body)
}

// A second of sound: AAC-LC, 44.1 kHz, two channels.

func soundHeader(id int, ms uint32) []byte {
	body := []byte{0xaf, 0, 0x12, 0x10}
	return join(type0(id, ms, len(body), 8, 1), body)
}

func sound(id int, ms uint32) []byte {
	body := join([]byte{0xaf, 1}, fill(20, byte(ms)))
	return join(type0(id, ms, len(body), 8, 1), body)
}
