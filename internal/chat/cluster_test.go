package chat

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/bus"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// wire carries TCP to an address until it is cut, and again when it is mended.
type wire struct {
	to   string
	ears net.Listener

	mu    sync.Mutex
	cut   bool
	ends  map[net.Conn]bool
	works sync.WaitGroup
}

func newWire(t *testing.T, to string) *wire {
	ears, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &wire{to: to, ears: ears, ends: map[net.Conn]bool{}}
	w.works.Go(func() {
		for {
			c, err := ears.Accept()
			if err != nil {
				return
			}
			w.works.Go(func() { w.carry(c) })
		}
	})
	t.Cleanup(func() {
		_ = ears.Close()
		w.set(true)
		w.works.Wait()
	})
	return w
}

// carry goes on until one end closes, or the wire is cut.
func (w *wire) carry(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer far.Close()
	w.mu.Lock()
	if w.cut {
		w.mu.Unlock()
		return
	}
	w.ends[near], w.ends[far] = true, true
	w.mu.Unlock()
	var g sync.WaitGroup
	for _, way := range [][2]net.Conn{{near, far}, {far, near}} {
		g.Go(func() {
			_, _ = io.Copy(way[0], way[1])
			_ = near.Close()
			_ = far.Close()
		})
	}
	g.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ends, near)
	delete(w.ends, far)
}

// set cuts the wire, or mends it.
func (w *wire) set(cut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cut = cut
	for c := range w.ends {
		if cut {
			_ = c.Close()
		}
	}
}

// twoNodes are two servers over one database, each with a bus of its own; the
// second joins the first by a wire.
func twoNodes(t *testing.T) (a, b *place, w *wire) {
	log := slog.New(slog.DiscardHandler)
	node := func(name string, join ...*url.URL) *bus.Bus {
		n, err := bus.New(bus.Options{Log: log, Cluster: &bus.Cluster{Name: name, Listen: -1, Join: join}})
		require.NoError(t, err)
		t.Cleanup(n.Close)
		return n
	}
	a = newPlaceAt(t, postgres.Fresh(t), nil) // its own bus is alone
	busA := node("a")
	require.Eventually(t, func() bool { return busA.Address() != nil }, limit, time.Millisecond)
	w = newWire(t, busA.Address().Host)
	busB := node("b", &url.URL{Scheme: "nats", Host: w.ears.Addr().String()})
	a, b = new(*a), new(*a)
	a.on(busA, nil)
	b.on(busB, nil)
	return a, b, w
}

// hears waits until what one node says on the bus is heard by the other, with all
// that is listened for there now.
func hears(t *testing.T, listener, speaker *place) {
	t.Helper()
	subject := "probe." + listener.db.NewID()
	sub, err := listener.bus.Subscribe(subject, func(m bus.Message) { _ = m.Respond(nil) })
	require.NoError(t, err)
	defer sub.Close()
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := speaker.bus.Request(ctx, subject, nil)
		return err == nil
	}, limit, 10*time.Millisecond)
}

// reader is a connection, what it was told, and how often it was told each line.
type reader struct {
	*client
	seen  []event
	times map[string]int
}

func (p *place) reader(a account.Actor) *reader {
	r := &reader{client: p.join(a), times: map[string]int{}}
	r.await("history")
	return r
}

// until reads up to an event, and counts lines on the way.
func (r *reader) until(what string, is func(event) bool) event {
	r.t.Helper()
	for {
		e, err := r.next()
		require.NoError(r.t, err, "while waiting for %s", what)
		r.seen = append(r.seen, e)
		if e["type"] == "message" {
			r.times[e["text"].(string)]++
		}
		if is(e) {
			return e
		}
	}
}

func (r *reader) line(text string) event {
	r.t.Helper()
	return r.until(text, func(e event) bool { return e["type"] == "message" && e["text"] == text })
}

func (r *reader) event(kind string) event {
	r.t.Helper()
	return r.until(kind, func(e event) bool { return e["type"] == kind })
}

