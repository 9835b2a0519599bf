package vod

import (
	"context"
	"errors"
	"slices"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
)

// batch is what one transaction writes.
type batch struct {
	renditions []store.Rendition
	inits      []store.Init
	segments   []store.Segment
	trims      []trim
	events     []store.Event
	reserved   []reservation
	spools     []string        // files that are being written, to be made safe beside the rest
	done       []chan struct{} // closed after the commit
}

// trim deletes a rendition's segments of the numbers from..through, rows and
// objects; or it makes gaps of those among them that pass.
type trim struct {
	broadcast, rendition string
	from, through        int64
	passing              bool
}

// reservation says that a broadcast's segment numbers below next may have been
// published.
type reservation struct {
	broadcast string
	next      int64
}

// reserve adds one; of each broadcast there is one at most.
func (b *batch) reserve(broadcast string, next int64) {
	for i := range b.reserved {
		if r := &b.reserved[i]; r.broadcast == broadcast {
			r.next = max(r.next, next)
			return
		}
	}
	b.reserved = append(b.reserved, reservation{broadcast, next})
}

// note adds an event. One that is told anew takes the place of what it said.
func (b *batch) note(e store.Event) {
	for i := range b.events {
		if b.events[i].ID == e.ID {
			b.events[i] = e
			return
		}
	}
	b.events = append(b.events, e)
}

// keys are those of the objects that the batch speaks of.
func (b *batch) keys() []string {
	keys := make([]string, 0, len(b.inits)+len(b.segments))
	for i := range b.inits {
		keys = append(keys, b.inits[i].Key)
	}
	for i := range b.segments {
		if s := &b.segments[i]; !s.Gap {
			keys = append(keys, segmentKey(s.BroadcastID, s.Rendition, s.Number))
		}
	}
	return keys
}

// trim adds one; of each rendition there is one at most of either sort.
func (b *batch) trim(t trim) {
	for i := range b.trims {
		if old := &b.trims[i]; old.broadcast == t.broadcast && old.rendition == t.rendition && old.passing == t.passing {
			old.from, old.through = min(old.from, t.from), max(old.through, t.through)
			return
		}
	}
	b.trims = append(b.trims, t)
}

// precede puts an older batch before this one.
func (b *batch) precede(older *batch) {
	b.renditions = append(older.renditions, b.renditions...)
	b.inits = append(older.inits, b.inits...)
	b.segments = append(older.segments, b.segments...)
	b.done = append(older.done, b.done...)
	later := b.events
	b.events = older.events
	for _, e := range later {
		b.note(e)
	}
	for _, r := range older.reserved {
		b.reserve(r.broadcast, r.next)
	}
	for _, t := range older.trims {
		b.trim(t)
	}
}

// write makes objects safe and then the rows that speak of them.
func (c *catalogue) write(b *batch) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	if err := c.sync(ctx, b); err != nil {
		return err
	}
	if len(b.renditions)+len(b.inits)+len(b.segments)+len(b.trims)+len(b.events)+len(b.reserved) == 0 {
		return nil
	}
	err := c.insert(ctx, b)
	if errors.Is(err, store.ErrNotFound) { // a broadcast's row was deleted
		if err = c.withoutDeleted(ctx, b); err == nil {
			err = c.insert(ctx, b)
		}
	}
	return err
}

// sync makes the objects safe, and the files that are being written. An object
// that somebody took away becomes a gap.
func (c *catalogue) sync(ctx context.Context, b *batch) error {
	err := c.files.Sync(ctx, b.keys(), b.spools...)
	if !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	for i := range b.inits {
		if err := c.files.Sync(ctx, []string{b.inits[i].Key}); err != nil && !errors.Is(err, blob.ErrNotFound) {
			return err
		}
	}
	for i := range b.segments {
		s := &b.segments[i]
		if s.Gap {
			continue
		}
		err := c.files.Sync(ctx, []string{segmentKey(s.BroadcastID, s.Rendition, s.Number)})
		switch {
		case errors.Is(err, blob.ErrNotFound):
			s.Gap, s.Bytes = true, 0
			c.lost.Add(1)
		case err != nil:
			return err
		}
	}
	return nil
}

// withoutDeleted takes out what belongs to broadcasts that are not there.
func (c *catalogue) withoutDeleted(ctx context.Context, b *batch) error {
	known := map[string]bool{}
	for i := range b.segments {
		known[b.segments[i].BroadcastID] = false
	}
	for i := range b.inits {
		known[b.inits[i].BroadcastID] = false
	}
	for i := range b.events {
		known[b.events[i].BroadcastID] = false
	}
	for id := range known {
		_, err := c.db.Broadcast(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		known[id] = err == nil
	}
	b.renditions = slices.DeleteFunc(b.renditions, func(r store.Rendition) bool { return !known[r.BroadcastID] })
	b.inits = slices.DeleteFunc(b.inits, func(i store.Init) bool { return !known[i.BroadcastID] })
	b.events = slices.DeleteFunc(b.events, func(e store.Event) bool { return !known[e.BroadcastID] })
	b.segments = slices.DeleteFunc(b.segments, func(s store.Segment) bool { return !known[s.BroadcastID] })
	return nil
}

func (c *catalogue) insert(ctx context.Context, b *batch) error {
	return c.db.Write(ctx, func(tx *store.Tx) error {
		for _, r := range b.renditions {
			if err := tx.PutRendition(ctx, r); err != nil {
				return err
			}
		}
		for _, i := range b.inits {
			if err := tx.PutInit(ctx, i); err != nil {
				return err
			}
		}
		if err := tx.InsertSegments(ctx, b.segments); err != nil {
			return err
		}
		for _, r := range b.reserved {
			if err := tx.ReserveSegments(ctx, r.broadcast, r.next); err != nil {
				return err
			}
		}
		for _, e := range b.events {
			if err := tx.PutEvent(ctx, e); err != nil {
				return err
			}
		}
		for _, t := range b.trims {
			if t.passing {
				if err := tx.LeavePassing(ctx, t.broadcast, t.rendition, t.through); err != nil {
					return err
				}
				continue
			}
			if _, err := tx.DeleteSegments(ctx, t.broadcast, t.rendition, t.through); err != nil {
				return err
			}
		}
		return nil
	})
}

// delete removes the objects of segments that have no rows any more.
func (c *catalogue) delete(t trim) {
	if t.passing {
		if _, err := c.leave(context.Background(), t); err != nil { // it goes when the broadcast is over
			c.log.Warn("what is not recorded cannot be deleted", "broadcast", t.broadcast, "rendition", t.rendition, "error", err)
		}
		return
	}
	kept, err := c.db.KeptNumbers(context.Background(), t.broadcast, t.rendition, t.from, t.through)
	if err != nil { // they go with the recording
		c.log.Warn("old segments cannot be deleted", "broadcast", t.broadcast, "rendition", t.rendition, "error", err)
		return
	}
	for n := t.from; n <= t.through; n++ {
		if len(kept) > 0 && kept[0] == n { // for a clip
			kept = kept[1:]
			continue
		}
		k := segmentKey(t.broadcast, t.rendition, n)
		if err := c.files.Delete(context.Background(), k); err != nil {
			c.log.Warn("old segments cannot be deleted", "broadcast", t.broadcast, "rendition", t.rendition, "error", err)
			return
		}
		c.cache.Forget(k)
		if blockOf(n+1) == blockOf(n) {
			continue
		}
		_ = c.files.Delete(context.Background(), indexKey(t.broadcast, t.rendition, blockOf(n))) // what is left of it is small
	}
}
