package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// fake is a server that says what it is told to.
type fake struct {
	mu    sync.Mutex
	live  string // the API's "live"
	lists map[string]string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.URL.Path == "/api/v1/channels/a" {
		_, _ = fmt.Fprintf(w, `{"name":"a","live":%s}`, f.live)
		return
	}
	body, ok := f.lists[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write([]byte(body))
}

// on puts a broadcast on air, or none.
func (f *fake) on(broadcast, state string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if broadcast == "" {
		f.live = "null"
		return
	}
	f.live = fmt.Sprintf(`{"broadcast":%q,"state":%q}`, broadcast, state)
	f.lists["/live/a/index.m3u8"] = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1,CODECS=\"avc1.64001f\",RESOLUTION=16x16,FRAME-RATE=30.000\n" + broadcast + "/video.m3u8\n"
}

// list sets a broadcast's media list; "" takes it away.
func (f *fake) list(broadcast, text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := "/live/a/" + broadcast + "/video.m3u8"
	delete(f.lists, path)
	if text != "" {
		f.lists[path] = text
	}
}

const one = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:1\n#EXT-X-MAP:URI=\"i.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z\n#EXTINF:2.00000,\ns.m4s\n"

func TestWatcherFollowsFromBroadcastToBroadcast(t *testing.T) {
	f := &fake{live: "null", lists: map[string]string{}}
	web := httptest.NewServer(f)
	defer web.Close()
	s := begin()
	w := &watcher{stream: s.stream, addr: strings.TrimPrefix(web.URL, "http://"), client: web.Client()}
	look := func() {
		t.Helper()
		w.look(t.Context())
	}
	look()
	require.Nil(t, w.now)

	f.on("b1", "live")
	f.list("b1", one)
	s.publish() // by the story's clock, long ago
	look()
	require.Len(t, w.now.uris, 1)
	require.Equal(t, "b1", s.id)

	s.leave(cleanStop)
	f.on("", "")
	look()
	require.NotNil(t, w.old, "it has not ended yet")
	f.list("b1", one+"#EXT-X-ENDLIST\n")
	look()
	require.Nil(t, w.old)

	f.on("b2", "live")
	f.list("b2", one)
	s.publish()
	look()
	require.Equal(t, "b2", w.now.id)
	require.Empty(t, s.faults())

	f.list("b2", strings.ReplaceAll(one, "SEQUENCE:1", "SEQUENCE:0"))
	look()
	require.Equal(t, []string{"a list changed what it had said"}, s.faults())
	f.list("b2", "")
	look()
	require.Contains(t, s.faults(), "a list is answered with status 404")
}

func TestWatcherTellsWhenLifeGoesOnAfterTheEnd(t *testing.T) {
	f := &fake{lists: map[string]string{"/live/a/b1/video.m3u8": one}}
	f.on("b1", "live")
	web := httptest.NewServer(f)
	defer web.Close()
	s := begin()
	w := &watcher{stream: s.stream, addr: strings.TrimPrefix(web.URL, "http://"), client: web.Client()}
	s.publish()
	w.look(t.Context())
	s.leave(cleanStop)
	f.on("", "")
	w.look(t.Context())
	w.oldSince = w.oldSince.Add(-2 * moveLimit)
	w.look(t.Context())
	require.Contains(t, s.faults(), "not ended after its broadcast was over")
	require.Nil(t, w.old)
}
