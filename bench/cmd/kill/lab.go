package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	channel = "killed"
	side    = "rostrum"
	// lookEvery is the step in which the server is asked how it is.
	lookEvery = 5 * time.Millisecond
	// airLimit is how long it may take to be on air.
	airLimit = 60 * time.Second
	// tail is what is sent after the last kill, and must be there.
	tail = 2 * time.Second
)

// The columns.
const (
	lost  = "lost, ms"
	ready = "ready, ms"
	onAir = "on air, ms"
)

// lab is one run.
type lab struct {
	options
	binary string

	folder    string
	server    *servers.Server
	encoder   *encoder
	broadcast string
}

// kill is one kill and what came after it.
type kill struct {
	at           time.Time
	ready, onAir time.Duration
}

// measure kills the server, and compares at the end what is there with what was
// sent.
func (l *lab) measure(ctx context.Context) (c *report.Case, err error) {
	clip, err := flvclip.Load(ctx, l.cache, flvclip.Standard)
	if err != nil {
		return nil, err
	}
	if l.folder, err = os.MkdirTemp("", "rostrum-kill-"); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(l.folder) }()
	if l.server, err = servers.Rostrum(ctx, l.binary, l.folder); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, l.server.Stop()) }()
	l.encoder = startEncoder(ctx, clip, l.server.RTMP)
	defer l.encoder.abort()
	if err := l.awaitAir(ctx); err != nil {
		return nil, err
	}
	kills, err := l.killAll(ctx)
	if err != nil {
		return nil, err
	}
	stints, err := l.encoder.stop()
	if err != nil {
		return nil, err
	}
	missing, err := l.compare(ctx, clip, stints, kills)
	if err != nil {
		return nil, err
	}
	c = &report.Case{Name: "Kills in one broadcast", Columns: []string{lost, ready, onAir}}
	for i, k := range kills {
		c.Rounds = append(c.Rounds, report.Round{Side: side, Number: i + 1, Figures: map[string]float64{
			lost: milliseconds(missing[i]), ready: milliseconds(k.ready), onAir: milliseconds(k.onAir),
		}, Work: fmt.Sprintf("%d pictures were sent", len(stints[i].times))})
	}
	return c, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func (l *lab) killAll(ctx context.Context) ([]kill, error) {
	random := rand.New(rand.NewPCG(uint64(l.seed), 0))
	var kills []kill
	for i := range l.kills {
		if err := pause(ctx, time.Duration(random.Int64N(int64(l.apart)))); err != nil {
			return nil, err
		}
		k := kill{at: time.Now()}
		if err := syscall.Kill(l.server.PID(), syscall.SIGKILL); err != nil {
			return nil, fmt.Errorf("kill: %w", err)
		}
		<-l.server.Done()
		began := time.Now()
		next, err := servers.Rostrum(ctx, l.binary, l.folder)
		if err != nil {
			return nil, fmt.Errorf("after kill %d: %w", i+1, err)
		}
		l.server, k.ready = next, time.Since(began)
		l.encoder.goTo(next.RTMP)
		if err := l.awaitAir(ctx); err != nil {
			return nil, fmt.Errorf("after kill %d: %w", i+1, err)
		}
		k.onAir = time.Since(began)
		kills = append(kills, k)
		fmt.Fprintf(os.Stderr, "  kill %d: ready after %v, on air after %v\n", i+1, k.ready.Round(time.Millisecond), k.onAir.Round(time.Millisecond))
	}
	return kills, pause(ctx, tail)
}

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

// awaitAir waits until the channel is live, as the same broadcast as ever.
func (l *lab) awaitAir(ctx context.Context) error {
	ctx, cancel := context.WithTimeoutCause(ctx, airLimit, fmt.Errorf("not on air after %v", airLimit))
	defer cancel()
	for {
		id, err := l.air(ctx)
		if err == nil {
			if l.broadcast == "" {
				l.broadcast = id
			}
			if id != l.broadcast {
				return fmt.Errorf("broadcast %s became %s", l.broadcast, id)
			}
			return nil
		}
		if pause(ctx, lookEvery) != nil {
			return errors.Join(context.Cause(ctx), err)
		}
	}
}

// air returns the id of the broadcast that can be watched.
func (l *lab) air(ctx context.Context) (string, error) {
	base := "http://" + l.server.HTTP
	b, err := reader.Get(ctx, http.DefaultClient, base+"/api/v1/channels/"+channel, 1<<20)
	if err != nil {
		return "", err
	}
	var c struct {
		Live *struct{ Broadcast, State string }
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return "", fmt.Errorf("read the channel: %w", err)
	}
	if c.Live == nil || c.Live.State != "live" {
		return "", fmt.Errorf("the channel is %s", b)
	}
	_, err = reader.Get(ctx, http.DefaultClient, base+"/live/"+channel+"/index.m3u8", 1<<20)
	return c.Live.Broadcast, err
}
