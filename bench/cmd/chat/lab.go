package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/bench/internal/await"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// lab is one run.
type lab struct {
	options

	binary, tmp string
	report      *report.Report
}

// kind is one thing that is measured.
type kind struct {
	name, title string
	rooms       func(o options) int
	sockets     func(o options) int // in each room
	lines       func(o options) int // in a second, in all
	secure      bool
	bare        bool // beside bare writes
}

var kinds = []kind{
	{"room", "One room", one, func(o options) int { return o.sockets }, func(o options) int { return o.in }, false, true},
	{"tls", "One room, by TLS", one, func(o options) int { return o.sockets }, func(o options) int { return o.in }, true, false},
	{"small", "A room of ten, 20 lines a second", one, ten, func(options) int { return 20 }, false, false},
	{"rooms", "Rooms of ten", func(o options) int { return o.rooms }, ten, func(o options) int { return o.in }, false, false},
	{"storm", "Who come within ten seconds, each with 1,000 lines of history", one, func(o options) int { return o.joins }, func(options) int { return 10 }, false, false},
}

func one(options) int { return 1 }

func ten(options) int { return 10 }

func names() (all []string) {
	for _, k := range kinds {
		all = append(all, k.name)
	}
	return all
}

func (l *lab) measure(ctx context.Context) error {
	for _, k := range kinds {
		if !slices.Contains(l.cases, k.name) {
			continue
		}
		c := &report.Case{Name: k.title, Columns: []string{"p99 ms", "p50 ms", "delivered/s", "server cores", "client cores", "KiB a socket"}}
		if k.name == "storm" {
			c.Columns = []string{"history p50 ms", "history p99 ms", "server cores", "client cores"}
		}
		sides := map[string]func(context.Context, kind) (report.Round, error){"rostrum": l.round}
		if k.bare {
			c.Base, sides[bareSide] = bareSide, l.bare
		}
		l.report.Cases = append(l.report.Cases, c)
		for n := range l.rounds {
			for _, side := range []string{"rostrum", bareSide} {
				take := sides[side]
				if take == nil {
					continue
				}
				r, err := take(ctx, k)
				if err != nil {
					return fmt.Errorf("%s: %w", k.name, err)
				}
				r.Side, r.Number = side, n+1
				c.Rounds = append(c.Rounds, r)
				fmt.Printf("%s, %s, round %d: %v %s %s\n", k.name, side, n+1, r.Figures, r.Work, r.Fault)
			}
		}
		if err := c.Print(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}

// round takes a fresh server, its sockets, and what is said.
func (l *lab) round(ctx context.Context, k kind) (r report.Round, err error) {
	folder, err := os.MkdirTemp(l.tmp, k.name)
	if err != nil {
		return r, err
	}
	speakers := max(k.lines(l.options)/perSpeaker, k.rooms(l.options))
	lines := 0
	if k.name == "storm" {
		lines = 1000
	}
	tokens, err := people(ctx, filepath.Join(folder, "rostrum.db"), k.rooms(l.options), speakers, lines)
	if err != nil {
		return r, err
	}
	start := servers.RostrumTLS
	if !k.secure {
		start = func(ctx context.Context, binary, folder string) (*servers.Server, error) {
			return servers.Rostrum(ctx, binary, folder)
		}
	}
	s, err := start(ctx, l.binary, folder)
	if err != nil {
		return r, err
	}
	defer func() {
		if err != nil {
			fmt.Println(s.Log())
		}
		err = errors.Join(err, s.Stop())
	}()
	v := &visit{lab: l, kind: k, server: s, tokens: tokens, buf: make([]byte, readBuffer)}
	if v.loop, err = await.New(v.ready, v.lost); err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, v.leave()) }()
	if k.name == "storm" {
		return v.storm(ctx)
	}
	return v.talk(ctx)
}

