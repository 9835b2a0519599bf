// Command chat measures the chat of a whole server process on this machine: how
// soon lines are with thousands of sockets, and what that costs. The sockets are
// of this process, which shares the machine with the server; what it reads of
// each is counted, frame by frame. bench/README.md says how to read the figures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
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
	cases                     []string
	sockets, rooms, in, joins int
	seconds, rounds           int
	limit                     time.Duration
	rostrum, results          string
}

// bareCommand makes this program the bare writer.
const bareCommand = "bare-writer"

func main() {
	if len(os.Args) > 1 && os.Args[1] == bareCommand {
		command.Run(bareCommand, func(ctx context.Context, args []string) error { return bareWriter(ctx, args[1:]) })
		return
	}
	command.Main("chat", parse, run)
}

func parse(args []string) (o options, err error) {
	var cases string
	f := flag.NewFlagSet("chat", flag.ContinueOnError)
	f.StringVar(&cases, "cases", strings.Join(names(), ","), "what to measure, with commas")
	f.IntVar(&o.sockets, "sockets", 9500, "sockets in one room")
	f.IntVar(&o.rooms, "rooms", 1000, "rooms of ten")
	f.IntVar(&o.in, "lines", 100, "lines said in a second, in all")
	f.IntVar(&o.joins, "joins", 5000, "who come within ten seconds")
	f.IntVar(&o.seconds, "seconds", 15, "length of one measurement")
	f.IntVar(&o.rounds, "rounds", 3, "rounds; the median is told")
	f.DurationVar(&o.limit, "limit", 15*time.Minute, "when to end at the latest")
	f.StringVar(&o.rostrum, "rostrum", "", "binary to measure; empty builds bin/rostrum with make build")
	f.StringVar(&o.results, "results", filepath.Join("bench", "results"), "folder for the results")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	o.cases = strings.Split(cases, ",")
	for _, c := range o.cases {
		if !slices.Contains(names(), c) {
			return o, fmt.Errorf("%w: -cases knows %s, not %q", command.ErrUse, strings.Join(names(), ", "), c)
		}
	}
	if f.NArg() > 0 || min(o.sockets, o.rooms, o.in, o.joins, o.seconds, o.rounds) < 1 {
		return o, fmt.Errorf("%w: all numbers are at least 1, and nothing follows the flags", command.ErrUse)
	}
	return o, nil
}

func run(ctx context.Context, o options) (err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, o.limit, fmt.Errorf("the limit of %v is over", o.limit))
	defer cancel()
	binary, err := servers.Build(ctx, o.rostrum)
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "rostrum-chat-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tmp)) }()
	l := &lab{options: o, binary: binary, tmp: tmp, report: &report.Report{Title: "The chat", Began: time.Now()}}
	l.report.Machine = report.ThisMachine(ctx, map[string][]string{"rostrum": {binary, "version"}})
	l.report.Notes = append(l.report.Notes,
		"A delay is from the sender's write of a line to a reader's read of the whole frame; it holds the line's commit to the disk. It is taken on each eighth socket; all frames of all sockets are counted.",
		"Bare writes are the least that a server can do: a program of its own writes lines of the same length to as many connections, each 100 ms from two threads, and does nothing else. A line's time is there when it is due. It is what the machine takes.",
		"Processor time is the server's; the sockets are of another process on the same cores, whose time is told beside it. Memory is the growth of the server's proportional set size by the sockets, after a collection and before anything was said, for each.",
	)
	if busy := l.report.Machine.Busy(); busy != "" {
		l.report.Notes = append(l.report.Notes, busy)
		fmt.Println(busy)
	}
	err = l.measure(ctx)
	if err != nil {
		l.report.Notes = append(l.report.Notes, "The run was cut short: "+err.Error())
	}
	path, kept := l.report.Write(context.WithoutCancel(ctx), o.results, "-chat")
	if kept == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	return errors.Join(err, kept)
}
