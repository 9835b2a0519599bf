package broadcast

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// encoderGone is called once for each encoder, when it will write no more.
// After a stop the broadcast ends; after a loss it waits for the reconnect
// window, if it was on air.
func (b *Broadcast) encoderGone(pub *live.Publisher, end live.End, err error) {
	b.gone(pub)
	if end == live.Stopped {
		b.endOf(pub, "The encoder stopped.")
		return
	}
	window := b.m.window(b.Channel)
	if window == 0 || b.packager.Playable().IsZero() {
		b.endOf(pub, "The connection to the encoder was lost.")
		return
	}
	b.mu.Lock()
	mine := b.pub == pub && !b.ending()
	if mine {
		b.pub, b.lost, b.lostHow = nil, time.Now(), "The connection to the encoder was lost."
		b.until = b.lost.Add(window)
	}
	b.mu.Unlock()
	if mine {
		if err != nil {
			b.log.Info("encoder lost", "error", err)
		}
		b.stream.Interrupt(pub)
		b.word()
	}
}

// word leaves word that the encoder has come or gone.
func (b *Broadcast) word() {
	select {
	case b.news <- struct{}{}:
	default: // it is there already
	}
}

// ending reports whether the broadcast is over, for this process at least.
// b.mu is held.
func (b *Broadcast) ending() bool { return b.reason != "" || b.suspended }

// stop ends the broadcast and sends the encoder away: in this order, so that
// the reason is why and not that the encoder went.
func (b *Broadcast) stop(why *live.Refusal) {
	b.end(why.Reason)
	b.kick(why)
}

func (b *Broadcast) kick(why *live.Refusal) {
	b.mu.Lock()
	pub := b.pub
	b.mu.Unlock()
	if pub != nil {
		pub.Kick(why)
	}
}

// suspend ends the broadcast in this process and leaves it to the next, or
// ends it for good when it would not wait for its encoder.
func (b *Broadcast) suspend(why *live.Refusal) {
	if b.packager.Playable().IsZero() || b.m.window(b.Channel) == 0 {
		b.stop(why)
		return
	}
	b.mu.Lock()
	if !b.ending() {
		b.suspended = true
		b.packager.Suspend()
		b.stream.Close()
	}
	b.mu.Unlock()
	b.kick(why)
}

// endOf ends the broadcast unless another encoder feeds it.
func (b *Broadcast) endOf(pub *live.Publisher, reason string) {
	b.mu.Lock()
	mine := b.pub == pub
	b.mu.Unlock()
	if mine {
		b.end(reason)
	}
}

// end closes the media; the rest follows by itself. The first reason counts.
func (b *Broadcast) end(reason string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ending() {
		b.reason = reason
		b.stream.Close()
	}
}

// run sees the broadcast through, from its first unit to its last row, and
// lets it linger for players after that.
func (b *Broadcast) run(ctx context.Context) {
	defer b.m.drop(b)
	if h := b.m.opts.Hooks; h != nil && h.WantsSegments() {
		b.m.wg.Go(func() { b.tellSegments(b.m.fading, h) })
	}
	var work sync.WaitGroup
	work.Go(func() {
		if err := b.recorder.Run(ctx); err != nil {
			b.log.Error("recording ended early", "error", err)
		}
	})
	work.Go(func() {
		if err := b.packager.Run(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("packaging ended", "error", err)
			b.stop(refusal("unplayable", "The media cannot be packaged: "+err.Error()+"."))
		}
	})
	done := make(chan struct{})
	go func() { // awaited by attend
		work.Wait()
		close(done)
	}()
	b.awaitStart(ctx)
	b.attend(ctx, done)
	b.finish()
	b.m.opts.Audience.Shut(b.m.ctx, b.audience)
	b.m.release(b)
	if !b.left() {
		if b.m.opts.Ended != nil {
			b.m.opts.Ended(b.ID)
		}
		b.tellOver()
	}
	timer := time.NewTimer(linger)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-b.m.fading.Done():
	}
	if !b.Recorded() && !b.left() {
		if err := b.m.opts.Library.Remove(b.m.ctx, b.ID, nil); err != nil {
			b.log.Warn("media that is not recorded cannot be removed; the next sweep will", "error", err)
		}
	}
}

// left reports whether the broadcast was left to the next process.
func (b *Broadcast) left() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.suspended
}

// awaitStart puts the broadcast on air once it can be played.
func (b *Broadcast) awaitStart(ctx context.Context) {
	<-b.packager.Ready() // closed by the packager's end too
	at := b.packager.Playable()
	b.mu.Lock()
	restored := b.state == store.StateLive
	if at.IsZero() || restored {
		b.mu.Unlock()
		return
	}
	b.state, b.started = store.StateLive, at
	b.mu.Unlock()
	b.listLive(ctx, at)
	b.log.Info("live", "after", at.Sub(b.begun).Round(time.Millisecond))
}

