package vod

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// maxReserved bounds the segments that were published and of which nothing was
// kept: numbers are reserved a segment ahead, and a few batches may be late.
const maxReserved = 64

// Past is what a broadcast had on air before the server was started again.
type Past struct {
	packager.Past
	End     time.Duration // where its media ends on its timeline
	EndedAt time.Time     // program time there
}

// Past returns what a broadcast of an earlier run had on air: of each
// rendition its newest segments, as far back as a window of those options
// reaches. Renditions that had come less far than others are brought level, by
// gaps. It is an error when nothing is there.
func (l *Library) Past(ctx context.Context, b store.Broadcast, o packager.Options) (Past, error) {
	extents, err := l.opts.DB.Extents(ctx, b.ID)
	if err != nil {
		return Past{}, err
	}
	if len(extents) == 0 {
		return Past{}, errNothing
	}
	if err := l.level(ctx, b, extents); err != nil {
		return Past{}, fmt.Errorf("level renditions: %w", err)
	}
	renditions, err := l.opts.DB.Renditions(ctx, b.ID)
	if err != nil {
		return Past{}, err
	}
	var past Past
	for _, r := range renditions {
		w, err := l.pastWindow(ctx, &past, b.ID, r, o)
		if err != nil {
			return Past{}, fmt.Errorf("%s: %w", r.Name, err)
		}
		if len(w.Segments) > 0 {
			past.Windows = append(past.Windows, w)
		}
	}
	past.Outline, err = l.pastOutline(ctx, b.ID, past.Windows)
	return past, err
}

// pastOutline reads what the MPD had come to.
func (l *Library) pastOutline(ctx context.Context, broadcast string, windows []packager.PastWindow) (*packager.Outline, error) {
	d := builder{l: l, broadcast: broadcast, live: true}
	for i := range windows { // so that they have the same indexes
		d.tracks = append(d.tracks, &recorded{row: store.Rendition{Name: windows[i].Name}})
	}
	err := d.extend(ctx, true)
	return &d.outline, err
}

// level lists gaps so that all renditions end with the same number, the
// newest that may have been published.
func (l *Library) level(ctx context.Context, b store.Broadcast, extents []store.Extent) error {
	next := b.Reserved
	for _, e := range extents {
		next = max(next, e.Last+1)
	}
	known := map[int64]store.Segment{} // the newest rows of any rendition, by number
	least := next
	for _, e := range extents {
		least = min(least, e.Last+1)
	}
	if next-least > maxReserved {
		return fmt.Errorf("%d segments are missing", next-least)
	}
	for _, e := range extents {
		rows, err := l.opts.DB.Segments(ctx, b.ID, e.Rendition, least-1, maxReserved+1)
		if err != nil {
			return err
		}
		for _, row := range rows {
			row.Discontinuity = row.Discontinuity || known[row.Number].Discontinuity
			row.Seam = row.Seam || known[row.Number].Seam
			known[row.Number] = row
		}
	}
	var missing batch
	for _, e := range extents {
		before, err := l.opts.DB.Segment(ctx, b.ID, e.Rendition, e.Last)
		if err != nil {
			return err
		}
		for n := e.Last + 1; n < next; n++ {
			at, length := endOf(&before), l.opts.TargetDuration/2
			other, ok := known[n]
			if ok {
				at, length = other.ProgramTime, media.Duration(other.Duration, other.Timescale)
			}
			before = gapRow(b.ID, e.Rendition, n, at, max(length, time.Millisecond))
			before.Discontinuity, before.Seam, before.Passing = other.Discontinuity, other.Seam, b.Passes(n)
			missing.segments = append(missing.segments, before)
		}
	}
	return l.rows.write(&missing)
}

