package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// How much the heap may grow between two collections. Most of a busy server's
// heap is media, which the collector does not look into, so to collect it often
// is cheap: at 100 streams growth by a quarter instead of by all takes 3.8 MiB
// a stream down to 2.4 and costs 3 to 5 % of the processor. A small heap would
// be collected all the time then, by requests alone: at 25 MB they cost 29 %
// more. So it may always grow by roomyHeap, as far as leastGrowth lets it.
const (
	roomyHeap   = 32 << 20
	leastGrowth = 25  // percent
	mostGrowth  = 100 // percent, Go's own
	tendEvery   = 2 * time.Second
)

// heapGrowth is the percentage (GOGC) for a heap of which so many bytes live.
func heapGrowth(live uint64) int {
	if live == 0 {
		return mostGrowth
	}
	return int(max(leastGrowth, min(mostGrowth, mostGrowth*roomyHeap/live)))
}

// tendHeap keeps the percentage right until ctx ends. It leaves alone what the
// operator has set by GOGC.
func tendHeap(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	defer debug.SetGCPercent(debug.SetGCPercent(mostGrowth))
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	ticker := time.NewTicker(tendEvery)
	defer ticker.Stop()
	for set := mostGrowth; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		metrics.Read(sample)
		// To set it stops all goroutines for a moment: not for a little.
		if want := heapGrowth(sample[0].Value.Uint64()); want-set > set/8 || set-want > set/8 {
			debug.SetGCPercent(want)
			set = want
		}
	}
}
