package vod

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// rowsAtOnce is how many segment rows are read by one query.
	rowsAtOnce = 4096
	// maxCached bounds the playlists that are kept rendered, and the MPDs.
	maxCached = 64
	// fresh is how long the list of a broadcast on air is believed: rows come
	// a few times a second at most.
	fresh = 500 * time.Millisecond
)

var (
	// errNothing: a recording has nothing to play.
	errNothing = errors.New("nothing is recorded")
	// errUnknown: a recording has something to play, and no such rendition.
	errUnknown = errors.New("no such rendition")
	// errUncarried: a rendition is of a codec that MPEG-TS has no place for.
	errUncarried = errors.New("not for MPEG-TS")
)

// cache keeps what was read of recordings that are asked for: of broadcasts on
// air it grows, of archived ones it never changes.
type cache[T any] struct {
	mu    sync.Mutex
	items map[string]*T
}

// list is the media playlist of one rendition.
type list struct {
	mu    sync.Mutex
	read  time.Time
	final bool
	m     manifest.Media
	next  int64 // number of the first segment that was not read
	text  *packager.Text
}

func (c *cache[T]) get(id string) *T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if item := c.items[id]; item != nil {
		return item
	}
	if c.items == nil || len(c.items) >= maxCached {
		c.items = map[string]*T{} // rare, and cheap to build again
	}
	item := new(T)
	c.items[id] = item
	return item
}

// drop forgets what nothing came of: whoever asks for what is not there must
// not push out what is.
func (c *cache[T]) drop(id string, item *T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items[id] == item {
		delete(c.items, id)
	}
}

// forget drops what is kept under ids that begin so.
func (c *cache[T]) forget(prefix string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.items, func(id string, _ *T) bool { return strings.HasPrefix(id, prefix) })
}

// layout is where a media playlist lies and what it lists.
type layout struct {
	depth int           // how deep under the root, less the rendition's name
	ts    bool          // MPEG-TS segments
	plain bool          // without the discontinuities that are seams
	reach time.Duration // from its end back; 0 is all
	live  bool          // as it was on air, and not as it was recorded
}

// mediaPlaylist returns the text of a rendition's playlist, an EVENT while the
// broadcast may go on and VOD afterwards, and whether it is final.
func (l *Library) mediaPlaylist(ctx context.Context, b store.Broadcast, rendition string, at layout) (*packager.Text, bool, error) {
	id := fmt.Sprint(b.ID, "/", rendition, "/", at)
	e := l.lists.get(id)
	e.mu.Lock()
	defer e.mu.Unlock()
	final := b.State == store.StateArchived
	if e.final || e.text != nil && !final && time.Since(e.read) < fresh {
		return e.text, e.final, nil
	}
	if err := l.extend(ctx, e, b, rendition, at); err != nil {
		l.lists.drop(id, e)
		return nil, false, err
	}
	if len(e.m.Segments) == 0 {
		l.lists.drop(id, e)
		return nil, false, l.nothing(ctx, b)
	}
	e.m.Type, e.m.Ended = "EVENT", final
	if final {
		e.m.Type = "VOD"
	} else if e.m.MediaSequence > 0 {
		e.m.Type = "" // its oldest segments were deleted: no EVENT (RFC 8216bis 4.4.3.5)
	}
	m := e.m
	if at.reach > 0 {
		m = tail(m, at.reach)
	}
	e.text, e.final, e.read = packager.NewText(m.AppendTo(nil)), final, time.Now()
	if final {
		e.m = manifest.Media{} // the text says it all
	}
	return e.text, final, nil
}

// tail returns what a playlist that has a window lists at its end: as the live
// one had it, so that the numbers of who has missed the end do not go back.
func tail(m manifest.Media, reach time.Duration) manifest.Media {
	first := len(m.Segments) - 1
	for reach -= m.Segments[first].Duration; first > 0 && reach >= m.Segments[first-1].Duration; first-- {
		reach -= m.Segments[first-1].Duration
	}
	for _, s := range m.Segments[:first] {
		if s.Discontinuity {
			m.DiscontinuitySequence++
		}
	}
	m.Type, m.MediaSequence, m.Segments = "", m.MediaSequence+int64(first), m.Segments[first:]
	return m
}

// nothing tells why a rendition of a broadcast has no segments.
func (l *Library) nothing(ctx context.Context, b store.Broadcast) error {
	if !over(b) {
		return errNothing
	}
	extents, err := l.opts.DB.Extents(ctx, b.ID)
	if err == nil && len(extents) > 0 {
		return errUnknown
	}
	return errors.Join(errNothing, err)
}

// extend reads the rows that the list does not have yet.
func (l *Library) extend(ctx context.Context, e *list, b store.Broadcast, rendition string, at layout) error {
	folder := strings.Repeat("../", at.depth+strings.Count(rendition, "/")) + "media/" + b.ID + "/"
	fill := storedEntry(folder + rendition + "/")
	var ts *tsLister
	if at.ts {
		var err error
		if ts, err = l.tsLister(ctx, b, rendition, folder); err != nil {
			return err
		}
		fill = ts.entry
	}
	e.m.TargetDuration = max(e.m.TargetDuration, l.opts.TargetDuration)
	end := int64(store.NoSegment)
	if !at.live {
		var err error
		if end, err = l.recordedEnd(ctx, b.ID, rendition); err != nil {
			return err
		}
	}
	for {
		rows, err := l.opts.DB.Segments(ctx, b.ID, rendition, e.next, rowsAtOnce)
		if err != nil {
			return err
		}
		if ts != nil {
			if rows, err = ts.hear(ctx, rows); err != nil {
				return err
			}
		}
		if !at.live {
			rows = settled(rows)
			for len(rows) > 0 && rows[len(rows)-1].Number >= end {
				rows = rows[:len(rows)-1]
			}
		}
		if len(e.m.Segments) == 0 && len(rows) > 0 {
			if e.m.DiscontinuitySequence, err = l.discontinuities(ctx, b.ID, rendition, rows[0].Number, at.plain); err != nil {
				return err
			}
		}
		for i := range rows {
			rows[i].Discontinuity = rows[i].Discontinuity && (!at.plain || !rows[i].Seam)
			e.append(&rows[i], fill)
		}
		if len(rows) < rowsAtOnce {
			break
		}
	}
	return l.forget(ctx, e, b, rendition)
}

