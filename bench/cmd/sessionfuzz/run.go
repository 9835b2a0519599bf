package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/bench/internal/vitals"
)

const (
	checkEvery = 1000
	// healthLimit is how long /healthz may take.
	healthLimit = time.Second
	healthTries = 3
	// channels are shared by all sessions, so that they also take each other's
	// place; one session in a hundred has a channel of its own.
	channels = 64
	// viewed is how often a session is looked at.
	viewed = 8
	// spare is by how much goroutines and descriptors may differ at the end:
	// idle HTTP connections, the database's and the runtime's own.
	spare = 24
	// settle bounds the wait for what ended sessions leave behind: the
	// reconnect window, the publish timeout of 10 s, and the writing of files.
	settle = 90 * time.Second
)

// lab is a run.
type lab struct {
	options
	recordings *recordings
	server     *servers.Server // nil when it was started by somebody else
	vitals     vitals.Server
	healthy    *healthy
	result     result

	sent, admitted, bytes atomic.Int64
}

func run(ctx context.Context, o options) error {
	l := &lab{options: o}
	tmp, err := os.MkdirTemp("", "rostrum-sessionfuzz-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := servers.ToRoot(); err != nil {
		return err
	}
	if o.addr == "" {
		if err := l.start(ctx, tmp); err != nil {
			return err
		}
	}
	began := time.Now()
	err = l.attack(ctx)
	l.result.wall = time.Since(began)
	if l.server != nil {
		if err != nil {
			l.autopsy(ctx)
		}
		err = errors.Join(err, l.server.Stop())
	}
	return errors.Join(err, l.tell(err))
}

// start brings a server of our own up.
func (l *lab) start(ctx context.Context, folder string) error {
	binary, err := servers.Build(ctx, l.binary)
	if err != nil {
		return err
	}
	metrics, err := proc.FreePorts(1)
	if err != nil {
		return err
	}
	data := filepath.Join(folder, "data")
	flags := append([]string{"--open=any", "--metrics-addr", metrics[0], "--log-level=warn"}, l.flags...)
	if l.server, err = servers.Rostrum(ctx, binary, data, flags...); err != nil {
		return err
	}
	l.addr, l.http = l.server.RTMP, l.server.HTTP
	l.vitals = vitals.Server{PID: l.server.PID(), Metrics: metrics[0], Data: data}
	return nil
}

// attack sends all sessions in batches and looks after each.
func (l *lab) attack(ctx context.Context) (err error) {
	if l.recordings, err = record(ctx, l.addr); err != nil {
		return err
	}
	if l.healthy, err = startHealthy(ctx, l.addr, l.http); err != nil {
		return err
	}
	stopped := false
	defer func() {
		if !stopped {
			_, stopErr := l.healthy.stop()
			err = errors.Join(err, stopErr)
		}
	}()
	if err := l.check(ctx); err != nil {
		return err
	}
	if err := l.base(ctx); err != nil {
		return err
	}
	for done := 0; done < l.sessions; done += checkEvery {
		first := l.from + done
		if err := l.batch(ctx, first, min(checkEvery, l.sessions-done)); err != nil {
			return err
		}
		if err := l.check(ctx); err != nil {
			return fmt.Errorf("after the sessions from %d of seed %d on: %w", first, l.seed, err)
		}
		fmt.Printf("%7d sessions, %d let in, slowest answer %v\n", l.sent.Load(), l.admitted.Load(), l.result.slowest.Round(time.Millisecond))
	}
	if err := l.returned(ctx); err != nil {
		return err
	}
	stopped = true
	return l.intact(ctx)
}

// batch sends sessions, some at once.
func (l *lab) batch(ctx context.Context, first, n int) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(l.workers)
	for i := first; i < first+n; i++ {
		g.Go(func() error {
			if err := l.one(ctx, i); err != nil {
				return fmt.Errorf("session %d of seed %d: %w", i, l.seed, err)
			}
			return nil
		})
	}
	return g.Wait()
}

// channelOf names the channel that session i publishes to.
func channelOf(i int) string {
	if i%100 == 0 {
		return fmt.Sprintf("fuzz-%08d", channels+i)
	}
	return fmt.Sprintf("fuzz-%08d", i%channels)
}

func (l *lab) one(ctx context.Context, i int) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r := rand.New(rand.NewPCG(l.seed, uint64(i)))
	name := channelOf(i)
	out, err := attack(ctx, l.addr, l.recordings.session(r, name), r)
	l.sent.Add(1)
	l.bytes.Add(int64(out.bytes))
	if out.admitted {
		l.admitted.Add(1)
	}
	if err == nil && i%viewed == 0 {
		err = view(ctx, l.http, name, r)
	}
	return err
}

// check looks whether the server is well.
func (l *lab) check(ctx context.Context) error {
	if err := l.awake(ctx); err != nil {
		return fmt.Errorf("health: %w", err)
	}
	if err := answered(ctx, "http://"+l.http+"/api/v1/live"); err != nil {
		return err
	}
	if l.server != nil {
		now, err := l.vitals.Read(ctx)
		if err != nil {
			return err
		}
		if now[vitals.Panics] > 0 {
			return fmt.Errorf("%.0f connections ended in a panic", now[vitals.Panics])
		}
		l.result.peak = max(l.result.peak, now[vitals.Resident])
	}
	waited, err := l.healthy.moves(ctx)
	l.result.still = max(l.result.still, waited)
	return err
}

// awake asks for the server's health. A machine that does other work may hold
// up one answer, which is counted; one that hangs is late each time.
func (l *lab) awake(ctx context.Context) error {
	var err error
	for range healthTries {
		began := time.Now()
		limited, cancel := context.WithTimeout(ctx, healthLimit)
		_, err = reader.Get(limited, http.DefaultClient, "http://"+l.http+"/healthz", 1<<16)
		cancel()
		l.result.slowest = max(l.result.slowest, time.Since(began))
		if err == nil || !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		l.result.late++
	}
	return err
}
