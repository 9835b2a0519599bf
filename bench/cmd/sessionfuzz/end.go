package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/vitals"
)

// result is what a run found.
type result struct {
	before, after vitals.Sample // nil for a server of somebody else
	peak          float64       // resident memory, MiB
	slowest       time.Duration // answer of /healthz
	late          int           // answers of /healthz over the limit
	still         time.Duration // longest wait for another segment of the healthy broadcast
	wall          time.Duration
	read, sent    int // pictures of the healthy broadcast
}

// base notes what the server holds before the first session.
func (l *lab) base(ctx context.Context) (err error) {
	if l.server == nil {
		return nil
	}
	l.result.before, err = l.vitals.Read(ctx)
	return err
}

// returned waits until the server holds what it held before.
func (l *lab) returned(ctx context.Context) error {
	if l.server == nil {
		return nil
	}
	http.DefaultClient.CloseIdleConnections()
	err := l.server.WaitFor(ctx, settle, func(ctx context.Context) error {
		now, err := l.vitals.Read(ctx)
		if err != nil {
			return err
		}
		l.result.after = now
		for _, name := range []vitals.Name{vitals.Goroutines, vitals.Descriptors} {
			if before := l.result.before[name]; now[name] > before+spare {
				return fmt.Errorf("%s: %.0f, and %.0f before the first session", name, now[name], before)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("something is left behind: %w", err)
	}
	return nil
}

// intact ends the healthy broadcast and counts its pictures in the recording.
func (l *lab) intact(ctx context.Context) error {
	sent, err := l.healthy.stop()
	if err != nil {
		return fmt.Errorf("the healthy broadcast: %w", err)
	}
	l.result.sent = sent.Frames
	if l.server == nil {
		return nil
	}
	address, err := l.server.Recording(ctx, http.DefaultClient, healthyName)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, settle)
	defer cancel()
	if l.result.read, err = reader.Await(ctx, http.DefaultClient, address, sent.Frames); err != nil {
		return fmt.Errorf("read the healthy recording: %w", err)
	}
	if l.result.read != sent.Frames {
		return fmt.Errorf("the healthy recording has %d of %d pictures", l.result.read, sent.Frames)
	}
	return nil
}

// autopsy tells what the server was at when a fault was found, as far as it
// still answers: the end of its log, and its goroutines in a file.
func (l *lab) autopsy(ctx context.Context) {
	fmt.Fprintf(os.Stderr, "the end of the server's log:\n%s\n", l.server.Log())
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	stacks, err := reader.Get(ctx, http.DefaultClient, "http://"+l.vitals.Metrics+"/debug/pprof/goroutine?debug=2", 64<<20)
	if err != nil {
		fmt.Fprintln(os.Stderr, "no goroutines:", err)
		return
	}
	f, err := os.CreateTemp("", "sessionfuzz-*.txt")
	if err == nil {
		_, err = f.Write(stacks)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "no goroutines:", err)
		return
	}
	fmt.Fprintln(os.Stderr, "its goroutines are in", f.Name())
}

// tell prints the result and keeps it.
func (l *lab) tell(failed error) error {
	now := time.Now().UTC()
	text := l.text(now, failed)
	fmt.Print("\n", text)
	if l.results == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(l.results, now.Format(time.DateOnly)+"-fuzz.md"), []byte(text), 0o644)
}

func (l *lab) text(now time.Time, failed error) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("# Mutated sessions against the running server\n")
	m := report.ThisMachine(context.Background(), nil)
	line("%s UTC. %d cores, load before the end %s. `go run ./bench/cmd/sessionfuzz -sessions %d -seed %d -workers %d`; further flags of the server: %s.\n",
		now.Format("2006-01-02 15:04"), m.Cores, m.Load, l.sessions, l.seed, l.workers, strings.Join(l.flags, " "))
	verdict := "ok"
	if failed != nil {
		verdict = strings.ReplaceAll(failed.Error(), "\n", "; ")
	}
	line("| what | found |\n|---|---|")
	line("| result | %s |", verdict)
	line("| sessions sent | %d, %.0f a second |", l.sent.Load(), float64(l.sent.Load())/l.result.wall.Seconds())
	line("| of them let in | %d |", l.admitted.Load())
	line("| bytes sent | %d |", l.bytes.Load())
	line("| slowest answer of /healthz, asked every %d sessions | %v; %d over %v |", checkEvery, l.result.slowest.Round(time.Millisecond), l.result.late, healthLimit)
	line("| longest wait for the next segment of the healthy broadcast | %v |", l.result.still.Round(time.Millisecond))
	line("| pictures of the healthy broadcast beside it | %d sent, %d in its recording |", l.result.sent, l.result.read)
	if l.result.before != nil && l.result.after != nil {
		line("| resident memory, MiB | %.0f before, %.0f at most, %.0f after |", l.result.before[vitals.Resident], l.result.peak, l.result.after[vitals.Resident])
		for _, name := range []vitals.Name{vitals.Goroutines, vitals.Descriptors, vitals.Panics, vitals.Lost, vitals.Unread} {
			line("| %s | %.0f before, %.0f after |", name, l.result.before[name], l.result.after[name])
		}
	}
	return b.String()
}
