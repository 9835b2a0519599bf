package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// The figures of a round.
const (
	p50 = "p50, ms"
	p95 = "p95, ms"
	p99 = "p99, ms"
)

// maxAnswer bounds the bytes of an answer.
const maxAnswer = 1 << 20

// lab is one run.
type lab struct {
	options
	binary, tmp string
	report      *report.Report
	sides       []*side
}

// side is a server over one of the databases.
type side struct {
	name   string
	server *servers.Server
	swarm  *rtmppush.Swarm
	client *http.Client // of one connection
}

// measure makes the rows, starts the servers and asks.
func (l *lab) measure(ctx context.Context) (err error) {
	db, err := postgres.Start(ctx, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Remove()) }()
	address, err := db.Create(ctx, "home", "")
	if err != nil {
		return err
	}
	if l.report.Machine.Versions["postgresql"], err = db.Version(ctx); err != nil {
		return err
	}
	file := filepath.Join(l.tmp, "sqlite", "rostrum.db")
	var names []string
	for name, where := range map[string]string{"SQLite": file, "PostgreSQL": address} {
		began := time.Now()
		if names, err = fill(ctx, where, l.channels, l.recordings); err != nil {
			return fmt.Errorf("fill %s: %w", name, err)
		}
		fmt.Printf("%s filled within %v\n", name, time.Since(began).Round(time.Second))
	}
	if err := db.Exec(ctx, "home", "VACUUM ANALYZE"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.stop()) }()
	if err := l.start(ctx, names[:l.live], "SQLite", filepath.Dir(file)); err != nil {
		return err
	}
	if err := l.start(ctx, names[:l.live], "PostgreSQL", filepath.Join(l.tmp, "postgresql"), "--db-url", address); err != nil {
		return err
	}
	return l.rounded(ctx, names)
}

// start runs a server and puts channels on air.
func (l *lab) start(ctx context.Context, live []string, name, folder string, flags ...string) error {
	clip, err := flvclip.Load(ctx, l.cache, flvclip.Light)
	if err != nil {
		return err
	}
	s := &side{name: name, client: &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1, DisableCompression: true}}}
	if s.server, err = servers.Rostrum(ctx, l.binary, folder, flags...); err != nil {
		return err
	}
	l.sides = append(l.sides, s)
	s.swarm, err = rtmppush.StartSwarm(ctx, s.server.RTMP, "live", live, rtmppush.NewLoop(clip), time.Second)
	return err
}

// stop ends all that was started.
func (l *lab) stop() error {
	var err error
	for _, s := range l.sides {
		s.client.CloseIdleConnections()
		if s.swarm != nil {
			err = errors.Join(err, s.swarm.Close())
		}
		err = errors.Join(err, s.server.Stop())
	}
	return err
}

// rounded asks for every read in every round. What is asked of one server is
// asked of the other right after, and who is first changes.
func (l *lab) rounded(ctx context.Context, names []string) error {
	for _, r := range reads(names) {
		c := &report.Case{Name: r.name, Columns: []string{p95, p50, p99}, Base: "SQLite"}
		l.report.Cases = append(l.report.Cases, c)
		for round := range l.rounds + 1 {
			took := map[string][]float64{}
			for i := range l.asks {
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
				path := r.path(round*l.asks + i)
				for k := range l.sides {
					s := l.sides[(i+k)%len(l.sides)]
					d, err := s.ask(ctx, path, r.least)
					if err != nil {
						return fmt.Errorf("%s: %s: %w", s.name, path, err)
					}
					took[s.name] = append(took[s.name], d)
				}
			}
			if round == 0 {
				continue // caches fill
			}
			for _, s := range l.sides {
				all := took[s.name]
				figures := map[string]float64{p50: report.Percentile(all, .5), p95: report.Percentile(all, .95), p99: report.Percentile(all, .99)}
				c.Rounds = append(c.Rounds, report.Round{Side: s.name, Number: round, Figures: figures, Work: fmt.Sprintf("%d answers", len(all))})
			}
		}
		for _, s := range l.sides {
			figure, _ := c.Figure(s.name, p95)
			fmt.Printf("%s, %s: p95 %s ms\n", c.Name, s.name, figure)
		}
	}
	return nil
}

// ask returns how many milliseconds an answer took, which has at least so many
// bytes.
func (s *side) ask(ctx context.Context, path string, least int) (float64, error) {
	began := time.Now()
	body, err := reader.Get(ctx, s.client, "http://"+s.server.HTTP+path, maxAnswer)
	took := time.Since(began)
	if err == nil && len(body) < least {
		err = fmt.Errorf("the answer is %s", body)
	}
	return float64(took.Microseconds()) / 1000, err
}
