package outbox

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Follow runs what moves a broadcast, and writes down the events that its state
// before and after it make.
func Follow(ctx context.Context, tx *store.Tx, broadcast string, at time.Time, move func() error) error {
	before, err := tx.Broadcast(ctx, broadcast)
	if err != nil {
		return err
	}
	if err := move(); err != nil {
		return err
	}
	after, err := tx.Broadcast(ctx, broadcast)
	if err != nil {
		return err
	}
	for _, kind := range moves(before.State, after.State) {
		if kind == BroadcastStarted {
			if err := announce(ctx, tx, after, at); err != nil {
				return err
			}
		}
		err := Put(ctx, tx, kind, after.ChannelID, at, func(d *EventData) error {
			d.Broadcast = BroadcastOf(after)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// moves are the events between two states, in their order. A row may have missed
// some of the states between.
func moves(before, after store.State) (kinds []Kind) {
	onAir := before == store.StateLive || before == store.StateInterrupted
	if before == store.StateOpening && after != store.StateOpening && after != store.StateFailed {
		kinds, onAir = append(kinds, BroadcastStarted), true
	}
	switch after {
	case store.StateInterrupted:
		if before != store.StateInterrupted {
			kinds = append(kinds, BroadcastInterrupted)
		}
	case store.StateLive:
		if before == store.StateInterrupted {
			kinds = append(kinds, BroadcastResumed)
		}
	case store.StateEnded, store.StateArchived, store.StateDiscarded:
		if onAir {
			kinds = append(kinds, BroadcastEnded)
		}
		if after == store.StateArchived && before != store.StateArchived {
			kinds = append(kinds, RecordingReady)
		}
	}
	return kinds
}
