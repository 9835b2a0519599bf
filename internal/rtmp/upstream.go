package rtmp

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/flv"
)

// Address is where another server takes a stream in. Its name may be a secret.
type Address struct {
	Secure bool   // rtmps
	Host   string // with the port
	App    string // the first part of the path
	Name   string // what follows, with its arguments; may be empty
}

// ParseTarget reads the address of another server's. As with nginx-rtmp the first
// part of its path is the app, and what follows the stream's name. Its error says
// nothing of the address.
func ParseTarget(text string) (Address, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Address{}, errors.New("it cannot be read")
	}
	a := Address{Secure: strings.EqualFold(u.Scheme, "rtmps")}
	app, name, _ := strings.Cut(strings.TrimPrefix(u.EscapedPath(), "/"), "/")
	switch {
	case !a.Secure && !strings.EqualFold(u.Scheme, "rtmp"):
		return Address{}, errors.New("it does not begin with rtmp:// or rtmps://")
	case u.User != nil:
		return Address{}, errors.New("it holds a user and password, which is not supported")
	case u.Hostname() == "":
		return Address{}, errors.New("it names no host")
	case app == "":
		return Address{}, errors.New("it names no application")
	}
	port := u.Port()
	if port == "" {
		port = "1935"
		if a.Secure {
			port = "443"
		}
	}
	a.Host, a.App, a.Name = net.JoinHostPort(u.Hostname(), port), app, name
	if _, _, err := net.SplitHostPort(a.Host); err != nil { // brackets where none belong
		return Address{}, errors.New("it names no host")
	}
	if u.RawQuery != "" {
		if name == "" {
			a.App += "?" + u.RawQuery
		} else {
			a.Name += "?" + u.RawQuery
		}
	}
	return a, nil
}

// Public is the address without what may be a secret.
func (a Address) Public() string {
	app, _, _ := strings.Cut(a.App, "?")
	return a.Host + "/" + app
}

func (a Address) tcURL() string {
	scheme := "rtmp://"
	if a.Secure {
		scheme = "rtmps://"
	}
	return scheme + a.Host + "/" + a.App
}

// Upstream is a connection on which a stream is published to another server. One
// goroutine writes to it.
type Upstream struct {
	nc     net.Conn
	in     *buffer
	chunks *chunkReader
	stream uint32 // the message stream that publishes
	name   string

	patience time.Duration
	hurried  atomic.Bool

	mu  sync.Mutex // of out, and of writing to nc
	out chunkWriter

	reading sync.WaitGroup
	done    chan struct{} // closed when nothing more is heard
	err     error         // why; valid once done is closed
}

const (
	// upstreamPatience is UpstreamOptions.Patience unless it says otherwise.
	upstreamPatience = 15 * time.Second
	// upstreamName is what we call ourselves to other servers. Some of them look at
	// the beginning, and know of no other encoders.
	upstreamName = "FMLE/3.0 (compatible; rostrum)"
)

// UpstreamOptions is how another server is dealt with.
type UpstreamOptions struct {
	TLS *tls.Config // whom to trust of rtmps; nil is the system
	// Patience bounds what it takes to be let in, and then each write. Zero is 15 s.
	Patience time.Duration
}

// Publish connects to another server and begins to publish a stream. It returns
// once the server has let it in. ctx bounds that alone.
func Publish(ctx context.Context, a Address, o UpstreamOptions) (*Upstream, error) {
	if o.Patience <= 0 {
		o.Patience = upstreamPatience
	}
	ctx, cancel := context.WithTimeout(ctx, o.Patience)
	defer cancel()
	nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", a.Host)
	if err != nil {
		return nil, err
	}
	if a.Secure {
		host, _, _ := net.SplitHostPort(a.Host)
		config := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		if o.TLS != nil {
			config.RootCAs = o.TLS.RootCAs
		}
		nc = tls.Client(nc, config)
	}
	u := &Upstream{nc: nc, name: a.Name, patience: o.Patience, done: make(chan struct{})}
	u.in = newBuffer(nc)
	u.chunks = newChunkReader(u.in)
	u.out.chunkSize = firstChunkSize
	undo := context.AfterFunc(ctx, func() { _ = nc.SetDeadline(time.Unix(1, 0)) })
	err = u.begin(a)
	if !undo() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = nc.Close()
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	u.reading.Go(u.listen) // ended by Close
	return u, nil
}

