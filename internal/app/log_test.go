package app

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func handleAt(t *testing.T, h slog.Handler, l slog.Level, msg string, args ...any) {
	t.Helper()
	r := slog.NewRecord(time.Date(2026, 11, 21, 14, 3, 9, 120e6, time.UTC), l, msg, 0)
	r.Add(args...)
	require.NoError(t, h.Handle(context.Background(), r))
}

func TestLines(t *testing.T) {
	var out bytes.Buffer
	h := newLineHandler(&out, slog.LevelInfo, false)
	handleAt(t, h, slog.LevelInfo, "listening")
	handleAt(t, h.WithAttrs([]slog.Attr{slog.String("channel", "alice")}), slog.LevelWarn, "gone quiet", "for", 3*time.Second)
	handleAt(t, h.WithGroup("http"), slog.LevelError, "no", "why", "two words\n")
	handleAt(t, h, slog.LevelInfo, "own", "level", "high", "msg", "kept")
	require.Equal(t, strings.Join([]string{
		"2026-11-21 14:03:09.120 INFO  listening",
		"2026-11-21 14:03:09.120 WARN  gone quiet channel=alice for=3s",
		`2026-11-21 14:03:09.120 ERROR no http.why="two words\n"`,
		"2026-11-21 14:03:09.120 INFO  own level=high msg=kept",
		"",
	}, "\n"), out.String())
	require.False(t, h.Enabled(context.Background(), slog.LevelDebug))
}

func TestWarningsAreRedOnTerminals(t *testing.T) {
	var out bytes.Buffer
	h := newLineHandler(&out, slog.LevelInfo, true)
	handleAt(t, h, slog.LevelWarn, "open to all", "to", "any")
	handleAt(t, h, slog.LevelInfo, "calm")
	require.Equal(t, "\x1b[31m2026-11-21 14:03:09.120 WARN  open to all\x1b[0m to=any\n2026-11-21 14:03:09.120 INFO  calm\n", out.String())
	require.False(t, isTerminal(&out))
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	newLogger(&out, LogConfig{Level: slog.LevelInfo, Format: "json"}).Info("listening", "addr", ":1")
	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	require.Equal(t, "listening", line["msg"])
	require.Equal(t, ":1", line["addr"])
}

func TestLinesOfManyGoroutinesStayWhole(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(&out, LogConfig{Format: "text"})
	var wg sync.WaitGroup
	for range 8 {
		child := log.With("child", "x")
		wg.Go(func() {
			for range 50 {
				child.Info("word", "n", 1)
			}
		})
	}
	wg.Wait()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, 400)
	for _, line := range lines {
		require.Regexp(t, `^\S+ \S+ INFO  word child=x n=1$`, line)
	}
}
