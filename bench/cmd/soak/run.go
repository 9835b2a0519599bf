package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/bench/internal/tally"
	"github.com/rostrumlive/rostrum/bench/internal/vitals"
)

// errFaults says that the run found something; the page says what.
var errFaults = errors.New("the run found faults")

// clip is what every encoder sends: a small picture, with key frames as far
// apart as the server's segments are long.
func clip(o options) flvclip.Spec {
	return flvclip.Spec{Width: 320, Height: 180, FPS: 30, GOP: 60, VideoKbps: o.kbps, AudioKbps: 32, Seconds: 16, BFrames: 2}
}

func run(ctx context.Context, o options) error {
	binary, err := servers.Build(ctx, o.rostrum)
	if err != nil {
		return err
	}
	media, err := flvclip.Load(ctx, o.cache, clip(o))
	if err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "rostrum-soak-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := room(tmp, need(media, o)); err != nil {
		return err
	}
	s := &soak{options: o, loop: rtmppush.NewLoop(media), tally: tally.New(), began: time.Now()}
	s.machine = report.ThisMachine(ctx, map[string][]string{"rostrum": {binary, "version"}, "ffmpeg": {"ffmpeg", "-version"}})
	if err := s.start(ctx, binary, filepath.Join(tmp, "data")); err != nil {
		return err
	}
	cut := s.run(ctx)
	if err := s.server.Stop(); err != nil {
		s.tally.Fault("did not end when asked to", "%v", err)
	}
	if _, told, ok := strings.Cut(s.server.Log(), "panic"); ok {
		s.tally.Fault("panic in the log", "%s", told)
	}
	if len(s.samples) == 0 {
		return cut
	}
	p := s.page(cut)
	fmt.Print("\n" + p.Markdown())
	path, err := report.Keep(context.WithoutCancel(ctx), o.results, "-soak", s.began, p.Markdown(), p)
	if err == nil {
		fmt.Printf("\nkept in %s.md and .json\n", path)
	}
	if p.Failed {
		err = errors.Join(errFaults, err)
	}
	return errors.Join(cut, err)
}

// start starts the server and looks at it while it does nothing.
func (s *soak) start(ctx context.Context, binary, data string) error {
	metrics, err := proc.FreePorts(1)
	if err != nil {
		return err
	}
	s.server, err = servers.Rostrum(ctx, binary, data, "--open=any", "--metrics-addr", metrics[0])
	if err != nil {
		return err
	}
	s.vitals = vitals.Server{PID: s.server.PID(), Metrics: metrics[0], Data: data}
	s.before, err = s.vitals.Read(ctx)
	if err != nil {
		return errors.Join(err, s.server.Stop())
	}
	return nil
}
