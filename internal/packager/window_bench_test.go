package packager

import (
	"fmt"
	"testing"
	"time"
)

// BenchmarkWindow is a part, and its update for those who watch from within a
// window: bench/cmd/growth draws its cost over the window's length.
func BenchmarkWindow(b *testing.B) {
	for _, window := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour} {
		for _, viewers := range []int{1, 100} {
			b.Run(fmt.Sprintf("window=%v/viewers=%d", window, viewers), func(b *testing.B) {
				a := newAudience(b, window)
				b.ReportAllocs()
				for b.Loop() {
					a.part(viewers)
				}
			})
		}
	}
}
