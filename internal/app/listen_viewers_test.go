package app

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/httpmedia"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// crowd is a listener with the product's server behind it, at which a test
// looks when it likes.
type crowd struct {
	t *testing.T
	*viewers
	door   *viewerDoor
	server *http.Server
	log    output
	held   chan struct{} // what /held waits for

	stream *live.Stream // of /live.flv
	flv    httpmedia.FLV
}

// fileSize is far more than the buffers of a connection hold.
const fileSize = 32 << 20

func newAudience(t *testing.T, limit int) *crowd {
	return newAudienceAt(t, limit, viewerPace(), nil)
}

// newAudienceAt is with TLS when there is a certificate.
func newAudienceAt(t *testing.T, limit int, p pace, cert *certificate) *crowd {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, make([]byte, fileSize), 0o600))
	a := &crowd{t: t, held: make(chan struct{}), stream: live.NewStream("demo", "b", live.Limits{}), flv: httpmedia.FLV{Direct: direct}}
	log := slog.New(slog.NewTextHandler(&a.log, nil))
	a.viewers = newViewers(p, limit, log)
	var err error
	a.door, err = a.viewers.door(t.Context(), "http.addr", "127.0.0.1:0", cert != nil)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })
	mux.HandleFunc("GET /memory", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, fileSize)) })
	mux.HandleFunc("GET /small", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "small") })
	mux.HandleFunc("GET /live.flv", func(w http.ResponseWriter, r *http.Request) { a.flv.Serve(w, r, a.stream) })
	mux.HandleFunc("GET /held", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-a.held:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/", tellWay)
	a.plain = mux
	a.server = newViewerServer(mux, log)
	serve := serveHTTP
	if cert != nil {
		a.server.TLSConfig, serve = viewerTLS(cert), serveHTTPS
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = serve(a.server, a.door) })
	t.Cleanup(func() {
		_ = a.server.Close()
		serving.Wait()
	})
	return a
}

// ask sends a request and reads nothing.
func (a *crowd) ask(path string) *net.TCPConn {
	a.t.Helper()
	c, err := net.Dial("tcp", a.door.Addr().String())
	require.NoError(a.t, err)
	a.t.Cleanup(func() { _ = c.Close() })
	a.request(c, path)
	return c.(*net.TCPConn)
}

func (a *crowd) request(c net.Conn, path string) {
	a.t.Helper()
	_, err := io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
	require.NoError(a.t, err)
}

// visit asks for something small on a connection of its own.
func (a *crowd) visit() error {
	c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := c.Get("http://" + a.door.Addr().String() + "/small")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err
}

func (a *crowd) await(why string, cond func() bool) {
	a.t.Helper()
	require.Eventually(a.t, cond, limit, time.Millisecond, why)
}

// one is the server's side of the only connection.
func (a *crowd) one() *viewer {
	a.mu.Lock()
	defer a.mu.Unlock()
	require.Len(a.t, a.open, 1)
	for v := range a.open {
		return v
	}
	return nil
}

// idling counts who waits for a request to come.
func (a *crowd) idling() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := 0
	for v := range a.open {
		if v.idleSince.Load() != 0 {
			n++
		}
	}
	return n
}

// full waits until the system takes nothing more from the response, so that
// the viewer has acknowledged all that it will without reading.
func (a *crowd) full(v *viewer) {
	a.t.Helper()
	var before int64
	still := 0
	a.await("the connection is full", func() bool {
		now, known := acknowledged(v.TCPConn)
		if !known || now != before || v.writes.Load()%2 == 0 {
			still = 0
		}
		before = now
		still++
		return still > 100
	})
}

