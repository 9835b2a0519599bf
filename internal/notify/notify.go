// Package notify tells the followers of a channel that it is on air: in the
// pages that they have open, by Web Push and by mail, as each has chosen. It
// must not know when that is: outbox writes down, in the transaction that puts a
// broadcast on air, that followers are to be told.
//
// From that row they are put in line in batches (store.Tx.PutInLine), and from
// the line they are told, each once: what was sent leaves the line, what was not
// is tried again for as long as it is of use.
package notify

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/mail"
	"github.com/rostrumlive/rostrum/internal/outward"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// batch is how many followers are put in line in one transaction, which keeps
	// other writers waiting for some milliseconds.
	batch = 500
	// lookEvery is how often it is looked for what other processes put, and for
	// what is to be tried again.
	lookEvery = time.Second
	// leaseFor is how long a broadcast belongs to who tells of it, from batch to
	// batch; who was killed holds it no longer.
	leaseFor = time.Minute
	// usefulFor is how long after its start somebody is told of a broadcast, if it
	// is on air for so long.
	usefulFor = 3 * time.Hour
	// keptFor is how long it is known what was announced: outbox looks back less.
	keptFor    = 24 * time.Hour
	sweepEvery = time.Hour
	// settleFor bounds writing down what came of a batch.
	settleFor = 10 * time.Second
)

// Private says whether push services may be at addresses that are not public,
// and without TLS.
type Private bool

// Sender hands letters to a server for mail; see mail.Sender.
type Sender interface {
	Send(ctx context.Context, l mail.Letter) error
}

// Bus carries words between the processes of one site, to all that listen, also
// to the one that speaks. A word may be lost.
type Bus interface {
	Publish(subject string, data []byte) error
	// Subscribe has f called with each word, one after the other, until close.
	Subscribe(subject string, f func(data []byte)) (close func(), err error)
}

// Options is what a Service stands on.
type Options struct {
	DB       *store.DB
	Accounts *account.Service
	Mail     Sender  // nil: none is sent
	Bus      Bus     // nil: this process is alone
	Private  Private // push services
	Site     string  // the site's public origin; empty: not known, and there is no mail
	Contact  string  // whom push services may write to: an https address or an e-mail address; empty: the origin that browsers know
	Log      *slog.Logger

	// Now is the present for all processes; nil is the database's clock.
	Now func(context.Context) (time.Time, error)
	// Jitter returns a number from 0 to below 1; nil is chance.
	Jitter func() float64
}

// Service tells followers. Its methods may be called by any number of goroutines.
// Those that take an Actor fail as account's do.
type Service struct {
	o      Options
	log    *slog.Logger
	client *http.Client
	hub    *hub
	unhear func()

	push, letters chan struct{} // hold one when followers were put in line

	mu    sync.Mutex
	vapid *vapidKeys // nil until they are asked for
}

// New makes a service. Run tells; the caller closes the service in the end.
func New(o Options) (*Service, error) {
	if o.Now == nil {
		o.Now = o.DB.Now
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	allowed := outward.Public
	if o.Private {
		allowed = outward.Any
	}
	s := &Service{
		o: o, log: o.Log, client: outward.NewClient(allowed, pushTimeout, true), hub: newHub(), unhear: func() {},
		push: make(chan struct{}, 1), letters: make(chan struct{}, 1),
	}
	if o.Bus != nil {
		stop, err := o.Bus.Subscribe(pageSubject, s.hub.hear)
		if err != nil {
			return nil, err
		}
		s.unhear = stop
	}
	return s, nil
}

// Close ends the sockets of pages, and returns when they have ended. It is
// idempotent, and comes after Run.
func (s *Service) Close() {
	s.unhear()
	s.hub.close()
	s.client.CloseIdleConnections()
}

// Mails reports whether followers can be told by mail.
func (s *Service) Mails() bool { return s.o.Mail != nil && s.o.Site != "" }

// Run tells followers until ctx ends, and returns when nothing is under way any
// more. What is left is told by the next who runs.
func (s *Service) Run(ctx context.Context) {
	var work sync.WaitGroup
	defer work.Wait()
	work.Go(func() { s.announceAll(ctx) })
	work.Go(func() { s.sendAll(ctx, s.pushLine(), s.push) })
	if s.Mails() {
		work.Go(func() { s.sendAll(ctx, s.mailLine(), s.letters) })
	}
}

// trouble logs what nobody else hears of.
func (s *Service) trouble(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		s.log.Warn(what, "error", err)
	}
}

// wake leaves a word, unless it is there already.
func wake(news chan<- struct{}) {
	select {
	case news <- struct{}{}:
	default:
	}
}
