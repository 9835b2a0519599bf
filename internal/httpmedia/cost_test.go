package httpmedia

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// counting is a listener whose connections count how often they are written to.
type counting struct {
	net.Listener
	writes atomic.Int64
}

func (l *counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &countingConn{c, newSocket(c.(*net.TCPConn)), &l.writes}, nil
}

type countingConn struct {
	net.Conn
	socket *socket
	writes *atomic.Int64
}

func (c *countingConn) TryWrite(b []byte) (int, error) {
	c.writes.Add(1)
	return c.socket.TryWrite(b)
}

func (c *countingConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

// TestOneWriteForEachPicture: sound goes with the picture, and nothing is
// written around them.
func TestOneWriteForEachPicture(t *testing.T) {
	s := newStudio(t)
	counter := &counting{Listener: s.server.Listener}
	s.server.Listener = counter
	s.start()
	clip := cliptest.Load(t)
	start := clip.Between(0, time.Second)
	start.Send(s.pub)
	viewer := s.reader()
	viewer.await(len(start) - 5)
	require.LessOrEqual(t, counter.writes.Load(), int64(3), "to begin with: a header, and what there is")

	before, pictures, have := counter.writes.Load(), int64(0), len(start)
	for _, u := range clip.Between(time.Second, 7*time.Second) {
		one := cliptest.Clip{u}
		one[0].Arrived = time.Unix(1000, 0).Add(u.At)
		one.Send(s.pub)
		have++
		if u.Track.Kind() == media.Video {
			pictures++
			viewer.await(have)
		}
	}
	require.EqualValues(t, pictures, counter.writes.Load()-before)
}

// reel is units without end: pictures of a size, each with a frame of sound.
type reel struct {
	video, audio *media.Track
	data         []byte
	at           int64 // ms
	pictures     int
}

func newReel(t testing.TB, bytes int) *reel {
	clip := cliptest.Load(t)
	return &reel{video: clip.Of(media.Video)[0].Track, audio: clip.Of(media.Audio)[0].Track, data: make([]byte, bytes)}
}

func (r *reel) next(kind media.Kind) *media.AccessUnit {
	track, data, key := r.audio, r.data[:min(170, len(r.data))], true
	if kind == media.Video {
		track, data, key = r.video, r.data, r.pictures%60 == 0
		r.pictures++
		r.at += 33
	}
	dts := media.Rescale(r.at, track.Timescale, 1000)
	return &media.AccessUnit{
		Track: track, DTS: dts, PTS: dts, Key: key, Data: data, Arrived: time.Unix(1000, 0).Add(time.Duration(r.at) * time.Millisecond),
	}
}

// taker is the response, or the connection, of a viewer that takes all at once.
type taker struct {
	http.ResponseWriter
	bytes int64
}

// TryWrite implements Conn.
func (t *taker) TryWrite(b []byte) (int, error) { return t.Write(b) }

func (t *taker) Write(b []byte) (int, error) {
	t.bytes += int64(len(b))
	return len(b), nil
}

// Flush implements http.Flusher.
func (t *taker) Flush() {}

// step puts pictures into a ring, one with each call, and lets it be known.
func (r *reel) step(m *muxer) (step func()) {
	video, audio := &live.Rendition{Name: videoRendition}, &live.Rendition{Name: audioRendition}
	units := make([]*media.AccessUnit, 0, 4000)
	for range cap(units) / 2 {
		units = append(units, r.next(media.Video), r.next(media.Audio))
	}
	return func() {
		m.take(live.Unit{AccessUnit: units[0], Rendition: video})
		m.publish()
		m.take(live.Unit{AccessUnit: units[1], Rendition: audio})
		units = units[2:]
	}
}

// TestAPictureAllocatesNothingForAViewer: what is allocated is for all
// together, and is memory for the media and one channel to wait for.
func TestAPictureAllocatesNothingForAViewer(t *testing.T) {
	const viewers = 100
	// A slab for 50 pictures, a channel for each.
	check := func(t *testing.T, writer *taker, picture func()) {
		t.Helper()
		for range 200 {
			picture()
		}
		before := writer.bytes
		require.LessOrEqual(t, testing.AllocsPerRun(1500, picture), 2.0)
		require.Greater(t, writer.bytes-before, int64(1500*viewers*5000), "all had every picture")
	}
	t.Run("in a lane", func(t *testing.T) {
		r := ring{counts: &counts{}}
		writer := &taker{}
		step := newReel(t, 5000).step(&muxer{ring: &r, expects: func(media.Kind) bool { return true }})
		step()
		l := lane{of: &lanes{ring: &r, stream: live.NewStream("", "", live.Limits{})}}
		for range viewers {
			v := &viewer{conn: writer, back: make(chan leftover, 1)}
			_, _, _, err := r.next(&v.cursor)
			require.NoError(t, err)
			l.viewers = append(l.viewers, v)
		}
		check(t, writer, func() {
			step()
			require.NotNil(t, l.round())
		})
		require.Len(t, l.viewers, viewers)
	})
	t.Run("each on its own", func(t *testing.T) {
		r := ring{counts: &counts{}}
		writer := &taker{}
		step := newReel(t, 5000).step(&muxer{ring: &r, expects: func(media.Kind) bool { return true }})
		cursors := make([]cursor, viewers)
		out := output{w: writer, rc: http.NewResponseController(writer)}
		check(t, writer, func() {
			step()
			for i := range cursors {
				headers, tags, _, err := r.next(&cursors[i])
				require.NoError(t, err)
				require.NoError(t, out.write(headers, tags))
				_, _, news, _ := r.next(&cursors[i])
				require.NotNil(t, news, "more than a picture")
			}
		})
	})
}

// pictureBytes is a picture of 3 Mbit/s at 30 pictures a second.
const pictureBytes = 12_500

// BenchmarkPicture is the cost of one picture for each of many viewers on
// sockets, and of the writes alone. The viewers read in the same process, so
// about half of the time is theirs; "cpu-s/Gbit" is of both.
func BenchmarkPicture(b *testing.B) {
	for _, viewers := range []int{1, 50, 500} {
		b.Run(fmt.Sprintf("%d viewers in lanes", viewers), func(b *testing.B) { benchmarkPicture(b, viewers, connOf) })
		b.Run(fmt.Sprintf("%d viewers each on its own", viewers), func(b *testing.B) { benchmarkPicture(b, viewers, nil) })
		b.Run(fmt.Sprintf("%d writes alone", viewers), func(b *testing.B) { benchmarkWrites(b, viewers) })
	}
}

// crowd reads and counts.
type crowd struct {
	viewers int
	reading sync.WaitGroup
	read    atomic.Int64
	due     int64
}

func (c *crowd) add(body io.ReadCloser) {
	c.viewers++
	c.reading.Go(func() {
		defer func() { _ = body.Close() }()
		buf := make([]byte, 64<<10)
		for {
			n, err := body.Read(buf)
			c.read.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
}

// await waits until all have had so many pictures more, or somewhat before, as
// the tags are a little longer. It looks again and again: to be woken by who
// reads would be in what is measured.
func (c *crowd) await(b *testing.B, pictures int64) {
	c.due += pictures * int64(c.viewers) * pictureBytes
	for limit := time.Now().Add(awaitLimit); c.read.Load() < c.due; {
		if time.Now().After(limit) {
			b.Fatalf("%d of %d bytes came", c.read.Load(), c.due)
		}
		time.Sleep(20 * time.Microsecond)
	}
}

// awaitLimit is longer than any machine takes for a picture to all.
const awaitLimit = 30 * time.Second

// measure counts what it costs that all have what send sends.
func (c *crowd) measure(b *testing.B, send func()) {
	b.ReportAllocs()
	b.SetBytes(int64(c.viewers) * pictureBytes)
	before := cpu()
	for b.Loop() {
		send()
		c.await(b, 1)
	}
	gbit := float64(b.N) * float64(c.viewers) * pictureBytes * 8 / 1e9
	b.ReportMetric((cpu()-before).Seconds()/gbit, "cpu-s/Gbit")
}

func benchmarkPicture(b *testing.B, viewers int, direct func(*http.Request) Conn) {
	s := newStudio(b)
	s.flv.Direct = direct
	s.start()
	reel := newReel(b, pictureBytes)
	video, audio := s.pub.Rendition(videoRendition), s.pub.Rendition(audioRendition)
	video.Write(reel.next(media.Video))
	audio.Write(reel.next(media.Audio))
	video.Write(reel.next(media.Video))

	var c crowd
	ctx, cancel := context.WithCancel(context.Background())
	client := &http.Client{Transport: &http.Transport{ReadBufferSize: 16 << 10}}
	for range viewers {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL, http.NoBody)
		require.NoError(b, err)
		res, err := client.Do(req) //nolint:bodyclose // the crowd reads it to its end
		require.NoError(b, err)
		c.add(res.Body)
	}
	defer c.reading.Wait()
	defer cancel()
	c.await(b, 2)
	c.measure(b, func() {
		audio.Write(reel.next(media.Audio))
		video.Write(reel.next(media.Video))
	})
}

// benchmarkWrites does nothing but the writes, one for each viewer.
func benchmarkWrites(b *testing.B, viewers int) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	defer func() { _ = listener.Close() }()
	var c crowd
	defer c.reading.Wait()
	sockets := make([]*socket, viewers)
	for i := range sockets {
		client, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(b, err)
		c.add(client)
		server, err := listener.Accept()
		require.NoError(b, err)
		defer func() { _ = server.Close() }()
		sockets[i] = newSocket(server.(*net.TCPConn))
	}
	picture := make([]byte, pictureBytes)
	c.measure(b, func() {
		for _, s := range sockets {
			if n, err := s.TryWrite(picture); n < len(picture) {
				b.Fatal("not taken whole", err)
			}
		}
	})
}

// cpu is the time that the process has used so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
