package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/archive"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// The sides: what of the data the kernel had in memory before.
const (
	cold = "nothing in the page cache"
	warm = "all in the page cache"
)

// The figures of a start.
const (
	startMillis = "start, ms"
	listMillis  = "page of recordings, ms"
	startMiB    = "MiB after the start"
)

// seedLength is that of the broadcast which is multiplied: five whole segments.
const seedLength = 9 * time.Second

// recordings measures a start and the home page's list over the number of
// recordings, and then downloads and starts over their length.
func (l *lab) recordings(ctx context.Context) error {
	if err := l.starts(ctx); err != nil {
		return err
	}
	return l.long(ctx)
}

func (l *lab) starts(ctx context.Context) error {
	clip, err := flvclip.Load(ctx, l.cache, flvclip.Standard)
	if err != nil {
		return err
	}
	folder := filepath.Join(l.tmp, "many")
	defer func() { _ = os.RemoveAll(folder) }() // millions of files: not for later
	if err := archive.Record(ctx, l.binary, folder, clip, seedLength); err != nil {
		return err
	}
	there := 1
	for _, n := range l.options.recordings {
		if err := multiply(ctx, folder, n-there); err != nil {
			return err
		}
		there = n
		for round := range l.rounds {
			for _, side := range []string{cold, warm} {
				if err := l.start(ctx, folder, sample{X: float64(n), Side: side, Round: round + 1}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func multiply(ctx context.Context, folder string, n int) error {
	if n == 0 {
		return nil
	}
	a, err := archive.Open(folder)
	if err != nil {
		return err
	}
	id, err := a.Newest(ctx)
	if err == nil {
		err = a.Multiply(ctx, id, n)
	}
	return errors.Join(err, a.Close())
}

// start takes the time from the start of the process until /readyz answers
// 200, in steps of some 10 ms, and that of the first page of recordings.
func (l *lab) start(ctx context.Context, folder string, s sample) error {
	if err := l.prepare(s.Side); err != nil {
		return err
	}
	began := time.Now()
	server, err := servers.Rostrum(ctx, l.binary, folder)
	if err != nil {
		return err
	}
	s.Figures = map[string]float64{startMillis: millis(time.Since(began))}
	began = time.Now()
	_, err = reader.Get(ctx, http.DefaultClient, "http://"+server.HTTP+"/api/v1/broadcasts", 1<<20)
	s.Figures[listMillis] = millis(time.Since(began))
	memory, memoryErr := server.Memory()
	s.Figures[startMiB] = float64(memory) / bytesPerMiB
	l.add(s)
	return errors.Join(err, memoryErr, server.Stop())
}

const bytesPerMiB = 1 << 20

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// prepare has the kernel forget all files, where the side wants that.
func (l *lab) prepare(side string) error {
	if side != cold {
		return nil
	}
	syscall.Sync() // what is not on the disk is not forgotten
	const everything = 3
	if err := os.WriteFile("/proc/sys/vm/drop_caches", strconv.AppendInt(nil, everything, 10), 0); err != nil {
		return fmt.Errorf("empty the page cache, which takes root: %w", err)
	}
	return nil
}
