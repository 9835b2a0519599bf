package restream

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// narrow is the way to another server, on which nothing moves while it is shut. It
// holds little.
type narrow struct {
	addr string

	mu    sync.Mutex
	open  chan struct{} // closed while it is
	conns []net.Conn
	ended bool
}

func newNarrow(t *testing.T, to string) *narrow {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &narrow{addr: l.Addr().String(), open: make(chan struct{})}
	close(n.open)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			_ = near.(*net.TCPConn).SetReadBuffer(256 << 10)
			far, err := net.Dial("tcp", to)
			if err != nil || !n.keep(near, far) {
				_ = near.Close()
				continue
			}
			all.Go(func() {
				_, _ = io.Copy(near, far)
				_, _ = near.Close(), far.Close()
			})
			all.Go(func() {
				n.carry(far, near)
				_ = far.(*net.TCPConn).CloseWrite() // the server reads what is on the way
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		n.mu.Lock()
		n.ended = true
		for _, nc := range n.conns {
			_ = nc.Close()
		}
		n.mu.Unlock()
		n.unshut()
		all.Wait()
	})
	return n
}

// keep is false when all is over.
func (n *narrow) keep(conns ...net.Conn) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.conns = append(n.conns, conns...)
	return !n.ended
}

func (n *narrow) carry(to io.Writer, from io.Reader) {
	b := make([]byte, 64<<10)
	for {
		n.mu.Lock()
		open := n.open
		n.mu.Unlock()
		<-open
		read, err := from.Read(b)
		if err != nil {
			return
		}
		if _, err := to.Write(b[:read]); err != nil {
			return
		}
	}
}

func (n *narrow) shut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.open = make(chan struct{})
}

func (n *narrow) unshut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	select {
	case <-n.open:
	default:
		close(n.open)
	}
}

// heavy is the clip with pictures that no system holds many seconds of in its
// sockets: to each is added a message for nobody that begins with its number.
func heavy(t *testing.T) cliptest.Clip {
	t.Helper()
	const weight, typeSEI, userData = 64 << 10, 6, 5 // H.264 7.4.1, D.1.7
	clip, n := cliptest.Load(t), uint32(0)
	for i, u := range clip {
		if u.Track.Kind() != media.Video {
			continue
		}
		sei := make([]byte, 4+3+weight)
		binary.BigEndian.PutUint32(sei, uint32(len(sei)-4))
		sei[4], sei[5], sei[6] = typeSEI, userData, 0xff
		binary.BigEndian.PutUint32(sei[len(sei)-4:], n)
		clip[i].Data = append(append([]byte(nil), u.Data...), sei...)
		n++
	}
	return clip
}

// numberOf is what heavy wrote into a picture.
func numberOf(u *media.AccessUnit) int { return int(binary.BigEndian.Uint32(u.Data[len(u.Data)-4:])) }

// A server that stops reading in the middle of a stream loses what it does not
// read, from a key picture to a key picture, and the loss is counted. Meanwhile
// nobody waits: not the publisher, and not the relays of others.
func TestTheOtherServerStopsReading(t *testing.T) {
	slow, quick, clip := newOther(t, ""), newOther(t, ""), heavy(t)
	way := newNarrow(t, slow.addr)
	h := newHere(t, Options{Patience: limit})
	h.stream = live.NewStream("show", "b1", live.Limits{Age: time.Hour, Bytes: 8 << 20})
	h.publish()
	h.Begin(h.pub, h.stream, "rtmp://"+way.addr+"/live/key", "show")
	another := live.NewStream("another", "b2", plenty)
	defer another.Close()
	beside := live.NewPublisher(another, func(*live.Publisher, live.End, error) {})
	beside.Expect(media.Video, media.Audio)
	h.Begin(beside, another, "rtmp://"+quick.addr+"/live/key", "another")
	await(t, "both relays", func() bool { return h.Stats().Connected == 2 })

	pictures := clip.Of(media.Video)
	begin := clip.Between(0, 2*time.Second)
	begin.Send(h.pub)
	await(t, "the beginning", func() bool {
		n, _, _ := slow.counts()
		return n == 1 && len(slow.units(0, media.Video)) == len(begin.Of(media.Video))
	})
	way.shut()
	clip.Between(2*time.Second, 22*time.Second).Send(h.pub) // returns
	clip.Send(beside)
	await(t, "all pictures of the other relay", func() bool {
		n, _, _ := quick.counts()
		return n == 1 && len(quick.units(0, media.Video)) == len(pictures)
	})
	r, _ := h.Of("b2")
	require.Zero(t, r.Lost)
	r, _ = h.Of("b1")
	require.True(t, r.Connected)

	way.unshut()
	clip.Between(22*time.Second, 24*time.Second).Send(h.pub)
	h.stream.Close()
	await(t, "the end", func() bool { _, ended, _ := slow.counts(); _, there := h.Of("b1"); return ended == 1 && !there })
	n, _, _ := slow.counts()
	require.Equal(t, 1, n, "on one connection")
	got, gaps := slow.units(0, media.Video), 0
	for i, u := range got {
		if before := i - 1; i > 0 && numberOf(u) != numberOf(got[before])+1 {
			gaps++
			require.True(t, u.Key, "after picture %d came %d", numberOf(got[before]), numberOf(u))
		}
		require.Equal(t, pictures[numberOf(u)].Data, u.Data)
	}
	require.Positive(t, gaps)
	require.Equal(t, len(pictures)-1, numberOf(got[len(got)-1]), "to the end")
	missing := len(pictures) - len(got) + len(clip.Of(media.Audio)) - len(slow.units(0, media.Audio))
	early := 0 // sound before the first picture, which is not relayed
	for ; clip[early].Track.Kind() == media.Audio; early++ {
	}
	require.EqualValues(t, missing-early, h.Stats().Lost)
	require.Contains(t, h.log.String(), "lost_units")
}

// One that reads nothing for too long is left, and tried again: it gets the stream
// from a key picture on. Its relay ends when it is told to.
func TestTheOtherServerIsLeft(t *testing.T) {
	o, clip := newOther(t, ""), heavy(t)
	way := newNarrow(t, o.addr)
	h := newHere(t, Options{Patience: 200 * time.Millisecond})
	h.Begin(h.pub, h.stream, "rtmp://"+way.addr+"/live/key", "show")
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
	begun := h.Stats().Begun
	way.shut()
	clip.Between(0, 20*time.Second).Send(h.pub) // returns
	await(t, "trouble", func() bool { r, _ := h.Of("b1"); return !r.Connected && r.Trouble != "" })
	way.unshut()
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected && h.Stats().Begun > begun })
	clip.Between(20*time.Second, 24*time.Second).Send(h.pub)
	last := len(clip.Of(media.Video)) - 1
	await(t, "the newest picture", func() bool {
		n, _, _ := o.counts()
		got := o.units(n-1, media.Video)
		return len(got) > 0 && got[0].Key && numberOf(got[len(got)-1]) == last
	})
}

// A relay that is to end does not wait for a server that has stopped reading.
func TestEndWhileNothingIsRead(t *testing.T) {
	o, clip := newOther(t, ""), heavy(t)
	way := newNarrow(t, o.addr)
	h := newHere(t, Options{Patience: time.Hour})
	h.Begin(h.pub, h.stream, "rtmp://"+way.addr+"/live/key", "show")
	await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
	way.shut()
	clip.Send(h.pub)
	h.End(h.pub)
	await(t, "its end", func() bool { _, there := h.Of("b1"); return !there })
}
