package vod

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// How long a clip is.
const (
	LeastClip   = time.Second
	LongestClip = 3 * time.Minute
)

const (
	// clipWait is how long a clip waits for its end to be recorded: who clips
	// what was just on air is ahead of the segment that is being written.
	clipWait = 12 * time.Second
	// clipLook is how often it looks whether the broadcast has ended instead.
	clipLook = time.Second
	// mostBack bounds the segments that are looked at for a key frame.
	mostBack = 32
)

// Why there is no clip.
var (
	// ErrClipLength: it would be too short or too long.
	ErrClipLength = errors.New("a clip is one second to three minutes long")
	// ErrClipOutside: it reaches to where nothing is recorded.
	ErrClipOutside = errors.New("this is not recorded, or not any more")
)

// Moment is a place in a broadcast: on its media time, or by the clock on the
// wall, which counts when it is not zero.
type Moment struct {
	Media time.Duration
	Wall  time.Time
}

// ClipOrder is what a clip is to be.
type ClipOrder struct {
	Title      string
	User       string // the id of who makes it; empty: the command line
	Start, End Moment
}

// MakeClip makes a clip of a broadcast, on air or over: a row that refers to
// segments, which are kept from then on. Its start is moved to the beginning of
// the picture that is shown then, and one by the clock that is up to LongestClip
// too early to the beginning of the recording. It waits a while for what is not recorded
// yet. The error is ErrClipLength or ErrClipOutside where the order is at fault.
func (l *Library) MakeClip(ctx context.Context, b store.Broadcast, o ClipOrder) (store.Clip, error) {
	c := store.Clip{
		ID: l.opts.DB.NewID(), BroadcastID: b.ID, ChannelID: b.ChannelID, UserID: o.User, Title: o.Title, CreatedAt: time.Now().Truncate(time.Millisecond),
	}
	names, err := l.awaitEnd(ctx, b, &c, o.End)
	if err != nil {
		return c, err
	}
	if c.Start, err = l.startTime(ctx, b.ID, names[0], o.Start); err != nil {
		return c, err
	}
	if length := c.End - c.Start; length < LeastClip || length > LongestClip {
		return c, ErrClipLength
	}
	if err := l.fit(ctx, &c, names[0]); err != nil {
		return c, err
	}
	err = l.opts.DB.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertClip(ctx, c, names[0]); err != nil {
			return err
		}
		return outbox.Put(ctx, tx, outbox.ClipMade, c.ChannelID, c.CreatedAt, func(d *outbox.EventData) error {
			d.Clip, d.Broadcast = outbox.ClipOf(c), outbox.BroadcastOf(b)
			return nil
		})
	})
	if errors.Is(err, store.ErrConflict) {
		err = ErrClipOutside
	}
	if err != nil {
		return c, err
	}
	return l.opts.DB.Clip(ctx, c.ID)
}

// awaitEnd waits until a broadcast is recorded up to a clip's end, which it
// sets, and returns the renditions that the clip is cut by.
func (l *Library) awaitEnd(ctx context.Context, b store.Broadcast, c *store.Clip, end Moment) (names []string, err error) {
	limit, look := time.NewTimer(clipWait), time.NewTicker(clipLook)
	defer limit.Stop()
	defer look.Stop()
	for final := false; ; {
		committed := l.rows.committed()
		var done bool
		if names, done, err = l.reached(ctx, b, c, end); err != nil || done {
			return names, err
		}
		if final || over(b) {
			return names, ErrClipOutside
		}
		select {
		case <-committed:
		case <-look.C:
		case <-limit.C:
			final = true
		case <-ctx.Done():
			return names, ctx.Err()
		}
		if b, err = l.opts.DB.Broadcast(ctx, b.ID); err != nil {
			return names, err
		}
	}
}

// reached reports whether all renditions are recorded up to a clip's end. Of
// what is over the newest picture is the latest end that there is.
func (l *Library) reached(ctx context.Context, b store.Broadcast, c *store.Clip, end Moment) (names []string, done bool, err error) {
	if names, err = l.downloadRenditions(ctx, b.ID); err != nil || len(names) == 0 {
		return names, false, err
	}
	newest, err := l.opts.DB.NewestSegments(ctx, b.ID, names[0], 1)
	if err != nil || len(newest) == 0 {
		return names, false, err
	}
	at, err := l.mediaTime(ctx, b.ID, names[0], end)
	if err != nil {
		return names, false, err
	}
	last, err := l.opts.DB.SegmentAt(ctx, b.ID, names[0], at-time.Millisecond)
	if err != nil {
		return names, false, outside(err)
	}
	recorded := media.Duration(last.Start+last.Duration, last.Timescale)
	if at > recorded {
		// Between two segments there may be a gap; behind the newest there may come more.
		if at > recorded+clipWait { // nobody is to wait for that
			return names, false, ErrClipOutside
		}
		if last.Number == newest[0].Number && (!over(b) || at > recorded+time.Second) {
			return names, false, nil
		}
		at = recorded
	}
	c.Last, c.End = last.Number, at.Truncate(time.Millisecond)
	extents, err := l.opts.DB.Extents(ctx, b.ID)
	if err != nil {
		return names, false, err
	}
	for _, e := range extents {
		if !over(b) && e.Last < last.Number && e.Last+mostAhead > last.Number { // it will have that number in a moment
			return names, false, nil
		}
	}
	return names, true, nil
}

