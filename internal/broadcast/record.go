package broadcast

import (
	"context"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Record has the broadcast recorded: from now on where recording was stopped, and
// with what there still is of it where it was not to be kept. It returns the path
// of the recording's address, empty when it is recorded already.
func (b *Broadcast) Record(ctx context.Context) (path string, err error) {
	b.recording.Lock()
	defer b.recording.Unlock()
	stopped := b.stopped()
	if b.Recorded() && !stopped {
		return "", nil
	}
	err = b.m.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.KeepBroadcast(ctx, b.ID) })
	if err != nil {
		return "", err
	}
	part := b.newestPart(ctx)
	afresh, _ := b.recorder.Resume()
	if afresh {
		part++
	}
	b.mu.Lock()
	b.settings.Unrecorded, b.untold, b.stopFrom = false, true, 0
	b.mu.Unlock()
	b.recorder.KeepAll()
	b.log.Info("recorded from now on")
	if stopped {
		if b.gap.ID != "" {
			b.gap.Duration, b.gap.Text = time.Since(b.gap.At), "Part of the broadcast is not recorded: an operator stopped it."
			b.m.opts.Library.Note(b.gap)
		}
	}
	return b.pathOf(part), nil
}

// StopRecording ends what is kept of the broadcast with the segment that is on
// air; Record goes on with it. Live playback is not touched. It waits until what
// was recorded can be had, or ctx ends, and returns the path of its address, empty
// when nothing is recorded.
func (b *Broadcast) StopRecording(ctx context.Context) (path string, err error) {
	done, err := b.stopRecording(ctx)
	if err != nil || done == nil {
		return "", err
	}
	select {
	case <-done:
	case <-ctx.Done():
	}
	return b.pathOf(b.newestPart(context.WithoutCancel(ctx))), nil
}

// stopRecording returns what is closed once the back-end was told; nil when there
// was nothing to stop.
func (b *Broadcast) stopRecording(ctx context.Context) (done <-chan struct{}, err error) {
	b.recording.Lock()
	defer b.recording.Unlock()
	if !b.Recorded() || b.stopped() {
		return nil, nil
	}
	from, ok := b.recorder.Stop()
	if !ok {
		return nil, nil
	}
	err = b.m.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.StopRecording(ctx, b.ID, from) })
	if err != nil {
		b.recorder.Resume()
		return nil, err
	}
	b.mu.Lock()
	b.stopFrom = from
	b.mu.Unlock()
	b.log.Info("recording stopped by an operator", "from", from)
	b.gap = store.Event{
		ID: b.m.opts.DB.NewID(), BroadcastID: b.ID, At: time.Now(), Kind: eventGap, Text: "Nothing is recorded: an operator stopped it. Live goes on.",
	}
	b.m.opts.Library.Note(b.gap)
	told := make(chan struct{})
	b.m.wg.Go(func() {
		defer close(told)
		b.tellStopped(from)
	})
	return told, nil
}

// tellStopped tells the back-end of what was recorded before a stop, when it can
// be had.
func (b *Broadcast) tellStopped(from int64) {
	if err := b.m.opts.Library.AwaitListed(b.m.fading, b.ID, from-1, b.over); err != nil {
		return // the server stops
	}
	b.mu.Lock()
	mine := b.untold && b.stopFrom == from && !b.ending()
	if mine {
		b.untold = false
	}
	b.mu.Unlock()
	if h := b.m.opts.Hooks; h != nil && mine && !b.own() {
		h.Recorded(b.Channel.Name, b.ID, b.pathOf(b.newestPart(b.m.fading)))
	}
}

// stopped reports whether recording is.
func (b *Broadcast) stopped() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stopFrom > 0
}

// Recorded reports whether something of the broadcast is kept when it is over.
func (b *Broadcast) Recorded() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.settings.Unrecorded
}

// newestPart is the file of the recording that its newest media is in.
func (b *Broadcast) newestPart(ctx context.Context) int {
	row, err := b.m.opts.DB.Broadcast(ctx, b.ID)
	part := 1
	if err == nil {
		part, err = b.m.opts.Library.NewestPart(ctx, row)
	}
	if err != nil {
		b.log.Warn("the parts of the recording cannot be counted", "error", err)
	}
	return part
}

func (b *Broadcast) pathOf(part int) string {
	path := "/vod/" + b.ID + "/download.mp4"
	if part > 1 {
		path += fmt.Sprintf("?part=%d", part)
	}
	return path
}
