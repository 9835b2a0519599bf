package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// backEnd is one that was written for nginx-rtmp: it knows encoders by a secret
// name, and gives the stream another.
type backEnd struct {
	mu     sync.Mutex
	names  map[string]string
	update int // what it answers to on_update
	calls  []url.Values
}

func (b *backEnd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r.ParseForm() != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	f := r.PostForm
	b.calls = append(b.calls, f)
	switch f.Get("call") {
	case "publish":
		name, ok := b.names[f.Get("name")+"?pass="+f.Get("pass")]
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Header().Set("Location", name)
		w.WriteHeader(http.StatusFound)
	case "update_publish":
		w.WriteHeader(b.update)
	}
}

func (b *backEnd) updates(status int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.update = status
}

// heard lists the calls but on_update's, of all encoders or of one.
func (b *backEnd) heard(name string) (calls []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.calls {
		if call := f.Get("call"); call != "update_publish" && (name == "" || f.Get("name") == name) {
			calls = append(calls, call+" "+f.Get("clientid"))
		}
	}
	return calls
}

// TestPublishHooks: a back-end that was written for nginx-rtmp decides who may
// publish and as what, hears of each connection once, and sends one away.
func TestPublishHooks(t *testing.T) {
	b := &backEnd{names: map[string]string{"s3cr3t?pass=word": "show"}, update: http.StatusOK}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	args := []string{"--hooks-update-interval", "1s"}
	for _, hook := range []string{"on-publish", "on-publish-done", "on-update", "on-record-done"} {
		args = append(args, "--hooks-nginx-"+hook, server.URL+"/"+hook)
	}
	s := startServer(t, args...)
	clip := testkit.Clip{Seconds: 30}.Path(t)

	refused := testkit.Publish(t, clip, s.PublishURL("mallory"))
	require.NotZero(t, refused.Wait(t, limit), "ffmpeg is told")
	require.Len(t, b.heard(""), 1)

	first := testkit.Publish(t, clip, s.PublishURL("s3cr3t?pass=word"))
	now := onAir(t, s, "show")
	second, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", "s3cr3t?pass=wrong")
	require.ErrorIs(t, err, testkit.ErrRefused)
	require.Nil(t, second)
	require.Equal(t, now.Broadcast, onAir(t, s, "show").Broadcast)
	calls := b.heard("s3cr3t")
	require.Len(t, calls, 2, calls)

	b.updates(http.StatusForbidden)
	require.NotZero(t, first.Wait(t, limit), "ffmpeg is sent away")
	archived(t, s, "show", now.Broadcast)
	id, _ := strings.CutPrefix(calls[0], "publish ")
	testkit.Eventually(t, limit, func(context.Context) error {
		if calls = b.heard("s3cr3t"); len(calls) < 4 {
			return fmt.Errorf("heard only %v", calls)
		}
		return nil
	})
	slices.Sort(calls[2:])
	require.Equal(t, []string{"publish_done " + id, "record_done " + id}, calls[2:], "once each")
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.calls {
		if f.Get("call") == "record_done" {
			require.Equal(t, "/vod/"+now.Broadcast+"/download.mp4", f.Get("path"))
		}
	}
	require.NotContains(t, s.Log(), "s3cr3t")
}