// standing waits until the connection is told so, and maybe before that what was
// so already.
func (r *reader) standing(why string) event {
	r.t.Helper()
	return r.until("may not speak: "+why, func(e event) bool { return e["type"] == "you" && e["why"] == why && e["maySpeak"] == (why == "") })
}

// learned returns an event that was told already, or is told next.
func (r *reader) learned(kind string) event {
	r.t.Helper()
	for _, e := range r.seen {
		if e["type"] == kind {
			return e
		}
	}
	return r.event(kind)
}

// caughtUp waits until the room was compared with the rows as often as it is to be.
func (p *place) caughtUp() {
	p.t.Helper()
	room := p.chat.all()[0]
	require.Eventually(p.t, func() bool { return room.behind.Load() == 0 && !p.chat.catchingUp.Load() }, limit, 10*time.Millisecond)
}

// TestTwoNodes: what is said and done at one node is heard at another, by NATS,
// over one PostgreSQL.
func TestTwoNodes(t *testing.T) {
	a, b, _ := twoNodes(t)
	ctx := t.Context()
	boss, mallory := a.user("boss", account.PlaceOwner), a.user("mallory", account.PlaceNone)
	viewer := b.reader(account.Actor{})
	sockets := []*reader{a.reader(mallory), b.reader(mallory)}
	hears(t, b, a)
	hears(t, a, b)

	const n = 15
	var ids []string
	for i := range n {
		l, err := a.chat.Say(ctx, a.channel.ID, boss, fmt.Sprint("line ", i), "")
		require.NoError(t, err)
		ids = append(ids, l.ID)
	}
	for i := range n {
		require.Equal(t, fmt.Sprint("line ", i), viewer.event("message")["text"])
	}

	require.NoError(t, a.chat.As(ctx, boss, "show", func(m Moderator) error { return m.Delete(ctx, ids[3]) }))
	require.Equal(t, []any{ids[3]}, viewer.event("delete")["ids"])

	for _, punished := range []struct {
		why  string
		time time.Duration
	}{{"timeout", time.Hour}, {"banned", 0}} {
		sockets[1].say("spam before " + punished.why)
		viewer.line("spam before " + punished.why)
		begun := time.Now()
		require.NoError(t, a.chat.As(ctx, boss, "show", func(m Moderator) error {
			_, err := m.Restrict(ctx, "mallory", punished.time, "no spam")
			return err
		}))
		for i, s := range sockets {
			require.Equal(t, "no spam", s.standing(punished.why)["reason"])
			s.say(fmt.Sprint("more spam ", i))
			require.Equal(t, punished.why, s.event("refused")["code"])
		}
		t.Log(punished.why, "took", time.Since(begun), "on both nodes, with a question and an answer at each")
		require.Equal(t, mallory.User.ID, viewer.event("delete")["userId"])
		require.Equal(t, mallory.User.ID, viewer.event("ban")["userId"])
		require.NoError(t, b.chat.As(ctx, boss, "show", func(m Moderator) error {
			_, err := m.Release(ctx, "mallory")
			return err
		}))
		for _, s := range sockets {
			s.standing("")
		}
		viewer.event("unban")
	}
	_, err := a.chat.Say(ctx, a.channel.ID, boss, "the end", "")
	require.NoError(t, err)
	viewer.line("the end")
	for text, times := range viewer.times {
		require.Equal(t, 1, times, text)
	}
}

