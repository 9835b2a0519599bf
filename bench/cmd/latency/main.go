// Command latency measures what a viewer in real Chromium sees: how old each
// picture is when it is presented, how long the first one takes, and every
// stall. The time stands in the picture itself, so nothing between the
// encoder and the screen can flatter the figure. bench/README.md says how to
// read the output.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// options are what the command line says.
type options struct {
	servers  []string
	players  []string
	parts    []string // "" is the server's own default
	joins    int
	watch    time.Duration
	settle   time.Duration
	long     time.Duration
	trials   int
	throttle float64
	rostrum  string
	results  string
}

func main() { command.Main("latency", parse, run) }

func parse(args []string) (options, error) {
	var o options
	var sides, players, parts string
	f := flag.NewFlagSet("latency", flag.ContinueOnError)
	f.StringVar(&sides, "servers", "rostrum", "servers to watch: rostrum, nginx (HLS of nginx-rtmp, stock player alone), or both with a comma")
	f.StringVar(&players, "players", "page,stock", "players: page (our own, /embed/@channel), stock (hls.js with no setting changed)")
	f.StringVar(&parts, "parts", "", "values of hls.part to compare, such as 100ms,134ms,200ms; empty is the server's default")
	f.IntVar(&o.joins, "joins", 20, "viewers, one after the other")
	f.DurationVar(&o.watch, "watch", 8*time.Second, "how long each watches from its first picture on")
	f.DurationVar(&o.settle, "settle", 3*time.Second, "how much of that is left out of the latency figures")
	f.DurationVar(&o.long, "long", 0, "length of one more, long watch; 0 for none")
	f.IntVar(&o.trials, "trials", 5, "broadcasts begun to measure the time to a playable list and a first picture; 0 for none")
	f.Float64Var(&o.throttle, "throttle", 1, "how many times slower the page's processor is made")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	o.servers, o.players, o.parts = strings.Split(sides, ","), strings.Split(players, ","), strings.Split(parts, ",")
	for _, s := range o.servers {
		if !slices.Contains([]string{rostrum, nginx}, s) {
			return o, fmt.Errorf("%w: -servers knows rostrum and nginx, not %q", command.ErrUse, s)
		}
	}
	for _, p := range o.players {
		if !slices.Contains([]string{page, stock}, p) {
			return o, fmt.Errorf("%w: -players knows page and stock, not %q", command.ErrUse, p)
		}
	}
	for _, p := range o.parts {
		if _, err := time.ParseDuration(p); p != "" && err != nil {
			return o, fmt.Errorf("%w: -parts takes durations such as 200ms, not %q", command.ErrUse, p)
		}
	}
	if o.joins < 1 || o.trials < 0 || o.watch <= o.settle || o.settle < 0 || o.throttle < 1 || f.NArg() > 0 {
		return o, fmt.Errorf("%w: at least one join, a watch longer than its settling, a throttle of 1 or more, and nothing after the flags", command.ErrUse)
	}
	return o, nil
}

func run(ctx context.Context, o options) error {
	binary, err := o.binary(ctx)
	if err != nil {
		return err
	}
	r := &report.Report{Title: "Latency in Chromium", Began: time.Now()}
	r.Machine = report.ThisMachine(ctx, map[string][]string{
		"rostrum": {binary, "version"}, "ffmpeg": {"ffmpeg", "-version"}, "chromium": {"chromium", "--version"},
		"hls.js": {"node", "-p", "require('./ui/node_modules/hls.js/package.json').version"},
	})
	r.Notes = append(r.Notes,
		fmt.Sprintf("RTMP in over loopback, %d×%d at %d pictures a second, GOP 2 s, x264 ultrafast zerolatency, AAC.", 640, 360, fps),
		"Latency is the wall clock when a picture is presented, less that in the picture, drawn before it is coded: the encoder's delay is included. The encoder and the browser share the machine with the server.",
		fmt.Sprintf("%d joins, each watched %v, of which the first %v are left out of the latency; processor throttle %g.", o.joins, o.watch, o.settle, o.throttle))
	if busy := r.Machine.Busy(); busy != "" {
		r.Notes = append(r.Notes, busy)
	}
	for _, note := range r.Notes {
		fmt.Println(note)
	}
	l := &lab{options: o, binary: binary, report: r}
	err = l.measure(ctx)
	if err != nil {
		r.Notes = append(r.Notes, "The run was cut short: "+err.Error())
	}
	if len(r.Cases) == 0 || len(r.Cases[0].Rounds) == 0 {
		return err
	}
	path, writeErr := r.Write(context.WithoutCancel(ctx), o.results, "-latency")
	if writeErr == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	return errors.Join(err, writeErr)
}

// binary builds ours unless it is not asked for.
func (o options) binary(ctx context.Context) (string, error) {
	if slices.Contains(o.servers, rostrum) {
		return servers.Build(ctx, o.rostrum)
	}
	return "", servers.ToRoot()
}
