package packager

import (
	"context"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"
)

// store is what a disk that keeps up does.
func (l *loop) store() {
	for _, w := range l.feed.p.Windows() {
		if c := w.snap.Load().complete; len(c) > 0 {
			c[len(c)-1].drop()
		}
	}
}

func BenchmarkPartNobodyWatches(b *testing.B) { benchmarkPart(b, func(*Window, *snapshot) {}) }

func BenchmarkPartWithPlaylists(b *testing.B) {
	benchmarkPart(b, func(w *Window, s *snapshot) { w.playlist(s, Live).zipped() })
}

func benchmarkPart(b *testing.B, watch func(*Window, *snapshot)) {
	l := newLoop(b, Options{})
	l.run(time.Minute)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		l.write(time.Minute + time.Duration(i+1)*200*time.Millisecond)
		l.cut()
		l.store()
		for _, w := range l.feed.p.Windows() {
			watch(w, w.snap.Load())
		}
	}
}

// BenchmarkHundredStreams is one second of a hundred broadcasts, with their
// goroutines.
func BenchmarkHundredStreams(b *testing.B) {
	var wg sync.WaitGroup
	loops := make([]*loop, 100)
	for i := range loops {
		l := newLoop(b, Options{})
		loops[i] = l
		wg.Go(func() {
			if err := l.feed.p.Run(context.Background()); err != nil {
				b.Error(err)
			}
		})
	}
	b.ReportAllocs()
	b.ResetTimer()
	spent := cpuTime(b)
	for i := range b.N {
		for tenth := range 100 {
			for _, l := range loops {
				l.write(time.Duration(i*100+tenth+1) * 10 * time.Millisecond)
			}
			runtime.Gosched()
		}
		for _, l := range loops {
			l.store()
		}
	}
	b.StopTimer()
	b.ReportMetric((cpuTime(b)-spent).Seconds()*1000/float64(b.N), "cpu-ms/op")
	for _, l := range loops {
		l.feed.stream.Close()
	}
	wg.Wait()
}

// cpuTime is what the process has used so far: unlike the clock it does not
// depend on who else uses the machine.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
