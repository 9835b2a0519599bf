package outbox

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// restFor is how long a channel must have been off air for its followers to be
// told again: an encoder that was stopped and started anew is no news.
const restFor = 10 * time.Minute

// announce has the followers of a channel told of a broadcast that starts, within
// the transaction that starts it. What was taken down or banned is told to
// nobody.
func announce(ctx context.Context, tx *store.Tx, b store.Broadcast, at time.Time) error {
	c, err := tx.Channel(ctx, b.ChannelID)
	if err != nil || c.Followers == 0 || !c.TakenDownAt.IsZero() || !c.BannedAt.IsZero() {
		return err
	}
	last, err := tx.AnnouncedOnAir(ctx, c.ID, at)
	if err != nil {
		return err
	}
	quiet := !last.IsZero() && at.Sub(last) < restFor
	return tx.Announce(ctx, b.ID, c.ID, at, quiet)
}
