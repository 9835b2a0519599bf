package hook

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/live"
)

// A whole session in nginx-rtmp's dialect, field by field.
func TestNginxFields(t *testing.T) {
	b := newBackEnd(t, status(http.StatusNoContent))
	s := start(t, Options{Nginx: b.allNginx(), Origin: "https://example.org"})
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	require.Equal(t, live.Leave{Client: leave.Client, Asked: true, Name: secret}, leave)
	common := map[string]string{
		"addr": "192.0.2.7", "clientid": strconv.FormatInt(leave.Client, 10), "app": "live", "name": secret,
		"flashver": "FMLE/3.0 (compatible; FMSc/1.0)", "swfurl": "rtmp://h/live", "tcurl": "rtmp://h/live", "pageurl": "http://h/p?a=b&c",
		"user": "Ann Ö",
	}
	whole := func(h heard, more ...string) {
		t.Helper()
		for name, value := range common {
			require.Equal(t, []string{value}, h.fields[name], name)
		}
		for i := 0; i < len(more); i += 2 {
			require.Equal(t, []string{more[i+1]}, h.fields[more[i]], more[i])
		}
		require.Len(t, h.fields, len(common)+1+len(more)/2, h.fields)
	}
	whole(b.next("publish"), "type", "live")
	pub := letIn(s, leave, obs(), nil)
	s.Gone(pub)
	whole(b.next("publish_done"))
	s.Gone(pub)
	s.Over("ann", "b1", "/vod/b1/download.mp4")
	whole(b.next("record_done"), "path", "https://example.org/vod/b1/download.mp4", "recorder", "")
	s.Over("ann", "b1", "")
	s.Close(t.Context())
	b.quiet()
}

// The same in SRS's.
func TestSRSFields(t *testing.T) {
	b := newBackEnd(t, says(`{"code":0,"data":"x"}`))
	s := start(t, Options{SRS: b.allSRS(), Origin: "https://example.org"})
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	var streamID string
	whole := func(h heard, more ...string) {
		t.Helper()
		want := map[string]string{
			"server_id": s.server, "action": h.call, "client_id": strconv.FormatInt(leave.Client, 10), "ip": "192.0.2.7", "vhost": "__defaultVhost__",
			"app": "live", "stream": secret, "param": "?user=Ann%20%C3%96&name=spoofed&Addr=127.0.0.1", "stream_url": "/live/" + secret,
			"stream_id": h.get("stream_id"),
		}
		for i := 0; i < len(more); i += 2 {
			want[more[i]] = more[i+1]
		}
		got := map[string]string{}
		for name := range h.fields {
			got[name] = h.get(name)
		}
		require.Equal(t, want, got)
		require.Regexp(t, `^vid-[0-9a-f]{7}$`, want["stream_id"])
		require.True(t, streamID == "" || streamID == want["stream_id"])
		streamID = want["stream_id"]
	}
	whole(b.next("on_publish"), "tcUrl", "rtmp://h/live")
	pub := letIn(s, leave, obs(), nil)
	s.Segment(t.Context(), "b1", 7, 2040*time.Millisecond, "/media/b1/video/source/seg7.ts", "/live/ann/ts/index.m3u8")
	whole(b.next("on_hls"), "cwd", "https://example.org", "duration", "2.04", "seq_no", "7",
		"file", "https://example.org/media/b1/video/source/seg7.ts", "url", "media/b1/video/source/seg7.ts",
		"m3u8", "https://example.org/live/ann/ts/index.m3u8", "m3u8_url", "live/ann/ts/index.m3u8")
	s.Segment(t.Context(), "another", 7, time.Second, "/x", "/y")
	s.Gone(pub)
	whole(b.next("on_unpublish"))
	s.Over("ann", "b1", "/vod/b1/download.mp4")
	whole(b.next("on_dvr"), "cwd", "https://example.org", "file", "https://example.org/vod/b1/download.mp4")
	s.Close(t.Context())
	b.quiet()
}

