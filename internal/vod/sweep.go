package vod

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Limits bound what recordings take together.
type Limits struct {
	MaxAge   time.Duration // of one, where its channel says nothing; 0 is for ever
	MaxBytes int64         // of all; 0 is no limit
}

// Sweep removes the recordings that are older than they may become, and the
// oldest of those that take more than they may, by their channels' limits too;
// and what earlier removals left. Nothing is removed that no row speaks of, nor
// what clips refer to. It returns how many recordings went. It ends early with
// ctx.
func (l *Library) Sweep(ctx context.Context, o Limits) (n int, err error) {
	if err := l.sweepClips(ctx); err != nil {
		return 0, err
	}
	for _, list := range []func() ([]store.Broadcast, error){
		func() ([]store.Broadcast, error) { return l.opts.DB.DiscardedWithMedia(ctx, removedAtOnce) },
		func() ([]store.Broadcast, error) {
			return l.opts.DB.ExpiredRecordings(ctx, time.Now(), o.MaxAge, removedAtOnce)
		},
		func() ([]store.Broadcast, error) { return l.opts.DB.LargeRecordings(ctx, o.MaxBytes, removedAtOnce) },
	} {
		for {
			rows, err := list()
			if err != nil {
				return n, err
			}
			for _, b := range rows {
				if err := l.Remove(ctx, b.ID, nil); err != nil && !errors.Is(err, store.ErrNotFound) {
					return n, err
				}
				n++
			}
			if len(rows) < removedAtOnce {
				break
			}
		}
	}
	return n, nil
}

// sweepClips goes on with removals of clips that were cut off. What it cannot
// finish now is for the next time.
func (l *Library) sweepClips(ctx context.Context) error {
	clips, err := l.opts.DB.UnsweptClips(ctx, removedAtOnce)
	for i := range clips {
		err = errors.Join(err, l.sweepClip(ctx, clips[i]))
	}
	return err
}
