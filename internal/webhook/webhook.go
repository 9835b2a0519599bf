// Package webhook owns the addresses that are told of what happens: who may
// register them, what is signed and sent to them, when it is tried again, and
// the log of that. What is to be told is written by outbox, in the transaction
// of what it tells of; it must not know why.
package webhook

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outward"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Private says whose webhooks may be at addresses that are not public.
type Private uint8

// The degrees.
const (
	Never    Private = iota // nobody's
	SiteOnly                // the site's, which admins make
	All                     // everybody's
)

const (
	// workers is how many addresses are called at one time.
	workers = 16
	// lookEvery is how often it is looked for what another process put, and for
	// what is to be tried again.
	lookEvery = time.Second
	// leaseFor is how long a delivery belongs to a process, which may have been
	// killed: longer than timeout by what the database may take.
	leaseFor = time.Minute
	// timeout bounds one try, from looking up the name to the end of the answer.
	timeout = 10 * time.Second
	// settleFor bounds writing down what came of a try.
	settleFor = 10 * time.Second
)

// Options is what a Service stands on.
type Options struct {
	DB       *store.DB
	Accounts *account.Service
	Private  Private
	Site     string // the site's public origin; empty: addresses in events have none
	Version  string // of the server, for who is called
	Log      *slog.Logger

	// Now is the present for all processes; nil is the database's clock.
	Now func(context.Context) (time.Time, error)
	// Jitter returns a number from 0 to below 1; nil is chance.
	Jitter func() float64
}

// Service manages webhooks and delivers to them. Its methods may be called by any
// number of goroutines. Those that take an Actor fail as account's do.
type Service struct {
	o      Options
	log    *slog.Logger
	public *http.Client // which calls public addresses alone
	any    *http.Client
	stats  Stats
}

// Stats counts what came of this process's tries since it began.
type Stats struct {
	Delivered atomic.Int64 // taken by who was called
	Failed    atomic.Int64 // not taken: they are tried again, or given up
	Disabled  atomic.Int64 // webhooks that were given up with them
}

// New makes a service. Run delivers.
func New(o Options) *Service {
	if o.Now == nil {
		o.Now = o.DB.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	return &Service{o: o, log: o.Log, public: outward.NewClient(outward.Public, timeout, false), any: outward.NewClient(outward.Any, timeout, false)}
}

// Stats returns the counters, which go on counting.
func (s *Service) Stats() *Stats { return &s.stats }

// clientFor is what calls a webhook.
func (s *Service) clientFor(w store.Webhook) *http.Client {
	if s.mayBePrivate(w) {
		return s.any
	}
	return s.public
}

func (s *Service) mayBePrivate(w store.Webhook) bool {
	return s.o.Private == All || s.o.Private == SiteOnly && w.ChannelID == ""
}
