package vod

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// stops are the stretches of a broadcast that are on air while its recording is
// stopped, by segment numbers, which all renditions share: from `from` up to and
// not including `to`; of one that goes on `to` is negative.
type stops struct {
	mu     sync.Mutex
	newest int64 // number that was begun last, in any rendition; -1 before the first
	list   []stopped
}

type stopped struct{ from, to int64 }

// enter notes that a segment is begun, and reports whether it passes.
func (s *stops) enter(number int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newest = max(s.newest, number)
	return s.passes(number)
}

// has reports whether a segment passes.
func (s *stops) has(number int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.passes(number)
}

func (s *stops) passes(number int64) bool {
	return slices.ContainsFunc(s.list, func(x stopped) bool { return number >= x.from && (x.to < 0 || number < x.to) })
}

// stop has all passed that follows the segment that is being written, and
// returns from which number on. It reports false when that is so already.
func (s *stops) stop() (from int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.list); n > 0 {
		last := &s.list[n-1]
		if last.to < 0 {
			return last.from, false
		}
		if last.to == s.newest+1 { // nothing of what is kept has begun yet
			last.to = -1
			return last.from, true
		}
	}
	from = max(1, s.newest+1)
	s.list = append(s.list, stopped{from, -1})
	return from, true
}

// resume has the next segment kept again. It reports false when there is no
// stop; afresh tells whether anything passed.
func (s *stops) resume() (afresh, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.list)
	if n == 0 || s.list[n-1].to >= 0 {
		return false, false
	}
	last := &s.list[n-1]
	if last.to = max(s.newest+1, last.from); last.to == last.from {
		s.list = s.list[:n-1]
		return false, true
	}
	return true, true
}

// Stop ends what is recorded with the segment that is being written: what
// follows is on air as before, and leaves with the live playlists. It returns
// the number of the first segment that is not kept, and false when recording was
// stopped already. It may be called while Run runs.
func (r *Recorder) Stop() (from int64, ok bool) { return r.stops.stop() }

// Resume has kept again what follows the segment that is being written. It
// reports false when recording was not stopped; afresh says that something
// passed meanwhile.
func (r *Recorder) Resume() (afresh, ok bool) { return r.stops.resume() }

// TakeUpStop tells the recorder of a stop of an earlier run, by its first number;
// 0 is none. It must be called before Run.
func (r *Recorder) TakeUpStop(from int64) {
	if from > 0 {
		r.stops.list = append(r.stops.list, stopped{from, -1})
	}
}

// passingFor is how long what passes must be there: as long as lists have it, and
// once more (RFC 8216bis 6.2.2). 0 is to the end of the broadcast.
func passingFor(o packager.Options) time.Duration {
	if o.Window == 0 && o.Archive != nil {
		return 0
	}
	return max(2*o.LiveWindow, 2*o.Window) + o.TargetDuration()
}

// takeUpPassing goes on with what passed in an earlier run.
func (r *Recorder) takeUpPassing(ctx context.Context, rendition string, s *spool) error {
	runs, err := r.lib.opts.DB.PassingRuns(ctx, r.p.Broadcast(), rendition)
	if err != nil || len(runs) == 0 {
		return err
	}
	return r.eachRow(ctx, rendition, func(row *store.Segment) {
		s.lasted += lengthOf(row)
		if row.Passing && !row.Gap {
			s.passing = append(s.passing, passed{row.Number, s.lasted})
		}
	})
}

// passed is a segment that passes, and where it ends in what was on air.
type passed struct {
	number int64
	end    time.Duration
}

// pass has what passes deleted once live playlists have left it behind.
func (r *Recorder) pass(rendition string, s *spool, number int64, length time.Duration, passing bool) {
	s.lasted += length
	if passing {
		s.passing = append(s.passing, passed{number, s.lasted})
	}
	keep := passingFor(r.p.Options())
	if keep == 0 {
		return
	}
	t := trim{broadcast: r.p.Broadcast(), rendition: rendition, through: -1, passing: true}
	for len(s.passing) > 0 && s.lasted-s.passing[0].end >= keep {
		if t.through < 0 {
			t.from = s.passing[0].number
		}
		t.through = s.passing[0].number
		s.passing = s.passing[1:]
	}
	if t.through >= 0 {
		r.lib.rows.add(func(b *batch) { b.trim(t) })
	}
}

