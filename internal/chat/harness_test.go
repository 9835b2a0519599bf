package chat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(postgres.Main(m)) }

// limit bounds every wait of a test.
const limit = 30 * time.Second

// place is a chat with everything behind it.
type place struct {
	t        testing.TB
	db       *store.DB
	accounts *account.Service
	bus      *bus.Bus
	chat     *Service
	channel  account.Channel
}

func newPlace(t testing.TB, change func(*Options)) *place {
	return newPlaceAt(t, filepath.Join(t.TempDir(), "rostrum.db"), change)
}

func newPlaceAt(t testing.TB, where string, change func(*Options)) *place {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	p := &place{t: t}
	if filepath.IsAbs(where) {
		p.db = storetest.Open(t, where, log)
	} else {
		var err error
		p.db, err = store.Open(t.Context(), where, log)
		require.NoError(t, err)
		t.Cleanup(func() { _ = p.db.Close() })
	}
	b, err := bus.New(bus.Options{Log: log})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	p.on(b, change)
	c, err := p.accounts.EnsureChannel(t.Context(), "show")
	require.NoError(t, err)
	p.channel = c
	return p
}

// on starts a chat over the database and a bus.
func (p *place) on(b *bus.Bus, change func(*Options)) {
	p.t.Helper()
	files, err := blob.Open(p.t.TempDir())
	require.NoError(p.t, err)
	p.bus, p.accounts = b, account.New(p.db)
	o := Options{DB: p.db, Accounts: p.accounts, Bus: b, Files: files, Log: slog.New(slog.DiscardHandler)}
	o.pace.tick = 50 * time.Millisecond
	if change != nil {
		change(&o)
	}
	p.chat, err = New(o)
	require.NoError(p.t, err)
	p.t.Cleanup(p.chat.Close)
	p.accounts.Watch(p.chat.Changed)
	p.accounts.WatchUsers(p.chat.UserChanged)
}

// user makes somebody who is signed in.
func (p *place) user(name string, at account.Place) account.Actor {
	p.t.Helper()
	ctx := context.Background()
	u := account.User{ID: p.db.NewID(), Name: name, DisplayName: name, Role: string(account.RoleUser), CreatedAt: time.Now()}
	ses := store.Session{ID: p.db.NewID(), UserID: u.ID, CreatedAt: time.Now(), SeenAt: time.Now(), ExpiresAt: time.Now().Add(time.Hour)}
	require.NoError(p.t, p.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertUser(ctx, u); err != nil {
			return err
		}
		if at != account.PlaceNone {
			if err := tx.PutMember(ctx, store.Member{ChannelID: p.channel.ID, UserID: u.ID, Role: string(at), CreatedAt: time.Now()}); err != nil {
				return err
			}
		}
		return tx.InsertSession(ctx, ses, "h"+u.ID)
	}))
	return account.Actor{User: u, Session: ses.ID}
}

// client is somebody at the other end of a socket.
type client struct {
	t    testing.TB
	conn net.Conn
	buf  []event
	mu   sync.Mutex // of writes
}

type event map[string]any

// join connects somebody by a socket of loopback.
func (p *place) join(a account.Actor, change ...func(*Connection)) *client {
	p.t.Helper()
	ours, theirs := pair(p.t)
	in := Connection{Recent: -1}
	in.Over(ours)
	for _, f := range change {
		f(&in)
	}
	require.NoError(p.t, p.chat.Serve(p.t.Context(), p.channel.ID, Asker{Actor: a}, in))
	return &client{t: p.t, conn: theirs}
}

// pair is a connection of TCP.
func pair(t testing.TB) (ours, theirs net.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	theirs, err = net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = theirs.Close() })
	ours, err = l.Accept()
	require.NoError(t, err)
	return ours, theirs
}

// next returns the next event, and answers pings on the way.
func (c *client) next() (event, error) {
	if len(c.buf) > 0 {
		e := c.buf[0]
		c.buf = c.buf[1:]
		return e, nil
	}
	_ = c.conn.SetReadDeadline(time.Now().Add(limit))
	for {
		h, err := ws.ReadHeader(c.conn)
		if err != nil {
			return nil, err
		}
		b := make([]byte, h.Length)
		if _, err := io.ReadFull(c.conn, b); err != nil {
			return nil, err
		}
		switch h.OpCode {
		case ws.OpPing:
			c.raw(ws.OpPong, b)
		case ws.OpPong:
		case ws.OpClose:
			code, why := ws.ParseCloseFrameData(b)
			return nil, wsutil.ClosedError{Code: code, Reason: why}
		default:
			var e event
			err := json.Unmarshal(b, &e)
			return e, err
		}
	}
}

// await returns the next event of a type, past others.
func (c *client) await(kind string) event {
	c.t.Helper()
	for {
		e, err := c.next()
		require.NoError(c.t, err, "while waiting for %s", kind)
		if e["type"] == kind {
			return e
		}
	}
}

// closed returns the code by which the connection ends.
func (c *client) closed() ws.StatusCode {
	c.t.Helper()
	for {
		_, err := c.next()
		var closed wsutil.ClosedError
		if errors.As(err, &closed) {
			return closed.Code
		}
		require.NoError(c.t, err)
	}
}

func (c *client) raw(op ws.OpCode, payload []byte) {
	f := ws.MaskFrame(ws.NewFrame(op, true, payload))
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = ws.WriteFrame(c.conn, f)
}

func (c *client) send(v any) {
	b, err := json.Marshal(v)
	require.NoError(c.t, err)
	c.raw(ws.OpText, b)
}

func (c *client) say(text string) {
	c.send(map[string]any{"type": "message", "text": text, "nonce": text})
}

// said waits for a line with a text.
func (c *client) said(text string) event {
	c.t.Helper()
	for {
		if e := c.await("message"); e["text"] == text {
			return e
		}
	}
}

// told returns the first texts that a connection hears of, in its history or
// since.
func (c *client) told(n int) (texts []string) {
	c.t.Helper()
	var all []event
	for len(all) < n {
		e, err := c.next()
		require.NoError(c.t, err)
		switch e["type"] {
		case "history":
			for _, l := range e["lines"].([]any) {
				all = append(all, event(l.(map[string]any)))
			}
		case "message":
			all = append(all, e)
		case "delete":
			kept := all[:0]
			for _, l := range all {
				if l["user"].(map[string]any)["id"] != e["userId"] {
					kept = append(kept, l)
				}
			}
			all = kept
		}
	}
	for _, l := range all {
		texts = append(texts, l["text"].(string))
	}
	return texts
}
