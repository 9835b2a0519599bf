package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/report"
)

// The figures of bench that are drawn, by the names that they have there.
const (
	perStreamMinute = "CPU-s per stream-minute"
	perStreamMiB    = "MiB per stream"
	cpuShare        = "server's CPU, % of a core"
	serverMiB       = "server's MiB"
)

// What they become.
const (
	coreShare = "CPU, % of a core"
	overIdle  = "MiB over idle"
)

// benchLimit bounds one run of bench.
const benchLimit = 20 * time.Minute

// bench runs the command bench on one size of one case, and returns its cases.
func (l *lab) bench(ctx context.Context, args ...string) ([]*report.Case, error) {
	command := filepath.Join(l.tmp, "bench")
	if _, err := os.Stat(command); err != nil {
		build := exec.CommandContext(ctx, "go", "build", "-o", command, "./bench/cmd/bench")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, fmt.Errorf("build bench: %w", err)
		}
	}
	results, err := os.MkdirTemp(l.tmp, "results-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	args = append(args, "-rostrum", l.binary, "-cache", l.cache, "-results", results, "-limit", benchLimit.String())
	run := exec.CommandContext(ctx, command, args...)
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) } // it stops what it started
	run.Stderr = os.Stderr
	runErr := run.Run()
	paths, err := filepath.Glob(filepath.Join(results, "*.json"))
	if err != nil || len(paths) != 1 {
		return nil, errors.Join(errors.New("bench kept no results"), runErr, err)
	}
	b, err := os.ReadFile(paths[0])
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	var r report.Report
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	return r.Cases, runErr
}

// streams takes bench's case of ingest for each number of streams.
func (l *lab) streams(ctx context.Context) error {
	for _, n := range l.options.streams {
		cases, err := l.bench(ctx, "-cases", "ingest", "-streams", strconv.Itoa(n), "-rounds", strconv.Itoa(l.rounds), "-seconds", strconv.Itoa(l.seconds))
		for _, c := range cases {
			for _, r := range c.Rounds {
				l.add(ingested(n, r))
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ingested makes a sample of all streams of what bench tells of each.
func ingested(n int, r report.Round) sample {
	s := sample{X: float64(n), Side: r.Side, Round: r.Number, Work: r.Work, Fault: r.Fault}
	if len(r.Figures) > 0 {
		s.Figures = map[string]float64{
			coreShare: r.Figures[perStreamMinute] * s.X / time.Minute.Seconds() * 100,
			overIdle:  r.Figures[perStreamMiB] * s.X,
		}
	}
	return s
}

// viewers takes bench's case of viewers for each number of them.
func (l *lab) viewers(ctx context.Context) error {
	for _, n := range l.options.viewers {
		cases, err := l.bench(ctx, "-cases", "viewers", "-viewers", strconv.Itoa(n), "-rounds", strconv.Itoa(l.rounds))
		if len(cases) > 0 { // the second is of a part of them, who ask for more
			for _, r := range cases[0].Rounds {
				s := sample{X: float64(n), Side: r.Side, Round: r.Number, Work: r.Work, Fault: r.Fault}
				if len(r.Figures) > 0 {
					s.Figures = map[string]float64{coreShare: r.Figures[cpuShare], serverMiB: r.Figures[serverMiB]}
				}
				l.add(s)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
