// Command home measures what the home page reads from the API of a server with
// many channels and recordings, over SQLite and over PostgreSQL. It runs a
// server of each as a process, with rows that were written by the store and no
// media, and asks both in turns.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// options are what the command line says.
type options struct {
	channels, recordings    int
	live, rounds, asks      int
	limit                   time.Duration
	rostrum, cache, results string
}

func main() { command.Main("home", parse, run) }

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("home", flag.ContinueOnError)
	f.IntVar(&o.channels, "channels", 10_000, "channels that there are")
	f.IntVar(&o.recordings, "recordings", 100_000, "recordings that there are, evenly over the channels")
	f.IntVar(&o.live, "live", 10, "channels on air while it is measured")
	f.IntVar(&o.rounds, "rounds", 5, "rounds; the median is told")
	f.IntVar(&o.asks, "asks", 2000, "requests of each kind in each round")
	f.DurationVar(&o.limit, "limit", 20*time.Minute, "when to end at the latest")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.cache, "cache", defaultCache(), "folder for the clip that ffmpeg makes once")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	if f.NArg() > 0 || min(o.channels, o.recordings, o.live, o.rounds, o.asks) < 1 || o.live > o.channels {
		return o, fmt.Errorf("%w: all numbers are at least 1, not all channels are on air, and nothing follows the flags", command.ErrUse)
	}
	return o, nil
}

func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "rostrum-bench")
}

func run(ctx context.Context, o options) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.limit, fmt.Errorf("the limit of %v is over", o.limit))
	defer cancel()
	binary, err := servers.Build(ctx, o.rostrum)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "rostrum-home-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	l := &lab{options: o, binary: binary, tmp: tmp, report: &report.Report{Title: "The home page's reads", Began: time.Now()}}
	l.report.Machine = report.ThisMachine(ctx, map[string][]string{"rostrum": {binary, "version"}})
	l.report.Notes = append(l.report.Notes,
		fmt.Sprintf("%d channels, %d recordings of them, %d of the channels on air. The rows are the store's own; there is no media of the recordings.", o.channels, o.recordings, o.live),
		"Both servers run at the same time. One keep-alive connection asks one after the other, and each request for both before the next one, the first of the two in turns.",
		"A time is from the request to the last byte of the answer. The client, both servers and PostgreSQL share the machine.",
		"PostgreSQL is as Debian sets it up, on loopback, and was told of its rows (ANALYZE), as it does by itself within a minute.",
	)
	if busy := l.report.Machine.Busy(); busy != "" {
		l.report.Notes = append(l.report.Notes, busy)
		fmt.Println(busy)
	}
	if err := l.measure(ctx); err != nil {
		l.report.Notes = append(l.report.Notes, "The run was cut short: "+err.Error())
		return errors.Join(err, l.keep(ctx))
	}
	return l.keep(ctx)
}

func (l *lab) keep(ctx context.Context) error {
	path, err := l.report.Write(context.WithoutCancel(ctx), l.results, "-home")
	if err == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	return err
}
