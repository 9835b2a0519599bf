package packager

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// station is a broadcast that runs as it does on air, on the time of a
// synctest bubble, with the addresses that players ask for.
type station struct {
	*loop
	t    *testing.T
	p    *Packager
	at   time.Duration
	done chan error
	stop context.CancelFunc
}

// onAir runs f in a bubble with a station that has sent nothing yet, and ends
// it afterwards.
func onAir(t *testing.T, o Options, f func(*station)) {
	synctest.Test(t, func(t *testing.T) {
		l := newLoop(t, o)
		l.base = time.Now()
		ctx, stop := context.WithCancel(context.Background())
		s := &station{loop: l, t: t, p: l.feed.p, done: make(chan error, 1), stop: stop}
		go func() { s.done <- s.p.Run(ctx) }()
		synctest.Wait()
		f(s)
		s.end()
		stop()
	})
}

// play lets the encoder send for a while.
func (s *station) play(d time.Duration) {
	const tick = 10 * time.Millisecond
	for until := s.at + d; s.at < until; {
		s.at += tick
		s.write(s.at)
		time.Sleep(tick)
	}
	synctest.Wait()
}

// end closes the stream and waits for the packager. It may be called again.
func (s *station) end() {
	s.feed.stream.Close()
	synctest.Wait()
}

func (s *station) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	found := true
	switch {
	case path == "/live/demo/index.m3u8":
		s.p.ServeMultivariant(w, r, Live)
	case path == "/live/demo/manifest.mpd":
		s.p.ServeMPD(w, r)
	case path == "/live/demo/plain.m3u8":
		s.p.ServeMultivariant(w, r, Plain)
	case path == "/live/demo/ts/index.m3u8":
		s.p.ServeMultivariant(w, r, TS)
	case path == "/live/demo/rewind.m3u8":
		s.p.ServeMultivariant(w, r, Rewind)
	case strings.HasPrefix(path, "/live/demo/b1/"):
		k, rendition := KindOf(strings.TrimSuffix(path[len("/live/demo/b1/"):], ".m3u8"))
		found = s.p.ServePlaylist(w, r, rendition, k)
	case strings.HasPrefix(path, "/media/b1/"):
		i := strings.LastIndexByte(path, '/')
		found = s.p.ServeMedia(w, r, path[len("/media/b1/"):i], path[i+1:])
	}
	if !found {
		w.WriteHeader(http.StatusTeapot) // the caller's answer
	}
}

// pending is an answer that may not be there yet.
type pending struct {
	*httptest.ResponseRecorder
	asked  time.Time
	took   time.Duration // valid once done is closed
	done   chan struct{}
	cancel context.CancelFunc
}

// ask sends a request. header is in pairs.
func (s *station) ask(method, target string, header ...string) *pending {
	ctx, cancel := context.WithCancel(context.Background())
	r := httptest.NewRequestWithContext(ctx, method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	p := &pending{ResponseRecorder: httptest.NewRecorder(), asked: time.Now(), done: make(chan struct{}), cancel: cancel}
	go func() {
		s.ServeHTTP(p, r)
		p.took = time.Since(p.asked)
		close(p.done)
	}()
	synctest.Wait()
	return p
}

// get sends a request and waits for the answer, while nothing is sent.
func (s *station) get(target string, header ...string) *pending {
	p := s.ask(http.MethodGet, target, header...)
	<-p.done
	p.cancel()
	return p
}

func (p *pending) waits() bool {
	synctest.Wait()
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// now returns the present snapshot of the picture.
func (s *station) now() *snapshot { return s.p.Window("video/source").snap.Load() }

// requireOpen asserts what every answer for players has.
func requireOpen(t *testing.T, p *pending) {
	t.Helper()
	require.Equal(t, "*", p.Header().Get("Access-Control-Allow-Origin"))
	require.Contains(t, p.Header().Get("Access-Control-Expose-Headers"), "Date")
}

// requireRefused asserts an error that no cache keeps.
func requireRefused(t *testing.T, p *pending, status int) {
	t.Helper()
	require.Equal(t, status, p.Code, p.Body.String())
	require.Equal(t, "no-store", p.Header().Get("Cache-Control"))
	require.NotEmpty(t, p.Body.String())
	requireOpen(t, p)
}
