// Command sessionfuzz attacks a running server as encoders would that are
// broken or mean no good: it records publishes of H.264, H.265, AV1, AAC and
// Opus, changes their messages and bytes at random, sends them over sockets
// and leaves in every way there is. Every thousand sessions it looks whether
// the server still answers and whether a healthy broadcast goes on beside it,
// and at the end whether anything panicked or was left behind.
//
//	go run ./bench/cmd/sessionfuzz -sessions 100000
//
// A session is made of the seed and its number alone, save those of the
// recording that ffmpeg makes anew each time.
package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rostrumlive/rostrum/bench/internal/command"
)

// options are what the command line says.
type options struct {
	addr, http string
	sessions   int
	from       int
	seed       uint64
	workers    int
	binary     string
	flags      []string
	results    string
}

func main() { command.Main("sessionfuzz", parse, run) }

func parse(args []string) (options, error) {
	var o options
	var flags string
	f := flag.NewFlagSet("sessionfuzz", flag.ContinueOnError)
	f.StringVar(&o.addr, "addr", "", "RTMP address of a server that lets everybody in (--open=any); empty starts one")
	f.StringVar(&o.http, "http", "", "HTTP address of that server")
	f.IntVar(&o.sessions, "sessions", 100_000, "sessions to send")
	f.IntVar(&o.from, "from", 0, "number of the first, to send a session of an earlier run again")
	f.Uint64Var(&o.seed, "seed", 1, "what chance begins with")
	f.IntVar(&o.workers, "workers", 8, "sessions at once")
	f.StringVar(&o.binary, "rostrum", "", "binary to start; empty builds bin/rostrum with make build")
	f.StringVar(&flags, "flags", "--reconnect-window=2s", "further flags of the server that is started")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results; empty keeps none")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	o.flags = strings.Fields(flags)
	switch {
	case o.sessions < 1 || o.workers < 1 || o.from < 0 || f.NArg() > 0:
		return o, fmt.Errorf("%w: -sessions and -workers are at least 1, -from at least 0, and nothing follows the flags", command.ErrUse)
	case (o.addr == "") != (o.http == ""):
		return o, fmt.Errorf("%w: -addr and -http belong together", command.ErrUse)
	}
	return o, nil
}
