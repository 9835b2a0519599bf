package bus

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// within is how long a test waits for what comes at once.
const within = 20 * time.Second

// ways are how a speaker and a listener may stand to each other.
var ways = map[string]func(*testing.T) (speaker, listener *Bus){
	"embedded": func(t *testing.T) (*Bus, *Bus) {
		b := start(t, nil)
		return b, b
	},
	"two nodes": func(t *testing.T) (*Bus, *Bus) {
		a := start(t, &Cluster{Name: "a", Listen: -1})
		require.Eventually(t, func() bool { return a.Address() != nil }, within, time.Millisecond)
		b := start(t, &Cluster{Name: "b", Listen: -1, Join: []*url.URL{a.Address()}})
		require.Eventually(t, func() bool { return a.srv.NumRoutes() > 0 && b.srv.NumRoutes() > 0 }, within, time.Millisecond)
		return a, b
	},
}

func start(t *testing.T, c *Cluster) *Bus {
	b, err := New(Options{Log: slog.New(slog.DiscardHandler), Cluster: c})
	require.NoError(t, err)
	t.Cleanup(b.Close)
	return b
}

func TestSuite(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			for name, test := range map[string]func(*testing.T, *Bus, *Bus){
				"messages come in order": inOrder, "subjects": subjects, "requests": requests, "nobody": nobody, "closed": closedOnes,
			} {
				t.Run(name, func(t *testing.T) {
					speaker, listener := way(t)
					test(t, speaker, listener)
				})
			}
		})
	}
}

// heard waits until what the listener subscribed to is known to the speaker.
func heard(t *testing.T, speaker, listener *Bus) {
	if speaker == listener {
		return
	}
	require.Eventually(t, func() bool {
		return speaker.srv.NumSubscriptions() > 0 && speaker.srv.NumRoutes() > 0 && reaches(speaker, listener)
	}, within, 10*time.Millisecond)
}

// reaches asks by a subject that is subscribed to last.
func reaches(speaker, listener *Bus) bool {
	sub, err := listener.Subscribe("probe", func(m Message) { _ = m.Respond(nil) })
	if err != nil {
		return false
	}
	defer sub.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err = speaker.Request(ctx, "probe", nil)
	return err == nil
}

func inOrder(t *testing.T, speaker, listener *Bus) {
	const n = 2000
	got := make(chan string, n)
	_, err := listener.Subscribe("chat.room", func(m Message) { got <- string(m.Data) })
	require.NoError(t, err)
	heard(t, speaker, listener)
	buf := make([]byte, 0, 16)
	for i := range n {
		buf = strconv.AppendInt(buf[:0], int64(i), 10) // is not kept
		require.NoError(t, speaker.Publish("chat.room", buf))
	}
	for i := range n {
		require.Equal(t, strconv.Itoa(i), receive(t, got))
	}
}

func subjects(t *testing.T, speaker, listener *Bus) {
	got := make(chan string, 8)
	one, err := listener.Subscribe("chat.*", func(m Message) { got <- "one " + m.Subject })
	require.NoError(t, err)
	_, err = listener.Subscribe("end", func(Message) { got <- "end" })
	require.NoError(t, err)
	heard(t, speaker, listener)
	for _, subject := range []string{"chat.a", "chat.a.b", "other", "chat.b"} {
		require.NoError(t, speaker.Publish(subject, nil))
	}
	require.Equal(t, "one chat.a", receive(t, got))
	require.Equal(t, "one chat.b", receive(t, got))
	one.Close()
	one.Close() // is idempotent
	require.Eventually(t, func() bool {
		require.NoError(t, speaker.Publish("chat.a", nil))
		require.NoError(t, speaker.Publish("end", nil))
		return receive(t, got) == "end"
	}, within, time.Millisecond)
}

