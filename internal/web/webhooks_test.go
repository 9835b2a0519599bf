package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/webhook"
)

// backend is another's program that takes events, as docs/webhooks.md has it.
type backend struct {
	url    string
	secret string // set before the first event

	mu  sync.Mutex
	got []outbox.EventMessage
	bad []error
}

func newBackend(t *testing.T) *backend {
	b := &backend{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var m outbox.EventMessage
		verifier, wrong := standardwebhooks.NewWebhook(b.secret)
		for _, e := range []error{wrong, verifier.Verify(body, r.Header), json.Unmarshal(body, &m)} {
			if err == nil {
				err = e
			}
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		if err != nil {
			b.bad = append(b.bad, err)
			w.WriteHeader(http.StatusForbidden)
			return
		}
		b.got = append(b.got, m)
	}))
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (b *backend) kinds() (kinds []outbox.Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.got {
		kinds = append(kinds, m.Type)
	}
	return kinds
}

// makeHook makes a webhook as whoever has the cookie.
func (s *site) makeHook(cookie, channel, url string, events ...string) NewWebhook {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"channel": channel, "url": url, "events": events})
	require.NoError(s.t, err)
	a := s.call("POST", "/api/v1/webhooks", cookie, string(body))
	require.Equal(s.t, http.StatusCreated, a.status, a.body)
	var made NewWebhook
	require.NoError(s.t, json.Unmarshal([]byte(a.body), &made))
	return made
}

// From the encoder to another's program: a broadcast's whole life is told, in
// order, signed, and as the API describes it.
func TestABroadcastIsTold(t *testing.T) {
	s := newSite(t, nil)
	alice, admin := s.user("alice", account.RoleUser), s.user("site-admin", account.RoleAdmin)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	mine, sites := newBackend(t), newBackend(t)
	made := s.makeHook(alice, "show", mine.url, "broadcast.started", "broadcast.interrupted", "broadcast.resumed", "broadcast.ended", "recording.ready", "clip.made")
	mine.secret = made.Secret
	sites.secret = s.makeHook(admin, "", sites.url, "broadcast.started", "report.made").Secret
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.web.opts.Webhooks.Run(ctx) })
	defer running.Wait()
	defer stop()

	over := s.archived("show")
	clip := s.clipIn(over.ID, 0, 2*time.Second)
	require.Equal(t, http.StatusNoContent, s.call("POST", "/api/v1/reports", "", `{"kind":"recording","target":"`+over.ID+`","reason":"other","words":"No."}`).status)
	pub, _ := s.publish("other")
	pub.Close(live.Stopped, nil)
	s.await("all is told", func() bool { return len(mine.kinds()) == 4 && len(sites.kinds()) == 3 })
	require.Equal(t, []outbox.Kind{outbox.BroadcastStarted, outbox.BroadcastEnded, outbox.RecordingReady, outbox.ClipMade}, mine.kinds())
	require.Equal(t, []outbox.Kind{outbox.BroadcastStarted, outbox.ReportMade, outbox.BroadcastStarted}, sites.kinds())
	require.Empty(t, mine.bad)
	require.Empty(t, sites.bad)
	for i, m := range mine.got {
		require.Equal(t, int64(i+1), m.Sequence)
		require.Equal(t, over.ID, m.Data.Broadcast.ID)
		require.Equal(t, "show", m.Data.Channel.Name)
	}
	require.Equal(t, "archived", mine.got[2].Data.Broadcast.State)
	require.Positive(t, mine.got[2].Data.Broadcast.Bytes)
	require.Equal(t, clip.ID, mine.got[3].Data.Clip.ID)
	require.Equal(t, "/v/"+over.ID, sites.got[1].Data.Report.URL)

	s.await("the log says so", func() bool {
		var d struct{ Items []Delivery }
		require.NoError(t, json.Unmarshal([]byte(s.call("GET", "/api/v1/webhooks/"+made.ID+"/deliveries?state=delivered", alice, "").body), &d))
		return len(d.Items) == 4
	})
	d := s.description()
	for _, m := range append(append([]outbox.EventMessage{}, mine.got...), sites.got...) {
		text, err := json.Marshal(m)
		require.NoError(t, err)
		var v any
		require.NoError(t, json.Unmarshal(text, &v))
		d.check(t, string(m.Type), d.Components.Schemas["EventMessage"], v)
	}
}

// Webhooks are managed by who may change the channel; secrets are in no answer
// but the one that makes them.
func TestWebhooksByAPI(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	b := newBackend(t)
	made := s.makeHook(alice, "show", b.url, "clip.made")
	b.secret = made.Secret
	at := "/api/v1/webhooks/" + made.ID
	d := s.description()
	follows := func(method, path, address, body, status string) string {
		t.Helper()
		a := s.call(method, address, alice, body)
		require.Equal(t, status, http.StatusText(a.status), a.body)
		var v any
		require.NoError(t, json.Unmarshal([]byte(a.body), &v))
		for _, code := range []string{"200", "201"} {
			if r, ok := d.Paths[path][map[string]string{"GET": "get", "POST": "post", "PATCH": "patch"}[method]].Responses[code]; ok {
				d.check(t, path, r.Content["application/json"].Schema, v)
			}
		}
		return a.body
	}
	const one = "/api/v1/webhooks/{webhook}"
	require.NotContains(t, follows("GET", "/api/v1/webhooks", "/api/v1/webhooks?channel=show", "", "OK"), "whsec_")
	require.Contains(t, follows("POST", one+"/test", at+"/test", "", "Created"), `"state":"delivered"`)
	b.secret = "whsec_AAAA"
	require.Contains(t, follows("POST", one+"/test", at+"/test", "", "Created"), "It answered 403 Forbidden.")
	require.Contains(t, follows("GET", one+"/deliveries", at+"/deliveries?limit=1", "", "OK"), `"next":"2"`)
	require.Contains(t, follows("POST", one+"/deliveries/{sequence}/redeliver", at+"/deliveries/1/redeliver", "", "Created"), `"state":"waiting"`)
	require.Contains(t, follows("POST", one+"/rotate", at+"/rotate", "", "Created"), `"secret":"whsec_`)
	require.Contains(t, follows("PATCH", one, at, `{"enabled":false,"events":["clip.made","key.new_address"]}`, "OK"), `"enabled":false`)
	for body, code := range map[string]string{
		`{"url":"ftp://x"}`:          webhook.ErrBadURL.Code,
		`{"events":["report.made"]}`: webhook.ErrBadEvents.Code,
	} {
		require.Equal(t, code, s.call("PATCH", at, alice, body).code())
	}
	require.Equal(t, webhook.ErrDisabled.Code, s.call("POST", at+"/deliveries/1/redeliver", alice, "").code())
	require.Equal(t, http.StatusNoContent, s.call("DELETE", at, alice, "").status)
	require.Equal(t, http.StatusNotFound, s.call("DELETE", at, alice, "").status)
}