// What a back-end answers in nginx-rtmp's dialect, and what comes of it.
func TestNginxVerdicts(t *testing.T) {
	b := newBackEnd(t, nil)
	s := start(t, Options{Nginx: b.allNginx()})
	for name, test := range map[string]struct {
		answer  func(http.ResponseWriter, heard)
		refused bool
		renamed string
		relayed string
	}{
		"200":                    {answer: says("whatever")},
		"201":                    {answer: status(http.StatusCreated)},
		"204":                    {answer: status(http.StatusNoContent)},
		"401":                    {answer: status(http.StatusUnauthorized), refused: true},
		"404":                    {answer: status(http.StatusNotFound), refused: true},
		"500":                    {answer: status(http.StatusInternalServerError), refused: true},
		"a plain name":           {answer: sendsTo("ann"), renamed: "ann"},
		"a path":                 {answer: sendsTo("/live/ann"), renamed: "ann"},
		"an address":             {answer: sendsTo("http://back.example/live/ann?x=/y#/z"), renamed: "ann"},
		"an escaped name":        {answer: sendsTo("/a%6En"), renamed: "ann"},
		"a slash in a name":      {answer: sendsTo("/x%2Fann"), renamed: "x/ann"}, // which no channel can be called
		"nowhere":                {answer: status(http.StatusFound), refused: true},
		"a path without an end":  {answer: sendsTo("/live/"), refused: true},
		"a host":                 {answer: sendsTo("http://back.example"), refused: true},
		"a broken escape":        {answer: sendsTo("/a%"), refused: true},
		"304":                    {answer: status(http.StatusNotModified), refused: true},
		"another server":         {answer: sendsTo("rtmp://198.51.100.1/live/" + secret), relayed: "rtmp://198.51.100.1/live/" + secret},
		"another server, by TLS": {answer: sendsTo("RTMPS://198.51.100.1/live/" + secret), relayed: "RTMPS://198.51.100.1/live/" + secret},
	} {
		t.Run(name, func(t *testing.T) {
			b.says(test.answer)
			leave, err := s.Ask(t.Context(), obs())
			b.next("publish")
			b.quiet()
			if test.refused {
				refusedAs(t, "hook_refused", err)
				return
			}
			require.NoError(t, err)
			want := live.Leave{Client: leave.Client, Asked: true, Name: secret, Relay: test.relayed}
			if test.renamed != "" {
				want.Name, want.Renamed = test.renamed, true
			}
			require.Equal(t, want, leave)
		})
	}
}

// A redirect is an answer, and followed nowhere, however it goes round.
func TestRedirectsInCircles(t *testing.T) {
	b := newBackEnd(t, nil)
	b.says(sendsTo(b.server.URL + "/on_publish"))
	s := start(t, Options{Nginx: Nginx{OnPublish: b.server.URL + "/on_publish"}})
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	require.Equal(t, "on_publish", leave.Name)
	b.next("publish")
	b.quiet()
}

func TestSRSVerdicts(t *testing.T) {
	b := newBackEnd(t, nil)
	s := start(t, Options{SRS: b.allSRS()})
	huge := `{"code":0,"data":"` + strings.Repeat("x", maxAnswer) + `"}`
	for name, test := range map[string]struct {
		answer  func(http.ResponseWriter, heard)
		allowed bool
	}{
		"zero":             {says("0"), true},
		"zero on a line":   {says(" 0\r\n"), true},
		"an object":        {says(`{"code":0}`), true},
		"more in it":       {says(`{"data":{"code":1},"code": 0 ,"msg":"ok"}`), true},
		"one":              {says("1"), false},
		"a text":           {says(`"0"`), false},
		"another code":     {says(`{"code":1}`), false},
		"a code of text":   {says(`{"code":"0"}`), false},
		"no code":          {says(`{}`), false},
		"another spelling": {says(`{"Code":0}`), false},
		"a list":           {says(`[0]`), false},
		"null":             {says(`null`), false},
		"nothing":          {says(""), false},
		"no JSON":          {says("<html>0</html>"), false},
		"half of it":       {says(`{"code":0`), false},
		"two":              {says(`{"code":0}{"code":1}`), false},
		"huge":             {says(huge), false},
		"zero with 201":    {func(w http.ResponseWriter, _ heard) { w.WriteHeader(http.StatusCreated); _, _ = io.WriteString(w, "0") }, false},
		"zero with 500": {func(w http.ResponseWriter, _ heard) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, "0")
		}, false},
		"a redirect": {sendsTo("/ann"), false},
	} {
		t.Run(name, func(t *testing.T) {
			b.says(test.answer)
			leave, err := s.Ask(t.Context(), obs())
			b.next("on_publish")
			if !test.allowed {
				refusedAs(t, "hook_refused", err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, live.Leave{Client: leave.Client, Asked: true, Name: secret}, leave)
		})
	}
}