// pastWindow reads what a window of one rendition held, and takes note of
// where its media ends.
func (l *Library) pastWindow(ctx context.Context, past *Past, broadcast string, r store.Rendition, o packager.Options) (packager.PastWindow, error) {
	w := packager.PastWindow{Name: r.Name, Kind: media.Audio}
	if r.Kind == media.Video.String() {
		w.Kind = media.Video
	}
	rows, err := l.newest(ctx, broadcast, r.Name, o.Reach())
	if err != nil || len(rows) == 0 {
		return w, err
	}
	inits, err := l.pastInits(ctx, broadcast, r.Name, rows)
	if err != nil {
		return w, err
	}
	w.Inits = inits
	var init *packager.Init
	for i := range rows {
		row := &rows[i]
		seg := &packager.Segment{
			Number: row.Number, Time: row.ProgramTime, Discontinuity: row.Discontinuity, Seam: row.Seam, Gap: row.Gap,
			Duration: max(time.Millisecond, media.Duration(row.Duration, row.Timescale)),
		}
		if seg.Duration > l.opts.TargetDuration {
			return w, errors.New("segments are longer than hls.segment allows now") // a list keeps its target duration
		}
		if !row.Gap {
			init = inits[row.Init-inits[0].Number]
			seg.Start, seg.Ticks, seg.Size, seg.Independent = row.Start, row.Duration, row.Bytes, row.Independent
			seg.Stored(l.opener(segmentKey(broadcast, r.Name, row.Number)))
			past.End = max(past.End, media.Duration(row.Start+row.Duration, row.Timescale))
		}
		seg.Init = init
		w.Segments = append(w.Segments, seg)
		if end := endOf(row); end.After(past.EndedAt) {
			past.EndedAt = end
		}
	}
	w.PartTarget = l.partTarget(ctx, broadcast, r.Name, rows)
	if w.Seams, err = l.opts.DB.Seams(ctx, broadcast, r.Name, rows[0].Number); err != nil {
		return w, err
	}
	w.Discontinuities, err = l.opts.DB.Discontinuities(ctx, broadcast, r.Name, rows[0].Number)
	return w, err
}

// newest returns the rows of a rendition's newest segments that together last
// as long as reach, or a little more.
func (l *Library) newest(ctx context.Context, broadcast, rendition string, reach time.Duration) ([]store.Segment, error) {
	const fewest = 64 // most windows are that short
	for limit := fewest; ; limit *= 4 {
		rows, err := l.opts.DB.NewestSegments(ctx, broadcast, rendition, min(limit, rowsAtOnce))
		if err != nil {
			return nil, err
		}
		first, left := len(rows), reach
		for first > 0 && left > 0 {
			first--
			left -= media.Duration(rows[first].Duration, rows[first].Timescale)
		}
		if left <= 0 || len(rows) < limit || limit >= rowsAtOnce {
			return rows[first:], nil
		}
	}
}

// pastInits reads the initialisation sections that the rows need, and all
// newer ones.
func (l *Library) pastInits(ctx context.Context, broadcast, rendition string, rows []store.Segment) ([]*packager.Init, error) {
	listed, err := l.opts.DB.Inits(ctx, broadcast, rendition)
	if err != nil || len(listed) == 0 {
		return nil, errors.Join(err, errNothing)
	}
	first := listed[len(listed)-1].Number
	for i := range rows {
		if !rows[i].Gap {
			first = min(first, rows[i].Init)
		}
	}
	var inits []*packager.Init
	for _, row := range listed {
		if row.Number < first {
			continue
		}
		if row.Number != first+int64(len(inits)) {
			return nil, fmt.Errorf("initialisation section %d is missing", first+int64(len(inits)))
		}
		b, err := l.bytesOf(ctx, "", row.Key)
		if err != nil {
			return nil, err
		}
		t, err := fmp4.ParseInit(b)
		if err != nil {
			return nil, err
		}
		inits = append(inits, &packager.Init{Number: row.Number, Track: t, Bytes: b})
	}
	return inits, nil
}

// partTarget returns a part target that holds for what was published: the
// longest part of the newest segments, rounded up to whole milliseconds.
func (l *Library) partTarget(ctx context.Context, broadcast, rendition string, rows []store.Segment) time.Duration {
	const enough = 3 // segments
	var longest time.Duration
	for i, read := len(rows)-1, 0; i >= 0 && read < enough; i-- {
		if rows[i].Gap {
			continue
		}
		read++
		data, err := l.bytesOf(ctx, "", segmentKey(broadcast, rendition, rows[i].Number))
		if err != nil {
			continue // the window will answer for it
		}
		parts, _ := fmp4.ParseFragments(data) // what can be read of it
		for _, p := range parts {
			var ticks int64
			for j := range p.Samples {
				ticks += int64(p.Samples[j].Duration)
			}
			longest = max(longest, media.Duration(ticks, rows[i].Timescale))
		}
	}
	return (longest + time.Millisecond - 1).Truncate(time.Millisecond)
}

// opener returns what opens a stored segment.
func (l *Library) opener(key string) func() (*os.File, error) {
	return func() (*os.File, error) {
		f, _, err := l.opts.Files.Get(context.Background(), key)
		return f, err
	}
}
