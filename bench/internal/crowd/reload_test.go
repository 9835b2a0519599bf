package crowd

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// drive publishes n times some parts, each time once all viewers wait for them,
// lets the viewers go and returns when that was.
func drive(t *testing.T, o *origin, r *Reloads, n, parts int) (over time.Time) {
	t.Helper()
	require.Eventually(t, func() bool { return r.Joined(t.Context()) == nil }, time.Minute, time.Millisecond)
	all := func() bool { return o.waiters() == len(r.each) }
	for range n {
		require.Eventually(t, all, time.Minute, time.Millisecond)
		for range parts {
			o.publish()
		}
	}
	require.Eventually(t, all, time.Minute, time.Millisecond)
	over = time.Now()
	close(r.stop)
	r.stopping.Do(func() {})
	for range partsEach { // answers them
		o.publish()
	}
	require.NoError(t, r.Stop())
	return over
}

func TestReloadFetchesEachPart(t *testing.T) {
	o := newOrigin(t)
	r := connect(t.Context(), t, o, 3).Reload([]string{listPath})
	drive(t, o, r, 5, 1)
	// Part 4 ends at noon and five seconds, and was the first that all waited for.
	d := r.Between(noon.Add(5*time.Second), noon.Add(10*time.Second), 0)
	require.Equal(t, 3*5, d.Want)
	require.Len(t, d.Millis, 3*5)
	require.InDelta(t, time.Since(noon).Seconds()*1000, d.Millis[0], time.Hour.Seconds()*1000)
	require.Equal(t, 3, o.got["/media/part4.m4s"])
	require.Equal(t, 3, o.got["/media/part8.m4s"])
	d = r.Between(noon.Add(5*time.Second), noon.Add(10*time.Second), time.Second)
	require.Equal(t, 3*5, d.Want, "each a second earlier: one goes, one comes")
	d = r.Between(noon, noon.Add(10*time.Second), 0)
	require.Equal(t, 3*9, d.Want)
	require.Len(t, d.Millis, 3*5, "who came later did not get what was there")
}

func TestParkedAreTimedFromTheFirst(t *testing.T) {
	o := newOrigin(t)
	began := time.Now()
	r := connect(t.Context(), t, o, 4).Park(listPath, time.Millisecond)
	over := drive(t, o, r, 5, partsEach)
	d := r.Between(began, over)
	require.Equal(t, 4*5, d.Want)
	require.Len(t, d.Millis, 4*5)
	zeros := 0
	for _, m := range d.Millis {
		require.GreaterOrEqual(t, m, 0.0)
		if m == 0 {
			zeros++
		}
	}
	require.GreaterOrEqual(t, zeros, 5, "one for each")
	require.Zero(t, o.got["/media/part4.m4s"])
}

func TestReloadTellsFaults(t *testing.T) {
	o := newOrigin(t)
	o.body = func(string) string { return "" }
	r := connect(t.Context(), t, o, 2).Reload([]string{listPath})
	require.Eventually(t, func() bool {
		return r.failed.err() != nil
	}, time.Minute, time.Millisecond)
	require.ErrorContains(t, r.Joined(t.Context()), "status 410")
	require.ErrorContains(t, r.Stop(), "status 410")
	ctx, cancel := context.WithCancel(t.Context())
	r = connect(ctx, t, newOrigin(t), 2).Park(listPath, time.Hour)
	cancel()
	require.Eventually(t, func() bool { return r.failed.err() != nil }, time.Minute, time.Millisecond, "the connections are gone")
	require.Error(t, r.Stop())
}
