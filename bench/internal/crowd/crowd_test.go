package crowd

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const listPath = "/live/list.m3u8"

func connect(ctx context.Context, t *testing.T, o *origin, n int) *Crowd {
	t.Helper()
	c, err := Connect(ctx, o.addr, n, time.Now().Add(time.Minute))
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func TestConnectSaysWhatIsMissing(t *testing.T) {
	_, err := Connect(t.Context(), "127.0.0.1:1", 1<<40, time.Now())
	require.ErrorContains(t, err, "ulimit -n")
	_, err = Connect(t.Context(), "127.0.0.1:1", 2, time.Now().Add(time.Minute))
	require.ErrorContains(t, err, "connect")
}

func TestPoll(t *testing.T) {
	o := newOrigin(t)
	p, err := connect(t.Context(), t, o, 3).Poll(t.Context(), Poll{Lists: []string{listPath}, Every: 100 * time.Millisecond, Rounds: 1, MaxBody: 4 << 10})
	require.NoError(t, err)
	require.Equal(t, 3, p.Lists)
	require.Equal(t, 3, p.Segments)
	require.Len(t, p.ListDelays, 3)
	require.Len(t, p.SegmentDelays, 3)
	o.mu.Lock()
	defer o.mu.Unlock()
	require.Equal(t, 3, o.got[listPath])
}

// TestPollTakesAllThatIsNew: between two polls two segments came.
func TestPollTakesAllThatIsNew(t *testing.T) {
	o := newOrigin(t)
	o.body = func(path string) string {
		o.parts += 2 * partsEach // with each segment that is asked for
		return "media of " + path
	}
	p, err := connect(t.Context(), t, o, 1).Poll(t.Context(), Poll{Lists: []string{listPath}, Every: time.Millisecond, Rounds: 3, MaxBody: 4 << 10})
	require.ErrorContains(t, err, "left the list", "the third list begins behind the four that the second brought: %d", p.Segments)
	require.Equal(t, 3, p.Segments)
	for name, n := range o.got {
		require.True(t, name == listPath || n == 1, "%s: %d", name, n)
	}
}

func TestPollRefuses(t *testing.T) {
	asked := 0
	for says, body := range map[string]func(string) string{
		"status 410":                 func(string) string { return "" },
		"bytes, others got":          func(string) string { asked++; return strings.Repeat("x", asked) },
		"the lists stood still":      func(path string) string { return path },
		"does not fit":               func(string) string { return strings.Repeat("x", 1<<20) },
		"2 viewers met a fault, the": func(string) string { return "" },
	} {
		o := newOrigin(t)
		o.body = body
		_, err := connect(t.Context(), t, o, 2).Poll(t.Context(), Poll{Lists: []string{listPath}, Every: time.Millisecond, Rounds: 3, MaxBody: 4 << 10})
		require.ErrorContains(t, err, says)
	}
}

func TestBodiesAreThoseOfTheFirst(t *testing.T) {
	bs := &bodies{known: map[string]body{}}
	require.NoError(t, bs.check("/a", []byte("12"), false))
	require.NoError(t, bs.check("/a", []byte("12"), true))
	require.NoError(t, bs.check("/a", []byte("21"), false), "lengths alone")
	require.ErrorContains(t, bs.check("/a", []byte("21"), true), "other bytes than others got")
	require.ErrorContains(t, bs.check("/a", []byte("1"), false), "1 bytes, others got 2")
	require.ErrorContains(t, bs.check("/b", nil, false), "empty")
}

func TestPollEndsEarly(t *testing.T) {
	over := errors.New("over")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(over)
	_, err := connect(t.Context(), t, newOrigin(t), 2).Poll(ctx, Poll{Lists: []string{listPath}, Every: time.Hour, Rounds: 3, MaxBody: 4 << 10})
	require.ErrorIs(t, err, over)
}
