package broadcast

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// takeover bounds how long a newer encoder waits for the end of the
	// broadcast that it takes over.
	takeover = 2 * time.Second
	// maxWords bounds what is kept of an encoder's own words.
	maxWords = 120
)

// Settings of one broadcast.
type Settings struct {
	// Keep is how much of its newest media stays recorded; 0 is all of it.
	Keep time.Duration
}

// Broadcast is one time on air of a channel.
type Broadcast struct {
	ID       string
	Channel  account.Channel
	m        *Manager
	log      *slog.Logger
	settings Settings
	stream   *live.Stream
	packager *packager.Packager
	pub      *live.Publisher
	begun    time.Time
	over     chan struct{} // closed once the channel is free again

	mu      sync.Mutex
	state   store.State
	started time.Time
	reason  string // why it ended
}

// Packager answers for the broadcast's media.
func (b *Broadcast) Packager() *packager.Packager { return b.packager }

// State is where the broadcast stands in its life.
func (b *Broadcast) State() store.State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}

// StartedAt is when its first part was on air, zero before.
func (b *Broadcast) StartedAt() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.started
}

// Notices are sentences for the channel's owner about media that is not
// carried.
func (b *Broadcast) Notices() []string { return b.stream.Notices() }

// Begin puts a channel on air for an encoder that may feed it. What the
// channel has on air ends before that.
func (m *Manager) Begin(ctx context.Context, c account.Channel, req live.Request, s Settings) (*live.Publisher, error) {
	b := &Broadcast{
		ID: m.opts.DB.NewID(), Channel: c, m: m, settings: s, begun: time.Now(),
		state: store.StateOpening, over: make(chan struct{}),
	}
	b.log = m.log.With("channel", c.Name, "broadcast", b.ID)
	b.stream = live.NewStream(c.Name, b.ID, live.Limits{})
	b.packager = packager.New(b.stream, m.opts.HLS)
	b.pub = live.NewPublisher(b.stream, b.encoderGone)
	if err := m.claim(ctx, b); err != nil {
		return nil, err
	}
	err := m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertBroadcast(ctx, store.Broadcast{
			ID: b.ID, ChannelID: c.ID, State: store.StateOpening, CreatedAt: b.begun,
			Protocol: req.Protocol, Encoder: bounded(req.Encoder), Remote: address(req.Remote), Recorded: true,
		})
	})
	if err != nil {
		m.release(b)
		m.forget(b)
		m.wg.Done()
		return nil, fmt.Errorf("begin broadcast: %w", err)
	}
	go func() { // m.wg counts it since claim
		defer m.wg.Done()
		b.run(m.ctx)
	}()
	return b.pub, nil
}

// bounded makes a stranger's words fit to be kept.
func bounded(words string) string {
	return strings.ToValidUTF8(words[:min(len(words), maxWords)], "")
}

// address is empty for what comes from this process.
func address(a netip.AddrPort) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

// claim makes b the channel's broadcast, after the end of the one before.
func (m *Manager) claim(ctx context.Context, b *Broadcast) error {
	deadline := time.NewTimer(takeover)
	defer deadline.Stop()
	for {
		m.mu.Lock()
		old := m.byChannel[b.Channel.Name]
		switch {
		case m.closed:
			m.mu.Unlock()
			return refusal("server_stops", "The server is stopping.")
		case old == nil:
			m.byChannel[b.Channel.Name], m.byID[b.ID] = b, b
			m.wg.Add(1)
			m.mu.Unlock()
			return nil
		}
		m.mu.Unlock()
		old.stop(refusal("taken_over", "A newer encoder took the channel over."))
		select {
		case <-old.over:
		case <-deadline.C:
			return refusal("busy", "The channel's last broadcast has not ended yet. Try again in a moment.")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// release frees the channel for its next broadcast.
func (m *Manager) release(b *Broadcast) {
	m.mu.Lock()
	if m.byChannel[b.Channel.Name] == b {
		delete(m.byChannel, b.Channel.Name)
	}
	m.mu.Unlock()
	close(b.over)
}

// forget lets go of a broadcast that never began.
func (m *Manager) forget(b *Broadcast) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, b.ID)
}

// drop forgets a broadcast that has ended, and keeps its counts.
func (m *Manager) drop(b *Broadcast) {
	totals := b.totals()
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, b.ID)
	m.totals.add(totals)
}
