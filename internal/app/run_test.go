package app

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/live"
)

// limit bounds every wait of a test.
const limit = time.Minute

// output is what a running server writes, for tests to look at meanwhile.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write appends.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(b)
}

// String returns what was written so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}

// running is a server that Run runs.
type running struct {
	t        *testing.T
	out, log output
	stop     context.CancelFunc
	code     chan int
	http     string // address
	rtmp     string
}

// startServer runs a server on free ports until it is ready.
func startServer(t *testing.T, data string, args ...string) *running {
	t.Helper()
	s := &running{t: t, code: make(chan int, 1)}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	s.stop = cancel
	args = append([]string{
		"serve", "--data", data, "--http-addr", "127.0.0.1:0", "--rtmp-addr", "127.0.0.1:0", "--metrics-addr", "127.0.0.1:0",
	}, args...)
	go func() { s.code <- Run(ctx, args, &s.out, &s.log) }()
	t.Cleanup(cancel)
	address := regexp.MustCompile(`listening.* http=(\S+) rtmp=(\S+)`)
	s.await("the server listens", func() bool { return address.MatchString(s.log.String()) })
	found := address.FindStringSubmatch(s.log.String())
	s.http, s.rtmp = found[1], found[2]
	s.await("the server is ready", func() bool { status, _ := s.get("/readyz"); return status == http.StatusOK })
	return s
}

func (s *running) await(why string, cond func() bool) {
	s.t.Helper()
	require.Eventually(s.t, cond, limit, 10*time.Millisecond, why)
}

// get asks the server, over a connection that does not stay.
func (s *running) get(path string) (status int, body string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.http+path, http.NoBody)
	require.NoError(s.t, err)
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	require.NoError(s.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return res.StatusCode, string(b)
}

// end stops the server as a signal does and returns its exit code.
func (s *running) end() int {
	s.t.Helper()
	s.stop()
	select {
	case code := <-s.code:
		return code
	case <-time.After(limit):
		s.t.Fatal("the server does not end: " + s.log.String())
		return -1
	}
}

// The demo is on air, says where everything is, and ends cleanly; the next
// start shows the same key and has the recording.
func TestServeDemo(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	s := startServer(t, data, "--demo", "--http-access-log")
	var channel struct {
		Live *struct{ State, Recording string }
	}
	s.await("the demo is on air", func() bool {
		_, body := s.get("/api/v1/channels/demo")
		require.NoError(t, json.Unmarshal([]byte(body), &channel))
		return channel.Live != nil && channel.Live.State == "live"
	})
	status, _ := s.get("/live/demo/index.m3u8")
	require.Equal(t, http.StatusOK, status)
	_, info := s.get("/api/v1/server")
	require.Contains(t, info, `"demo":true`)
	_, port, err := net.SplitHostPort(s.rtmp)
	require.NoError(t, err)
	require.Contains(t, info, `"url":"rtmp://127.0.0.1:`+port+`/live"`)
	s.await("a row of the recording", func() bool {
		status, _ := s.get(channel.Live.Recording)
		return status == http.StatusOK
	})

	greeting := s.out.String()
	key := regexp.MustCompile(`Stream key +(live_\w{26})\n`).FindStringSubmatch(greeting)
	require.NotNil(t, key, greeting)
	for _, want := range []string{
		"Site            http://" + s.http + "\n", "http://" + s.http + "/@demo ", "Server          rtmp://" + s.rtmp + "/live\n",
		"http://" + s.http + "/@streamer\n", "make ingest ", "KEY=" + key[1], "Data is kept in   " + data + "\n",
	} {
		require.Contains(t, greeting, want)
	}
	require.NotContains(t, s.log.String(), key[1], "keys are in no log")
	require.Contains(t, greeting, `"GET /live/demo/index.m3u8 HTTP/1.1" 200 `, "the access log goes where the greeting went")
	require.Zero(t, s.end())
	require.Contains(t, s.log.String(), "left to the next start of the server")

	s = startServer(t, data, "--demo")
	require.Contains(t, s.out.String(), key[1])
	status, list := s.get(strings.Replace(channel.Live.Recording, "index", "video/source", 1))
	require.Equal(t, http.StatusOK, status)
	require.NotContains(t, list, "#EXT-X-ENDLIST", "the demo goes on")
	require.NotContains(t, s.out.String(), "HTTP/1.1", "the access log is off")
	require.Zero(t, s.end())
}

