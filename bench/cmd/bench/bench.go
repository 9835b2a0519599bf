package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// The names of the sides in the tables.
const (
	ours        = "rostrum" // and what begins so
	doorAlone   = "rostrum, door alone"
	peerHLS     = string(servers.NginxHLS)
	peerIngest  = string(servers.NginxIngest)
	peerFiles   = string(servers.NginxFiles)
	bytesPerMiB = 1 << 20
)

// bench is one run.
type bench struct {
	options
	binary string
	front  string // the door alone, once it was built
	tmp    string
	peer   bool // nginx is there
	report *report.Report

	profiled int // profiles so far
}

// note tells something now and in the results.
func (b *bench) note(sentence string) {
	fmt.Println(sentence)
	b.report.Notes = append(b.report.Notes, sentence)
}

// kind is something that can be measured, by its name for -cases.
type kind struct {
	name    string
	measure func(*bench, context.Context) error
	seconds func(options) int // about how long it takes
}

// kinds are in the order in which they are measured.
func kinds() []kind {
	return []kind{
		{"ingest", (*bench).ingest, options.ingestTakes},
		{"door", (*bench).door, options.ingestTakes},
		{"delivery", (*bench).delivery, options.deliveryTakes},
		{"rewind", (*bench).rewind, options.rewindTakes},
		{"tls", (*bench).tls, options.tlsTakes},
		{"viewers", (*bench).viewers, options.viewersTake},
		{"reloads", (*bench).reloads, options.reloadsTake},
		{"flv", (*bench).flv, options.flvTakes},
	}
}

func (b *bench) measure(ctx context.Context) error {
	for _, k := range kinds() {
		if !slices.Contains(b.cases, k.name) {
			continue
		}
		if err := k.measure(b, ctx); err != nil {
			return err
		}
	}
	return nil
}

// interleave takes the rounds of a case: every side once, then again. What
// goes wrong in a round is that round's fault; only the end of ctx ends the
// case early. The case is then printed and kept as far as it came.
func (b *bench) interleave(ctx context.Context, c *report.Case, sides []string, once func(ctx context.Context, side string) (report.Round, error)) error {
	b.report.Cases = append(b.report.Cases, c)
	for number := range b.rounds {
		for _, side := range sides {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			r, err := once(ctx, side)
			if ctx.Err() != nil { // a round that was cut off tells nothing
				return context.Cause(ctx)
			}
			if err != nil {
				r.Fault = err.Error()
			}
			r.Side, r.Number = side, number+1
			c.Rounds = append(c.Rounds, r)
			fmt.Fprintf(os.Stderr, "  %s, %s, round %d: %s %s\n", c.Name, side, number+1, r.Work, r.Fault)
		}
	}
	if err := c.Print(os.Stdout); err != nil {
		return fmt.Errorf("print the table: %w", err)
	}
	return nil
}

// start runs the server of a side with its files in a folder of its own.
func (b *bench) start(ctx context.Context, side string) (*servers.Server, string, error) {
	folder, err := os.MkdirTemp(b.tmp, "side-")
	if err != nil {
		return nil, "", fmt.Errorf("make a folder: %w", err)
	}
	var s *servers.Server
	switch {
	case side == doorAlone:
		s, err = b.startDoor(ctx)
	case strings.HasPrefix(side, ours):
		s, err = servers.Rostrum(ctx, b.binary, folder)
	default:
		s, err = servers.Nginx(ctx, servers.NginxKind(side), folder)
	}
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, "", err
	}
	return s, folder, nil
}

func (b *bench) startDoor(ctx context.Context) (*servers.Server, error) {
	if b.front == "" {
		path := filepath.Join(b.tmp, "door")
		if err := servers.BuildDoor(ctx, path); err != nil {
			return nil, err
		}
		b.front = path
	}
	return servers.Door(ctx, b.front)
}

// pause waits in real time: the length of a measurement is what it is.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
