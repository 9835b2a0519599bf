package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/audience"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/bench/internal/tally"
	"github.com/rostrumlive/rostrum/bench/internal/vitals"
)

const (
	// spread is the time over which encoders come: one GOP.
	spread = 2 * time.Second
	// rest is how long the server may take to let go of everything once all
	// have left.
	rest = 90 * time.Second
	// over is by how many goroutines or descriptors it may then hold more than
	// before the first came.
	over = 8
	// A visit lasts between these two.
	leastVisit, mostVisit = 20 * time.Second, 90 * time.Second
)

// soak is one run.
type soak struct {
	options
	loop    *rtmppush.Loop
	tally   *tally.Tally
	machine report.Machine
	began   time.Time

	server  *servers.Server
	vitals  vitals.Server
	before  vitals.Sample // idle
	samples []sample
	after   vitals.Sample // idle; nil when the run was cut short
}

// sample is what the server held at a time from the beginning.
type sample struct {
	at time.Duration
	vitals.Sample
}

// run puts the load on for the run's length, takes the samples and looks at
// the server once more when all have left. An error says why it ended early.
func (s *soak) run(ctx context.Context) error {
	guests, guestsLeave := context.WithCancel(ctx)
	encoders, encodersStop := context.WithCancel(ctx)
	var watching, publishing sync.WaitGroup
	s.began = time.Now()
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: s.streams}}
	var channels []string
	for i := range s.streams {
		st := &stream{name: fmt.Sprintf("soak%03d", i), tally: s.tally}
		channels = append(channels, st.name)
		share := time.Duration(i) * s.reconnect / time.Duration(s.streams)
		e := &encoder{stream: st, addr: s.server.RTMP, loop: s.loop, first: s.began.Add(share), period: s.reconnect, next: i}
		publishing.Go(func() {
			wait(encoders, time.Duration(i)*spread/time.Duration(s.streams))
			e.run(encoders)
		})
		w := &watcher{stream: st, addr: s.server.HTTP, client: client}
		watching.Go(func() {
			wait(guests, time.Duration(i)*lookEvery/time.Duration(s.streams))
			w.run(guests)
		})
	}
	plan := audience.Plan{Addr: s.server.HTTP, Channels: channels, Viewers: s.viewers, Least: leastVisit, Most: mostVisit, Tally: s.tally}
	watching.Go(func() { plan.Run(guests) })

	err := s.sample(ctx)
	guestsLeave()
	watching.Wait()
	client.CloseIdleConnections()
	encodersStop()
	publishing.Wait()
	if err != nil {
		return err
	}
	return s.letGo(ctx)
}

// sample takes samples until the time is over.
func (s *soak) sample(ctx context.Context) error {
	end := time.NewTimer(s.length)
	defer end.Stop()
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	told := time.Now()
	for {
		v, err := s.vitals.Read(ctx)
		if err == nil {
			s.samples = append(s.samples, sample{time.Since(s.began), v})
		} else if ctx.Err() == nil {
			s.tally.Fault("no sample", "%v", err)
		}
		if time.Since(told) >= time.Minute {
			told = time.Now()
			s.progress()
		}
		select {
		case <-ticker.C:
		case <-end.C:
			return nil
		case <-s.server.Done():
			s.tally.Fault("the server ended", "%s", s.server.Log())
			return errors.New("the server ended")
		case <-ctx.Done():
			return fmt.Errorf("cut short after %s", brief(time.Since(s.began)))
		}
	}
}

// progress tells that the run goes on.
func (s *soak) progress() {
	if len(s.samples) == 0 {
		return
	}
	last, faults := s.samples[len(s.samples)-1], 0
	for _, k := range s.tally.Faults() {
		faults += k.Count
	}
	fmt.Printf("%7s  %s MiB resident, %s in the heap, %s goroutines, %s descriptors, %s on air, %d faults\n", brief(last.at),
		report.Number(last.Sample[vitals.Resident]), report.Number(last.Sample[vitals.Heap]), report.Number(last.Sample[vitals.Goroutines]),
		report.Number(last.Sample[vitals.Descriptors]), report.Number(last.Sample[vitals.OnAir]), faults)
}

// letGo looks at the server until it holds no more than before the run: what
// each of many visits leaves behind shows here without any statistics.
func (s *soak) letGo(ctx context.Context) error {
	limit := time.NewTimer(rest)
	defer limit.Stop()
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		v, err := s.vitals.Read(ctx)
		if err != nil {
			return err
		}
		s.after = v
		held := ""
		for _, name := range []vitals.Name{vitals.Goroutines, vitals.Descriptors, vitals.Spool} {
			if v[name] > s.before[name]+over {
				held += fmt.Sprintf(" %s %.0f, before %.0f;", name, v[name], s.before[name])
			}
		}
		if held == "" && v[vitals.OnAir] == 0 {
			return nil
		}
		select {
		case <-ticker.C:
		case <-limit.C:
			s.tally.Fault("did not let go when all had left", "%v later:%s %.0f on air", rest, held, v[vitals.OnAir])
			return nil
		case <-ctx.Done():
			return fmt.Errorf("cut short after the load: %w", ctx.Err())
		}
	}
}
