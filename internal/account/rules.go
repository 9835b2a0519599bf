package account

import "time"

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
