package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/flvload"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	// arrival is over how long the viewers of a round come: four GOPs, so that
	// they come at all phases of one.
	arrival = 8 * time.Second
	// firstLimit is how long the last may wait for its first picture. A server
	// that keeps no GOP makes it wait for the next.
	firstLimit = 6 * time.Second
	// watched is more than a round lasts beside its window.
	watched = time.Minute

	cpuPerGbit = "CPU-s per Gbit"
	fanP50     = "delay p50, ms"
	fanP99     = "delay p99, ms"
	firstP50   = "first picture p50, ms"
	firstP99   = "first picture p99, ms"
	gbitRate   = "Gbit per second"
)

// flv measures what it costs to send one stream to many viewers, and how long
// they wait for it: HTTP-FLV beside RTMP from nginx, which has no HTTP-FLV.
func (b *bench) flv(ctx context.Context) error {
	clip, err := flvclip.Load(ctx, b.cache, flvclip.Standard)
	if err != nil {
		return err
	}
	sides := []string{ours}
	if b.peer {
		sides = append(sides, peerIngest)
	}
	for _, n := range b.watching {
		c := &report.Case{
			Name:    fmt.Sprintf("Fan-out to %d viewers (rostrum: HTTP-FLV; nginx-rtmp: RTMP)", n),
			Columns: []string{cpuPerGbit, fanP50, fanP99, firstP50, firstP99, gbitRate},
		}
		if b.peer {
			c.Base = peerIngest
		}
		if err := b.interleave(ctx, c, sides, func(ctx context.Context, side string) (report.Round, error) {
			return b.flvRound(ctx, side, n, clip)
		}); err != nil {
			return err
		}
	}
	return nil
}

// flvRound has a fresh server of the side take a stream and n viewers.
func (b *bench) flvRound(ctx context.Context, side string, n int, clip *flvclip.Clip) (r report.Round, err error) {
	s, folder, err := b.start(ctx, side)
	if err != nil {
		return r, err
	}
	defer func() {
		err = errors.Join(err, s.Stop())
		_ = os.RemoveAll(folder)
	}()
	session, err := rtmppush.Dial(ctx, s.RTMP, "live", "bench")
	if err != nil {
		return r, err
	}
	encoder := flvload.NewEncoder(clip, watched+time.Duration(b.seconds)*time.Second)
	crowd, err := flvload.NewCrowd(encoder)
	if err != nil {
		return r, errors.Join(err, session.Close())
	}
	sending, halt := context.WithCancel(ctx)
	var behind time.Duration
	var sendErr error
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		behind, sendErr = encoder.Run(sending, session)
	}()
	r, err = b.watch(ctx, s, crowd, encoder, n)
	halt()
	<-sent
	err = errors.Join(err, sendErr)
	if err == nil {
		r.Work, err = fmt.Sprintf("%d viewers had every picture", n), crowd.Await(ctx, encoder.Pictures(), countLimit)
	}
	if behind > lateLimit {
		err = errors.Join(err, fmt.Errorf("the load was %v late: the machine could not keep up", behind.Round(time.Millisecond)))
	}
	return r, errors.Join(err, crowd.Close(), session.Close())
}

// watch lets the viewers come, and measures while they watch.
func (b *bench) watch(ctx context.Context, s *servers.Server, crowd *flvload.Crowd, encoder *flvload.Encoder, n int) (r report.Round, err error) {
	addr, ask := s.HTTP, flvload.FLV("/live/bench.flv")
	if s.Name != ours {
		addr, ask = s.RTMP, flvload.RTMP("live", "bench")
	}
	if err := pause(ctx, settle); err != nil {
		return r, err
	}
	if err := crowd.Join(ctx, addr, ask, n, arrival); err != nil {
		return r, err
	}
	if err := crowd.Await(ctx, encoder.Pictures(), firstLimit); err != nil {
		return r, err
	}
	if err := pause(ctx, settle); err != nil {
		return r, err
	}
	m, err := s.Measure()
	if err != nil {
		return r, err
	}
	crowd.Begin()
	kept := b.profile(ctx, s)
	err = pause(ctx, time.Duration(b.seconds)*time.Second)
	w := crowd.End()
	used, stopErr := m.Stop()
	if err = errors.Join(err, stopErr, kept()); err != nil {
		return r, err
	}
	gbit := float64(w.Bytes) * 8 / 1e9
	delays, firsts := inMillis(w.Delays), inMillis(crowd.Firsts())
	r.Figures = map[string]float64{
		cpuPerGbit: used.CPU.Seconds() / gbit,
		fanP50:     report.Percentile(delays, 0.5), fanP99: report.Percentile(delays, 0.99),
		firstP50: report.Percentile(firsts, 0.5), firstP99: report.Percentile(firsts, 0.99),
		gbitRate: gbit / used.Wall.Seconds(),
	}
	return r, nil
}

func inMillis(all []time.Duration) []float64 {
	ms := make([]float64, len(all))
	for i, d := range all {
		ms[i] = float64(d) / float64(time.Millisecond)
	}
	return ms
}

func (o options) flvTakes() int {
	return len(o.watching) * 2 * o.rounds * (o.seconds + int(arrival/time.Second) + 5)
}
