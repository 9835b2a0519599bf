package bound

import (
	"runtime"
	"testing"
	"time"
)

// failure notes a failed test in place of one.
type failure struct {
	testing.TB
	failed bool
}

func (*failure) Helper() {}

func (f *failure) Fatalf(string, ...any) { f.failed = true }

func TestMemory(t *testing.T) {
	for name, tc := range map[string]struct {
		take, limit int
		want        bool
	}{
		"within the slack":        {1 << 20, 0, false},
		"within the limit":        {16 << 20, 16 << 20, false},
		"beyond both":             {16 << 20, 1 << 20, true},
		"nothing where none fits": {0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			var f failure
			Cost(&f, tc.limit, func() { runtime.KeepAlive(make([]byte, tc.take)) })
			if f.failed != tc.want {
				t.Fatalf("failed is %v", f.failed)
			}
		})
	}
}

func TestTime(t *testing.T) {
	const most = 20 * time.Millisecond
	var f failure
	cost(&f, 0, most, func() {
		for began := computed(); computed()-began <= most; {
		}
	})
	if !f.failed {
		t.Fatal("computing without end went unseen")
	}
}
