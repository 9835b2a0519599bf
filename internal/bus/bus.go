// Package bus carries what nodes say to each other: short messages by subject,
// from whoever publishes to all who subscribe, on this node and on others. It is
// the one room that knows NATS, whose server runs inside the process.
//
// What is on the bus can be said again: it is not written down, and may be lost
// when a node dies, when the way to another is cut, or when who listens is
// slower than who speaks (Subscription.Missed tells). What must not be lost is a
// row of the store, and is published after its commit.
package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// MaxMessage is the most bytes of one message.
const MaxMessage = 1 << 20

// What waits for one subscriber, before messages to it are lost.
const (
	pendingMessages = 64 << 10
	pendingBytes    = 64 << 20
)

const (
	startWithin = 10 * time.Second
	drainWithin = 5 * time.Second
)

// ErrNobody is that nobody subscribes to the subject of a request.
var ErrNobody = errors.New("nobody answers on the bus")

// ErrClosed is that the bus was closed.
var ErrClosed = errors.New("the bus is closed")

// Options are how a bus is made.
type Options struct {
	Log     *slog.Logger
	Cluster *Cluster // nil: this process alone
}

// Bus is a node of the bus, and this process's connection to it. Its methods may
// be called by any number of goroutines.
type Bus struct {
	srv    *server.Server
	conn   *nats.Conn
	closed chan struct{} // when the connection is
	log    *slog.Logger
	once   sync.Once
	joins  atomic.Uint64 // the greatest number of a way to another node
}

// New starts a node. The caller closes it.
func New(o Options) (*Bus, error) {
	srv, err := server.NewServer(o.server())
	if err != nil {
		return nil, fmt.Errorf("make bus: %w", err)
	}
	srv.Start()
	if !srv.ReadyForConnections(startWithin) {
		srv.Shutdown()
		srv.WaitForShutdown()
		return nil, errors.New("start bus: it took too long")
	}
	b := &Bus{srv: srv, closed: make(chan struct{}), log: o.Log}
	b.conn, err = nats.Connect("", nats.InProcessServer(srv), nats.Timeout(startWithin),
		nats.MaxReconnects(-1), // it is this process: it comes back, or all ends
		nats.DrainTimeout(drainWithin),
		nats.ClosedHandler(func(*nats.Conn) { close(b.closed) }),
		nats.ErrorHandler(b.trouble))
	if err != nil {
		b.stop()
		return nil, fmt.Errorf("connect to bus: %w", err)
	}
	return b, nil
}

// server is what NATS is told: no listener for clients, no signals, nothing on
// disk, no account but one.
func (o Options) server() *server.Options {
	opts := &server.Options{
		DontListen: true, NoSigs: true, NoLog: true, NoSystemAccount: true,
		MaxPayload: MaxMessage, WriteDeadline: 10 * time.Second,
	}
	if o.Cluster != nil {
		o.Cluster.apply(opts)
	}
	return opts
}

// trouble is told of what fails beside a call. Losses are counted by each
// subscription, so once is enough in the log.
func (b *Bus) trouble(_ *nats.Conn, sub *nats.Subscription, err error) {
	if errors.Is(err, nats.ErrSlowConsumer) && sub != nil {
		b.log.Warn("messages on the bus come faster than they are taken; some were lost", "subject", sub.Subject)
		return
	}
	b.log.Warn("bus", "error", err)
}

// Publish says something to all who subscribe to the subject, here and on other
// nodes. It does not wait until they have heard. Messages of one process on one
// subject arrive in their order. data is not kept.
func (b *Bus) Publish(subject string, data []byte) error {
	return told(b.conn.Publish(subject, data), "publish")
}

// Message is what was said.
type Message struct {
	Subject string
	Data    []byte // never written again

	msg *nats.Msg
}

// Respond answers a Request. Where nobody waits it does nothing.
func (m Message) Respond(data []byte) error {
	if m.msg.Reply == "" {
		return nil
	}
	return told(m.msg.Respond(data), "respond")
}

// Subscription is an ear.
type Subscription struct{ sub *nats.Subscription }

// Subscribe has f called with each message on the subject, one after the other,
// also with those of this process. In a subject * stands for one word between
// full stops, and > for all that follow. When it returns messages that this
// process publishes are heard; those of other nodes a moment later.
func (b *Bus) Subscribe(subject string, f func(Message)) (*Subscription, error) {
	sub, err := b.conn.Subscribe(subject, func(m *nats.Msg) { f(Message{Subject: m.Subject, Data: m.Data, msg: m}) })
	if err == nil {
		err = sub.SetPendingLimits(pendingMessages, pendingBytes)
	}
	if err == nil {
		err = b.conn.FlushTimeout(startWithin)
	}
	if err != nil {
		return nil, told(err, "subscribe")
	}
	return &Subscription{sub}, nil
}

// Missed is how many messages were lost because f was too slow.
func (s *Subscription) Missed() int {
	n, err := s.sub.Dropped()
	if err != nil { // it was closed
		return 0
	}
	return n
}

// Close has f not called any more, save by what is under way. It is idempotent.
func (s *Subscription) Close() {
	_ = s.sub.Unsubscribe() // closed already, or with the bus
}

// Request asks one of those who subscribe to the subject and returns the first
// answer. It is ErrNobody when there is nobody; else it waits for ctx.
func (b *Bus) Request(ctx context.Context, subject string, data []byte) ([]byte, error) {
	m, err := b.conn.RequestWithContext(ctx, subject, data)
	if err != nil {
		return nil, told(err, "request")
	}
	return m.Data, nil
}

// Close lets what was published here go out and what was heard be worked off,
// for some seconds at most, and ends the node. It is idempotent.
func (b *Bus) Close() {
	b.once.Do(func() {
		if err := b.conn.Drain(); err == nil {
			<-b.closed // bounded by drainWithin
		}
		b.conn.Close()
		b.stop()
	})
}

func (b *Bus) stop() {
	b.srv.Shutdown()
	b.srv.WaitForShutdown()
}

// told makes errors of NATS ours.
func told(err error, doing string) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, nats.ErrNoResponders):
		return ErrNobody
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, nats.ErrConnectionDraining):
		return ErrClosed
	}
	return fmt.Errorf("%s on the bus: %w", doing, err)
}
