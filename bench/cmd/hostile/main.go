// Command hostile measures what viewers of a live channel notice of others
// who are not viewers: who ask and do not read, who wait for what is to come
// by the thousand, who never end a header or a handshake. It runs the server
// as a process, the viewers in this one, and the others in processes of their
// own. It prints a table and keeps it, with every round, under bench/results.
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
	honest, silent, parked, loris, halfOpen int

	seconds, rounds         int
	limit                   time.Duration
	rostrum, cache, results string
}

func main() { command.Run("hostile", start) }

func start(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "crowd" {
		return crowdMain(ctx, args[1:], os.Stdout)
	}
	o, err := parse(args)
	if err != nil {
		return err
	}
	return run(ctx, o)
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("hostile", flag.ContinueOnError)
	f.IntVar(&o.honest, "viewers", 50, "viewers that are measured")
	f.IntVar(&o.silent, "silent", 1000, "viewers that ask and do not read")
	f.IntVar(&o.parked, "parked", 5000, "connections that wait for parts to come")
	f.IntVar(&o.loris, "loris", 2000, "connections that send a header a byte a second")
	f.IntVar(&o.halfOpen, "half-open", 2000, "RTMP connections that do the same with their handshake")
	f.IntVar(&o.seconds, "seconds", 10, "length of one measurement")
	f.IntVar(&o.rounds, "rounds", 3, "rounds; the median is told")
	f.DurationVar(&o.limit, "limit", 10*time.Minute, "when to end at the latest")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.cache, "cache", defaultCache(), "folder for the clip that ffmpeg makes once")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	if f.NArg() > 0 || min(o.honest, o.silent, o.parked, o.loris, o.halfOpen, o.seconds, o.rounds) < 1 {
		return o, fmt.Errorf("%w: all numbers are at least 1, and nothing follows the flags", command.ErrUse)
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

func run(ctx context.Context, o options) error {
	ctx, cancel := context.WithTimeoutCause(ctx, o.limit, fmt.Errorf("the limit of %v is over", o.limit))
	defer cancel()
	binary, err := servers.Build(ctx, o.rostrum)
	if err != nil {
		return err
	}
	l := &lab{options: o, binary: binary, report: &report.Report{Title: "Beside hostile connections", Began: time.Now()}}
	l.report.Machine = report.ThisMachine(ctx, map[string][]string{"rostrum": {binary, "version"}})
	l.report.Notes = append(l.report.Notes,
		"One channel on air, 1280×720, 2.66 Mbit/s. Viewers follow its picture by blocking reloads and fetch every part.",
		"A delay is from the time of a part's last picture, by the playlist's own dates, until the list that names the part, and the part, are at the viewer.",
		"Viewers, hostile connections and server share the machine: what the crowd's own process takes of it is in the delays.",
		"Memory is that of the server's process at its largest, less the same just before the crowd came. Each round has a server of its own.",
	)
	if busy := l.report.Machine.Busy(); busy != "" {
		l.report.Notes = append(l.report.Notes, busy)
		fmt.Println(busy)
	}
	err = l.measure(ctx)
	if err != nil {
		l.report.Notes = append(l.report.Notes, "The run was cut short: "+err.Error())
	}
	path, writeErr := l.report.Write(context.WithoutCancel(ctx), o.results, "-hostile")
	if writeErr == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	return errors.Join(err, writeErr)
}
