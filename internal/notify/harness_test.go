package notify

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

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

// site is a service over a new database, at a time that tests set. It runs when a
// test says so.
type site struct {
	*Service
	t        testing.TB
	db       *store.DB
	accounts *account.Service
	channel  store.Channel

	mu  sync.Mutex
	now time.Time
}

func newSite(t testing.TB, change func(*Options)) *site {
	t.Helper()
	s := &site{t: t, now: day, db: storetest.Open(t, filepath.Join(t.TempDir(), "rostrum.db"), slog.New(slog.DiscardHandler))}
	s.accounts = account.New(s.db)
	s.Service = s.another(change)
	var err error
	s.channel, err = s.accounts.AddChannel(t.Context(), account.CommandLine(), "show")
	require.NoError(t, err)
	return s
}

// another is a service of another process with the same database.
func (s *site) another(change func(*Options)) *Service {
	s.t.Helper()
	o := Options{
		DB: s.db, Accounts: s.accounts, Private: true, Site: "https://tv.example", Log: slog.New(slog.DiscardHandler),
		Now: func(context.Context) (time.Time, error) {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.now, nil
		},
		Jitter: func() float64 { return 0 },
	}
	if change != nil {
		change(&o)
	}
	n, err := New(o)
	require.NoError(s.t, err)
	s.t.Cleanup(n.Close)
	return n
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *site) write(fn func(*store.Tx) error) {
	s.t.Helper()
	require.NoError(s.t, s.db.Write(s.t.Context(), fn))
}

// person makes a user who is signed in.
func (s *site) person(name string) account.Actor {
	s.t.Helper()
	ctx := s.t.Context()
	u, err := s.accounts.AddUser(ctx, account.CommandLine(), account.NewUser{Name: name, Email: name + "@example.org", Password: "correct horse battery", Role: account.RoleUser})
	require.NoError(s.t, err)
	u.EmailConfirmedAt = day
	s.write(func(tx *store.Tx) error { return tx.UpdateUser(ctx, u) })
	token, err := s.accounts.OpenSession(ctx, u, account.ByPassword, account.Client{})
	require.NoError(s.t, err)
	a, err := s.accounts.BySession(ctx, token, account.Client{})
	require.NoError(s.t, err)
	return a
}

// follower makes one of the channel.
func (s *site) follower(name string, ways store.Ways, language string) account.Actor {
	s.t.Helper()
	a := s.person(name)
	_, _, err := s.accounts.Follow(s.t.Context(), a, "show", language)
	require.NoError(s.t, err)
	require.NoError(s.t, s.accounts.SetWays(s.t.Context(), a, "show", ways))
	return a
}

// goLive starts a broadcast, as broadcast does.
func (s *site) goLive(title string) store.Broadcast {
	s.t.Helper()
	ctx := s.t.Context()
	now, _ := s.o.Now(ctx)
	b := store.Broadcast{ID: s.db.NewID(), ChannelID: s.channel.ID, State: store.StateOpening, CreatedAt: now, Title: title}
	s.write(func(tx *store.Tx) error {
		require.NoError(s.t, tx.InsertBroadcast(ctx, b))
		return outbox.Follow(ctx, tx, b.ID, now, func() error { return tx.SetBroadcastLive(ctx, b.ID, now) })
	})
	return b
}

func (s *site) end(b store.Broadcast) {
	s.t.Helper()
	ctx := s.t.Context()
	now, _ := s.o.Now(ctx)
	s.write(func(tx *store.Tx) error { return tx.EndBroadcast(ctx, b.ID, now, "", time.Minute) })
}

// work does all that is due now, one thing after the other.
func (s *site) work() {
	s.t.Helper()
	for s.announceNext(s.t.Context()) {
	}
	s.send1()
}

// send1 sends what is in line and due.
func (s *site) send1() {
	s.t.Helper()
	for s.sendNext(s.t.Context(), s.pushLine()) {
	}
	if s.Mails() {
		for s.sendNext(s.t.Context(), s.mailLine()) {
		}
	}
}

// runs runs a service until the test ends or stop is called.
func (s *site) runs(n *Service) (stop func()) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx) })
	stop = func() {
		cancel()
		running.Wait()
	}
	s.t.Cleanup(stop)
	return stop
}

func (s *site) await(why string, cond func() bool) {
	s.t.Helper()
	require.Eventually(s.t, cond, limit, 5*time.Millisecond, why)
}

// crowd makes n followers in one transaction, each with a browser at the endpoint
// of a push service when it is not empty.
func (s *site) crowd(n int, endpoint string) {
	s.t.Helper()
	ctx := s.t.Context()
	key := newBrowser(s.t)
	s.write(func(tx *store.Tx) error {
		for i := range n {
			u := store.User{ID: tx.NewID(), Name: fmt.Sprintf("crowd%d", i), DisplayName: "x", Role: string(account.RoleUser), CreatedAt: day}
			require.NoError(s.t, tx.InsertUser(ctx, u))
			_, err := tx.Follow(ctx, s.channel.ID, u.ID, day)
			require.NoError(s.t, err)
			if endpoint == "" {
				continue
			}
			ses := store.Session{ID: tx.NewID(), UserID: u.ID, CreatedAt: day, SeenAt: day, ExpiresAt: day.Add(time.Hour)}
			require.NoError(s.t, tx.InsertSession(ctx, ses, ses.ID))
			require.NoError(s.t, tx.PutPushSubscription(ctx, store.PushSubscription{
				ID: tx.NewID(), UserID: u.ID, SessionID: ses.ID, Endpoint: fmt.Sprintf("%s/%d", endpoint, i), P256dh: key.p256dh(), Auth: key.secret(),
				Origin: "https://tv.example", CreatedAt: day,
			}))
		}
		return nil
	})
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}
