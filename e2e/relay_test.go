package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// sender is a back-end that lets everybody in and sends streams on by their names.
type sender struct {
	mu    sync.Mutex
	to    map[string]string
	paths []string // of what was recorded
}

func (s *sender) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch to := s.to[r.FormValue("name")]; {
	case r.FormValue("call") == "record_done":
		s.paths = append(s.paths, r.FormValue("path"))
	case r.FormValue("call") == "publish" && to != "":
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusFound)
	}
}

func (s *sender) recorded() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.paths...)
}

// TestRelay: what a back-end sends on arrives frame by frame, at another server of
// ours and at nginx-rtmp.
func TestRelay(t *testing.T) {
	t.Parallel()
	there, nginx := startOpen(t), testkit.StartNginx(t)
	b := &sender{to: map[string]string{"one": there.PublishURL("copy"), "two": "rtmp://" + nginx.RTMP + "/live/copy"}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	s := startServer(t, "--hooks-nginx-on-publish", server.URL, "--control-token", "0perator")
	clip := testkit.Clip{Seconds: 8, BFrames: 2}.Path(t)
	publishers := []*testkit.Process{testkit.Publish(t, clip, s.PublishURL("one")), testkit.Publish(t, clip, s.PublishURL("two"))}
	now := onAir(t, there, "copy")
	onAir(t, s, "two")
	stat := get(t, s, "/stat?token=0perator")
	require.Contains(t, string(stat.Body), "<address>"+nginx.RTMP+"/live</address>")
	for _, p := range publishers {
		require.Zero(t, p.Wait(t, limit))
	}
	want := map[string][]testkit.Packet{"v": testkit.Packets(t, clip, "v"), "a": testkit.Packets(t, clip, "a")}
	check := func(file, where string) {
		t.Helper()
		for kind, sent := range want {
			got := testkit.Packets(t, file, kind)
			// The relay begins with the newest key picture: of so short a clip that is the
			// first, or the second where the other server took so long.
			require.GreaterOrEqual(t, len(got), len(sent)/2, "%s: %s", where, kind)
			sent = sent[len(sent)-len(got):]
			for i := range sent {
				require.Equal(t, sent[i].Hash, got[i].Hash, "%s: frame %d of %s", where, i, kind)
				require.InDelta(t, (sent[i].PTS - sent[0].PTS).Seconds(), (got[i].PTS - got[0].PTS).Seconds(), 0.003)
			}
		}
	}
	row := archived(t, there, "copy", now.Broadcast)
	check(there.URL("/vod/"+row.ID+"/download.mp4"), "our own server")
	testkit.Eventually(t, limit, func(context.Context) error {
		_, err := nginx.Recorded("copy")
		return err
	})
	file, err := nginx.Recorded("copy")
	require.NoError(t, err)
	check(file, "nginx-rtmp")
	require.NotContains(t, s.Log(), "copy")
}

// TestRecordControl: recording is stopped and goes on while ffmpeg publishes, and
// the back-end is told of each file.
func TestRecordControl(t *testing.T) {
	t.Parallel()
	b := &sender{}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	s := startServer(t, "--hooks-nginx-on-publish", server.URL, "--hooks-nginx-on-record-done", server.URL, "--control-token", "0perator")
	clip := testkit.Clip{Seconds: 16}.Path(t)
	p := testkit.Publish(t, clip, s.PublishURL("show"))
	now := onAir(t, s, "show")
	whole := "/vod/" + now.Broadcast + "/download.mp4"
	control := func(what string) string {
		t.Helper()
		r := get(t, s, "/control/record/"+what+"?token=0perator&app=live&name=show")
		require.Equal(t, http.StatusOK, r.Status)
		return string(r.Body)
	}
	require.Equal(t, s.URL(whole), control("stop"))
	before := testkit.DecodedFrames(t, s.URL(whole), "v")
	require.Positive(t, before, "it can be had at once")
	passed := get(t, s, now.HLS)
	require.Equal(t, http.StatusOK, passed.Status, "live goes on")
	testkit.Eventually(t, limit, func(context.Context) error { // something passes
		if d := time.Since(now.StartedAt); d < 8*time.Second {
			return fmt.Errorf("on air for %v", d)
		}
		return nil
	})
	second, err := url.Parse(control("start"))
	require.NoError(t, err)
	require.Equal(t, whole+"?part=2", second.RequestURI())
	require.Zero(t, p.Wait(t, limit))
	row := archived(t, s, "show", now.Broadcast)
	list := downloadsOf(t, s, row.ID)
	require.Len(t, list, 2)
	after := testkit.DecodedFrames(t, s.URL(list[1].URL), "v")
	require.Equal(t, before, testkit.DecodedFrames(t, s.URL(list[0].URL), "v"), "what was recorded then")
	require.Positive(t, after)
	require.Less(t, before+after, 16*30-60, "something passed")
	testkit.Eventually(t, limit, func(context.Context) error {
		if got := b.recorded(); len(got) != 2 || got[0] != whole || got[1] != whole+"?part=2" {
			return fmt.Errorf("told of %q", got)
		}
		return nil
	})
}
