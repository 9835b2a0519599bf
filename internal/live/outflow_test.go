package live

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A rate is of the last ten seconds: it follows what goes out, and ends with it.
func TestOutflow(t *testing.T) {
	var o outflow
	now := time.Unix(1000, 0)
	require.Zero(t, o.rate(now))
	for range 300 { // 1 Mbit/s for half a minute
		o.add(12_500, now)
		now = now.Add(100 * time.Millisecond)
	}
	require.EqualValues(t, 300*12_500, o.total.Load())
	require.InDelta(t, 1e6, o.rate(now), 2e4)
	require.InDelta(t, 5e5, o.rate(now.Add(5*time.Second)), 1.5e5)
	require.Zero(t, o.rate(now.Add(11*time.Second)))
}
