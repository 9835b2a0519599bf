package broadcast

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// recover goes on with what the last run left unfinished: of each channel the
// newest broadcast that was on air, while its window lasts. The others end.
func (m *Manager) recover(ctx context.Context) error {
	rows, err := m.opts.DB.UnfinishedBroadcasts(ctx)
	if err != nil {
		return err
	}
	newest := map[string]string{} // of each channel's name
	for _, row := range rows {
		if row.State == store.StateLive || row.State == store.StateInterrupted {
			newest[row.ChannelName] = row.ID
		}
	}
	for _, row := range rows {
		if newest[row.ChannelName] == row.ID {
			err := m.takeUp(ctx, row)
			if err == nil {
				continue
			}
			if !errors.Is(err, errOver) {
				m.log.Error("a broadcast of the last run cannot go on", "channel", row.ChannelName, "broadcast", row.ID, "error", err)
			}
		}
		err := m.opts.DB.Write(ctx, func(tx *store.Tx) error {
			return outbox.Follow(ctx, tx, row.ID, time.Now(), func() error { return recoverRow(ctx, tx, row) })
		})
		if err != nil {
			return err
		}
		m.log.Info("closed a broadcast of the last run", "channel", row.ChannelName, "broadcast", row.ID)
	}
	return nil
}

// takeUp puts a broadcast of the last run on air again, where it waits for its
// encoder. It returns errOver when the time for that is over.
func (m *Manager) takeUp(ctx context.Context, row store.Broadcast) error {
	c, err := m.opts.DB.Channel(ctx, row.ChannelID)
	if err != nil {
		return err
	}
	window := m.window(c)
	if window == 0 || !row.InterruptedAt.IsZero() && time.Since(row.InterruptedAt) >= window {
		return errOver // and nothing of it need be read, or be there
	}
	past, err := m.opts.Library.Past(ctx, row, m.opts.HLS)
	if err != nil {
		return err
	}
	now, lost := time.Now(), row.InterruptedAt
	if lost.IsZero() {
		lost = past.EndedAt
	}
	if lost.After(now) {
		lost = now // the clock was set, or stamps ran ahead of it
	}
	until := lost.Add(window)
	if !now.Before(until) {
		return errOver
	}
	err = m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		return outbox.Follow(ctx, tx, row.ID, lost, func() (err error) {
			past.Epoch, err = tx.TakeUpBroadcast(ctx, row.ID, lost)
			return err
		})
	})
	if err != nil {
		return err
	}
	b := m.newBroadcast(row.ID, c, Settings{Keep: row.Keep, Unrecorded: !row.Recorded, Key: row.KeyID})
	b.begun, b.state, b.started, b.lost, b.until = row.CreatedAt, store.StateLive, row.StartedAt, lost, until
	b.lostHow = "The server was started again."
	if b.started.IsZero() {
		b.started = row.CreatedAt
	}
	b.stream.StartAt(past.End)
	b.packager = packager.Restore(b.stream, b.hls(row.Keep), past.Past, b.started)
	b.recorder = m.opts.Library.Recorder(b.packager, row.Keep)
	b.recorder.TakeUpStop(row.StoppedFrom)
	b.stopFrom, b.untold = row.StoppedFrom, row.StoppedFrom == 0
	m.mu.Lock()
	m.put(b)
	m.wg.Add(1)
	m.mu.Unlock()
	m.start(b)
	m.log.Info("took up a broadcast of the last run", "channel", c.Name, "broadcast", b.ID)
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
	return closeRow(ctx, tx, row.ID, row.Recorded, started, "The server stopped.", time.Time{})
}