// discontinuities counts those that a list has before a number.
func (l *Library) discontinuities(ctx context.Context, broadcast, rendition string, before int64, plain bool) (int64, error) {
	n, err := l.opts.DB.Discontinuities(ctx, broadcast, rendition, before)
	if err != nil || !plain {
		return n, err
	}
	seams, err := l.opts.DB.Seams(ctx, broadcast, rendition, before)
	return n - seams, err
}

// storedEntry fills in the address of a segment as it is stored.
func storedEntry(prefix string) func(*manifest.Segment, *store.Segment) {
	return func(entry *manifest.Segment, row *store.Segment) {
		entry.URI = prefix + (&packager.Segment{Number: row.Number}).Name()
		if !row.Gap {
			entry.Map = prefix + (&packager.Init{Number: row.Init}).Name()
		}
	}
}

func (e *list) append(row *store.Segment, fill func(*manifest.Segment, *store.Segment)) {
	entry := manifest.Segment{
		Duration:        max(time.Millisecond, media.Duration(row.Duration, row.Timescale)),
		ProgramDateTime: row.ProgramTime, Discontinuity: row.Discontinuity, Gap: row.Gap,
	}
	fill(&entry, row)
	if len(e.m.Segments) == 0 {
		e.m.MediaSequence, e.m.IndependentSegments = row.Number, true
	}
	e.m.IndependentSegments = e.m.IndependentSegments && (row.Independent || row.Gap)
	e.m.TargetDuration = max(e.m.TargetDuration, entry.Duration.Round(time.Second))
	e.m.Segments = append(e.m.Segments, entry)
	e.next = row.Number + 1
}

// forget drops the entries whose segments were deleted from the recording.
func (l *Library) forget(ctx context.Context, e *list, b store.Broadcast, rendition string) error {
	if len(e.m.Segments) == 0 {
		return nil
	}
	rows, err := l.opts.DB.Segments(ctx, b.ID, rendition, 0, 1)
	if err != nil || len(rows) == 0 {
		return err
	}
	gone := int(min(rows[0].Number-e.m.MediaSequence, int64(len(e.m.Segments))))
	for _, s := range e.m.Segments[:max(0, gone)] {
		if s.Discontinuity {
			e.m.DiscontinuitySequence++
		}
	}
	if gone > 0 {
		e.m.Segments, e.m.MediaSequence = e.m.Segments[gone:], rows[0].Number
	}
	return nil
}

// Older implements packager.Archive.
func (l *Library) Older(ctx context.Context, broadcast, rendition string, from, before int64) ([]packager.Listed, error) {
	rows, err := l.opts.DB.Segments(ctx, broadcast, rendition, from, int(max(0, before-from)))
	if err != nil {
		l.log.Error("older segments cannot be listed", "broadcast", broadcast, "error", err)
		return nil, err
	}
	list := make([]packager.Listed, 0, len(rows))
	for i := range rows {
		row := &rows[i]
		if row.Number >= before {
			break
		}
		list = append(list, packager.Listed{
			Number: row.Number, Init: row.Init, Time: row.ProgramTime,
			Duration:      max(time.Millisecond, media.Duration(row.Duration, row.Timescale)),
			Discontinuity: row.Discontinuity, Gap: row.Gap, Independent: row.Independent,
		})
	}
	return list, nil
}

// multivariant describes the renditions of a recording.
func (l *Library) multivariant(ctx context.Context, b store.Broadcast) (*packager.Text, error) {
	renditions, err := l.opts.DB.Renditions(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	totals, err := l.opts.DB.Totals(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	sums := map[string]store.Totals{}
	for _, t := range totals {
		sums[t.Rendition] = t
	}
	var list []packager.Description
	for _, r := range renditions {
		t, ok := sums[r.Name]
		if !ok || t.Bytes == 0 {
			continue
		}
		d := describeRendition(r)
		d.Peak, d.Mean = int(t.PeakBps), int(t.AverageBps())
		list = append(list, d)
	}
	if len(list) == 0 {
		return nil, errNothing
	}
	return packager.NewText(packager.Multivariant(list).AppendTo(nil)), nil
}

// describeRendition is what a multivariant playlist tells of a rendition, save
// its rates.
func describeRendition(r store.Rendition) packager.Description {
	kind := media.Audio
	if r.Kind == media.Video.String() {
		kind = media.Video
	}
	return packager.Description{
		URI: r.Name + ".m3u8", Name: r.Name, Kind: kind, Codecs: r.Codecs, Width: r.Width, Height: r.Height,
		FrameRate: media.Rate{Num: r.FrameRateNum, Den: r.FrameRateDen}, Transfer: r.Transfer, Channels: r.Channels,
	}
}
