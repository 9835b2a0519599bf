package account

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Takeover is what happens when an encoder comes to a channel that another
// encoder feeds.
type Takeover string

// The rules of takeover. Under each of them an encoder that has fallen silent
// is taken over.
const (
	TakeoverNewest   Takeover = "newest"   // the newer one wins
	TakeoverRefuse   Takeover = "refuse"   // the older one stays
	TakeoverPriority Takeover = "priority" // the newer one wins unless the older one's ?priority=N is higher
)

// MaxReconnectWindow is the longest that a broadcast can wait for an encoder
// that was lost.
const MaxReconnectWindow = 30 * time.Minute

// The rules that cannot be.
var (
	ErrBadTakeover        = &Error{"bad_takeover", "a takeover is one of newest, refuse and priority"}
	ErrBadReconnectWindow = &Error{"bad_reconnect_window", "a reconnect window is from 0s to 30m"}
)

// TakeoverOf is the rule of a channel.
func TakeoverOf(c Channel) Takeover {
	if c.Takeover == "" {
		return TakeoverNewest
	}
	return Takeover(c.Takeover)
}

// Rules is how a channel deals with encoders that are lost and with a second
// one.
type Rules struct {
	ReconnectWindow *time.Duration // nil is as the server is set
	Takeover        Takeover
}

// SetRules changes the rules of a channel, from its next loss and its next
// encoder on, and returns the channel as it is then.
func (s *Service) SetRules(ctx context.Context, name string, r Rules) (Channel, error) {
	switch r.Takeover {
	case TakeoverNewest, TakeoverRefuse, TakeoverPriority:
	default:
		return Channel{}, ErrBadTakeover
	}
	if w := r.ReconnectWindow; w != nil && (*w < 0 || *w > MaxReconnectWindow) {
		return Channel{}, ErrBadReconnectWindow
	}
	c, err := s.Channel(ctx, name)
	if err != nil {
		return Channel{}, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		return tx.SetChannelRules(ctx, c.ID, r.ReconnectWindow, string(r.Takeover))
	})
	if err != nil {
		return Channel{}, refuse(err, store.ErrNotFound, ErrUnknownChannel)
	}
	c.ReconnectWindow, c.Takeover = r.ReconnectWindow, string(r.Takeover)
	return c, nil
}
