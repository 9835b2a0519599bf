package chat

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
)

const crashVariable = "CHAT_WRITES_UNTIL_KILLED"

// TestACrashLosesNothingAcknowledged kills a process that writes lines, and looks
// for all that it had acknowledged.
func TestACrashLosesNothingAcknowledged(t *testing.T) {
	if where := os.Getenv(crashVariable); where != "" {
		writeUntilKilled(t, where)
		return
	}
	where := filepath.Join(t.TempDir(), "rostrum.db")
	db, err := store.Open(t.Context(), where, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.NoError(t, db.Write(t.Context(), func(tx *store.Tx) error {
		return tx.InsertChannel(t.Context(), store.Channel{ID: "c", Name: "show", CreatedAt: time.Now()})
	}))
	require.NoError(t, db.Close())
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestACrashLosesNothingAcknowledged$")
	cmd.Env = append(os.Environ(), crashVariable+"="+where)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var acked []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "acked "); ok {
			acked = append(acked, id)
		}
		if len(acked) == 3000 {
			require.NoError(t, cmd.Process.Kill()) // what is in the pipe still was acknowledged too
		}
	}
	_ = cmd.Wait() // it was killed
	require.GreaterOrEqual(t, len(acked), 3000)
	db, err = store.Open(t.Context(), where, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer db.Close()
	for _, id := range acked {
		_, err := db.ChatLine(t.Context(), id)
		require.NoError(t, err, id)
	}
}

func writeUntilKilled(t *testing.T, where string) {
	db, err := store.Open(t.Context(), where, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	w := newWriter(db)
	var mu sync.Mutex
	var g sync.WaitGroup
	for range 64 {
		g.Go(func() {
			for {
				id := db.NewID()
				if err := w.write(context.Background(), &job{line: store.ChatLine{ID: id, ChannelID: "c", UserID: "u", Line: "{}"}}); err != nil {
					fmt.Println("error", err)
					return
				}
				mu.Lock()
				fmt.Println("acked", id)
				mu.Unlock()
			}
		})
	}
	g.Wait()
}
