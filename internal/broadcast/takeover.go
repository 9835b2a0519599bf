package broadcast

import (
	"context"
	"errors"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// silence of an encoder that is connected makes room for another, whatever
	// the channel's rule is: its cable may be out.
	silence = 3 * time.Second
	// askRules bounds the question for a channel's present settings.
	askRules = 2 * time.Second
	// An encoder that was taken over while it sent comes back by itself: OBS
	// after 2 s. Two of them would take the channel from each other for ever,
	// so one that lost it so often within so long is refused while the other
	// sends.
	fightRounds = 3
	fightWindow = 30 * time.Second
	// sending is how long ago an encoder's newest unit may be for it to have
	// been taken over in the midst.
	sending = time.Second
)

// loser is an encoder that was taken over while it sent.
type loser struct {
	addr    netip.Addr
	encoder string
	at      time.Time
}

// errOver: the broadcast ends, a new one is to begin after it.
var errOver = errors.New("the broadcast is over")

// join lets another encoder feed the broadcast, which goes on: one that comes
// back, or one that takes the place of the encoder that feeds it. It returns
// errOver for a broadcast that ends, and a *live.Refusal where the channel's
// rule says so.
func (b *Broadcast) join(ctx context.Context, c account.Channel, req live.Request, key string) (*live.Publisher, error) {
	b.mu.Lock()
	if b.ending() {
		b.mu.Unlock()
		return nil, errOver
	}
	old := b.pub
	if old != nil {
		silent := old.Silent()
		err := yields(account.TakeoverOf(c), silent, b.priority, priority(req))
		if err == nil && silent < silence && b.fights(req) {
			err = refusal("taken_over", "Another encoder took the channel over and feeds it. Stop one of the two.")
		}
		if err != nil {
			b.mu.Unlock()
			return nil, err
		}
		if silent < sending && old.Began() {
			b.losers = append(b.losers, b.feeder)
			b.losers[len(b.losers)-1].at = time.Now()
		}
	}
	b.pub, b.priority, b.feeder, b.key = live.NewPublisher(b.stream, b.encoderGone), priority(req), feederOf(req), key
	b.source = sourceOf(req)
	b.until = time.Time{}
	pub := b.pub
	b.mu.Unlock()
	b.word()
	err := b.m.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.SetBroadcastKey(ctx, b.ID, key) })
	if err != nil { // the key is known here, so that its end is noticed all the same
		b.log.Warn("the encoder's stream key cannot be noted", "error", err)
	}
	if old != nil {
		b.note(eventTakenOver, "Another encoder took the channel over.", 0)
		b.log.Info("taken over", "remote", req.Remote, "encoder", bounded(req.Encoder))
		b.gone(old)
		old.Kick(refusal("taken_over", "A newer encoder took the channel over."))
	}
	return pub, nil
}

func feederOf(req live.Request) loser {
	return loser{addr: req.Remote.Addr(), encoder: bounded(req.Encoder)}
}

// fights reports whether an encoder has lost the channel too often to be let
// in again. b.mu is held.
func (b *Broadcast) fights(req live.Request) bool {
	b.losers = slices.DeleteFunc(b.losers, func(l loser) bool { return time.Since(l.at) > fightWindow })
	rounds, who := 0, feederOf(req)
	for _, l := range b.losers {
		if l.addr == who.addr && l.encoder == who.encoder {
			rounds++
		}
	}
	return rounds >= fightRounds
}

// yields returns nil when the encoder that feeds a channel must make room.
func yields(rule account.Takeover, silent time.Duration, old, newer int64) error {
	switch {
	case silent >= silence:
		return nil
	case rule == account.TakeoverRefuse:
		return refusal("channel_busy", "Another encoder feeds this channel.")
	case rule == account.TakeoverPriority && newer < old:
		return refusal("channel_busy", "An encoder of a higher priority feeds this channel.")
	}
	return nil
}

// priority is that of an encoder by the address that it publishes to, 0 when
// that says nothing.
func priority(req live.Request) int64 {
	n, err := strconv.ParseInt(req.Query.Get("priority"), 10, 64)
	if err != nil {
		return 0
	}
	return max(math.MinInt32, min(n, math.MaxInt32))
}

// window is how long a broadcast of the channel waits for an encoder that was
// lost, by the channel's present settings.
func (m *Manager) window(c account.Channel) time.Duration {
	ctx, cancel := context.WithTimeout(m.ctx, askRules)
	defer cancel()
	if now, err := m.opts.Accounts.Channel(ctx, c.Name); err == nil {
		c = now
	}
	if c.ReconnectWindow != nil {
		return *c.ReconnectWindow
	}
	return m.opts.ReconnectWindow
}
