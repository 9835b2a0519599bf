package flvload

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit bounds every wait of a test.
const limit = 30 * time.Second

// clip is twelve pictures of which each has a size of its own, key frames are
// the 0th, 4th and 8th, and some sound.
func clip() *flvclip.Clip {
	c := &flvclip.Clip{Millis: 400, Frames: 12}
	for i := range c.Frames {
		body := append([]byte{0x27, 1}, make([]byte, 100+i)...)
		if i%4 == 0 {
			body[0] = 0x17
		}
		at := uint32(i * 400 / 12)
		c.Media = append(c.Media, flvclip.Tag{Type: flvclip.Video, Time: at, Body: body}, flvclip.Tag{Type: flvclip.Audio, Time: at, Body: []byte{0xaf, 1, 0}})
	}
	return c
}

// sentBy is an encoder that has sent some pictures.
func sentBy(pictures int) *Encoder {
	e := NewEncoder(clip(), 10*time.Second)
	for i := range pictures {
		e.sent[i].Store(e.now())
	}
	e.count.Store(int64(pictures))
	return e
}

// pictures is the encoder's pictures of the given numbers as FLV, on another
// clock than the encoder's.
func pictures(e *Encoder, numbers ...int) (b []byte) {
	for _, n := range numbers {
		t := e.of(n)
		size := len(t.Body)
		b = append(b, t.Type, 0, byte(size>>8), byte(size), 0, 3, byte(n), 0, 0, 0, 0)
		b = append(append(b, t.Body...), 0, 0, 0, 0)
	}
	return b
}

const head = "HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\n\r\nFLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00"

// site answers every connection with the same pieces, each once the test says so.
type site struct {
	net.Listener
	next []chan []byte
	wg   sync.WaitGroup
}

func newSite(t *testing.T, viewers int) *site {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &site{Listener: l}
	for range viewers {
		s.next = append(s.next, make(chan []byte, 8))
	}
	s.wg.Go(func() {
		for _, next := range s.next {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.wg.Go(func() {
				defer func() { _ = c.Close() }()
				for b := range next {
					if _, err := c.Write(b); err != nil {
						return
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		for _, next := range s.next {
			close(next)
		}
		s.wg.Wait()
	})
	return s
}

func (s *site) send(b []byte) {
	for _, next := range s.next {
		next <- b
	}
}

func join(t *testing.T, e *Encoder, s *site) *Crowd {
	t.Helper()
	c, err := NewCrowd(e)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	require.NoError(t, c.Join(t.Context(), s.Addr().String(), FLV("/live/x.flv"), len(s.next), 0))
	return c
}

func TestCrowdCountsWhatComes(t *testing.T) {
	e := sentBy(14)
	s := newSite(t, 3)
	c := join(t, e, s)
	s.send([]byte(head[:20]))
	// The newest key frame is picture 12, which is as long as picture 0.
	first := append([]byte(head[20:]), pictures(e, 12)...)
	s.send(first)
	require.NoError(t, c.Await(t.Context(), 13, limit))
	require.Len(t, c.Firsts(), 3)
	c.Begin()
	next := pictures(e, 13)
	s.send(next[:50])
	s.send(next[50:])
	require.NoError(t, c.Await(t.Context(), 14, limit))
	w := c.End()
	require.EqualValues(t, 3*len(next), w.Bytes)
	require.Len(t, w.Delays, 3)
	for _, d := range w.Delays {
		require.Positive(t, d)
	}
	require.ErrorContains(t, c.Await(t.Context(), 15, 0), "3 viewers have not had picture 14")
}

func TestCrowdTellsWhatWasLost(t *testing.T) {
	e := sentBy(12)
	for want, answer := range map[string][]byte{
		"picture 9 was due":    append([]byte(head), pictures(e, 8, 10)...),
		"was not sent":         append([]byte(head), append([]byte{9, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0x17, 1}, 0, 0, 0, 0)...),
		"404 Not Found":        []byte("HTTP/1.1 404 Not Found\r\n\r\n"),
		"the body is in chunk": []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
		"does not end":         make([]byte, 2*maxHead),
		"not an flv stream":    []byte("HTTP/1.1 200 OK\r\n\r\n<html></html>"),
	} {
		s := newSite(t, 1)
		c := join(t, e, s)
		s.send(answer)
		require.ErrorContains(t, c.Await(t.Context(), 12, limit), want)
	}
}

func TestCrowdTellsThatABodyEnded(t *testing.T) {
	s := newSite(t, 0)
	server, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = server.Close() }()
	s.wg.Go(func() {
		conn, err := server.Accept()
		if err != nil {
			return
		}
		_, _ = io.WriteString(conn, head)
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		_ = conn.Close()
	})
	c := join(t, sentBy(12), s)
	require.NoError(t, c.Join(t.Context(), server.Addr().String(), FLV("/"), 1, 0))
	require.ErrorContains(t, c.Await(t.Context(), 12, limit), "the body ended")
}

func TestJoinTellsWhyNot(t *testing.T) {
	c, err := NewCrowd(sentBy(0))
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Close()) }()
	refuse := func(net.Conn) (walker, time.Time, error) { return nil, time.Time{}, errors.New("no leave") }
	s := newSite(t, 1)
	require.ErrorContains(t, c.Join(t.Context(), s.Addr().String(), refuse, 1, 0), "viewer 0: ask: no leave")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, c.Join(ctx, s.Addr().String(), FLV("/"), 1, 0), context.Canceled)
}
