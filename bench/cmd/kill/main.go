// Command kill kills a server with signal 9 at random instants, again and again
// within one broadcast, and tells what that costs: how much of what was sent is
// not in the recording, and how long it takes to be on air again. It prints a
// table and keeps it, with every kill, under bench/results.
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
	kills   int
	apart   time.Duration
	limit   time.Duration
	seed    int64
	rostrum string
	cache   string
	results string
}

func main() { command.Main("kill", parse, run) }

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("kill", flag.ContinueOnError)
	f.IntVar(&o.kills, "kills", 100, "how often to kill")
	f.DurationVar(&o.apart, "apart", 5*time.Second, "a kill comes at most so long after the broadcast is on air again, evenly spread")
	f.DurationVar(&o.limit, "limit", 30*time.Minute, "when to end at the latest")
	f.Int64Var(&o.seed, "seed", time.Now().UnixNano(), "of the random instants")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.cache, "cache", defaultCache(), "folder for the clip that ffmpeg makes once")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	if f.NArg() > 0 || o.kills < 1 || o.apart < time.Second {
		return o, fmt.Errorf("%w: -kills is at least 1 and -apart 1s, and nothing follows the flags", command.ErrUse)
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
	l := &lab{options: o, binary: binary}
	r := &report.Report{Title: "Killed with signal 9", Began: time.Now()}
	r.Machine = report.ThisMachine(ctx, map[string][]string{"rostrum": {binary, "version"}})
	r.Notes = append(r.Notes,
		"One channel on air, 1280×720 at 30 pictures a second, 2.66 Mbit/s; the encoder comes back at once and goes on with its next key frame.",
		"Lost is what was sent before the kill, to the last picture whose bytes had left the encoder, and is not in the recording when all is over.",
		"Ready and on air are counted from the start of the next server, which follows the kill at once: until it says that it is ready, and until its API says that the channel is live and its playlist is answered.",
		fmt.Sprintf("Instants are random, up to %v after the broadcast is on air again; seed %d.", o.apart, o.seed),
	)
	if busy := r.Machine.Busy(); busy != "" {
		r.Notes = append(r.Notes, busy)
		fmt.Println(busy)
	}
	c, err := l.measure(ctx)
	if c != nil {
		r.Cases = append(r.Cases, c)
		err = errors.Join(err, c.Print(os.Stdout))
	}
	if err != nil {
		r.Notes = append(r.Notes, "The run was cut short: "+err.Error())
	}
	path, writeErr := r.Write(context.WithoutCancel(ctx), o.results, "-kill")
	if writeErr == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	return errors.Join(err, writeErr)
}
