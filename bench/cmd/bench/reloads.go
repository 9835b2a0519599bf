package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/crowd"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

const (
	// partTarget is the server's own: hls.part.
	partTarget = 200 * time.Millisecond
	// joinLimit is how long a crowd may take to come.
	joinLimit = 30 * time.Second
	// grace passes after a measurement before the crowd goes: what was
	// published in it has come to all by then, or counts as lost.
	grace = 2 * time.Second

	delayP99   = "p99, ms"
	delayP50   = "p50, ms"
	onTime     = "on time, %"
	cpuPerPart = "server's CPU, µs each"

	// reasking is the time in which those who were woken ask again.
	reasking = time.Second
)

func (o options) reloadsTake() int { return 2 * o.rounds * (o.seconds + 15) }

// reloads measures crowds that follow one channel by blocking reloads, those
// that take what they are told of and those that only wait. Debian has no peer
// that knows them.
func (b *bench) reloads(ctx context.Context) error {
	loop, err := b.light(ctx)
	if err != nil {
		return err
	}
	for _, audience := range []struct {
		name string
		once func(context.Context, *rtmppush.Loop) (report.Round, error)
	}{
		{fmt.Sprintf("%d viewers of LL-HLS: each reloads the list of pictures and of sound and fetches each part of a clip of 0.15 Mbit/s", b.reloading), b.followers},
		{fmt.Sprintf("%d parked reloads of one list, woken together by each segment's first part", b.waiting), b.parked},
	} {
		c := &report.Case{Name: audience.name, Columns: []string{delayP99, delayP50, onTime, cpuPerPart, cpuShare, serverMiB, loadShare}}
		if err := b.interleave(ctx, c, []string{ours}, func(ctx context.Context, _ string) (report.Round, error) {
			return audience.once(ctx, loop)
		}); err != nil {
			return err
		}
	}
	return nil
}

// followers are timed from when the last frame of a part was sent, by the
// list's own dates.
func (b *bench) followers(ctx context.Context, loop *rtmppush.Loop) (report.Round, error) {
	const lists = 2
	frames := []time.Duration{time.Second / time.Duration(flvclip.Light.FPS), time.Second * 1024 / 48000}
	r, d, err := b.reloadsRound(ctx, loop, lists*b.reloading, func(c *crowd.Crowd, lists []string) *crowd.Reloads { return c.Reload(lists) }, frames...)
	if err == nil && len(d.Millis) != d.Want {
		return r, fmt.Errorf("%s: some fell behind by more than %v", r.Work, grace)
	}
	return r, err
}

// parked are timed from the first of them that had the answer.
func (b *bench) parked(ctx context.Context, loop *rtmppush.Loop) (report.Round, error) {
	r, d, err := b.reloadsRound(ctx, loop, b.waiting, func(c *crowd.Crowd, lists []string) *crowd.Reloads { return c.Park(lists[0], reasking) })
	if err == nil && len(d.Millis) != d.Want {
		return r, fmt.Errorf("%s: some were not parked again in time", r.Work)
	}
	return r, err
}

// reloadsRound has a crowd follow a fresh server's channel.
func (b *bench) reloadsRound(ctx context.Context, loop *rtmppush.Loop, connections int, begin func(*crowd.Crowd, []string) *crowd.Reloads, frames ...time.Duration) (r report.Round, d crowd.Delays, err error) {
	onAir, err := b.goLive(ctx, ours, loop)
	if err != nil {
		return r, d, err
	}
	defer func() { err = errors.Join(err, onAir.Close()) }()
	lists, err := onAir.lists(ctx, "/live/"+channel+"/index.m3u8")
	if err != nil {
		return r, d, err
	}
	if len(lists) != 2 {
		return r, d, fmt.Errorf("%d lists, expected one of pictures and one of sound", len(lists))
	}
	length := time.Duration(b.seconds) * time.Second
	crew, err := crowd.Connect(ctx, onAir.HTTP, connections, time.Now().Add(length+joinLimit+settle+grace+time.Minute))
	if err != nil {
		return r, d, err
	}
	defer crew.Close()
	reloads := begin(crew, lists)
	defer func() { _ = reloads.Stop() }() // what went wrong was told before
	if err := onAir.WaitFor(ctx, joinLimit, reloads.Joined); err != nil {
		return r, d, err
	}
	if err := pause(ctx, settle); err != nil {
		return r, d, err
	}
	m, err := startMeters(onAir.Server)
	if err != nil {
		return r, d, err
	}
	from := time.Now()
	err = pause(ctx, length)
	to := time.Now()
	used, stopErr := m.Stop()
	if err = errors.Join(err, stopErr, pause(ctx, grace), reloads.Stop()); err != nil {
		return r, d, err
	}
	d = reloads.Between(from, to, frames...)
	if len(d.Millis) == 0 {
		return r, d, errors.New("nothing came")
	}
	good := 0
	for _, m := range d.Millis {
		if m <= partTarget.Seconds()*1000 {
			good++
		}
	}
	r.Work = fmt.Sprintf("%d of %d came", len(d.Millis), d.Want)
	r.Figures = map[string]float64{
		delayP99: report.Percentile(d.Millis, 0.99), delayP50: report.Percentile(d.Millis, 0.5),
		onTime: 100 * float64(good) / float64(d.Want), cpuPerPart: used.CPU.Seconds() * 1e6 / float64(len(d.Millis)),
		cpuShare: used.share(used.CPU), serverMiB: float64(used.PeakBytes) / bytesPerMiB, loadShare: used.share(used.load),
	}
	return r, d, onAir.check()
}