// With both dialects both have to agree.
func TestBothDialects(t *testing.T) {
	b := newBackEnd(t, nil)
	s := start(t, Options{Nginx: Nginx{OnPublish: b.server.URL}, SRS: SRS{OnPublish: b.server.URL}})
	var no atomic.Value
	no.Store("")
	b.says(func(w http.ResponseWriter, h heard) {
		switch {
		case no.Load() == h.call:
			w.WriteHeader(http.StatusForbidden)
		case h.call == "publish":
			sendsTo("ann")(w, h)
		default:
			_, _ = io.WriteString(w, "0")
		}
	})
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	require.Equal(t, "ann", leave.Name)
	for _, call := range []string{"publish", "on_publish"} {
		no.Store(call)
		_, err = s.Ask(t.Context(), obs())
		refusedAs(t, "hook_refused", err)
	}
}

func TestNobodyIsAsked(t *testing.T) {
	s := start(t, Options{})
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	require.False(t, leave.Asked)
	pub := letIn(s, leave, obs(), nil)
	s.Gone(pub)
	s.Over("ann", "b1", "/vod/b1/download.mp4")
}

// rude is a back-end on a bare socket: it does with each connection what the
// test says.
func rude(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var g errgroup.Group
	g.Go(func() error {
		for {
			nc, err := l.Accept()
			if err != nil {
				return nil // closed
			}
			g.Go(func() error {
				defer nc.Close()
				serve(nc)
				return nil
			})
		}
	})
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		require.NoError(t, g.Wait())
	})
	return "http://" + l.Addr().String() + "/" + secret
}

// A back-end that does not answer refuses, within its time, or lets in when the
// operator wants that.
func TestABackEndThatDoesNotAnswer(t *testing.T) {
	silent := func(nc net.Conn) { _, _ = io.Copy(io.Discard, nc) }
	drops := func(nc net.Conn) { _, _ = bufio.NewReader(nc).ReadString('\n') }
	for name, serve := range map[string]func(net.Conn){
		"silent": silent,
		"drops":  drops,
		"no HTTP": func(nc net.Conn) {
			drops(nc)
			_, _ = io.WriteString(nc, "SSH-2.0-x\r\n")
		},
		"a head without an end": func(nc net.Conn) {
			drops(nc)
			for {
				if _, err := io.WriteString(nc, "X: "+strings.Repeat("x", 1000)+"\r\n"); err != nil {
					return
				}
			}
		},
		"half an answer": func(nc net.Conn) {
			drops(nc)
			_, _ = io.WriteString(nc, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0")
		},
	} {
		t.Run(name, func(t *testing.T) {
			address := rude(t, serve)
			for _, o := range []Options{{SRS: SRS{OnPublish: address}}, {SRS: SRS{OnPublish: address}, FailOpen: true}} {
				o.Timeout = 50 * time.Millisecond
				s := start(t, o)
				leave, err := s.Ask(t.Context(), obs())
				if !o.FailOpen {
					refusedAs(t, "hook_unanswered", err)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, live.Leave{Client: leave.Client, Asked: true, Name: secret}, leave)
			}
		})
	}
	t.Run("down", func(t *testing.T) {
		s := start(t, Options{Nginx: Nginx{OnPublish: nobody}, Timeout: 50 * time.Millisecond})
		_, err := s.Ask(t.Context(), obs())
		refusedAs(t, "hook_unanswered", err)
	})
	t.Run("the encoder's own time", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := start(t, Options{Nginx: Nginx{OnPublish: rude(t, func(nc net.Conn) { cancel(); silent(nc) })}})
		_, err := s.Ask(ctx, obs())
		require.ErrorIs(t, err, context.Canceled)
	})
}

// A body that never ends is not waited for where only the head counts.
func TestAnEndlessBody(t *testing.T) {
	s := start(t, Options{Nginx: Nginx{OnPublish: rude(t, func(nc net.Conn) {
		_, _ = bufio.NewReader(nc).ReadString('\n')
		_, err := io.WriteString(nc, "HTTP/1.1 200 OK\r\n\r\n")
		for err == nil {
			_, err = io.WriteString(nc, strings.Repeat("x", 1<<10))
		}
	})}})
	_, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
}

// A back-end that is starting is tried again.
func TestABackEndIsTriedAgain(t *testing.T) {
	var tries atomic.Int32
	s := start(t, Options{SRS: SRS{OnPublish: rude(t, func(nc net.Conn) {
		if tries.Add(1) < 3 {
			return
		}
		_, _ = http.ReadRequest(bufio.NewReader(nc))
		_, _ = io.WriteString(nc, "HTTP/1.0 200 OK\r\n\r\n0")
	})}})
	_, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	require.EqualValues(t, 3, tries.Load())
}