func requests(t *testing.T, speaker, listener *Bus) {
	_, err := listener.Subscribe("echo", func(m Message) { _ = m.Respond(append([]byte("re: "), m.Data...)) })
	require.NoError(t, err)
	heard(t, speaker, listener)
	var g sync.WaitGroup
	for i := range 50 {
		g.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), within)
			defer cancel()
			text := fmt.Sprint(i)
			answer, err := speaker.Request(ctx, "echo", []byte(text))
			if err != nil || string(answer) != "re: "+text {
				t.Errorf("%s: %q, %v", text, answer, err)
			}
		})
	}
	g.Wait()
}

func nobody(t *testing.T, speaker, _ *Bus) {
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	_, err := speaker.Request(ctx, "nobody", nil)
	require.ErrorIs(t, err, ErrNobody)
	require.NoError(t, speaker.Publish("nobody", nil))
}

// What was published before Close is heard, and after it nothing can be said.
func closedOnes(t *testing.T, speaker, listener *Bus) {
	const n = 500
	got := make(chan string, n)
	_, err := listener.Subscribe("last", func(m Message) { got <- string(m.Data) })
	require.NoError(t, err)
	heard(t, speaker, listener)
	for range n {
		require.NoError(t, speaker.Publish("last", []byte("word")))
	}
	speaker.Close()
	speaker.Close() // is idempotent
	for range n {
		require.Equal(t, "word", receive(t, got))
	}
	require.ErrorIs(t, speaker.Publish("last", nil), ErrClosed)
	_, err = speaker.Subscribe("last", func(Message) {})
	require.ErrorIs(t, err, ErrClosed)
	_, err = speaker.Request(t.Context(), "last", nil)
	require.ErrorIs(t, err, ErrClosed)
}

// A way that breaks and is made anew is another one, on both sides.
func TestJoins(t *testing.T) {
	alone := start(t, nil)
	require.Zero(t, alone.Joins())
	require.Nil(t, alone.Address())
	a := start(t, &Cluster{Name: "a", Listen: -1})
	require.Eventually(t, func() bool { return a.Address() != nil }, within, time.Millisecond)
	join := func() *Bus { return start(t, &Cluster{Name: "b", Listen: -1, Join: []*url.URL{a.Address()}}) }
	b := join()
	require.Eventually(t, func() bool { return a.Joins() > 0 && b.Joins() > 0 }, within, time.Millisecond)
	require.Eventually(t, func() bool { return reaches(a, b) && reaches(b, a) }, within, time.Millisecond)
	before := a.Joins()
	b.Close()
	require.Eventually(t, func() bool { return a.srv.NumRoutes() == 0 }, within, time.Millisecond)
	require.GreaterOrEqual(t, a.Joins(), before, "one that is gone does not count back")
	before = a.Joins()
	join()
	require.Eventually(t, func() bool { return a.Joins() > before }, within, time.Millisecond)
}

// Who is too slow loses messages, and is told how many; who speaks goes on.
func TestWhoIsTooSlowMissesSome(t *testing.T) {
	b := start(t, nil)
	hold, entered := make(chan struct{}), make(chan struct{}, 1)
	slow, err := b.Subscribe("flood", func(Message) {
		select {
		case entered <- struct{}{}:
		default:
		}
		<-hold
	})
	require.NoError(t, err)
	for range pendingMessages + 1000 {
		require.NoError(t, b.Publish("flood", []byte("x")))
	}
	<-entered
	require.Eventually(t, func() bool { return slow.Missed() > 0 }, within, time.Millisecond)
	close(hold)
}

func receive(t *testing.T, from <-chan string) string {
	t.Helper()
	select {
	case text := <-from:
		return text
	case <-time.After(within):
		t.Fatal("nothing was heard")
		return ""
	}
}

func BenchmarkPublish(b *testing.B) {
	bus, err := New(Options{Log: slog.New(slog.DiscardHandler)})
	require.NoError(b, err)
	defer bus.Close()
	var heard sync.WaitGroup
	_, err = bus.Subscribe("chat.room", func(Message) { heard.Done() })
	require.NoError(b, err)
	data := make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		heard.Add(1)
		if err := bus.Publish("chat.room", data); err != nil {
			b.Fatal(err)
		}
		heard.Wait()
	}
}