// SettlePassing removes what was on air while the recording of a broadcast was
// stopped, which must be over, and no live playlist be asked for. When it is cut
// off, Sweep goes on with it.
func (l *Library) SettlePassing(ctx context.Context, broadcast string) error {
	extents, err := l.opts.DB.Extents(ctx, broadcast)
	if err != nil {
		return err
	}
	changed := false
	for _, e := range extents {
		n, err := l.leave(ctx, trim{broadcast: broadcast, rendition: e.Rendition, from: 0, through: e.Last, passing: true})
		if err != nil {
			return err
		}
		changed = changed || n > 0
	}
	if changed {
		l.lists.forget(broadcast)
		l.outlines.forget(broadcast)
	}
	return nil
}

// leave makes gaps of what passes and removes its media, and returns how many
// segments those were.
func (l *Library) leave(ctx context.Context, t trim) (n int, err error) {
	first, err := l.opts.DB.Unsettled(ctx, t.broadcast, t.rendition, t.from, 1)
	if err != nil || len(first) == 0 || first[0].Number > t.through {
		return 0, err
	}
	err = l.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.LeavePassing(ctx, t.broadcast, t.rendition, t.through) })
	if err != nil {
		return 0, err
	}
	return l.rows.leave(ctx, t)
}

// leave removes the media of gaps that passed.
func (c *catalogue) leave(ctx context.Context, t trim) (n int, err error) {
	kept, err := c.db.KeptNumbers(ctx, t.broadcast, t.rendition, t.from, t.through)
	if err != nil {
		return 0, err
	}
	for from := t.from; ; {
		rows, err := c.db.Unsettled(ctx, t.broadcast, t.rendition, from, rowsAtOnce)
		if err != nil {
			return n, err
		}
		for i := range rows {
			from = rows[i].Number + 1
			if rows[i].Number > t.through {
				break
			}
			n++
			if _, clipped := slices.BinarySearch(kept, rows[i].Number); clipped {
				continue
			}
			k := segmentKey(t.broadcast, t.rendition, rows[i].Number)
			if err := c.files.Delete(ctx, k); err != nil {
				return n, err
			}
			c.cache.Forget(k)
		}
		if len(rows) < rowsAtOnce || from > t.through {
			break
		}
	}
	return n, c.db.Write(ctx, func(tx *store.Tx) error {
		return tx.SettlePassing(ctx, t.broadcast, t.rendition, t.through)
	})
}

// settled makes a gap of a row that passes, for who looks at the recording.
func settled(rows []store.Segment) []store.Segment {
	for i := range rows {
		if row := &rows[i]; row.Passing {
			row.Gap, row.Bytes, row.Independent = true, 0, false
		}
	}
	return rows
}

// recordedEnd is the number after the last of a rendition that is of the
// recording: what passes behind it is in no list of it.
func (l *Library) recordedEnd(ctx context.Context, broadcast, rendition string) (int64, error) {
	runs, err := l.opts.DB.PassingRuns(ctx, broadcast, rendition)
	if err != nil || len(runs) == 0 {
		return store.NoSegment, err
	}
	newest, err := l.opts.DB.NewestSegments(ctx, broadcast, rendition, 1)
	if last := runs[len(runs)-1]; err == nil && len(newest) > 0 && newest[0].Number <= last.Last {
		return last.First, nil
	}
	return store.NoSegment, err
}

// NewestPart returns which of its Downloads a recording ends with. It is 1 where
// recording was never stopped, however many there are.
func (l *Library) NewestPart(ctx context.Context, b store.Broadcast) (int, error) {
	extents, err := l.opts.DB.Extents(ctx, b.ID)
	if err != nil {
		return 1, err
	}
	for _, e := range extents {
		runs, err := l.opts.DB.PassingRuns(ctx, b.ID, e.Rendition)
		if err != nil {
			return 1, err
		}
		if len(runs) > 0 {
			parts, err := l.Downloads(ctx, b)
			return max(1, len(parts)), err
		}
	}
	return 1, nil
}

// AwaitListed waits until the segments of a broadcast have rows up to a number,
// or ctx or the broadcast ends.
func (l *Library) AwaitListed(ctx context.Context, broadcast string, through int64, over <-chan struct{}) error {
	for {
		committed := l.rows.committed()
		extents, err := l.opts.DB.Extents(ctx, broadcast)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(extents, func(e store.Extent) bool { return e.Last < through }) {
			return nil
		}
		select {
		case <-committed:
		case <-over:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
