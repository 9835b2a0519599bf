package broadcast

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

const (
	// keysEvery is how often it is asked whether the keys of encoders that are
	// connected are still good: they may be revoked by another process, and an
	// owner is promised a second.
	keysEvery = 500 * time.Millisecond
	askKeys   = 5 * time.Second
	// namesEvery is in how many of those rounds names are looked at.
	namesEvery = 4
)

// watchRows follows what may change of channels that are on air, also by
// another process, until the manager is shut down: it sends encoders away whose
// stream keys were revoked or have expired, ends what may not be on air any more,
// and learns new names.
func (m *Manager) watchRows() {
	ticker := time.NewTicker(keysEvery)
	defer ticker.Stop()
	for round := 0; ; round++ {
		select {
		case <-ticker.C:
		case <-m.changed:
			round = 0
		case <-m.fading.Done():
			return
		}
		for _, b := range m.feeding() {
			m.checkKey(b)
			if round%namesEvery == 0 {
				m.checkRows(b)
			}
		}
	}
}

// channelChanged has the rows looked at at once. It does not block.
func (m *Manager) channelChanged(string) {
	select {
	case m.changed <- struct{}{}:
	default: // word of it is there already
	}
}

// checkRows learns the name that the channel of a broadcast has now, and ends the
// broadcast when it, or its channel, may not be on air any more.
func (m *Manager) checkRows(b *Broadcast) {
	ctx, cancel := context.WithTimeout(m.ctx, askKeys)
	defer cancel()
	c, err := m.opts.DB.Channel(ctx, b.Channel.ID)
	if err != nil {
		return // gone, or the database's trouble: the next look will tell
	}
	why := account.OnAirRefusal(c)
	if row, err := m.opts.DB.Broadcast(ctx, b.ID); why == nil && err == nil && !row.TakenDownAt.IsZero() {
		why = account.ErrTakenDown
	}
	if why != nil {
		b.log.Info("taken off air", "reason", why.Code)
		b.stop(refusal(why.Code, sentence(why.Reason)))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byChannel[c.ID] == b {
		m.names[c.Name] = c.ID
	}
}

// feeding lists the broadcasts that are not over.
func (m *Manager) feeding() []*Broadcast {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.byChannel))
}

// keyInUse is the id of the key of the encoder that is connected, empty when
// there is none.
func (b *Broadcast) keyInUse() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.pub == nil {
		return ""
	}
	return b.key
}

// checkKey ends a broadcast whose encoder's key is no longer good: it is not to
// wait for that encoder.
func (m *Manager) checkKey(b *Broadcast) {
	key := b.keyInUse()
	if key == "" {
		return
	}
	ctx, cancel := context.WithTimeout(m.ctx, askKeys)
	defer cancel()
	err := m.opts.Accounts.KeyGood(ctx, b.Channel.ID, key)
	var known *account.Error
	if !errors.As(err, &known) || b.keyInUse() != key {
		return // good, or the database's trouble: the next look will tell
	}
	b.log.Info("encoder sent away", "reason", known.Code)
	b.stop(refusal(known.Code, sentence(known.Reason)))
}