// Begins returns where on the media time the recording of a broadcast begins:
// what a player of it calls 0. It is media.Origin when nothing is recorded.
func (l *Library) Begins(ctx context.Context, broadcast string) (time.Duration, error) {
	names, err := l.downloadRenditions(ctx, broadcast)
	if err != nil || len(names) == 0 {
		return media.Origin, err
	}
	rows, err := l.opts.DB.Segments(ctx, broadcast, names[0], 0, 1)
	if err != nil || len(rows) == 0 {
		return media.Origin, err
	}
	return media.Duration(rows[0].Start, rows[0].Timescale), nil
}

// startTime is mediaTime, but for a moment shortly before the recording begins,
// which is its beginning: who clips the last half minute of what went on air ten
// seconds ago means all of it.
func (l *Library) startTime(ctx context.Context, broadcast, rendition string, m Moment) (time.Duration, error) {
	at, err := l.mediaTime(ctx, broadcast, rendition, m)
	if !errors.Is(err, ErrClipOutside) || m.Wall.IsZero() {
		return at, err
	}
	rows, err := l.opts.DB.Segments(ctx, broadcast, rendition, 0, 1)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, ErrClipOutside
	}
	if early := rows[0].ProgramTime.Sub(m.Wall); early < 0 || early > LongestClip {
		return 0, ErrClipOutside
	}
	return media.Duration(rows[0].Start, rows[0].Timescale).Round(time.Millisecond), nil
}

// mediaTime tells where on the media time a moment lies.
func (l *Library) mediaTime(ctx context.Context, broadcast, rendition string, m Moment) (time.Duration, error) {
	if m.Wall.IsZero() {
		return m.Media.Round(time.Millisecond), nil
	}
	s, err := l.opts.DB.SegmentOn(ctx, broadcast, rendition, m.Wall)
	if err != nil {
		return 0, outside(err)
	}
	into := m.Wall.Sub(s.ProgramTime)
	next, err := l.opts.DB.Segment(ctx, broadcast, rendition, s.Number+1)
	switch {
	case err == nil && !next.Gap: // nothing was on air between the two
		into = min(into, media.Duration(s.Duration, s.Timescale))
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return 0, err
	}
	return (media.Duration(s.Start, s.Timescale) + into).Round(time.Millisecond), nil
}

// outside is ErrClipOutside for what the database does not have.
func outside(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ErrClipOutside
	}
	return err
}

// fit finds the segments that a clip needs: from the one with the key frame
// before its first picture on. It moves the start to where that picture begins.
func (l *Library) fit(ctx context.Context, c *store.Clip, rendition string) error {
	row, err := l.firstOf(ctx, c, rendition)
	if err != nil {
		return err
	}
	var track clipTrack
	for range mostBack {
		if !row.Gap {
			if err := l.readTrack(ctx, &track, []store.Segment{row}, true); err != nil {
				return fmt.Errorf("segment %d: %w", row.Number, err)
			}
			if i, key := track.entry(c.Start); key >= 0 {
				begin(c, &row, track.at(i))
				return nil
			}
		}
		before, err := l.opts.DB.Segment(ctx, c.BroadcastID, rendition, row.Number-1)
		if errors.Is(err, store.ErrNotFound) { // nothing is shown before this
			break
		}
		if err != nil {
			return err
		}
		row = before
	}
	if i := slices.IndexFunc(track.samples, func(s timed) bool { return s.Key }); i >= 0 && !row.Gap {
		begin(c, &row, track.at(i))
		return nil
	}
	return ErrClipOutside
}

// firstOf returns the segment in which a clip's start lies, by decode times.
// Who begins a little before the beginning means that.
func (l *Library) firstOf(ctx context.Context, c *store.Clip, rendition string) (store.Segment, error) {
	row, err := l.opts.DB.SegmentAt(ctx, c.BroadcastID, rendition, c.Start)
	if !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	rows, err := l.opts.DB.Segments(ctx, c.BroadcastID, rendition, 0, 1)
	if err != nil {
		return row, err
	}
	if len(rows) == 0 || media.Duration(rows[0].Start, rows[0].Timescale) > c.Start+time.Second {
		return row, ErrClipOutside
	}
	return rows[0], nil
}

// begin has a clip begin at a moment, with a segment.
func begin(c *store.Clip, row *store.Segment, at time.Duration) {
	c.First, c.Last = row.Number, max(c.Last, row.Number)
	c.Start, c.Lead = at.Round(time.Millisecond), (at - media.Duration(row.Start, row.Timescale)).Round(time.Microsecond)
}