// visit is all sockets of one round.
type visit struct {
	*lab
	kind

	server  *servers.Server
	tokens  []string
	running sync.WaitGroup // of sockets by TLS
	loop    *await.Loop    // of the others
	buf     []byte         // of what the loop reads

	mu        sync.Mutex
	plain     []*socket // that the loop reads, by number
	listeners []*socket
	speakers  []*socket
}

func (v *visit) leave() error {
	for _, k := range slices.Concat(v.listeners, v.speakers) {
		if k.conn != nil {
			k.close()
		}
	}
	v.running.Wait()
	err := v.loop.Close() // before descriptors get another meaning
	for _, k := range v.plain {
		k.close()
	}
	return err
}

// lost is called when none can be read any more: what is missing is told.
func (v *visit) lost(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, k := range v.plain {
		k.fail(err)
	}
}

func room(n int) string { return fmt.Sprintf("/api/v1/channels/room-%d/chat", n) }

// dialAll connects n sockets, so many at a time.
func (v *visit) dialAll(ctx context.Context, n int, path func(i int) string) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(64)
	for i := range n {
		g.Go(func() error {
			k, err := v.dial(ctx, path(i), "", i%timedEach == 0)
			if err != nil {
				return err
			}
			v.mu.Lock()
			v.listeners = append(v.listeners, k)
			v.mu.Unlock()
			return nil
		})
	}
	return g.Wait()
}

// talk lets people speak in rooms, and counts what arrives.
func (v *visit) talk(ctx context.Context) (r report.Round, err error) {
	rooms, each, rate := v.rooms(v.options), v.sockets(v.options), v.lines(v.options)
	before, err := v.memory(ctx)
	if err != nil {
		return r, err
	}
	if err := v.dialAll(ctx, rooms*each, func(i int) string { return room(i%rooms) + "?history=0" }); err != nil {
		return r, err
	}
	after, err := v.memory(ctx)
	if err != nil {
		return r, err
	}
	for i, token := range v.tokens {
		k, err := v.dial(ctx, room(i%rooms)+"?history=0", token, false)
		if err != nil {
			return r, err
		}
		v.speakers = append(v.speakers, k)
	}
	if err := sleep(ctx, 1100*time.Millisecond); err != nil {
		return r, err
	}
	stop, err := cost(v.server.Process)
	if err != nil {
		return r, err
	}
	began := time.Now()
	said, err := v.speak(ctx, rate)
	if err != nil {
		return r, err
	}
	took := time.Since(began)
	server, client, err := stop()
	if err != nil {
		return r, err
	}
	want := v.expected(said, rooms)
	got, faults := v.settle(ctx, want)
	r.Figures = v.figures(got, took.Seconds(), server, client)
	r.Figures["KiB a socket"] = float64(after-before) / 1024 / float64(rooms*each)
	r.Work, r.Fault = told(said, got, want, faults)
	return r, nil
}

// cost counts the processor time of a server and of this process, until what it
// returns is called.
func cost(p *proc.Process) (stop func() (server, client time.Duration, err error), err error) {
	meter, err := p.Measure()
	if err != nil {
		return nil, err
	}
	before, err := proc.OwnCPU()
	return func() (server, client time.Duration, err error) {
		usage, err := meter.Stop()
		if err != nil {
			return 0, 0, err
		}
		after, err := proc.OwnCPU()
		return usage.CPU, after - before, err
	}, err
}

// figures are what both sides of a case have.
func (v *visit) figures(got int64, seconds float64, server, client time.Duration) map[string]float64 {
	delays := v.delays()
	return map[string]float64{
		"p50 ms": report.Percentile(delays, 0.50), "p99 ms": report.Percentile(delays, 0.99), "delivered/s": float64(got) / seconds,
		"server cores": server.Seconds() / seconds, "client cores": client.Seconds() / seconds,
	}
}