// move changes the broadcast's row, and tells those who listen what that means.
func (b *Broadcast) move(ctx context.Context, at time.Time, change func(*store.Tx) error) error {
	return b.m.opts.DB.Write(ctx, func(tx *store.Tx) error {
		return outbox.Follow(ctx, tx, b.ID, at, func() error { return change(tx) })
	})
}

func (b *Broadcast) listLive(ctx context.Context, at time.Time) {
	err := b.move(ctx, at, func(tx *store.Tx) error { return tx.SetBroadcastLive(ctx, b.ID, at) })
	if err != nil {
		b.log.Error("broadcast cannot be listed as live", "error", err)
	}
}

// attend follows the coming and going of encoders until the work is done, and
// ends the broadcast when its window is over.
func (b *Broadcast) attend(ctx context.Context, done <-chan struct{}) {
	window := time.NewTimer(0)
	defer window.Stop()
	var away away
	if lost, _ := b.Interrupted(); b.first == nil {
		away.since = lost // taken up from the last run: its row says so already
		b.note(eventInterrupted, b.howLost(), 0)
	}
	for {
		standing, turn := b.packager.Standing()
		lost, until := b.Interrupted()
		away.follow(ctx, b, standing, lost, until)
		if until.IsZero() {
			window.Stop()
		} else {
			window.Reset(time.Until(until))
		}
		select {
		case <-done:
			return
		case <-turn:
		case <-b.news:
		case <-window.C:
			if _, until := b.Interrupted(); !until.IsZero() && !time.Now().Before(until) {
				b.end("The encoder did not come back.")
			}
		}
	}
}

func (b *Broadcast) howLost() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lostHow
}

// away is an absence of the encoder, as the row and the owner know of it.
type away struct{ since time.Time }

// follow tells of the beginning and the end of an absence.
func (a *away) follow(ctx context.Context, b *Broadcast, standing bool, lost, until time.Time) {
	switch {
	case a.since.IsZero() && !until.IsZero() && standing:
		a.since = lost
		err := b.move(ctx, lost, func(tx *store.Tx) error { return tx.InterruptBroadcast(ctx, b.ID, lost) })
		if err != nil {
			b.log.Error("broadcast cannot be listed as interrupted", "error", err)
		}
		b.note(eventInterrupted, b.howLost(), 0)
		b.log.Info("interrupted", "until", until.Format(time.TimeOnly))
	case !a.since.IsZero() && !standing:
		gone := time.Since(a.since).Round(time.Millisecond)
		a.since = time.Time{}
		b.listLive(ctx, time.Now())
		b.note(eventResumed, "The encoder came back after "+gone.Round(time.Second).String()+".", gone)
		b.log.Info("live again", "after", gone)
	}
}

// finish closes the row. The time that it takes is bounded.
func (b *Broadcast) finish() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(b.m.ctx), 10*time.Second)
	defer cancel()
	now := time.Now()
	b.mu.Lock()
	if b.suspended {
		b.mu.Unlock()
		b.leave(ctx, now)
		return
	}
	wasLive, reason, started, recorded := b.state == store.StateLive, b.reason, b.started, !b.settings.Unrecorded
	b.state = store.StateEnded
	if !wasLive {
		b.state = store.StateFailed
	}
	b.mu.Unlock()
	err := b.move(ctx, now, func(tx *store.Tx) error {
		if !wasLive {
			return tx.FailBroadcast(ctx, b.ID, now, reason)
		}
		return closeRow(ctx, tx, b.ID, recorded, started, reason, now)
	})
	if err != nil {
		b.log.Error("broadcast cannot be closed; the next start of the server will", "error", err)
	}
	b.log.Info("ended", "reason", reason, "live", wasLive, "for", now.Sub(b.begun).Round(time.Second))
}

// leave writes down that the broadcast waits for the next process.
func (b *Broadcast) leave(ctx context.Context, now time.Time) {
	if lost, until := b.Interrupted(); !until.IsZero() {
		now = lost
	}
	err := b.move(ctx, now, func(tx *store.Tx) error {
		if err := tx.SetBroadcastLive(ctx, b.ID, b.StartedAt()); err != nil { // the row may have missed it
			return err
		}
		return tx.InterruptBroadcast(ctx, b.ID, now)
	})
	if err != nil {
		b.log.Error("broadcast cannot be left to the next start of the server", "error", err)
	}
	b.log.Info("left to the next start of the server")
}

// closeRow ends and archives a broadcast that was live, or discards it when it
// is not to be recorded, or nothing of it was. A row that missed the word that it was live gets
// it now. A zero time is that of the newest media.
func closeRow(ctx context.Context, tx *store.Tx, id string, recorded bool, started time.Time, reason string, at time.Time) error {
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
	if bytes == 0 || !recorded {
		return tx.DiscardBroadcast(ctx, id)
	}
	return tx.ArchiveBroadcast(ctx, id, length, bytes)
}
