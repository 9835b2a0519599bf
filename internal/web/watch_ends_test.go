package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// quickly has the right to watch asked for again at once.
func quickly(t *testing.T, v viewing.Options) func(*Options) {
	return func(o *Options) {
		v.DB, v.Accounts, v.Log, v.Ask = o.DB, o.Accounts, o.Log, 10*time.Millisecond
		s, err := viewing.New(t.Context(), v)
		require.NoError(t, err)
		t.Cleanup(s.Close)
		o.Accounts.Watch(s.Forget)
		o.Viewing = s
	}
}

// Once a viewing has lapsed, no address answers it.
func TestAViewingLapses(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{Lapse: time.Millisecond}))
	_, b := s.publish("alice")
	s.set("alice", account.Password)
	v := s.watch("channels/alice")
	require.Equal(t, http.StatusOK, s.get(v.HLS).status)
	s.await("it lapses", func() bool {
		return s.get(v.Prefix+"/media/"+b.ID+"/video/source/init0.mp4").status == http.StatusForbidden
	})
	for _, path := range addressesOf("alice", b.ID, "") {
		requireRefused(t, s.peek(v.Prefix+path), lapsed, path)
	}
	require.Equal(t, http.StatusOK, s.get(v.Prefix+"/live/clock").status, "the clock is nobody's")
}

// Once the right is gone, no address answers, and a body that goes on ends.
func TestAViewingIsRevoked(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	_, b := s.publish("alice")
	s.set("alice", account.Members)
	u, cookie := s.member("alice", "the-member", account.PlaceMember)
	v := s.watch("channels/alice", "Cookie", cookie)
	res, err := s.client.Get(s.url + v.FLV)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusOK, res.StatusCode)
	_, err = io.ReadFull(res.Body, make([]byte, 1000))
	require.NoError(t, err)
	require.NoError(t, s.accounts.SetPlace(t.Context(), account.CommandLine(), "alice", u.Name, account.PlaceNone))
	_, err = io.Copy(io.Discard, res.Body)
	require.NoError(t, err, "it has come to its end")
	for _, path := range addressesOf("alice", b.ID, "") {
		requireRefused(t, s.peek(v.Prefix+path), revoked, path)
	}
}

// What waits for media when the right is taken away is refused, and is no empty
// playlist.
func TestWhatWaitsIsRefused(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	_, b := s.publish("alice")
	s.set("alice", account.Password)
	prefix := s.watch("channels/alice").Prefix
	list := prefix + "/live/alice/" + b.ID + "/video/source.m3u8"
	text := s.get(list).body
	hint := regexp.MustCompile(`PRELOAD-HINT:TYPE=PART,URI="[./]*(/media/[^"]+)"`).FindStringSubmatch(text)
	require.NotNil(t, hint, text)
	var waiting errgroup.Group
	for _, path := range []string{fmt.Sprintf("%s?_HLS_msn=%d", list, strings.Count(text, "#EXTINF")), prefix + hint[1]} {
		waiting.Go(func() error {
			res, err := s.client.Get(s.url + path)
			if err != nil {
				return err
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != http.StatusForbidden || string(body) != revoked+"\n" {
				return fmt.Errorf("%s: %s, %.200q, %w", path, res.Status, body, err)
			}
			return nil
		})
	}
	s.set("alice", account.Members)
	require.NoError(t, waiting.Wait())
}

// A long download that goes on when its right is gone ends with the segment
// that it is in.
func TestALongDownloadEnds(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	over := s.archived("alice")
	s.end()
	s.set("alice", account.Password)
	g, ok := s.viewing.Read(s.watch("broadcasts/" + over.ID).Prefix[2:])
	require.True(t, ok)
	stay, err := s.viewing.Admit(t.Context(), g, viewing.What{Broadcast: over.ID}, viewing.Body)
	require.NoError(t, err)
	defer stay.End()
	w := &heldWriter{ResponseWriter: httptest.NewRecorder(), stay: stay}
	_, err = w.Write([]byte("x"))
	require.NoError(t, err)
	s.set("alice", account.Members)
	<-stay.Context().Done()
	_, err = w.Write([]byte("x"))
	require.ErrorIs(t, err, viewing.ErrRevoked)
	_, err = w.ReadFrom(strings.NewReader("x"))
	require.ErrorIs(t, err, viewing.ErrRevoked)
}

// takeOne is a response that stands still after its first bytes until it is let
// on.
type takeOne struct {
	http.ResponseWriter
	began, goOn chan struct{}
	once        sync.Once
	bytes       int
}

func (w *takeOne) Write(b []byte) (int, error) {
	w.bytes += len(b)
	w.once.Do(func() {
		close(w.began)
		<-w.goOn
	})
	return len(b), nil
}

// A download for everybody that is under way ends as well when what it is of is
// taken down, or for everybody no longer; its caching is as it was.
func TestAPublicDownloadEnds(t *testing.T) {
	s := newSite(t, quickly(t, viewing.Options{}))
	mod := s.user("mod", account.RoleModerator)
	over := s.archived("alice")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	s.end()
	for name, c := range map[string]struct {
		path string
		act  func() (undo func())
	}{
		"taken down": {"/vod/" + over.ID + "/download.mp4", func() func() {
			d := s.takeDown(mod, "recording", over.ID)
			return func() { s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "") }
		}},
		"a clip": {"/vod/" + clip.ID + "/download.mp4", func() func() {
			d := s.takeDown(mod, "clip", clip.ID)
			return func() { s.call("DELETE", "/api/v1/admin/takedowns/"+d.ID, mod, "") }
		}},
		"private": {"/vod/" + over.ID + "/download.mp4", func() func() {
			s.set("alice", account.Members)
			return func() { s.set("alice", account.Public) }
		}},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.path, http.NoBody)
		require.NoError(t, err)
		rest := httptest.NewRecorder()
		w := &takeOne{ResponseWriter: rest, began: make(chan struct{}), goOn: make(chan struct{})}
		var held context.Context
		done := make(chan struct{})
		go func() {
			defer close(done)
			mux := &routes{ServeMux: http.NewServeMux()}
			s.web.watch(mux, "GET /vod/{broadcast}/download.mp4", viewing.Body, s.web.onRecording, func(w http.ResponseWriter, r *http.Request) {
				held = r.Context()
				s.web.download(w, r)
			})
			mux.ServeHTTP(w, req)
		}()
		<-w.began
		require.Contains(t, rest.Header().Get("Cache-Control"), "public", name)
		undo := c.act()
		<-held.Done()
		require.NoError(t, ctx.Err(), name)
		close(w.goOn)
		<-done
		whole, err := strconv.Atoi(rest.Header().Get("Content-Length"))
		require.NoError(t, err)
		require.Less(t, w.bytes, whole, name)
		undo()
		cancel()
	}
}