// TestWhoDoesNotReadIsCutOff: a file and a body from memory, neither of which
// anybody takes.
func TestWhoDoesNotReadIsCutOff(t *testing.T) {
	for _, path := range []string{"/file", "/memory"} {
		t.Run(path, func(t *testing.T) {
			a := newAudience(t, 100)
			c := a.ask(path)
			a.await("the response waits", func() bool { return len(a.writing()) == 1 })
			v := a.one()
			a.full(v)
			now := time.Now()
			a.look(now)
			a.look(now.Add(a.pace.patience - time.Second))
			require.Equal(t, 1, a.count(), "its patience is not over")
			a.look(now.Add(a.pace.patience))
			require.Zero(t, a.count())
			a.await("the response ends", func() bool { return v.writes.Load()%2 == 0 })
			n, err := io.Copy(io.Discard, c)
			require.Error(t, err, "by a reset")
			require.Less(t, n, int64(fileSize))

			var told toldViewers
			a.tell(&told)
			a.tell(&told)
			require.Equal(t, 1, strings.Count(a.log.String(), "cut off"), "once")
		})
	}
}

// TestWhoReadsSlowlyIsNot: 50 kbit/s, with an interruption of 17 s now and
// then, until everything has arrived.
func TestWhoReadsSlowlyIsNot(t *testing.T) {
	const bitrate = 50_000
	a := newAudience(t, 100)
	c, err := net.Dial("tcp", a.door.Addr().String())
	require.NoError(t, err)
	defer c.Close()
	_, err = io.WriteString(c, "GET /file HTTP/1.0\r\n\r\n") // its end is the connection's
	require.NoError(t, err)
	viewer := c.(*net.TCPConn)
	require.NoError(t, viewer.SetReadBuffer(16<<10))
	a.await("the response waits", func() bool { return len(a.writing()) == 1 })
	v := a.one()
	now := time.Now()
	a.look(now)
	var all int64
	for range 50 {
		before, _ := acknowledged(v.TCPConn)
		now = now.Add(17 * time.Second)
		a.look(now)
		a.await("the viewer's system asks for more", func() bool { // in lumps, as its buffer gets room
			n, err := io.CopyN(io.Discard, c, bitrate/8*3)
			all += n
			after, _ := acknowledged(v.TCPConn)
			return err != nil || after-before >= a.pace.least
		})
		now = now.Add(3 * time.Second)
		a.look(now)
		require.Equal(t, 1, a.count())
	}
	require.Zero(t, a.cutOff.Load())
	require.Less(t, all, int64(fileSize))
	require.NoError(t, viewer.SetReadBuffer(1<<20)) // the rest need not come so slowly
	n, err := io.Copy(io.Discard, c)
	require.NoError(t, err)
	require.Greater(t, all+n, int64(fileSize), "everything arrives")
}

// TestWhoWaitsIsLeftAlone: connections between two requests, and those whose
// answer is held, are none of the look-out's business, however long.
func TestWhoWaitsIsLeftAlone(t *testing.T) {
	a := newAudience(t, 100)
	a.ask("/held")
	idle := a.ask("/small")
	a.await("both are served", func() bool { return a.count() == 2 && a.idling() == 1 })
	now := time.Now()
	for range 100 {
		now = now.Add(a.pace.patience)
		a.look(now)
	}
	require.Equal(t, 2, a.count())
	a.request(idle, "/small")
	close(a.held)
	a.await("both are idle", func() bool { return a.idling() == 2 })
}

// TestLongBodies: who takes a live stream may wait for hours while no media
// comes, and who takes nothing of what comes is cut off.
func TestLongBodies(t *testing.T) {
	a := newAudience(t, 100)
	video := live.NewPublisher(a.stream, func(*live.Publisher, live.End, error) {}).Rendition("video/source")
	track := &media.Track{Codec: media.H264, Timescale: media.VideoTimescale, Config: []byte{1}}
	pictures := int64(0)
	picture := func(size int) {
		video.Write(&media.AccessUnit{Track: track, Key: true, DTS: 3000 * pictures, PTS: 3000 * pictures, Data: make([]byte, size)})
		pictures++
	}
	picture(100)
	c := a.ask("/live.flv")
	a.await("it is answered", func() bool { return a.flv.Stats().Viewers == 1 && a.one().writes.Load() > 0 && len(a.writing()) == 0 })
	now := time.Now()
	for range 1000 {
		now = now.Add(a.pace.patience)
		a.look(now)
	}
	require.Equal(t, 1, a.count(), "the encoder is away")
	for range 16 {
		picture(1 << 20)
	}
	a.await("the response waits", func() bool { return len(a.writing()) == 1 })
	a.full(a.one())
	a.look(now)
	a.look(now.Add(a.pace.patience))
	require.Zero(t, a.count())
	a.await("its request ends", func() bool { return a.flv.Stats().Viewers == 0 })
	_, err := io.Copy(io.Discard, c)
	require.Error(t, err, "by a reset")
}

