// Command growth measures how what the product costs grows: with streams, with
// viewers, with how far back one can rewind, and with what was recorded. It
// keeps the figures under bench/results, draws each over what it grows with
// beside the law that it should follow, and writes the tables of
// docs/performance.md anew. bench/README.md says how to read them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// options are what the command line says.
type options struct {
	only       []string
	streams    []int
	viewers    []int
	recordings []int
	lengths    []time.Duration
	rounds     int
	seconds    int
	draw       bool
	rostrum    string
	cache      string
	results    string
	docs       string
	scratch    string
}

// subject is something that costs grow with.
type subject struct {
	name    string
	title   string
	measure func(*lab, context.Context) error
	draw    func(samples) []picture
}

// subjects are in the order in which they are measured.
func subjects() []subject {
	return []subject{
		{"streams", "Cost over the number of streams", (*lab).streams, drawStreams},
		{"viewers", "Cost over the number of viewers", (*lab).viewers, drawViewers},
		{"window", "Cost over how far back one can rewind", (*lab).window, drawWindow},
		{"recordings", "Cost over what was recorded", (*lab).recordings, drawRecordings},
	}
}

func main() { command.Main("growth", parse, run) }

func parse(args []string) (options, error) {
	var o options
	var only, streams, viewers, recordings, lengths string
	var names []string
	for _, s := range subjects() {
		names = append(names, s.name)
	}
	f := flag.NewFlagSet("growth", flag.ContinueOnError)
	f.StringVar(&only, "only", strings.Join(names, ","), "what to measure")
	f.StringVar(&streams, "streams", "1,10,50,100,200", "numbers of streams")
	f.StringVar(&viewers, "viewers", "100,1000,5000,10000", "numbers of viewers of HLS")
	f.StringVar(&recordings, "recordings", "1,100,1000,10000,100000", "numbers of recordings; 100,000 take some 8 GB of disk and 3 minutes to make")
	f.StringVar(&lengths, "lengths", "10m,1h,10h", "lengths of the recordings that are downloaded, and of broadcasts that a kill cut off; 10 h take 1.3 GB")
	f.IntVar(&o.rounds, "rounds", 3, "rounds; the median is drawn")
	f.IntVar(&o.seconds, "seconds", 8, "length of one measurement of streams")
	f.BoolVar(&o.draw, "draw", false, "measure nothing: draw what was kept, and write the tables")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.cache, "cache", defaultCache(), "folder for the clips that ffmpeg makes once")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	f.StringVar(&o.docs, "docs", "docs", "folder of performance.md and growth/")
	f.StringVar(&o.scratch, "scratch", "", "folder on the disk to measure on; empty is that for temporary files")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	o.only = strings.Split(only, ",")
	for _, name := range o.only {
		if !slices.Contains(names, name) {
			return o, fmt.Errorf("%w: -only knows %s, not %q", command.ErrUse, strings.Join(names, ", "), name)
		}
	}
	var err error
	for list, to := range map[*string]*[]int{&streams: &o.streams, &viewers: &o.viewers, &recordings: &o.recordings} {
		numbers, bad := rising(*list, strconv.Atoi)
		*to, err = numbers, errors.Join(err, bad)
	}
	o.lengths, err = func() ([]time.Duration, error) {
		lengths, bad := rising(lengths, time.ParseDuration)
		return lengths, errors.Join(err, bad)
	}()
	if err != nil {
		return o, err
	}
	if o.rounds < 1 || o.seconds < 1 || f.NArg() > 0 {
		return o, fmt.Errorf("%w: -rounds and -seconds are at least 1, and nothing follows the flags", command.ErrUse)
	}
	return o, nil
}

// rising reads a list of values that rise from over zero.
func rising[T int | time.Duration](list string, read func(string) (T, error)) ([]T, error) {
	var all []T
	for text := range strings.SplitSeq(list, ",") {
		v, err := read(strings.TrimSpace(text))
		if err != nil || v < 1 || len(all) > 0 && v <= all[len(all)-1] {
			return nil, fmt.Errorf("%w: %q does not rise from 1 or more", command.ErrUse, list)
		}
		all = append(all, v)
	}
	return all, nil
}

func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "rostrum-bench")
}

func run(ctx context.Context, o options) error {
	if o.draw {
		if err := servers.ToRoot(); err != nil {
			return err
		}
		return draw(o)
	}
	binary, err := servers.Build(ctx, o.rostrum)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(o.scratch, "rostrum-growth-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	machine := report.ThisMachine(ctx, map[string][]string{"rostrum": {binary, "version"}, "ffmpeg": {"ffmpeg", "-version"}})
	if path, err := servers.NginxPath(); err == nil {
		machine.Versions["nginx"] = path
	}
	var failed error
	for _, s := range subjects() {
		if !slices.Contains(o.only, s.name) {
			continue
		}
		l := &lab{options: o, binary: binary, tmp: tmp, kept: kept{Subject: s.name, Title: s.title, Began: time.Now(), Machine: machine}}
		if busy := machine.Busy(); busy != "" {
			l.note(busy)
		}
		fmt.Println(s.title)
		if err := s.measure(l, ctx); err != nil {
			l.note("The run was cut short: " + err.Error())
			failed = errors.Join(failed, fmt.Errorf("%s: %w", s.name, err))
		}
		if len(l.kept.Samples) == 0 {
			continue
		}
		if err := l.keep(context.WithoutCancel(ctx)); err != nil {
			return errors.Join(failed, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed, draw(o))
}
