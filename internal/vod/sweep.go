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
	Undo     time.Duration // how long what was taken down is kept; 0 is for ever
}

// With returns the limits with an age in days and a number of bytes in place of
// their own, where those are given.
func (l Limits) With(days *float64, bytes *int64) Limits {
	if days != nil {
		l.MaxAge = time.Duration(*days * float64(24*time.Hour))
	}
	if bytes != nil {
		l.MaxBytes = *bytes
	}
	return l
}

// Sweep removes the recordings that are older than they may become, and the
// oldest of those that take more than they may, by their channels' limits too;
// what was taken down so long ago that it cannot be undone; and what earlier
// removals left. Nothing is removed that no row speaks of, nor
// what clips refer to. It returns how many recordings went. It ends early with
// ctx.
func (l *Library) Sweep(ctx context.Context, o Limits) (n int, err error) {
	if err := l.sweepClips(ctx); err != nil {
		return 0, err
	}
	if err := l.sweepPassing(ctx); err != nil {
		return 0, err
	}
	if o.Undo > 0 {
		if err := l.sweepTakenDown(ctx, time.Now().Add(-o.Undo)); err != nil {
			return 0, err
		}
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

// lingering is longer than live playlists of what is over are asked for.
const lingering = 10 * time.Minute

// sweepPassing goes on with what passed of broadcasts that are over.
func (l *Library) sweepPassing(ctx context.Context) error {
	ids, err := l.opts.DB.UnsettledBroadcasts(ctx, time.Now().Add(-lingering))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := l.SettlePassing(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// sweepTakenDown removes what was taken down before then: clips first, since
// they keep media of their recordings.
func (l *Library) sweepTakenDown(ctx context.Context, before time.Time) error {
	for {
		clips, err := l.opts.DB.ClipsTakenDown(ctx, before, removedAtOnce)
		if err != nil {
			return err
		}
		for i := range clips {
			if err := l.RemoveClip(ctx, clips[i].ID, nil); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if len(clips) < removedAtOnce {
			break
		}
	}
	for {
		rows, err := l.opts.DB.RecordingsTakenDown(ctx, before, removedAtOnce)
		if err != nil {
			return err
		}
		for i := range rows {
			if err := l.Remove(ctx, rows[i].ID, nil); err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
		}
		if len(rows) < removedAtOnce {
			return nil
		}
	}
}
