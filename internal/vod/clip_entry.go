package vod

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// ClipEntry returns the key frame that stands for a clip: the first that is
// shown in it. A clip that has none is shown by the one at which its decoding
// begins. The error is ErrNoPictures for a clip without any, also for one that
// was removed.
func (l *Library) ClipEntry(ctx context.Context, c store.Clip) (Entry, error) {
	if !c.RemovedAt.IsZero() {
		return Entry{}, ErrNoPictures
	}
	v, err := l.view(ctx, c)
	if errors.Is(err, errNothing) {
		err = ErrNoPictures
	}
	if err != nil {
		return Entry{}, err
	}
	name := v.source[0] // pictures come first
	if !slices.ContainsFunc(v.renditions, func(r store.Rendition) bool { return r.Name == name && r.Kind == media.Video.String() }) {
		return Entry{}, ErrNoPictures
	}
	var t clipTrack
	for i := range v.rows[name] { // one after the other: most clips have it in the first or the second
		if err := l.readTrack(ctx, &t, v.rows[name][i:i+1], false); err != nil {
			return Entry{}, err
		}
		if key := t.keyWithin(c.Start, c.End); key >= 0 {
			return t.entryAt(key, c.BroadcastID, name), nil
		}
	}
	if _, key := t.entry(c.Start); key >= 0 {
		return t.entryAt(key, c.BroadcastID, name), nil
	}
	return Entry{}, ErrNoPictures
}

// keyWithin is the first key frame that is shown between two moments, -1 when
// there is none.
func (t *clipTrack) keyWithin(from, to time.Duration) int {
	return slices.IndexFunc(t.samples, func(s timed) bool {
		at := media.Duration(s.shown, t.timescale).Round(time.Millisecond)
		return s.Key && at >= from && at < to
	})
}

func (t *clipTrack) entryAt(i int, broadcast, rendition string) Entry {
	s := &t.samples[i]
	return Entry{
		At: t.at(i), Init: s.init, broadcast: broadcast, rendition: rendition, number: s.segment, offset: s.offset, size: int64(s.Size),
	}
}
