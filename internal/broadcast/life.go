package broadcast

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
)

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

// stop ends the broadcast and sends the encoder away: in this order, so that
// the reason is why and not that the encoder went.
func (b *Broadcast) stop(why *live.Refusal) {
	b.end(why.Reason)
	b.pub.Kick(why)
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
	wasLive, reason, started := b.state == store.StateLive, b.reason, b.started
	b.state = store.StateEnded
	if !wasLive {
		b.state = store.StateFailed
	}
	b.mu.Unlock()
	err := b.m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if !wasLive {
			return tx.FailBroadcast(ctx, b.ID, now, reason)
		}
		return closeRow(ctx, tx, b.ID, started, reason, now)
	})
	if err != nil {
		b.log.Error("broadcast cannot be closed; the next start of the server will", "error", err)
	}
	b.log.Info("ended", "reason", reason, "live", wasLive, "for", now.Sub(b.begun).Round(time.Second))
}

// closeRow ends and archives a broadcast that was live, or discards it when
// nothing of it was recorded. A row that missed the word that it was live gets
// it now. A zero time is that of the newest media.
func closeRow(ctx context.Context, tx *store.Tx, id string, started time.Time, reason string, at time.Time) error {
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
	if at.IsZero() {
		at = started.Add(length)
	}
	if err := tx.SetBroadcastLive(ctx, id, started); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	if err := tx.EndBroadcast(ctx, id, at, reason, length); err != nil {
		return err
	}
	if bytes == 0 {
		return tx.DiscardBroadcast(ctx, id)
	}
	return tx.ArchiveBroadcast(ctx, id, length, bytes)
}
