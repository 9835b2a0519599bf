package notify

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// page is one that listens.
type page struct {
	net.Conn
	t    *testing.T
	over chan struct{} // closed when its socket has ended
}

// listens opens a page of a user's, past the handshake and the first word.
func (s *site) listens(t *testing.T, n *Service, a account.Actor) *page {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	there, err := l.Accept()
	require.NoError(t, err)
	e, err := n.Listen(a)
	require.NoError(t, err)
	p := &page{conn, t, make(chan struct{})}
	go func() {
		defer close(p.over)
		e.Serve(t.Context(), there, bufio.NewReader(there))
	}()
	t.Cleanup(func() { _ = conn.Close() })
	require.JSONEq(t, `{"type":"hello"}`, string(p.next().Payload))
	return p
}

// next is the next frame.
func (p *page) next() ws.Frame {
	p.t.Helper()
	require.NoError(p.t, p.SetReadDeadline(time.Now().Add(limit)))
	h, err := ws.ReadHeader(p)
	require.NoError(p.t, err)
	require.LessOrEqual(p.t, h.Length, int64(1<<20))
	payload := make([]byte, h.Length)
	_, err = io.ReadFull(p, payload)
	require.NoError(p.t, err)
	return ws.Frame{Header: h, Payload: payload}
}

// closed reads to the end, and returns why.
func (p *page) closed() ws.StatusCode {
	p.t.Helper()
	for {
		f := p.next()
		if f.Header.OpCode == ws.OpClose {
			code, _ := ws.ParseCloseFrameData(f.Payload)
			<-p.over
			return code
		}
	}
}

func (p *page) say(f ws.Frame) {
	p.t.Helper()
	require.NoError(p.t, ws.WriteFrame(p, ws.MaskFrame(f)))
}

// lines is a bus without a net: every process hears every word.
type lines struct {
	mu   sync.Mutex
	ears map[string][]func([]byte)
}

func (b *lines) Publish(subject string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.ears[subject] {
		f(data)
	}
	return nil
}

func (b *lines) Subscribe(subject string, f func([]byte)) (func(), error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ears[subject] = append(b.ears[subject], f)
	return func() {}, nil
}

// A page hears of what its user follows and wants to hear of, in whichever
// process it listens; others hear nothing.
func TestPagesAreTold(t *testing.T) {
	bus := &lines{ears: map[string][]func([]byte){}}
	s := newSite(t, func(o *Options) { o.Bus = bus })
	other := s.another(func(o *Options) { o.Bus = bus })
	vera, quiet, stranger := s.follower("vera", store.Ways{}, "en"), s.follower("quiet", store.Ways{Page: &no}, "en"), s.person("stranger")
	here, there := s.listens(t, s.Service, vera), s.listens(t, other, vera)
	silent := []*page{s.listens(t, other, quiet), s.listens(t, s.Service, stranger)}
	b := s.goLive("Chess")
	s.work()
	for _, p := range []*page{here, there} {
		var got map[string]any
		require.NoError(t, json.Unmarshal(p.next().Payload, &got))
		require.Equal(t, map[string]any{
			"type": "live", "channel": "show", "title": "show", "broadcastId": b.ID, "broadcastTitle": "Chess", "at": float64(day.UnixMilli()),
		}, got)
	}
	for _, p := range silent {
		p.say(ws.NewPingFrame([]byte("x")))
		f := p.next()
		require.Equal(t, ws.OpPong, f.Header.OpCode, "and nothing before it")
		require.Equal(t, "x", string(f.Payload))
	}
	other.Close()
	require.Equal(t, ws.StatusGoingAway, there.closed())
	_, err := other.Listen(vera)
	require.ErrorIs(t, err, ErrClosed)
	_, err = s.Listen(account.Actor{})
	require.ErrorIs(t, err, account.ErrSignIn)
}

