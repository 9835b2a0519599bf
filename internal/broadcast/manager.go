// Package broadcast conducts: it lets encoders in, gives each broadcast its
// row, its packager and its recorder, and sees it through to its end. It is
// the only room that knows all who take part; it knows no protocol.
package broadcast

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/audience"
	"github.com/rostrumlive/rostrum/internal/doctor"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// Openness says who may publish without a stream key.
type Openness uint8

// The degrees of openness.
const (
	Closed  Openness = iota // nobody
	Private                 // whoever comes from a loopback, private or link-local address
	Any                     // everybody
)

// linger is how long a broadcast that has ended goes on answering from
// memory, so that every player meets its ENDLIST.
const linger = time.Minute

// Options is what a Manager stands on.
type Options struct {
	DB       *store.DB
	Accounts *account.Service
	Library  *vod.Library
	HLS      packager.Options
	Open     Openness
	// ReconnectWindow is how long a broadcast waits for an encoder that was
	// lost, where its channel does not say otherwise; 0 is not at all.
	ReconnectWindow time.Duration
	// Hear decodes sound, for its level; nil where nothing can.
	Hear doctor.Hear
	// Audience counts viewers; nil counts nobody.
	Audience *audience.Service
	// Hooks are asked and told of encoders; nil is nobody.
	Hooks Hooks
	// Ended is told of each broadcast that is over, when its row says so. It does
	// not wait. Nil is nobody.
	Ended func(broadcast string)
	Log   *slog.Logger
}

// Manager holds the broadcasts of this node. It is the live.Gate of its doors.
// Its methods may be called by any number of goroutines.
type Manager struct {
	opts Options
	log  *slog.Logger

	ctx    context.Context // ends when broadcasts must be aborted
	abort  context.CancelFunc
	wg     sync.WaitGroup // one for each broadcast, and for the watch over rows
	fading context.Context
	fade   context.CancelFunc // ends the lingering

	changed chan struct{} // holds one when a channel was changed by this process

	mu        sync.Mutex
	closed    bool
	byID      map[string]*Broadcast // also those that linger
	byChannel map[string]*Broadcast // by the channel's id: those that are not over
	names     map[string]string     // of those channels, also those that they had before, to their ids
	reserved  map[string]string     // names that encoders cannot take, with the reason
	totals    Totals                // of broadcasts that are gone
}

// New makes a manager. Broadcasts that an earlier process left open wait for
// their encoders for what is left of their reconnect windows; the rows of the
// others are closed. Shutdown ends it.
func New(ctx context.Context, o Options) (*Manager, error) {
	m := &Manager{
		opts: o, log: o.Log,
		byID: map[string]*Broadcast{}, byChannel: map[string]*Broadcast{}, names: map[string]string{}, reserved: map[string]string{},
		changed: make(chan struct{}, 1),
	}
	m.ctx, m.abort = context.WithCancel(context.WithoutCancel(ctx))
	m.fading, m.fade = context.WithCancel(m.ctx)
	if err := m.recover(ctx); err != nil {
		m.abort()
		return nil, fmt.Errorf("take up the broadcasts of the last run: %w", err)
	}
	o.Accounts.Watch(m.channelChanged)
	m.wg.Go(m.watchRows)
	return m, nil
}

// Reserve keeps a channel's name from encoders; reason is told to them.
func (m *Manager) Reserve(name, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reserved[account.FoldName(name)] = reason
}

// put makes a broadcast its channel's. m.mu is held.
func (m *Manager) put(b *Broadcast) {
	m.byChannel[b.Channel.ID], m.byID[b.ID] = b, b
	m.names[b.Channel.Name] = b.Channel.ID
}

// Live returns the broadcast that a channel has on air or is opening, nil when
// there is none. The channel's name may be in any case; one that it was given
// meanwhile is good within seconds, and the one before goes on.
func (m *Manager) Live(channel string) *Broadcast {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byChannel[m.names[account.FoldName(channel)]]
}

// OfChannel is Live for the id of a channel.
func (m *Manager) OfChannel(id string) *Broadcast {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.byChannel[id]
}

// Get returns a broadcast that is in memory, on air or just over, nil when it
// is not, or its recording was removed.
func (m *Manager) Get(id string) *Broadcast {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b := m.byID[id]; b != nil && !b.removed {
		return b
	}
	return nil
}

// OnAir lists the broadcasts that can be watched, also those that wait for
// their encoders, those that began last first.
func (m *Manager) OnAir() []*Broadcast {
	list := slices.DeleteFunc(m.feeding(), func(b *Broadcast) bool {
		state := b.State()
		return state != store.StateLive && state != store.StateInterrupted
	})
	slices.SortFunc(list, func(a, b *Broadcast) int { return strings.Compare(b.ID, a.ID) })
	return list
}

// Shutdown sends all encoders away, and waits until every broadcast is
// recorded. Those that wait for their encoders are left to the next process,
// the others are closed. When ctx ends before that they are aborted.
func (m *Manager) Shutdown(ctx context.Context) error {
	m.mu.Lock()
	m.closed = true
	var list []*Broadcast
	for _, b := range m.byChannel {
		list = append(list, b)
	}
	m.mu.Unlock()
	for _, b := range list {
		b.suspend(refusal("server_stops", "The server is stopping."))
	}
	m.fade()
	done := make(chan struct{})
	go func() { // ends with the last broadcast, which the abort below makes sure of
		m.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		m.abort()
		return nil
	case <-ctx.Done():
		m.abort()
		<-done
		return errors.Join(errors.New("broadcasts were aborted"), ctx.Err())
	}
}
