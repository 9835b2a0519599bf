// Package bound lets a fuzz target say how much memory and time a parser may
// take for its input. It stands apart from testkit because a fuzzer looks at
// every counter of the program after each input: what is linked in slows it
// down.
package bound

import (
	"runtime/metrics"
	"syscall"
	"testing"
	"time"
)

const (
	// slack is what may be counted though parse did not take it: the runtime
	// counts small objects when the span that they lie in is full, and there
	// are some 140 kinds of spans of 8 kB and more.
	slack = 4 << 20
	// longest is how long a parser may compute, whatever the machine does
	// besides. It is thousands of times what any of ours takes.
	longest = time.Second
)

// Cost runs parse and fails the test when it allocated more than limit bytes
// and 4 MiB, or took a second of processor time. The 4 MiB make it a test for
// lengths that are believed before the bytes have come, which ask for far
// more, and for nothing finer. Nothing else may run at the same time.
func Cost(t testing.TB, limit int, parse func()) {
	t.Helper()
	cost(t, limit, longest, parse)
}

func cost(t testing.TB, limit int, most time.Duration, parse func()) {
	t.Helper()
	before, began := allocated(), computed()
	parse()
	if took := computed() - began; took > most {
		t.Fatalf("took %v of processor time", took)
	}
	if took := allocated() - before; took > uint64(limit)+slack {
		t.Fatalf("took %d bytes where %d and %d are the most", took, limit, slack)
	}
}

// allocated is how many bytes the program has allocated so far.
func allocated() uint64 {
	sample := [1]metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
}

// computed is the processor time that the program has used so far.
func computed() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // there is no such error (getrusage(2))
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
