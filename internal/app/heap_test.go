package app

import (
	"context"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestHeapGrowth(t *testing.T) {
	for live, want := range map[uint64]int{
		0: 100, 1 << 20: 100, 32 << 20: 100, 64 << 20: 50, 128 << 20: 25, 1 << 40: 25,
	} {
		require.Equal(t, want, heapGrowth(live), live)
	}
}

// The percentage is the process's, so it is given back.
func TestTendHeapGivesBackWhatItFound(t *testing.T) {
	t.Setenv("GOGC", "")
	defer debug.SetGCPercent(debug.SetGCPercent(77))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, tendHeap(ctx))
	require.Equal(t, 77, debug.SetGCPercent(100))
	t.Setenv("GOGC", "50")
	require.NoError(t, tendHeap(context.Background()), "nothing is to be done")
}
