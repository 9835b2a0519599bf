// Package audience is a crowd that comes and goes: viewers that follow LL-HLS
// with blocking reloads, viewers that poll plain lists, and some that ask and
// never read. They leave without a word. What they were promised and did not
// get is a fault; they know nothing of encoders, so a channel that is off air
// is none.
package audience

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/tally"
)

// Plan says who watches what.
type Plan struct {
	Addr     string // of the server's HTTP
	Channels []string
	Viewers  int // at any one time
	// A visit lasts between these two.
	Least, Most time.Duration
	Tally       *tally.Tally
}

// arrival is how long the first viewers take to come.
const arrival = 10 * time.Second

// pause is the most that passes between a viewer and the one who takes its
// place.
const pause = 2 * time.Second

// Run keeps the plan's number of viewers there until ctx ends, and returns
// when the last has left.
func (p Plan) Run(ctx context.Context) {
	var all sync.WaitGroup
	for i := range p.Viewers {
		all.Go(func() {
			visit := habit(i)
			for wait := rand.N(arrival); sleep(ctx, wait); wait = rand.N(pause) {
				p.visit(ctx, visit)
			}
		})
	}
	all.Wait()
}

// habit is what the viewers at a place do: of ten one never reads and two
// poll. It belongs to the place, so that the mixture does not wander.
func habit(place int) func(*viewer, context.Context) {
	switch place % 10 {
	case 3:
		return (*viewer).park
	case 6, 9:
		return (*viewer).poll
	}
	return (*viewer).watch
}

func (p Plan) visit(ctx context.Context, do func(*viewer, context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, p.Least+rand.N(p.Most-p.Least+1))
	defer cancel()
	channel := p.Channels[rand.IntN(len(p.Channels))]
	v := &viewer{
		tally: p.Tally, channel: channel, addr: p.Addr, line: newLine(),
		home: &url.URL{Scheme: "http", Host: p.Addr, Path: fmt.Sprintf("/live/%s/", channel)},
	}
	defer v.line.hangUp()
	do(v, ctx)
}

// sleep waits, and says false when ctx ended instead.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
