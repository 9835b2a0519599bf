package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	alone   = "alone"
	beside  = "beside them"
	channel = "hostile"

	// settle passes before a measurement: the crowd's first answers go out,
	// and the last one's connections are gone.
	settle    = 3 * time.Second
	fillLimit = 40 * time.Second
)

// The columns.
const (
	partP99   = "part p99, ms"
	partP50   = "part p50, ms"
	listP99   = "playlist p99, ms"
	listP50   = "playlist p50, ms"
	cpu       = "server's CPU, % of a core"
	mib       = "server's MiB"
	kibEach   = "KiB for each hostile connection"
	kernelKiB = "KiB of TCP in the system for each, both ends"
)

func columns() []string {
	return []string{partP99, partP50, listP99, listP50, cpu, mib, kibEach, kernelKiB}
}

// attack is what the viewers are measured beside: crowds that come together.
type attack struct {
	name   string
	crowds []crowdSize
}

type crowdSize struct {
	kind string
	n    int
}

func (a attack) size() int {
	n := 0
	for _, c := range a.crowds {
		n += c.n
	}
	return n
}

// lab is one run.
type lab struct {
	options
	binary string
	report *report.Report

	// Of the round.
	server  *servers.Server
	list    *url.URL
	viewers *viewers
}

func (l *lab) attacks() []attack {
	return []attack{
		{fmt.Sprintf("%d viewers that do not read", l.silent), []crowdSize{{silent, l.silent}}},
		{fmt.Sprintf("%d parked reloads", l.parked), []crowdSize{{parked, l.parked}}},
		{fmt.Sprintf("%d slow headers and %d half-open RTMP", l.loris, l.halfOpen), []crowdSize{{loris, l.loris}, {halfOpen, l.halfOpen}}},
	}
}

// measure takes the attacks in turn.
func (l *lab) measure(ctx context.Context) error {
	attacks := l.attacks()
	cases := make([]*report.Case, len(attacks))
	for i, a := range attacks {
		cases[i] = &report.Case{
			Name: fmt.Sprintf("%d viewers of LL-HLS, alone and beside %s", l.honest, a.name), Base: alone, Columns: columns(),
		}
		l.report.Cases = append(l.report.Cases, cases[i])
	}
	for number := range l.rounds {
		for i, a := range attacks {
			if err := l.round(ctx, cases[i], a, number+1); err != nil {
				return err
			}
		}
	}
	var err error
	for _, c := range cases {
		err = errors.Join(err, c.Print(os.Stdout))
	}
	return err
}

// round measures viewers alone and then beside an attack, on a server of their
// own: memory that a server once had it keeps for a while.
func (l *lab) round(ctx context.Context, c *report.Case, a attack, number int) (err error) {
	clip, err := flvclip.Load(ctx, l.cache, flvclip.Standard)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "rostrum-hostile-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if l.server, err = servers.Rostrum(ctx, l.binary, folder); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.server.Stop()) }()
	swarm, err := rtmppush.StartSwarm(ctx, l.server.RTMP, "live", []string{channel}, rtmppush.NewLoop(clip), 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, swarm.Close()) }()
	if err := l.findList(ctx); err != nil {
		return err
	}
	l.viewers = startViewers(ctx, l.list, l.honest, time.Second/time.Duration(flvclip.Standard.FPS))
	defer l.viewers.Close()

	r, base, err := l.window(ctx, nil)
	if err != nil {
		return err
	}
	l.keep(c, r, alone, number)
	gangs, err := l.gather(ctx, a)
	defer func() {
		for _, g := range gangs {
			_ = g.leave() // it is gone either way
		}
	}()
	if err != nil {
		return err
	}
	r, with, err := l.window(ctx, gangs)
	if err != nil {
		return err
	}
	n := float64(a.size())
	r.Figures[kibEach] = float64(with.memory-base.memory) / 1024 / n
	r.Figures[kernelKiB] = float64(with.kernel-base.kernel) / 1024 / n
	l.keep(c, r, beside, number)
	return nil
}

// gather starts an attack's crowds; those it returns are owed a leave.
func (l *lab) gather(ctx context.Context, a attack) (gangs []*gang, err error) {
	for _, size := range a.crowds {
		addr := l.server.HTTP
		if size.kind == halfOpen {
			addr = l.server.RTMP
		}
		g, err := gather(ctx, size.kind, addr, l.list, size.n)
		if err != nil {
			return gangs, err
		}
		gangs = append(gangs, g)
	}
	return gangs, nil
}

func (l *lab) keep(c *report.Case, r report.Round, side string, number int) {
	r.Side, r.Number = side, number
	c.Rounds = append(c.Rounds, r)
	fmt.Fprintf(os.Stderr, "  %s, %s, round %d: part p99 %s ms; %s %s\n", c.Name, r.Side, r.Number, report.Number(r.Figures[partP99]), r.Work, r.Fault)
}

// findList waits until there is a finished segment to ask for.
func (l *lab) findList(ctx context.Context) error {
	return l.server.WaitFor(ctx, fillLimit, func(ctx context.Context) error {
		p, at, err := reader.Media(ctx, http.DefaultClient, "http://"+l.server.HTTP+"/live/"+channel+"/index.m3u8")
		if err != nil {
			return err
		}
		if len(p.Segments) < 3 { // the first one is short
			return fmt.Errorf("%d segments so far", len(p.Segments))
		}
		l.list = at
		return nil
	})
}

// cost is what the server and the system held at most.
type cost struct{ memory, kernel int64 }

// window takes one measurement.
func (l *lab) window(ctx context.Context, gangs []*gang) (r report.Round, c cost, err error) {
	if err := pause(ctx, settle); err != nil {
		return r, c, err
	}
	m, err := l.server.Measure()
	if err != nil {
		return r, c, err
	}
	s, err := l.viewers.during(ctx, time.Duration(l.seconds)*time.Second)
	used, stopErr := m.Stop()
	if err = errors.Join(err, stopErr); err != nil {
		return r, c, err
	}
	if c.kernel, err = tcpMemory(); err != nil {
		return r, c, err
	}
	c.memory = used.PeakBytes
	r.Figures = map[string]float64{
		partP99: report.Percentile(s.parts, 0.99), partP50: report.Percentile(s.parts, 0.5),
		listP99: report.Percentile(s.lists, 0.99), listP50: report.Percentile(s.lists, 0.5),
		cpu: 100 * used.CPU.Seconds() / used.Wall.Seconds(), mib: float64(used.PeakBytes) / (1 << 20),
	}
	r.Work = fmt.Sprintf("%d parts", len(s.parts))
	for _, g := range gangs {
		open, opened, failed, err := g.state()
		if err != nil {
			return r, c, err
		}
		r.Work += fmt.Sprintf("; %d hostile are there, %d came, %d could not", open, opened, failed)
	}
	if len(s.faults) > 0 {
		r.Fault = fmt.Sprintf("%d faults of viewers, such as %s", len(s.faults), strings.TrimSpace(s.faults[0]))
	}
	return r, c, nil
}
