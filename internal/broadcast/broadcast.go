package broadcast

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
			Protocol: req.Protocol, Encoder: bounded(req.Encoder), Remote: req.Remote.String(), Recorded: true,
		})
	})
	if err != nil {
		m.release(b)
		m.drop(b)
		m.wg.Done()
		return nil, fmt.Errorf("begin broadcast: %w", err)
	}
	go func() { // m.wg counts it since claim
		defer m.wg.Done()
		b.run(m.ctx)
	}()
	return b.pub, nil
}

func bounded(words string) string {
	if len(words) <= maxWords {
		return words
	}
	return words[:maxWords]
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

// drop forgets a broadcast.
func (m *Manager) drop(b *Broadcast) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.byID, b.ID)
	m.totals.add(b.totals())
}

// encoderGone is called once when the encoder will write no more.
func (b *Broadcast) encoderGone(end live.End, err error) {
	reason := "The encoder stopped."
	if end == live.Lost {
		reason = "The connection to the encoder was lost."
		if err != nil {
			b.log.Info("encoder lost", "error", err)
		}
	}
	b.end(reason)
}

// stop sends the encoder away and ends the broadcast.
func (b *Broadcast) stop(why *live.Refusal) {
	b.pub.Kick(why)
	b.end(why.Reason)
}

// end closes the media; the rest follows by itself. The first reason counts.
func (b *Broadcast) end(reason string) {
	b.mu.Lock()
	if b.reason == "" {
		b.reason = reason
	}
	b.mu.Unlock()
	b.stream.Close()
}

// run sees the broadcast through, from its first unit to its last row, and
// lets it linger for players after that.
func (b *Broadcast) run(ctx context.Context) {
	defer b.m.drop(b)
	var work sync.WaitGroup
	recorder := b.m.opts.Library.Recorder(b.packager, b.settings.Keep)
	work.Go(func() {
		if err := recorder.Run(ctx); err != nil {
			b.log.Error("recording ended early", "error", err)
		}
	})
	work.Go(func() {
		if err := b.packager.Run(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("packaging ended", "error", err)
			b.stop(refusal("unplayable", "The media cannot be packaged: "+err.Error()+"."))
		}
	})
	b.awaitStart(ctx)
	work.Wait()
	b.finish()
	b.m.release(b)
	timer := time.NewTimer(linger)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-b.m.fading.Done():
	}
}

// awaitStart puts the broadcast on air once it can be played.
func (b *Broadcast) awaitStart(ctx context.Context) {
	<-b.packager.Ready() // closed by the packager's end too
	at := b.packager.Playable()
	if at.IsZero() {
		return
	}
	b.mu.Lock()
	b.state, b.started = store.StateLive, at
	b.mu.Unlock()
	err := b.m.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetBroadcastLive(ctx, b.ID, at) })
	if err != nil {
		b.log.Error("broadcast cannot be listed as live", "error", err)
	}
	b.log.Info("live", "after", at.Sub(b.begun).Round(time.Millisecond))
}

// finish closes the row. The time that it takes is bounded.
func (b *Broadcast) finish() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.m.ctx), 10*time.Second)
	defer cancel()
	now := time.Now()
	b.mu.Lock()
	wasLive, reason := b.state == store.StateLive, b.reason
	b.state = store.StateEnded
	if !wasLive {
		b.state = store.StateFailed
	}
	b.mu.Unlock()
	err := b.m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if !wasLive {
			return tx.FailBroadcast(ctx, b.ID, now, reason)
		}
		return closeRow(ctx, tx, b.ID, reason, now)
	})
	if err != nil {
		b.log.Error("broadcast cannot be closed; the next start of the server will", "error", err)
	}
	b.log.Info("ended", "reason", reason, "live", wasLive, "for", now.Sub(b.begun).Round(time.Second))
}

// closeRow ends and archives a broadcast that was live, or discards it when
// nothing of it was recorded.
func closeRow(ctx context.Context, tx *store.Tx, id, reason string, at time.Time) error {
	totals, err := tx.Totals(ctx, id)
	if err != nil {
		return err
	}
	var length time.Duration
	var bytes int64
	for _, t := range totals {
		length = max(length, t.Duration)
		bytes += t.Bytes
	}
	if err := tx.EndBroadcast(ctx, id, at, reason, length); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	if bytes == 0 {
		return tx.DiscardBroadcast(ctx, id)
	}
	return tx.ArchiveBroadcast(ctx, id, length, bytes)
}