// TestANodeThatWasCutOff: what another said and did meanwhile is read from the
// rows, and told on the sockets that stayed; nothing is told twice.
func TestANodeThatWasCutOff(t *testing.T) {
	a, b, w := twoNodes(t)
	ctx := t.Context()
	boss, eve := a.user("boss", account.PlaceOwner), a.user("eve", account.PlaceNone)
	say := func(p *place, text string) string {
		l, err := p.chat.Say(ctx, p.channel.ID, boss, text, "")
		require.NoError(t, err)
		return l.ID
	}
	atA, atB := a.reader(account.Actor{}), b.reader(account.Actor{})
	socket := b.reader(eve)
	hears(t, b, a)
	hears(t, a, b)
	doomed := say(a, "doomed")
	say(a, "before")
	for _, r := range []*reader{atA, atB, socket} {
		r.line("before")
	}

	w.set(true)
	say(a, "of A")
	say(b, "of B")
	require.NoError(t, a.chat.As(ctx, boss, "show", func(m Moderator) error {
		if err := m.Delete(ctx, doomed); err != nil {
			return err
		}
		if _, err := m.Set(ctx, "slower", func(s *Settings) { s.Slow = time.Minute }); err != nil {
			return err
		}
		if err := m.Pin(ctx, "Welcome"); err != nil {
			return err
		}
		_, err := m.Restrict(ctx, "eve", 0, "no spam")
		return err
	}))
	// A ban is a row: it counts here too, when what was read of her is old.
	require.Eventually(t, func() bool {
		socket.say("Hello?")
		e := socket.until("an answer", func(e event) bool { return e["type"] == "ack" || e["type"] == "refused" || e["type"] == "slowmode" })
		return e["type"] == "refused" && e["code"] == "banned"
	}, limit, 50*time.Millisecond)

	w.set(false)
	atB.line("of A")
	require.Contains(t, atB.learned("delete")["ids"], doomed)
	require.EqualValues(t, time.Minute.Milliseconds(), atB.learned("mode")["mode"].(map[string]any)["slowMs"])
	require.Equal(t, "Welcome", atB.learned("pin")["line"].(map[string]any)["text"])
	atA.line("of B")
	socket.standing("banned")

	hears(t, b, a)
	say(a, "after")
	atB.line("after")
	atA.line("after")
	a.caughtUp()
	b.caughtUp()
	say(b, "the end")
	for _, r := range []*reader{atA, atB} {
		r.line("the end")
		for _, text := range []string{"before", "of A", "of B", "after", "the end"} {
			require.Equal(t, 1, r.times[text], text)
		}
	}
}

// TestWhatTheBusLost is told once, up to the bound, whatever else happens.
func TestWhatTheBusLost(t *testing.T) {
	p := newPlace(t, nil)
	ctx := t.Context()
	r := p.reader(account.Actor{})
	boss := p.user("boss", account.PlaceOwner)
	heard, err := p.chat.Say(ctx, p.channel.ID, boss, "heard", "")
	require.NoError(t, err)
	r.line("heard")
	elsewhere := func(text string) string { // by a node of which nothing is heard
		l := Line{Type: "message", ID: p.db.NewID(), At: time.Now().UnixMilli(), User: Person{ID: "u", Name: "u", Badges: []string{}}, Text: text}
		require.NoError(t, p.db.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertChatLines(ctx, []store.ChatLine{{ID: l.ID, ChannelID: p.channel.ID, UserID: "u", Line: string(encode(l))}})
		}))
		return l.ID
	}
	id := elsewhere("lost")
	room := p.chat.all()[0]
	room.behind.Store(catchUps)
	r.line("lost")
	p.chat.say(p.channel.ID, envelope{Kind: kindLine, ID: id, Event: []byte(`{"type":"message","text":"lost"}`)}) // after all
	require.NoError(t, p.db.Write(ctx, func(tx *store.Tx) error {
		return tx.DeleteChatLine(ctx, p.channel.ID, heard.ID, "u", time.Now())
	}))
	p.caughtUp()
	room.behind.Store(1)
	require.Equal(t, []any{heard.ID}, r.event("delete")["ids"])
	p.caughtUp()

	for i := range history + 10 {
		elsewhere(fmt.Sprint("lost ", i))
	}
	room.behind.Store(catchUps)
	r.line(fmt.Sprint("lost ", history+9))
	p.caughtUp()
	_, err = p.chat.Say(ctx, p.channel.ID, boss, "the end", "")
	require.NoError(t, err)
	r.line("the end")
	require.Equal(t, 1, r.times["lost"])
	require.Equal(t, 1+1+history+1, len(r.times), "the newest")
	for text, times := range r.times {
		require.Equal(t, 1, times, text)
	}
}