// begin goes through everything up to the server's leave.
func (u *Upstream) begin(a Address) error {
	if err := u.shake(); err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	u.out.control(typeSetChunkSize, ourChunks)
	u.out.chunkSize = ourChunks
	u.command(0, "connect", 1, flv.Object{
		{Name: "app", Value: a.App},
		{Name: "type", Value: "nonprivate"},
		{Name: "flashVer", Value: upstreamName},
		{Name: "tcUrl", Value: a.tcURL()},
		{Name: "fourCcList", Value: []any{"avc1", "hvc1", "av01", "mp4a", "Opus"}},
	})
	if _, err := u.answer(1); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	u.command(0, "releaseStream", 2, nil, u.name)
	u.command(0, "FCPublish", 3, nil, u.name)
	u.command(0, "createStream", 4, nil)
	made, err := u.answer(4)
	if err != nil {
		return fmt.Errorf("create a stream: %w", err)
	}
	if len(made.values) < 4 {
		return errors.New("create a stream: the answer holds no number")
	}
	n, ok := made.values[3].(float64)
	if !ok || n < 0 || n > 1<<24 {
		return errors.New("create a stream: the answer holds no number")
	}
	u.stream = uint32(n)
	u.command(u.stream, "publish", 5, nil, u.name, "live")
	_, err = u.answer(5)
	return err
}

// shake is the plain handshake (5.2), which all servers know.
func (u *Upstream) shake() error {
	if _, err := u.nc.Write(append([]byte{version}, make([]byte, handshakeSize)...)); err != nil {
		return err
	}
	s0, err := u.in.next(1)
	if err != nil {
		return err
	}
	if s0[0] != version {
		return errors.New("the server does not speak RTMP")
	}
	s1, err := u.in.next(handshakeSize)
	if err != nil {
		return err
	}
	if _, err := u.nc.Write(s1); err != nil {
		return err
	}
	_, err = u.in.next(handshakeSize) // some servers send something else than C1
	return err
}

func (u *Upstream) command(stream uint32, values ...any) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.out.message(chunksCommand, typeCommand, stream, flv.AppendAMF0(nil, values...))
}

// answer sends what was added and waits for the answer to a transaction: of
// publish that is the first status.
func (u *Upstream) answer(transaction float64) (*call, error) {
	if err := u.Flush(); err != nil {
		return nil, err
	}
	const publishing = 5
	for {
		m, err := u.chunks.next()
		if err != nil {
			return nil, err
		}
		c, err := u.heard(m)
		switch {
		case err != nil:
			return nil, err
		case c == nil:
		case c.name == "onStatus":
			if err := u.refusal(c); err != nil {
				return nil, err
			}
			if transaction == publishing {
				return c, nil
			}
		case c.transaction == transaction && c.name == "_error":
			return nil, u.refused(c)
		case c.transaction == transaction && c.name == "_result" && transaction != publishing:
			return c, nil
		}
	}
}

// heard does what a message of the server's asks for, and returns it when it is a
// command.
func (u *Upstream) heard(m message) (*call, error) {
	body := m.body
	switch m.typ {
	case typeUserControl:
		if len(body) >= 6 && binary.BigEndian.Uint16(body) == eventPingRequest {
			u.mu.Lock()
			u.out.event(eventPingResponse, binary.BigEndian.Uint32(body[2:]))
			u.mu.Unlock()
			return nil, u.Flush()
		}
		return nil, nil
	case typeCommandAMF3:
		body = withoutAMF3(body)
	case typeCommand:
	default:
		return nil, nil
	}
	values, err := flv.DecodeAMF0Bounded(body, maxCommandValues)
	if err != nil || len(values) < 2 {
		return nil, nil // nothing that we wait for
	}
	c := &call{stream: m.stream, values: values}
	c.name, _ = values[0].(string)
	c.transaction, _ = values[1].(float64)
	return c, nil
}