func TestServeOpen(t *testing.T) {
	for flag, want := range map[string]string{"--open=private": "private", "--open=any": "any"} {
		s := startServer(t, t.TempDir(), flag)
		_, info := s.get("/api/v1/server")
		require.Contains(t, info, `"open":"`+want+`"`)
		require.Contains(t, s.log.String(), "may publish without a key")
		require.Regexp(t, `/setup#setup_\w{26}\n`, s.out.String(), "there is no admin yet")
		require.NotContains(t, s.log.String(), "setup_", "the token is in no log")
		require.Zero(t, s.end())
	}
}

// A server that cannot start says why, and what was begun of it ends.
func TestServeFails(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	base := map[string]string{"--http-addr": "127.0.0.1:0", "--rtmp-addr": "127.0.0.1:0", "--metrics-addr": "127.0.0.1:0"}
	for flag := range base {
		args := []string{"serve", "--demo", "--data", t.TempDir()}
		for other, addr := range base {
			if other == flag {
				addr = taken.Addr().String()
			}
			args = append(args, other, addr)
		}
		code, out, errs := run(t, args...)
		require.Equal(t, exitFailed, code)
		require.Empty(t, out)
		require.Regexp(t, `rostrum: (http|rtmp|metrics)\.addr: port \d+ is in use by another program: .* `+flag, errs)
	}
	code, _, errs := run(t, "serve", "--data", file(t, "a file"), "--http-addr", "127.0.0.1:0", "--rtmp-addr", "127.0.0.1:0")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "rostrum: data: ")
}

// A server that is stopped while it starts ends as one that ran.
func TestServeStoppedAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := startServer(t, t.TempDir())
	require.Zero(t, s.end())
	cfg, _, err := loadConfig(sources{demo: true, flags: map[string]string{
		"data": t.TempDir(), "http.addr": "127.0.0.1:0", "rtmp.addr": "127.0.0.1:0", "metrics.addr": "off",
	}})
	require.NoError(t, err)
	cfg.Demo = true
	stopper := writerFunc(func(b []byte) (int, error) { // the greeting comes before anything runs
		cancel()
		return len(b), nil
	})
	require.NoError(t, serve(ctx, cfg, newLogger(io.Discard, LogConfig{}), stopper))
}

type writerFunc func([]byte) (int, error)

// Write calls f.
func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestReachable(t *testing.T) {
	for addr, want := range map[string]string{
		"[::]:8080": "127.0.0.1:8080", "0.0.0.0:1935": "127.0.0.1:1935", ":80": "127.0.0.1:80", "192.168.1.2:80": "192.168.1.2:80",
		"[::1]:80": "[::1]:80", "strange": "strange",
	} {
		require.Equal(t, want, reachable(addr))
	}
}

func TestCollector(t *testing.T) {
	cfg, _, err := loadConfig(sources{flags: map[string]string{
		"data": t.TempDir(), "http.addr": "127.0.0.1:0", "rtmp.addr": "127.0.0.1:0", "metrics.addr": "off",
	}})
	require.NoError(t, err)
	s := &server{cfg: cfg, log: newLogger(io.Discard, LogConfig{}), out: io.Discard}
	require.NoError(t, s.build(t.Context()))
	t.Cleanup(func() {
		require.NoError(t, s.rtmp.Shutdown(context.Background()))
		require.NoError(t, s.close())
	})
	c := newCollector(s.manager, s.library, s.rtmp, &s.flv)
	value := func(name string) float64 {
		t.Helper()
		reg := prometheus.NewPedanticRegistry()
		require.NoError(t, reg.Register(c))
		families, err := reg.Gather()
		require.NoError(t, err)
		require.Len(t, families, len(c.descs), "what is described is collected")
		problems, err := promlint.NewWithMetricFamilies(families).Lint()
		require.NoError(t, err)
		require.Empty(t, problems)
		for _, f := range families {
			if f.GetName() == name {
				m := f.GetMetric()[0]
				return m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
		t.Fatal("no " + name)
		return 0
	}
	require.Zero(t, value("rostrum_broadcasts_live"))
	require.InDelta(t, 1, value("rostrum_recording_enabled"), 0)

	ch, err := s.accounts.AddChannel(t.Context(), account.CommandLine(), "alice")
	require.NoError(t, err)
	pub, err := s.manager.Begin(t.Context(), ch, live.Request{}, broadcast.Settings{})
	require.NoError(t, err)
	d := loadDemo(t)
	for i := range 90 {
		u, _ := d.unit(0, i)
		pub.Rendition(d.units[i].name).Write(u)
	}
	require.Eventually(t, func() bool { return value("rostrum_broadcasts_live") == 1 }, limit, 10*time.Millisecond)
	require.InDelta(t, 1, value("rostrum_broadcasts_total"), 0)
	require.InDelta(t, 90, value("rostrum_media_units_total"), 0)
	require.Positive(t, value("rostrum_media_bytes_total"))
	pub.Close(live.Stopped, nil)
}