// A page that does not read is let go, and the others go on.
func TestAPageThatDoesNotRead(t *testing.T) {
	s := newSite(t, nil)
	vera := s.person("vera")
	slow, quick := s.listens(t, s.Service, vera), s.listens(t, s.Service, vera)
	event, err := json.Marshal(strings.Repeat("x", 256<<10))
	require.NoError(t, err)
	for over := false; !over; {
		s.hub.tell(pageWord{Users: []string{vera.User.ID}, Event: event})
		require.Len(t, quick.next().Payload, len(event))
		s.hub.mu.Lock()
		for _, f := range s.hub.feeds[vera.User.ID] {
			select {
			case <-f.end:
				over = true
				require.Equal(t, closedSlow, f.why)
			default:
			}
		}
		s.hub.mu.Unlock()
	}
	_ = slow.Close()
	<-slow.over
	s.hub.tell(pageWord{Users: []string{vera.User.ID}, Event: []byte(`1`)})
	require.Equal(t, "1", string(quick.next().Payload))
}

func TestWhatPagesMayNotSay(t *testing.T) {
	s := newSite(t, nil)
	vera := s.person("vera")
	for what, tc := range map[string]struct {
		say  func(*page)
		want ws.StatusCode
	}{
		"text":        {func(p *page) { p.say(ws.NewTextFrame([]byte("{}"))) }, ws.StatusUnsupportedData},
		"binary":      {func(p *page) { p.say(ws.NewBinaryFrame([]byte{1})) }, ws.StatusUnsupportedData},
		"long":        {func(p *page) { p.say(ws.NewTextFrame(make([]byte, 126))) }, ws.StatusMessageTooBig},
		"unmasked":    {func(p *page) { require.NoError(t, ws.WriteFrame(p, ws.NewPingFrame(nil))) }, ws.StatusProtocolError},
		"in pieces":   {func(p *page) { p.say(ws.NewFrame(ws.OpPing, false, nil)) }, ws.StatusProtocolError},
		"a bad word":  {func(p *page) { p.say(ws.NewFrame(ws.OpCode(0x5), true, nil)) }, ws.StatusProtocolError},
		"a close":     {func(p *page) { p.say(ws.NewCloseFrame(nil)) }, ws.StatusNormalClosure},
		"ping floods": {func(p *page) { _, _ = p.Write(pings(mostFrames + 1)) }, ws.StatusPolicyViolation},
	} {
		p := s.listens(t, s.Service, vera)
		tc.say(p)
		require.Equal(t, tc.want, p.closed(), what)
	}
	var all []*page
	for range mostFeeds + 1 {
		all = append(all, s.listens(t, s.Service, vera))
	}
	require.EqualValues(t, closedCrowd.code, all[0].closed(), "the oldest makes room")
	for _, p := range all[1:] {
		_ = p.Close()
		<-p.over
	}
	require.Empty(t, s.hub.feeds)
}

func pings(n int) (b []byte) {
	for range n {
		b = append(b, ws.MustCompileFrame(ws.MaskFrame(ws.NewPingFrame(nil)))...)
	}
	return b
}

func FuzzListen(f *testing.F) {
	f.Add([]byte{0x89, 0x80, 0, 0, 0, 0})
	f.Add([]byte{0x88, 0x82, 1, 2, 3, 4, 5, 6})
	f.Add([]byte{0x81, 0xff, 255, 255, 255, 255, 255, 255, 255, 255})
	f.Add(pings(30))
	f.Fuzz(func(t *testing.T, sent []byte) {
		here, there := net.Pipe()
		defer here.Close()
		_ = there.Close()
		frames, end := make(chan ws.Frame), make(chan struct{})
		var taking sync.WaitGroup
		taking.Go(func() {
			for {
				select {
				case p := <-frames:
					require.LessOrEqual(t, len(p.Payload), mostPayload)
				case <-end:
					return
				}
			}
		})
		require.NotZero(t, listen(here, strings.NewReader(string(sent)), frames, end).code)
		close(end)
		taking.Wait()
	})
}
