package store

import (
	"fmt"
	"path/filepath"
	"testing"
)

// BenchmarkInsertSegments tells what a commit with synchronous(FULL) costs,
// and how many rows one carries.
func BenchmarkInsertSegments(b *testing.B) {
	for _, size := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
			db := openFile(b, filepath.Join(b.TempDir(), "rostrum.db"))
			on := addBroadcast(b, db, addChannel(b, db, "mine"), StateLive, true)
			batch := make([]Segment, size)
			next := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				for i := range batch {
					batch[i] = segment(on, "video/source", next)
					next++
				}
				insertSegments(b, db, batch...)
			}
			b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkSegments reads what a playlist of an hour is made from.
func BenchmarkSegments(b *testing.B) {
	db := openFile(b, filepath.Join(b.TempDir(), "rostrum.db"))
	on := addBroadcast(b, db, addChannel(b, db, "mine"), StateLive, true)
	hour := make([]Segment, 1800)
	for i := range hour {
		hour[i] = segment(on, "video/source", int64(i))
	}
	insertSegments(b, db, hour...)
	b.ReportAllocs()
	for b.Loop() {
		got, err := db.Segments(b.Context(), on.ID, "video/source", 0, len(hour))
		if err != nil || len(got) != len(hour) {
			b.Fatal(len(got), err)
		}
	}
}
