package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// BenchmarkInsertChatLines tells how many lines a second are written with
// synchronous(FULL) while others read.
func BenchmarkInsertChatLines(b *testing.B) {
	for _, readers := range []int{0, 2} {
		b.Run(fmt.Sprintf("readers=%d", readers), func(b *testing.B) {
			db := openFile(b, filepath.Join(b.TempDir(), "rostrum.db"))
			c := addChannel(b, db, "mine")
			text := `{"type":"message","text":"` + strings.Repeat("word ", 50) + `"}`
			batch := make([]ChatLine, 500)
			stop := make(chan struct{})
			var reading sync.WaitGroup
			for range readers {
				reading.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
						}
						if _, err := db.ChatLines(b.Context(), c.ID, "", "", 100); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			for b.Loop() {
				for i := range batch {
					batch[i] = ChatLine{ID: db.NewID(), ChannelID: c.ID, UserID: fmt.Sprint("user", i%50), Line: text}
				}
				if err := db.Write(b.Context(), func(tx *Tx) error { return tx.InsertChatLines(b.Context(), batch) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(batch))*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			close(stop)
			reading.Wait()
		})
	}
}
