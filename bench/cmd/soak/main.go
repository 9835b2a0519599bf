// Command soak runs a server for a long time under encoders that break and
// viewers that come and go, checks everything that it says meanwhile, and
// tells whether what it holds rises: memory, goroutines, descriptors, threads,
// files. docs/endurance.md says how to read the output.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/trend"
)

// options are what the command line says.
type options struct {
	rostrum   string
	streams   int
	viewers   int
	kbps      int
	length    time.Duration
	every     time.Duration
	reconnect time.Duration
	cache     string
	results   string
}

func main() { command.Main("soak", parse, run) }

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("soak", flag.ContinueOnError)
	f.StringVar(&o.rostrum, "rostrum", "", "binary to run; empty builds bin/rostrum with make build")
	f.IntVar(&o.streams, "streams", 50, "encoders, each on a channel of its own")
	f.IntVar(&o.viewers, "viewers", 100, "viewers at any one time")
	f.IntVar(&o.kbps, "kbps", 300, "bits of pictures a second, in thousands; all of it is recorded")
	f.DurationVar(&o.length, "for", 30*time.Minute, "how long")
	f.DurationVar(&o.every, "every", 10*time.Second, "how often a sample is taken")
	f.DurationVar(&o.reconnect, "reconnect", time.Minute, "in which time each encoder breaks once; 0 for never")
	f.StringVar(&o.cache, "cache", defaultCache(), "folder for the clip that ffmpeg makes once")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("%w: nothing follows the flags", command.ErrUse)
	case o.streams < 1 || o.streams > 1000 || o.viewers < 0 || o.viewers > 10000 || o.kbps < 10:
		return o, fmt.Errorf("%w: -streams from 1 to 1000, -viewers from 0 to 10000, -kbps from 10 on", command.ErrUse)
	case o.reconnect != 0 && o.reconnect < 2*shortest:
		return o, fmt.Errorf("%w: -reconnect is 0 or at least %v", command.ErrUse, 2*shortest)
	case o.every < time.Second || o.length < o.settle()+trend.Fewest*o.every:
		return o, fmt.Errorf("%w: -every is at least 1s, and -for leaves %d samples after the first %v", command.ErrUse, trend.Fewest, o.settle())
	}
	return o, nil
}

// settle is what is left out at the beginning: a fifth, and not less than it
// takes to fill the live window of 60 s and to come to rest.
func (o options) settle() time.Duration { return max(o.length/5, 90*time.Second) }

func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "rostrum-bench")
}