// TestFullHouse: who has been idle for longest makes room; when nobody is
// idle who comes is turned away, and comes in later.
func TestFullHouse(t *testing.T) {
	a := newAudience(t, 3)
	first := a.ask("/small")
	a.await("the first is idle", func() bool { return a.idling() == 1 })
	second := a.ask("/small")
	a.await("the second is idle", func() bool { return a.idling() == 2 })
	a.ask("/held")
	a.await("three are there", func() bool { return a.count() == 3 })

	a.ask("/held")
	a.await("there is room", func() bool { return a.madeRoom.Load() == 1 })
	_, err := io.Copy(io.Discard, first)
	require.NoError(t, err, "closed in order")
	a.request(second, "/held")
	a.await("nobody is idle", func() bool { return a.count() == 3 && a.idling() == 0 })

	require.Error(t, a.visit(), "by a reset")
	require.EqualValues(t, 1, a.turnedAway.Load())
	close(a.held)
	a.await("all are idle", func() bool { return a.idling() == 3 })
	a.await("and make room", func() bool { return a.visit() == nil })
	require.LessOrEqual(t, a.count(), 3)
}

// TestFilesGoToTheConnectionWhole: net/http finds the connection's ReadFrom,
// with which the system sends a file by itself. Through memory it would be a
// write for each 32 kB.
func TestFilesGoToTheConnectionWhole(t *testing.T) {
	a := newAudience(t, 100)
	c := a.ask("/file")
	a.await("the connection is there", func() bool { return a.count() == 1 })
	v := a.one()
	n, err := io.CopyN(io.Discard, c, fileSize)
	require.NoError(t, err)
	require.EqualValues(t, fileSize, n)
	a.await("the response is over", func() bool { return a.idling() == 1 })
	require.LessOrEqual(t, v.writes.Load(), uint64(8), "the header, the 512 bytes that net/http looks at, the rest")
}

// TestListenViewers: the product's own listener watches by itself, and ends
// all that it started.
func TestListenViewers(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	all := newViewers(viewerPace(), viewerLimit(), log)
	all.begin()
	defer all.close()
	require.Greater(t, all.limit, 100)
	l, err := all.door(t.Context(), "http.addr", "127.0.0.1:0", false)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.Close(), net.ErrClosed)
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = all.door(t.Context(), "http.addr", "192.0.2.1:0", false) // nobody's (RFC 5737)
	require.Error(t, err)
	all.close()
}

func TestViewerMetrics(t *testing.T) {
	a := newAudience(t, 7)
	a.ask("/held")
	a.await("one is there", func() bool { return a.count() == 1 })
	reg := prometheus.NewRegistry()
	reg.MustRegister(newViewerCollector(a.viewers))
	families, err := reg.Gather()
	require.NoError(t, err)
	values := map[string]float64{}
	for _, f := range families {
		m := f.GetMetric()[0]
		values[f.GetName()] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
	}
	require.Equal(t, map[string]float64{
		"rostrum_http_connections": 1, "rostrum_http_connections_limit": 7, "rostrum_http_connections_total": 1,
		"rostrum_http_cut_off_total": 0, "rostrum_http_made_room_total": 0, "rostrum_http_turned_away_total": 0,
		"rostrum_http_accept_no_files_total": 0, "rostrum_https_connections": 0, "rostrum_https_connections_total": 0,
	}, values)
}