// While one waits for the back-end, others go on.
func TestOthersDoNotWait(t *testing.T) {
	slow, free := make(chan struct{}), make(chan struct{})
	b := newBackEnd(t, func(_ http.ResponseWriter, h heard) {
		if h.get("name") == "slow" {
			close(slow)
			<-free
		}
	})
	s := start(t, Options{Nginx: b.allNginx()})
	var g errgroup.Group
	g.Go(func() error {
		req := obs()
		req.Name = "slow"
		_, err := s.Ask(t.Context(), req)
		return err
	})
	<-slow
	_, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	close(free)
	require.NoError(t, g.Wait())
}

// Names that the back-end maps keep their meaning while it is down.
func TestFailOpenKeepsNames(t *testing.T) {
	b := newBackEnd(t, sendsTo("/ann"))
	s := start(t, Options{Nginx: b.allNginx(), FailOpen: true, Timeout: 200 * time.Millisecond})
	_, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	b.server.Close()
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	require.Equal(t, "ann", leave.Name)
	require.True(t, leave.Renamed)
}

// on_update comes at its interval while the session lasts; a refusal ends it, a
// redirect does not.
func TestUpdate(t *testing.T) {
	b := newBackEnd(t, sendsTo("/elsewhere"))
	n := Nginx{OnUpdate: b.server.URL, OnPublishDone: b.server.URL}
	s := start(t, Options{Nginx: n, Update: 20 * time.Millisecond})
	leave, err := s.Ask(t.Context(), obs())
	require.NoError(t, err)
	stopped := make(chan *live.Refusal, 1)
	pub := letIn(s, leave, obs(), func(why *live.Refusal) { stopped <- why })
	last := -1
	for range 3 {
		h := b.next("update_publish")
		require.Equal(t, secret, h.get("name"))
		require.Equal(t, strconv.FormatInt(leave.Client, 10), h.get("clientid"))
		ms, err := strconv.Atoi(h.get("timestamp"))
		require.NoError(t, err)
		require.Greater(t, ms, last)
		require.Equal(t, strconv.Itoa(ms/1000), h.get("time"))
		last = ms
	}
	b.says(status(http.StatusForbidden))
	select {
	case why := <-stopped:
		refusedAs(t, "hook_ended", why)
	case <-time.After(limit):
		t.Fatal("the encoder stays")
	}
	s.Gone(pub)
	s.Close(t.Context())
	ends := 0
	for len(b.calls) > 0 {
		if (<-b.calls).call == "publish_done" {
			ends++
		}
	}
	require.Equal(t, 1, ends)
}

// A back-end that is away for one update takes nobody off the air; one that
// stays away does, unless the operator says otherwise.
func TestUpdatesThatNobodyAnswers(t *testing.T) {
	s := start(t, Options{Nginx: Nginx{OnUpdate: nobody}, Timeout: 5 * time.Millisecond})
	c := s.encoder(obs())
	missed := 0
	require.Nil(t, s.update(c, &missed))
	require.Nil(t, s.update(c, &missed))
	refusedAs(t, "hook_unanswered", s.update(c, &missed))
	open := start(t, Options{Nginx: Nginx{OnUpdate: nobody}, Timeout: 5 * time.Millisecond, FailOpen: true})
	require.Nil(t, open.update(c, &missed))
}

// What is told waits for a back-end that comes back, and delays nobody.
func TestTellingAgain(t *testing.T) {
	var tries atomic.Int32
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tries.Add(1) == 1 {
			nc, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = nc.Close()
			}
			return
		}
		close(done)
	}))
	defer server.Close()
	s := start(t, Options{Nginx: Nginx{OnPublishDone: server.URL}})
	s.Gone(letIn(s, live.Leave{Client: 1}, obs(), nil))
	select {
	case <-done:
	case <-time.After(limit):
		t.Fatal("the end was not told again")
	}
}

// When the server ends nobody waits for a back-end that is down.
func TestCloseDoesNotWaitForEver(t *testing.T) {
	s := start(t, Options{Nginx: Nginx{OnPublishDone: nobody}})
	for range 2 * maxTelling { // more than wait at a time
		s.Gone(letIn(s, live.Leave{Client: 1}, obs(), nil))
	}
	require.GreaterOrEqual(t, s.dropped.Load(), int64(maxTelling))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.Close(ctx)
	pub := letIn(s, live.Leave{Client: 1}, obs(), nil)
	s.Gone(pub) // which says nothing any more
}
