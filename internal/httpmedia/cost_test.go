package httpmedia

import (
	"context"
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
	return &countingConn{c, &l.writes}, err
}

type countingConn struct {
	net.Conn
	writes *atomic.Int64
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

// taker is the response of a viewer that takes all at once.
type taker struct {
	http.ResponseWriter
	bytes int64
}

func (t *taker) Write(b []byte) (int, error) {
	t.bytes += int64(len(b))
	return len(b), nil
}

// Flush implements http.Flusher.
func (t *taker) Flush() {}

// TestAPictureAllocatesNothingForAViewer: what is allocated is for all
// together, and is memory for the media and one channel to wait for.
func TestAPictureAllocatesNothingForAViewer(t *testing.T) {
	const viewers = 100
	var c counts
	r := ring{counts: &c}
	m := muxer{ring: &r, expects: func(media.Kind) bool { return true }}
	video, audio := &live.Rendition{Name: videoRendition}, &live.Rendition{Name: audioRendition}
	reel := newReel(t, 5000)
	units := make([]*media.AccessUnit, 0, 4000)
	for range cap(units) / 2 {
		units = append(units, reel.next(media.Video), reel.next(media.Audio))
	}
	cursors := make([]cursor, viewers)
	writer := &taker{}
	out := output{w: writer, rc: http.NewResponseController(writer)}
	next := 0
	step := func() {
		m.take(live.Unit{AccessUnit: units[next], Rendition: video})
		m.publish()
		m.take(live.Unit{AccessUnit: units[next+1], Rendition: audio})
		next += 2
		for i := range cursors {
			headers, tags, _, err := r.next(&cursors[i])
			require.NoError(t, err)
			require.NoError(t, out.write(headers, tags))
			_, _, news, _ := r.next(&cursors[i])
			if news == nil {
				t.Fatal("more than a picture")
			}
		}
	}
	for range 200 {
		step()
	}
	// A slab for 50 pictures, a channel for each.
	require.LessOrEqual(t, testing.AllocsPerRun(1500, step), 2.0)
	require.Positive(t, writer.bytes)
}

// BenchmarkPicture is the cost of one picture for each of many viewers on
// sockets: at 3 Mbit/s and 30 pictures a second. The viewers read in the same
// process, so half of the time is theirs; "cpu-s/Gbit" is of both.
func BenchmarkPicture(b *testing.B) {
	for _, viewers := range []int{1, 50, 500} {
		b.Run(map[int]string{1: "1 viewer", 50: "50 viewers", 500: "500 viewers"}[viewers], func(b *testing.B) { benchmarkPicture(b, viewers) })
	}
}

func benchmarkPicture(b *testing.B, viewers int) {
	const bytes = 12_500
	s := newStudio(b).start()
	reel := newReel(b, bytes)
	video, audio := s.pub.Rendition(videoRendition), s.pub.Rendition(audioRendition)
	video.Write(reel.next(media.Video))
	audio.Write(reel.next(media.Audio))
	video.Write(reel.next(media.Video))

	var read atomic.Int64
	var reading sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	client := &http.Client{Transport: &http.Transport{ReadBufferSize: 16 << 10}}
	for range viewers {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL, http.NoBody)
		require.NoError(b, err)
		res, err := client.Do(req)
		require.NoError(b, err)
		reading.Go(func() {
			defer res.Body.Close()
			buf := make([]byte, 64<<10)
			for {
				n, err := res.Body.Read(buf)
				read.Add(int64(n))
				if err != nil {
					return
				}
			}
		})
	}
	defer reading.Wait()
	defer cancel()
	due := int64(viewers) * 2 * bytes
	arrived := func() {
		for read.Load() < due {
			time.Sleep(20 * time.Microsecond)
		}
	}
	arrived()
	b.ReportAllocs()
	b.SetBytes(int64(viewers) * bytes)
	before := cpu()
	for b.Loop() {
		audio.Write(reel.next(media.Audio))
		video.Write(reel.next(media.Video))
		due += int64(viewers) * bytes
		arrived()
	}
	gbit := float64(b.N) * float64(viewers) * bytes * 8 / 1e9
	b.ReportMetric((cpu()-before).Seconds()/gbit, "cpu-s/Gbit")
}

// cpu is the time that the process has used so far.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
