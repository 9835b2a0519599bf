package webhook

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// limit bounds every wait of a test.
const limit = time.Minute

// day is when tests begin.
var day = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

// site is a service over a new database, at a time that tests set.
type site struct {
	*Service
	t       *testing.T
	db      *store.DB
	channel store.Channel

	mu  sync.Mutex
	now time.Time
}

func newSite(t *testing.T) *site {
	log := slog.New(slog.DiscardHandler)
	s := &site{t: t, now: day, db: storetest.Open(t, filepath.Join(t.TempDir(), "rostrum.db"), log)}
	s.Service = s.another(All)
	var err error
	s.channel, err = s.o.Accounts.AddChannel(t.Context(), account.CommandLine(), "show")
	require.NoError(t, err)
	return s
}

// another is a service of another process with the same database.
func (s *site) another(p Private) *Service {
	return New(Options{
		DB: s.db, Accounts: account.New(s.db), Private: p, Site: "https://tv.example", Version: "v1", Log: slog.New(slog.DiscardHandler),
		Now: func(context.Context) (time.Time, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.now, nil
		},
		Jitter: func() float64 { return 0.5 },
	})
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// hook makes a webhook of the channel that is told of ended broadcasts.
func (s *site) hook(url string) store.Webhook {
	s.t.Helper()
	w, err := s.Make(s.t.Context(), account.CommandLine(), "show", Order{URL: url, Events: []string{string(outbox.BroadcastEnded)}})
	require.NoError(s.t, err)
	return w
}

// happen writes an event down.
func (s *site) happen() {
	s.t.Helper()
	now, _ := s.o.Now(s.t.Context())
	require.NoError(s.t, s.db.Write(s.t.Context(), func(tx *store.Tx) error {
		return outbox.Put(s.t.Context(), tx, outbox.BroadcastEnded, s.channel.ID, now, func(*outbox.EventData) error { return nil })
	}))
}

// work delivers all that is due, one after the other, and returns how many tries
// that took.
func (s *site) work() (tries int) {
	s.t.Helper()
	for {
		l, ok := s.lease(s.t.Context())
		if !ok {
			return tries
		}
		s.deliver(s.t.Context(), l)
		tries++
	}
}

func (s *site) row(w store.Webhook) store.Webhook {
	s.t.Helper()
	w, err := s.db.Webhook(s.t.Context(), w.ID)
	require.NoError(s.t, err)
	return w
}

func (s *site) delivery(w store.Webhook, n int64) store.WebhookDelivery {
	s.t.Helper()
	d, err := s.db.Delivery(s.t.Context(), w.ID, n)
	require.NoError(s.t, err)
	return d
}

// got is a request as a receiver saw it.
type got struct {
	header http.Header
	body   string
}

// receiver takes what is sent to it and answers by a function.
type receiver struct {
	url string
	mu  sync.Mutex
	got []got
}

func receive(t *testing.T, answer http.HandlerFunc) *receiver {
	r := &receiver{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return // who sent it has given up
		}
		r.mu.Lock()
		r.got = append(r.got, got{req.Header.Clone(), string(body)})
		r.mu.Unlock()
		answer(w, req)
	}))
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *receiver) all() []got {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]got(nil), r.got...)
}

// status answers with one.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// requireSigned checks a request by the library of Standard Webhooks. It leaves the
// time alone, which is a test's.
func requireSigned(t *testing.T, secret string, g got) {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	require.NoError(t, err)
	require.NoError(t, verifier.VerifyIgnoringTimestamp([]byte(g.body), g.header))
}
