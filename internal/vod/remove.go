package vod

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// removedAtOnce bounds what is listed to be removed at one time.
const removedAtOnce = 100

// Remove takes a broadcast's recording away: who asks for it is told that it
// was removed. It must not be on air. When it is cut off, RemoveExpired goes on
// with it.
func (l *Library) Remove(ctx context.Context, broadcast string) error {
	discard := func(tx *store.Tx) error { return tx.DiscardBroadcast(ctx, broadcast) }
	if err := l.opts.DB.Write(ctx, discard); err != nil {
		return err
	}
	// The rows go last: as long as they are there, they tell that files are.
	if l.opts.Bodies != nil {
		for k, err := range l.opts.Files.List(ctx, broadcast) {
			if err != nil {
				return fmt.Errorf("list the media of %s: %w", broadcast, err)
			}
			l.opts.Bodies.Forget(k)
		}
	}
	if err := l.opts.Files.DeletePrefix(ctx, broadcast); err != nil {
		return fmt.Errorf("remove the media of %s: %w", broadcast, err)
	}
	l.heads.drop(broadcast)
	if err := l.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.DeleteMedia(ctx, broadcast) }); err != nil {
		return err
	}
	l.lists.forget(broadcast)
	l.outlines.forget(broadcast)
	return nil
}

// RemoveExpired removes the recordings that are older than their channels let
// them become, where those say nothing than maxAge, 0 being for ever; and what
// earlier removals left. It returns how many recordings went. It ends early with
// ctx.
func (l *Library) RemoveExpired(ctx context.Context, maxAge time.Duration) (n int, err error) {
	for _, list := range []func() ([]store.Broadcast, error){
		func() ([]store.Broadcast, error) { return l.opts.DB.DiscardedWithMedia(ctx, removedAtOnce) },
		func() ([]store.Broadcast, error) {
			return l.opts.DB.ExpiredRecordings(ctx, time.Now(), maxAge, removedAtOnce)
		},
	} {
		for {
			rows, err := list()
			if err != nil {
				return n, err
			}
			for _, b := range rows {
				if err := l.Remove(ctx, b.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
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
