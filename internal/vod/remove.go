package vod

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// removedAtOnce bounds what is listed to be removed at one time.
const removedAtOnce = 100

// Remove takes a broadcast's recording away: who asks for it is told that it
// was removed. What clips refer to is kept, for them alone. It must not be on
// air. also, unless it is nil, is done in the same transaction, and first. When
// it is cut off, Sweep goes on with it.
func (l *Library) Remove(ctx context.Context, broadcast string, also func(*store.Tx) error) error {
	var keeps bool
	err := l.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		if err := tx.DiscardBroadcast(ctx, broadcast); err != nil {
			return err
		}
		renditions, err := tx.Renditions(ctx, broadcast)
		for _, r := range renditions {
			err = errors.Join(err, tx.SetAside(ctx, broadcast, r.Name, math.MaxInt64))
		}
		if err != nil {
			return err
		}
		keeps, err = tx.Keeps(ctx, broadcast)
		return err
	})
	if err != nil {
		return err
	}
	// The rows go last: as long as they are there, they tell that files are.
	if keeps {
		err = l.deleteListed(ctx, broadcast)
	} else {
		err = l.deleteAll(ctx, broadcast)
	}
	if err != nil {
		return fmt.Errorf("remove the media of %s: %w", broadcast, err)
	}
	l.heads.drop(broadcast)
	if err := l.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.DeleteMedia(ctx, broadcast) }); err != nil {
		return err
	}
	l.lists.forget(broadcast)
	l.outlines.forget(broadcast)
	if keeps {
		_, err = l.finishRemoval(ctx, broadcast)
	}
	return err
}

// deleteAll removes everything of a broadcast.
func (l *Library) deleteAll(ctx context.Context, broadcast string) error {
	if l.opts.Bodies != nil {
		for k, err := range l.opts.Files.List(ctx, broadcast) {
			if err != nil {
				return err
			}
			l.opts.Bodies.Forget(k)
		}
	}
	return l.opts.Files.DeletePrefix(ctx, broadcast)
}

// deleteListed removes what rows of a recording speak of and what lies beside it,
// and leaves what is kept for clips.
func (l *Library) deleteListed(ctx context.Context, broadcast string) error {
	if err := l.opts.Files.DeletePrefix(ctx, Beside(broadcast)); err != nil {
		return err
	}
	renditions, err := l.opts.DB.Renditions(ctx, broadcast)
	if err != nil {
		return err
	}
	for _, r := range renditions {
		if err := l.deleteRendition(ctx, broadcast, r.Name); err != nil {
			return err
		}
	}
	return nil
}

func (l *Library) deleteRendition(ctx context.Context, broadcast, rendition string) error {
	for from := int64(0); ; {
		rows, err := l.opts.DB.Segments(ctx, broadcast, rendition, from, rowsAtOnce)
		if err != nil {
			return err
		}
		for i := range rows {
			from = rows[i].Number + 1
			if err := l.deleteSegment(ctx, &rows[i]); err != nil {
				return err
			}
			if i+1 < len(rows) && blockOf(from) == blockOf(rows[i].Number) {
				continue
			}
			if err := l.opts.Files.Delete(ctx, indexKey(broadcast, rendition, blockOf(rows[i].Number))); err != nil {
				return err
			}
		}
		if len(rows) < rowsAtOnce {
			return l.deleteInits(ctx, broadcast, rendition)
		}
	}
}

// deleteSegment removes the object that a row speaks of.
func (l *Library) deleteSegment(ctx context.Context, s *store.Segment) error {
	if s.Gap && !s.Passing {
		return nil
	}
	k := segmentKey(s.BroadcastID, s.Rendition, s.Number)
	err := l.opts.Files.Delete(ctx, k)
	l.opts.Bodies.Forget(k)
	return err
}

// deleteInits removes the initialisation sections that nothing needs which is
// kept.
func (l *Library) deleteInits(ctx context.Context, broadcast, rendition string) error {
	kept, err := l.opts.DB.KeptInits(ctx, broadcast, rendition)
	if err != nil {
		return err
	}
	inits, err := l.opts.DB.Inits(ctx, broadcast, rendition)
	if err != nil {
		return err
	}
	needed := map[int64]bool{}
	for _, n := range kept {
		needed[n] = true
	}
	for _, i := range inits {
		if needed[i.Number] {
			continue
		}
		k := initKey(broadcast, rendition, i.Number)
		if err := l.opts.Files.Delete(ctx, k); err != nil {
			return err
		}
		l.opts.Bodies.Forget(k)
	}
	return nil
}

// finishRemoval removes what is left of a broadcast whose recording is gone,
// once no clip refers to any of it. It reports false while the recording's own
// removal is under way, which does that then.
func (l *Library) finishRemoval(ctx context.Context, broadcast string) (done bool, err error) {
	b, err := l.opts.DB.Broadcast(ctx, broadcast)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	if err != nil || b.State != store.StateDiscarded {
		return err == nil, err
	}
	renditions, err := l.opts.DB.Renditions(ctx, broadcast)
	if err != nil || len(renditions) > 0 {
		return false, err
	}
	keeps, err := l.opts.DB.Keeps(ctx, broadcast)
	if err != nil || keeps {
		return err == nil, err
	}
	return true, l.deleteAll(ctx, broadcast)
}

// RemoveClip takes a clip away, and with it what was kept for it alone. Said
// again it changes nothing. A clip that is not there is store.ErrNotFound. also
// is as Remove's. When it is cut off, Sweep goes on with it.
func (l *Library) RemoveClip(ctx context.Context, id string, also func(*store.Tx) error) error {
	err := l.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return tx.RemoveClip(ctx, id, time.Now())
	})
	if err != nil {
		return err
	}
	c, err := l.opts.DB.Clip(ctx, id)
	if err != nil {
		return err
	}
	return l.sweepClip(ctx, c)
}

// sweepClip removes what was kept for clips of the same broadcast that are
// gone.
func (l *Library) sweepClip(ctx context.Context, c store.Clip) error {
	l.heads.drop(c.ID)
	l.lists.forget(c.ID)
	if err := l.opts.Files.Delete(ctx, ClipPicture(c.BroadcastID, c.ID)); err != nil {
		return err
	}
	for {
		loose, err := l.opts.DB.LooseSegments(ctx, c.BroadcastID, rowsAtOnce)
		if err != nil {
			return err
		}
		if len(loose) == 0 {
			break
		}
		for i := range loose {
			if err := l.deleteSegment(ctx, &loose[i]); err != nil {
				return err
			}
		}
		if err := l.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.DeleteKept(ctx, loose) }); err != nil {
			return err
		}
	}
	done, err := l.finishRemoval(ctx, c.BroadcastID)
	if err != nil || !done {
		return err
	}
	return l.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetKept(ctx, c.BroadcastID); err != nil {
			return err
		}
		return tx.SetClipSwept(ctx, c.ID)
	})
}
