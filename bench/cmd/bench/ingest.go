package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	// spread is over how long the streams of a round come on air: one GOP.
	spread = 2 * time.Second
	// settle is how long all streams are on air before the count begins.
	settle = time.Second
	// lateLimit is how far behind its time a message may leave. Later than
	// that, the load was not the load that the table tells.
	lateLimit = time.Second
	// countLimit bounds the wait for all of a round's media at the reader.
	countLimit = 20 * time.Second

	cpuPerStream    = "CPU-s per stream-minute"
	memoryPerStream = "MiB per stream"
	memoryIdle      = "MiB idle"
)

func (o options) ingestTakes() int { return len(o.streams) * 2 * o.rounds * (o.seconds + 5) }

// ingest measures what it costs to take streams and make them watchable.
func (b *bench) ingest(ctx context.Context) error {
	return b.takeStreams(ctx, "Ingest and packaging, %d streams (rostrum: LL-HLS and recording)", ours, peerHLS)
}

// door measures what it costs to take streams and make nothing of them.
func (b *bench) door(ctx context.Context) error {
	return b.takeStreams(ctx, "Ingest alone, %d streams (nothing is packaged)", doorAlone, peerIngest)
}

// takeStreams measures our side beside the peer with each number of streams,
// which is put into the name.
func (b *bench) takeStreams(ctx context.Context, name, side, peer string) error {
	clip, err := flvclip.Load(ctx, b.cache, flvclip.Standard)
	if err != nil {
		return err
	}
	loop := rtmppush.NewLoop(clip)
	for _, n := range b.streams {
		c := &report.Case{Name: fmt.Sprintf(name, n), Columns: []string{cpuPerStream, memoryPerStream, memoryIdle}}
		sides := []string{side}
		if b.peer {
			sides, c.Base = append(sides, peer), peer
		}
		if err := b.interleave(ctx, c, sides, func(ctx context.Context, side string) (report.Round, error) {
			return b.ingestRound(ctx, side, n, loop)
		}); err != nil {
			return err
		}
	}
	return nil
}

// ingestRound has a fresh server of the side take n streams. The processor
// time is that of the window; what the reader then fetches to count is not
// in it.
func (b *bench) ingestRound(ctx context.Context, side string, n int, loop *rtmppush.Loop) (r report.Round, err error) {
	s, folder, err := b.start(ctx, side)
	if err != nil {
		return r, err
	}
	defer func() {
		err = errors.Join(err, s.Stop())
		_ = os.RemoveAll(folder)
	}()
	idle, err := s.Memory()
	if err != nil {
		return r, err
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("bench-%03d", i)
	}
	swarm, err := rtmppush.StartSwarm(ctx, s.RTMP, "live", names, loop, spread)
	if err != nil {
		return r, err
	}
	used, err := b.window(ctx, s)
	sent, haltErr := swarm.Halt()
	if err = errors.Join(err, haltErr); err == nil {
		switch side { // what makes nothing is asked while the sessions are open
		case peerIngest:
			r.Work, err = checkReceived(ctx, s, "bytes", s.Received, names, sent, func(one rtmppush.Sent) int64 { return one.Bytes })
		case doorAlone:
			r.Work, err = checkReceived(ctx, s, "pictures", s.Pictures, names, sent, func(one rtmppush.Sent) int64 { return int64(one.Frames) })
		}
	}
	if err = errors.Join(err, swarm.Close()); err != nil {
		return r, err
	}
	if side != peerIngest && side != doorAlone {
		if r.Work, err = checkPictures(ctx, s, names, sent); err != nil {
			return r, err
		}
	}
	r.Figures = map[string]float64{
		cpuPerStream:    used.CPU.Seconds() / (float64(n) * used.Wall.Minutes()),
		memoryPerStream: float64(used.PeakBytes-idle) / bytesPerMiB / float64(n),
		memoryIdle:      float64(idle) / bytesPerMiB,
	}
	for _, one := range sent {
		if one.Behind > lateLimit {
			return r, fmt.Errorf("the load was %v late: the machine could not keep up", one.Behind.Round(time.Millisecond))
		}
	}
	return r, nil
}

func (b *bench) window(ctx context.Context, s *servers.Server) (proc.Usage, error) {
	if err := pause(ctx, settle); err != nil {
		return proc.Usage{}, err
	}
	kept := b.profile(ctx, s)
	m, err := s.Measure()
	if err != nil {
		return proc.Usage{}, err
	}
	err = pause(ctx, time.Duration(b.seconds)*time.Second)
	used, stopErr := m.Stop()
	return used, errors.Join(err, stopErr, kept())
}

// checkPictures reads back all that every channel sent and counts.
func checkPictures(ctx context.Context, s *servers.Server, names []string, sent []rtmppush.Sent) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, countLimit)
	defer cancel()
	read := make([]int, len(names))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	for i, name := range names {
		g.Go(func() error {
			address, err := s.Recording(ctx, http.DefaultClient, name)
			if err != nil {
				return err
			}
			read[i], err = reader.Await(ctx, http.DefaultClient, address, sent[i].Frames)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return "", fmt.Errorf("count at the reader: %w", err)
	}
	total, expected := 0, 0
	for i := range names {
		total += read[i]
		expected += sent[i].Frames
	}
	work := fmt.Sprintf("%d of %d pictures read", total, expected)
	for i, name := range names {
		if read[i] != sent[i].Frames {
			return work, fmt.Errorf("%s; %s alone: %d of %d", work, name, read[i], sent[i].Frames)
		}
	}
	return work, nil
}

// checkReceived asks a server that has no output how much of the unit it
// received, while the sessions are still open.
func checkReceived(ctx context.Context, s *servers.Server, unit string, received func(context.Context, *http.Client) (map[string]int64, error),
	names []string, sent []rtmppush.Sent, of func(rtmppush.Sent) int64,
) (string, error) {
	var expected int64
	for _, one := range sent {
		expected += of(one)
	}
	err := s.WaitFor(ctx, countLimit, func(ctx context.Context) error {
		got, err := received(ctx, http.DefaultClient)
		if err != nil {
			return err
		}
		for i, name := range names {
			if got[name] != of(sent[i]) {
				return fmt.Errorf("%s: %d of %d %s received", name, got[name], of(sent[i]), unit)
			}
		}
		return nil
	})
	return fmt.Sprintf("%d %s received, all", expected, unit), err
}