// told says what was done, and what is missing.
func told(said int, got, want int64, faults int) (work, fault string) {
	if got != want || faults > 0 {
		fault = fmt.Sprintf("%d of %d deliveries came, %d sockets ended", got, want, faults)
	}
	return fmt.Sprintf("%d lines, %d deliveries", said, got), fault
}

// memory is the server's after a collection, when what it let go of has gone back
// to the system.
func (v *visit) memory(ctx context.Context) (int64, error) {
	if _, err := reader.Get(ctx, http.DefaultClient, "http://"+v.server.Metrics+"/debug/pprof/heap?gc=1", 16<<20); err != nil {
		return 0, err
	}
	if err := sleep(ctx, 4*time.Second); err != nil {
		return 0, err
	}
	return v.server.Memory()
}

// speak says lines at an even pace, in turns, and returns how many.
func (v *visit) speak(ctx context.Context, rate int) (n int, err error) {
	apart := time.Second / time.Duration(rate)
	until := time.Now().Add(time.Duration(v.seconds) * time.Second)
	for due := time.Now(); due.Before(until); due = due.Add(apart) {
		if err := sleep(ctx, time.Until(due)); err != nil {
			return n, err
		}
		if err := v.speakers[n%len(v.speakers)].say(n); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// expected is how many deliveries there should be, to those who listen.
func (v *visit) expected(said, rooms int) (want int64) {
	inRoom := make([]int64, rooms)
	for n := range said {
		inRoom[n%len(v.speakers)%rooms]++
	}
	for _, n := range inRoom {
		want += n * int64(len(v.listeners)/rooms)
	}
	return want
}

// settle waits for what is on its way.
func (v *visit) settle(ctx context.Context, want int64) (got int64, faults int) {
	for end := time.Now().Add(5 * time.Second); ; {
		got, faults = 0, 0
		for _, k := range v.listeners {
			got += k.reads.Load()
			k.mu.Lock()
			if k.err != nil {
				faults++
			}
			k.mu.Unlock()
		}
		if got >= want || time.Now().After(end) || sleep(ctx, 20*time.Millisecond) != nil {
			return got, faults
		}
	}
}

func (v *visit) delays() (all []float64) {
	for _, k := range v.listeners {
		k.mu.Lock()
		all = append(all, k.delays...)
		k.mu.Unlock()
	}
	return all
}

// storm lets many come within ten seconds while people speak.
func (v *visit) storm(ctx context.Context) (r report.Round, err error) {
	for _, token := range v.tokens {
		k, err := v.dial(ctx, room(0), token, false)
		if err != nil {
			return r, err
		}
		v.speakers = append(v.speakers, k)
	}
	stop, err := cost(v.server.Process)
	if err != nil {
		return r, err
	}
	const within = 10 * time.Second
	n := v.sockets(v.options)
	began := time.Now()
	var mu sync.Mutex
	var waits []float64
	g, inner := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := v.speak(inner, v.lines(v.options))
		return err
	})
	for i := range n {
		g.Go(func() error {
			due := began.Add(within * time.Duration(i) / time.Duration(n))
			if err := sleep(inner, time.Until(due)); err != nil {
				return err
			}
			k, err := v.dial(inner, room(0), "", false)
			if err != nil {
				return err
			}
			v.mu.Lock()
			v.listeners = append(v.listeners, k)
			v.mu.Unlock()
			select {
			case <-k.history:
			case <-inner.Done():
				return inner.Err()
			}
			mu.Lock()
			defer mu.Unlock()
			waits = append(waits, float64(time.Since(due))/1e6)
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return r, err
	}
	took := time.Since(began)
	server, client, err := stop()
	if err != nil {
		return r, err
	}
	r.Figures = map[string]float64{
		"history p50 ms": report.Percentile(waits, 0.50), "history p99 ms": report.Percentile(waits, 0.99),
		"server cores": server.Seconds() / took.Seconds(), "client cores": client.Seconds() / took.Seconds(),
	}
	r.Work = fmt.Sprintf("%d came, all had their history", len(waits))
	return r, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
