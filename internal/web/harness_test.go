package web

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/httpmedia"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/notify"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/viewing"
	"github.com/rostrumlive/rostrum/internal/vod"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// limit bounds every wait of a test.
const limit = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const index = `<!doctype html><html><head><meta charset="utf-8" /><!--head--></head><body><div id="app"></div></body></html>`

var script = strings.Repeat("console.log('hello');\n", 100)

// builtUI is what a build of the pages leaves.
func builtUI() fstest.MapFS {
	return fstest.MapFS{
		"index.html":             {Data: []byte(index)},
		"theme.js":               {Data: []byte(script)},
		"icon.svg":               {Data: []byte("<svg/>")},
		".gitkeep":               {},
		"assets/index-abc123.js": {Data: []byte(script)},
		"assets/tiny-abc123.xyz": {Data: []byte("x")},
	}
}

// site is a server on a loopback port with everything behind it.
type site struct {
	t        testing.TB
	handler  http.Handler
	db       *store.DB
	accounts *account.Service
	manager  *broadcast.Manager
	files    *blob.Files
	viewing  *viewing.Service
	web      *Server
	url      string
	client   *http.Client
}

func newSite(t testing.TB, change func(*Options)) *site {
	t.Helper()
	s := &site{t: t}
	dir, log := t.TempDir(), slog.New(slog.DiscardHandler)
	s.db = storetest.Open(t, filepath.Join(dir, "rostrum.db"), log)
	s.accounts = account.New(s.db)
	require.NoError(t, s.accounts.SetSettings(t.Context(), account.CommandLine(), account.Settings{SiteName: "Test & Site", SignUp: account.SignUpOpen, MakeChannels: true}))
	files, err := blob.Open(filepath.Join(dir, "media"))
	require.NoError(t, err)
	s.files = files
	library, err := vod.New(t.Context(), vod.Options{
		DB: s.db, Files: files, Spool: filepath.Join(dir, "spool"), Heads: filepath.Join(dir, "heads"), TargetDuration: 4 * time.Second, Log: log,
	})
	require.NoError(t, err)
	t.Cleanup(library.Close)
	counts := audience.New(audience.Options{DB: s.db, Lapse: time.Hour, Log: log}) // nobody is lost while a machine is busy
	t.Cleanup(counts.Close)
	s.manager, err = broadcast.New(t.Context(), broadcast.Options{
		DB: s.db, Accounts: s.accounts, Library: library, Open: broadcast.Any, Audience: counts, Log: log,
	})
	require.NoError(t, err)
	t.Cleanup(s.end)
	s.viewing, err = viewing.New(t.Context(), viewing.Options{DB: s.db, Accounts: s.accounts, Log: log})
	require.NoError(t, err)
	t.Cleanup(s.viewing.Close)
	s.accounts.Watch(s.viewing.Forget)
	ffmpeg := transcode.New(transcode.Options{Log: log}) // without one
	t.Cleanup(ffmpeg.Close)
	stills := still.New(still.Options{DB: s.db, Files: files, Library: library, Transcoder: ffmpeg, Log: log})
	t.Cleanup(stills.Close)
	hooks := webhook.New(webhook.Options{DB: s.db, Accounts: s.accounts, Private: webhook.All, Version: "v1", Log: log})
	followers, err := notify.New(notify.Options{DB: s.db, Accounts: s.accounts, Private: true, Log: log})
	require.NoError(t, err)
	t.Cleanup(followers.Close)
	line, err := bus.New(bus.Options{Log: log})
	require.NoError(t, err)
	t.Cleanup(line.Close)
	talk, err := chat.New(chat.Options{DB: s.db, Accounts: s.accounts, Bus: line, Files: files, Blocked: s.accounts.Blocked, Log: log})
	require.NoError(t, err)
	t.Cleanup(talk.Close)
	s.accounts.Watch(talk.Changed)
	s.accounts.WatchUsers(talk.UserChanged)
	o := Options{
		Webhooks: hooks, Notify: followers, Chat: talk,
		Stills: stills, FFmpeg: ffmpeg.Version,
		Manager: s.manager, Viewing: s.viewing, Audience: counts, Library: library, FLV: &httpmedia.FLV{}, Accounts: s.accounts, DB: s.db, Files: files, UI: builtUI(), Log: log,
		Version: "v1", RTMPPort: "1935",
	}
	if change != nil {
		change(&o)
	}
	s.viewing = o.Viewing
	s.web, err = New(o)
	require.NoError(t, err)
	s.handler = s.web.Handler()
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	s.url, s.client = server.URL, server.Client()
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

// end takes everything off air, and out of memory.
func (s *site) end() {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	require.NoError(s.t, s.manager.Shutdown(ctx))
}

// publish puts a part of the clip on air, and waits until it is there.
func (s *site) publish(channel string) (*live.Publisher, *broadcast.Broadcast) {
	s.t.Helper()
	pub, err := s.manager.Publish(s.t.Context(), live.Request{Protocol: "rtmp", Name: channel, Remote: netip.MustParseAddrPort("127.0.0.1:1")})
	require.NoError(s.t, err)
	b := s.manager.Live(channel)
	pub.Expect(media.Video, media.Audio)
	cliptest.Load(s.t).Between(0, 3*time.Second).Send(pub)
	s.await("the broadcast is on air", func() bool { return b.State() == store.StateLive })
	return pub, b
}

// archived publishes and ends a broadcast.
func (s *site) archived(channel string) *broadcast.Broadcast {
	s.t.Helper()
	pub, b := s.publish(channel)
	pub.Close(live.Stopped, nil)
	s.await("the broadcast is over", func() bool {
		row, err := s.db.Broadcast(s.t.Context(), b.ID)
		return err == nil && row.State == store.StateArchived && s.manager.Live(channel) == nil
	})
	return b
}

func (s *site) await(why string, cond func() bool) {
	s.t.Helper()
	require.Eventually(s.t, cond, limit, 5*time.Millisecond, why)
}

// response is an answer that was read to its end.
type response struct {
	status int
	header http.Header
	body   string
}

// do sends a request. header is pairs of name and value.
func (s *site) do(method, path string, header ...string) response {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url, http.NoBody)
	require.NoError(s.t, err)
	req.URL.Opaque = path // as it stands: nothing is cleaned
	req.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return response{res.StatusCode, res.Header, string(body)}
}

func (s *site) get(path string, header ...string) response {
	s.t.Helper()
	return s.do(http.MethodGet, path, header...)
}

// json reads an answer of the API.
func (s *site) json(path string, into any) response {
	s.t.Helper()
	a := s.get(path)
	require.Equal(s.t, "no-store", a.header.Get("Cache-Control"), path)
	require.NoError(s.t, json.Unmarshal([]byte(a.body), into), a.body)
	return a
}
