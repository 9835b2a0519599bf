package viewing

import (
	"context"
	"log/slog"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret = "open sesame"
	other  = "another word"
	// limit is longer than any test takes.
	limit = time.Hour
)

// house is a service over a database with one channel and a recording of it.
type house struct {
	*Service
	t         testing.TB
	path      string
	db        *store.DB
	accounts  *account.Service
	channel   account.Channel
	recording string
}

// newHouse makes one whose channel has that visibility, and a password.
func newHouse(t testing.TB, v account.Visibility) *house {
	t.Helper()
	h := &house{t: t, path: filepath.Join(t.TempDir(), "rostrum.db")}
	h.db = storetest.Open(t, h.path, slog.New(slog.DiscardHandler))
	var err error
	h.accounts = account.New(h.db)
	h.channel, err = h.accounts.AddChannel(t.Context(), account.CommandLine(), "alice")
	require.NoError(t, err)
	h.recording = h.broadcast(h.channel.ID, "")
	h.Service = h.start(Options{})
	h.set(v, secret)
	return h
}

// start runs a service on the house's database, as another process would.
func (h *house) start(o Options) *Service {
	h.t.Helper()
	o.DB, o.Accounts, o.Log = h.db, h.accounts, slog.New(slog.DiscardHandler)
	s, err := New(h.t.Context(), o)
	require.NoError(h.t, err)
	h.t.Cleanup(s.Close)
	return s
}

// set changes the channel's visibility, and its password unless that is empty,
// as another process would: nobody is told.
func (h *house) set(v account.Visibility, password string) {
	h.t.Helper()
	d := account.Details{Visibility: &v}
	if password != "" {
		d.Password = &password
	}
	_, err := h.accounts.SetDetails(h.t.Context(), account.CommandLine(), h.channel.Name, account.AnyRevision, d)
	require.NoError(h.t, err)
}

// broadcast makes the row of one.
func (h *house) broadcast(channel string, v account.Visibility) string {
	h.t.Helper()
	id := h.db.NewID()
	require.NoError(h.t, h.db.Write(h.t.Context(), func(tx *store.Tx) error {
		return tx.InsertBroadcast(h.t.Context(), store.Broadcast{
			ID: id, ChannelID: channel, State: store.StateArchived, CreatedAt: time.Now(), Recorded: true, Visibility: string(v),
		})
	}))
	return id
}

// live is what the channel's own addresses lead to.
func (h *house) live() What { return What{Name: h.channel.Name} }

func (h *house) recorded() What { return What{Broadcast: h.recording} }

// Begin makes a viewing of a recording, or of what is live.
func (h *house) Begin(ctx context.Context, what What, a Asker) (Beginning, error) {
	if what.Broadcast != "" {
		return h.BeginRecording(ctx, what.Broadcast, a)
	}
	return h.BeginLive(ctx, what, a)
}

// begin makes a viewing and returns what its token says.
func (h *house) begin(what What, a Asker) Grant {
	h.t.Helper()
	if !a.Address.IsValid() {
		a.Address = netip.MustParseAddr("192.0.2.1")
	}
	b, err := h.Begin(h.t.Context(), what, a)
	require.NoError(h.t, err)
	g, ok := h.Read(b.Token)
	require.True(h.t, ok)
	return g
}

// ask is one request.
func ask(t testing.TB, s *Service, g Grant, what What, use Use) error {
	t.Helper()
	stay, err := s.Admit(t.Context(), g, what, use)
	if err == nil {
		stay.End()
	}
	return err
}

// user signs somebody in who has a place in the channel, and returns their
// session's id.
func (h *house) user(name string, p account.Place) (account.User, string) {
	h.t.Helper()
	ctx := h.t.Context()
	u, err := h.accounts.AddUser(ctx, account.CommandLine(), account.NewUser{Name: name})
	require.NoError(h.t, err)
	if p != account.PlaceNone {
		require.NoError(h.t, h.accounts.SetPlace(ctx, account.CommandLine(), h.channel.Name, name, p))
	}
	token, err := h.accounts.OpenSession(ctx, u, account.ByPassword, account.Client{})
	require.NoError(h.t, err)
	a, err := h.accounts.BySession(ctx, token, account.Client{})
	require.NoError(h.t, err)
	return u, a.Session
}

// actorOf is somebody who is signed in.
func actorOf(u account.User, session string) account.Actor {
	return account.Actor{User: u, Session: session}
}

func background(t testing.TB) context.Context { return context.WithoutCancel(t.Context()) }
