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
)

// watchKeys sends encoders away whose stream keys were revoked or have expired,
// until the manager is shut down.
func (m *Manager) watchKeys() {
	ticker := time.NewTicker(keysEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-m.fading.Done():
			return
		}
		for _, b := range m.feeding() {
			m.checkKey(b)
		}
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
