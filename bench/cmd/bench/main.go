// Command bench measures whole server processes beside their peers on this
// machine: rostrum and Debian's nginx do the same work in turn, and the
// figures are processor seconds for a unit of it. It prints tables and keeps
// them, with every round, under bench/results. bench/README.md says how to
// read them.
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
	cases       []string
	streams     []int
	watching    []int
	seconds     int
	rounds      int
	connections int
	polling     int
	reloading   int
	waiting     int
	limit       time.Duration
	rostrum     string
	cache       string
	results     string
	profiles    string
	alone       bool
}

func main() { command.Main("bench", parse, run) }

func parse(args []string) (options, error) {
	var o options
	var cases, streams, watching string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&cases, "cases", "ingest,delivery", "what to measure, with commas: "+strings.Join(names(), ", "))
	f.StringVar(&streams, "streams", "1,10,50", "numbers of streams for ingest")
	f.StringVar(&watching, "watching", "500", "numbers of viewers for flv")
	f.IntVar(&o.seconds, "seconds", 8, "length of one measurement")
	f.IntVar(&o.rounds, "rounds", 3, "rounds; the median is told")
	f.IntVar(&o.connections, "connections", 16, "connections of the delivery load")
	f.IntVar(&o.polling, "viewers", 10_000, "viewers of plain HLS in the case viewers")
	f.IntVar(&o.reloading, "reloaders", 2000, "viewers of LL-HLS in the case reloads, two connections each")
	f.IntVar(&o.waiting, "parked", 5000, "parked reloads in the case reloads")
	f.DurationVar(&o.limit, "limit", 8*time.Minute, "when to end at the latest")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.cache, "cache", defaultCache(), "folder for the clip that ffmpeg makes once")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	f.StringVar(&o.profiles, "profiles", "", "folder for processor profiles of our side, one a round (go tool pprof); they cost it a little")
	f.BoolVar(&o.alone, "alone", false, "measure our side alone, without ratios")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	o.cases = strings.Split(cases, ",")
	for _, c := range o.cases {
		if !slices.Contains(names(), c) {
			return o, fmt.Errorf("%w: -cases knows %s, not %q", command.ErrUse, strings.Join(names(), ", "), c)
		}
	}
	for _, list := range []struct {
		flag, text string
		to         *[]int
	}{{"streams", streams, &o.streams}, {"watching", watching, &o.watching}} {
		for s := range strings.SplitSeq(list.text, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(s))
			if err != nil || n < 1 || n > 1000 {
				return o, fmt.Errorf("%w: -%s takes numbers from 1 to 1000, not %q", command.ErrUse, list.flag, s)
			}
			*list.to = append(*list.to, n)
		}
	}
	if min(o.seconds, o.rounds, o.connections, o.polling, o.reloading, o.waiting) < 1 || f.NArg() > 0 {
		return o, fmt.Errorf("%w: numbers are at least 1, and nothing follows the flags", command.ErrUse)
	}
	if need := o.estimate(); need > o.limit {
		return o, fmt.Errorf("%w: this would take about %v; give -limit %v or measure less", command.ErrUse, need, need.Truncate(time.Minute)+time.Minute)
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

// names are those of all cases.
func names() []string {
	var all []string
	for _, k := range kinds() {
		all = append(all, k.name)
	}
	return all
}

// estimate is about how long a run takes, from what one measurement needs
// beside its own length: to start, bring streams on air, count and stop.
func (o options) estimate() time.Duration {
	total := 0
	for _, k := range kinds() {
		if slices.Contains(o.cases, k.name) {
			total += k.seconds(o)
		}
	}
	return time.Duration(total) * time.Second
}

func run(ctx context.Context, o options) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.limit, fmt.Errorf("the limit of %v is over", o.limit))
	defer cancel()
	binary, err := servers.Build(ctx, o.rostrum)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "rostrum-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	b := &bench{options: o, binary: binary, tmp: tmp, report: &report.Report{Title: "Side by side", Began: time.Now()}}
	commands := map[string][]string{"rostrum": {binary, "version"}, "ffmpeg": {"ffmpeg", "-version"}}
	if path, err := servers.NginxPath(); b.alone {
		b.note("Our side alone, as asked for.")
	} else if err != nil {
		b.note("No peer: " + err.Error() + ". Our side is measured alone, without ratios.")
	} else {
		b.peer = true
		commands["nginx"] = []string{path, "-v"}
		commands["nginx-rtmp"] = []string{"dpkg-query", "-W", "libnginx-mod-rtmp"}
	}
	b.report.Machine = report.ThisMachine(ctx, commands)
	if busy := b.report.Machine.Busy(); busy != "" {
		b.note(busy)
	}
	fmt.Printf("about %v; %d cores, load before %s\n", o.estimate(), b.report.Machine.Cores, b.report.Machine.Load)
	err = b.measure(ctx)
	if err != nil {
		b.note("The run was cut short: " + err.Error())
	}
	if len(b.report.Cases) == 0 {
		return err
	}
	path, writeErr := b.report.Write(context.WithoutCancel(ctx), o.results, "")
	if writeErr == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	return errors.Join(err, writeErr)
}
