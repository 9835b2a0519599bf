package broadcast

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// recover ends what the last run left unfinished.
func (m *Manager) recover(ctx context.Context) error {
	rows, err := m.opts.DB.UnfinishedBroadcasts(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		err := m.opts.DB.Write(ctx, func(tx *store.Tx) error { return recoverRow(ctx, tx, row) })
		if err != nil {
			return err
		}
		m.log.Info("closed a broadcast of the last run", "channel", row.ChannelName, "broadcast", row.ID)
	}
	return nil
}

// recoverRow closes the row of a broadcast that a crash cut off.
func recoverRow(ctx context.Context, tx *store.Tx, row store.Broadcast) error {
	totals, err := tx.Totals(ctx, row.ID)
	if err != nil {
		return err
	}
	if row.State == store.StateOpening && len(totals) == 0 {
		return tx.FailBroadcast(ctx, row.ID, time.Now(), "The server stopped before anything was on air.")
	}
	started := row.StartedAt
	if started.IsZero() {
		started = row.CreatedAt
	}
	return closeRow(ctx, tx, row.ID, started, "The server stopped.", time.Time{})
}