// refusal is the error that a status tells, nil where it tells none.
func (u *Upstream) refusal(c *call) error {
	if level, _ := object(c.values[len(c.values)-1]).Get("level").(string); level == "error" {
		return u.refused(c)
	}
	return nil
}

// refused is what the server said, without the name that it may have repeated.
func (u *Upstream) refused(c *call) error {
	o := object(c.values[len(c.values)-1])
	code, _ := o.Get("code").(string)
	why, _ := o.Get("description").(string)
	// Twice: what is cut off may end within the name, and what cannot be printed
	// may stand within it.
	said := u.nameless(flv.Printable(u.nameless(code + " " + why)))
	return fmt.Errorf("the other server refuses: %s", strings.TrimSpace(said))
}

// nameless leaves the stream's name out of a text.
func (u *Upstream) nameless(text string) string {
	for _, name := range []string{u.name, strings.SplitN(u.name, "?", 2)[0]} {
		if name != "" {
			text = strings.ReplaceAll(text, name, "…")
		}
	}
	return text
}

// listen reads what the server says until it closes, sends an error, or Close.
func (u *Upstream) listen() {
	defer close(u.done)
	if u.err = u.nc.SetReadDeadline(time.Time{}); u.err != nil {
		return
	}
	for {
		m, err := u.chunks.next()
		if err != nil {
			u.err = err
			return
		}
		c, err := u.heard(m)
		if err == nil && c != nil && c.name == "onStatus" {
			err = u.refusal(c)
		}
		if err == nil && c != nil && c.name == "close" {
			err = errors.New("the other server sent the stream away")
		}
		if err != nil {
			u.err = err
			return
		}
	}
}

// Gone is closed when the server has ended the connection; Err then says why.
func (u *Upstream) Gone() <-chan struct{} { return u.done }

// Err is valid once Gone is closed.
func (u *Upstream) Err() error {
	<-u.done
	return u.err
}

// Add adds a tag's body to what is flushed next, at a time in milliseconds, and
// returns how much waits for that.
func (u *Upstream) Add(typ flv.TagType, ms uint32, body []byte) int {
	chunks := uint8(chunksAudio)
	if typ == flv.TagVideo {
		chunks = chunksVideo
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.out.at(chunks, uint8(typ), u.stream, ms, body)
	return len(u.out.buf)
}

// Hurry is for a stream that is over: what is being sent, and what is sent from
// then on, is given up after a second. It does not wait, and any goroutine may
// call it.
func (u *Upstream) Hurry() {
	u.hurried.Store(true)
	_ = u.nc.SetWriteDeadline(time.Now().Add(lingerTime))
}

// Flush sends what was added.
func (u *Upstream) Flush() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.out.buf) == 0 {
		return nil
	}
	if err := u.nc.SetWriteDeadline(time.Now().Add(u.patience)); err != nil {
		return err
	}
	if u.hurried.Load() { // looked at behind the deadline, which Hurry may have moved just before
		if err := u.nc.SetWriteDeadline(time.Now().Add(lingerTime)); err != nil {
			return err
		}
	}
	_, err := u.nc.Write(u.out.buf)
	u.out.buf = u.out.buf[:0]
	return err
}

// Close says that the stream is over and ends the connection.
func (u *Upstream) Close() {
	u.command(0, "FCUnpublish", 6, nil, u.name)
	u.command(0, "deleteStream", 7, nil, float64(u.stream))
	u.mu.Lock()
	_ = u.nc.SetWriteDeadline(time.Now().Add(lingerTime))
	if _, err := u.nc.Write(u.out.buf); err == nil && closeWrite(u.nc) == nil {
		_ = u.nc.SetReadDeadline(time.Now().Add(lingerTime)) // listen reads what is left, so that nothing resets
	} else {
		_ = u.nc.SetReadDeadline(time.Unix(1, 0))
	}
	u.mu.Unlock()
	u.reading.Wait()
	_ = u.nc.Close()
}
