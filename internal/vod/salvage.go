package vod

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// salvage lists what the last run of the server recorded and had no time to
// list. What cannot be read is left out.
func (l *Library) salvage(ctx context.Context) error {
	rows, err := l.opts.DB.UnfinishedBroadcasts(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		renditions, err := l.search(ctx, row.ID)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(renditions)) {
			n, err := l.adopt(ctx, &row, name, renditions[name])
			if err != nil {
				return fmt.Errorf("%s of broadcast %s: %w", name, row.ID, err)
			}
			if n > 0 {
				l.log.Info("segments of the last run are listed", "channel", row.ChannelName, "broadcast", row.ID, "rendition", name, "segments", n)
			}
		}
	}
	return nil
}

// adopt makes rows of what was found of a rendition, after those that are
// there, and returns how many hold media.
func (l *Library) adopt(ctx context.Context, of *store.Broadcast, rendition string, list []found) (int, error) {
	broadcast := of.ID
	var before *store.Segment // the row of the segment before
	newest, err := l.opts.DB.NewestSegments(ctx, broadcast, rendition, 1)
	if err != nil {
		return 0, err
	}
	if len(newest) > 0 {
		before = &newest[0]
	}
	b := batch{}
	sections := map[int64]section{} // by their number
	for i := range list {
		row, init, err := l.restore(ctx, broadcast, rendition, &list[i], before)
		if err != nil {
			l.log.Warn("a segment of the last run is of no use", "broadcast", broadcast, "rendition", rendition, "segment", list[i].number, "error", err)
			continue
		}
		if before != nil {
			missing := row.Number - before.Number - 1
			each := gapLength(endOf(before), row.ProgramTime, missing, l.opts.TargetDuration)
			for n := before.Number + 1; n < row.Number; n++ {
				gap := gapRow(broadcast, rendition, n, endOf(before), each)
				gap.Passing = of.Passes(n)
				b.segments, before = append(b.segments, gap), &gap
			}
		}
		row.Passing = of.Passes(row.Number)
		sections[row.Init] = init
		if n := len(b.segments); n > 0 && before == &b.segments[n-1] && before.Init == row.Init && !before.Gap {
			// Where the next begins is the truth: the last sample's length was a guess.
			before.Duration = max(1, row.Start-before.Start)
		}
		b.segments = append(b.segments, row)
		before = &b.segments[len(b.segments)-1]
	}
	if len(b.segments) == 0 {
		return 0, nil
	}
	if err := l.addInits(ctx, &b, broadcast, rendition, sections); err != nil {
		return 0, err
	}
	n := 0
	for i := range b.segments {
		if !b.segments[i].Gap {
			n++
		}
	}
	return n, l.rows.write(&b)
}

// section is an initialisation section.
type section struct {
	track *media.Track
	size  int
}

// endOf is the program time at a segment's end.
func endOf(row *store.Segment) time.Time {
	return row.ProgramTime.Add(media.Duration(row.Duration, row.Timescale))
}

// restore reads a segment's bytes and makes its row of what they say, of its
// name in the spool, and of the row before. A file of the spool is cut to its
// whole parts and becomes an object.
func (l *Library) restore(ctx context.Context, broadcast, rendition string, f *found, before *store.Segment) (store.Segment, section, error) {
	row := store.Segment{
		BroadcastID: broadcast, Rendition: rendition, Number: f.number,
		Init: f.init, ProgramTime: f.time, Discontinuity: f.discontinuity, Seam: f.seam,
	}
	if f.bare && before != nil {
		row.Init = before.Init
	}
	init, err := l.section(ctx, initKey(broadcast, rendition, row.Init))
	if err != nil {
		return row, section{}, err
	}
	k := segmentKey(broadcast, rendition, f.number)
	data, err := l.bytesOf(ctx, f.path, k)
	if err != nil {
		return row, section{}, err
	}
	parts, err := fmp4.ParseFragments(data)
	parts = sound(parts, data)
	if len(parts) == 0 {
		return row, section{}, errors.Join(errors.New("it has no whole part"), err)
	}
	newest := parts[len(parts)-1]
	row.Timescale, row.Start, row.Independent = init.track.Timescale, parts[0].DecodeTime, parts[0].Samples[0].Key
	row.Bytes, row.Duration = int64(newest.Offset+newest.Size), newest.DecodeTime-row.Start
	for i := range newest.Samples {
		row.Duration += int64(newest.Samples[i].Duration)
	}
	if f.path != "" {
		if err := os.Truncate(f.path, row.Bytes); err != nil {
			return row, section{}, err
		}
		return row, init, l.opts.Files.Put(ctx, k, f.path)
	}
	if row.Bytes < int64(len(data)) { // the power failed before it was safe
		if err := l.opts.Files.PutBytes(ctx, k, data[:row.Bytes]); err != nil {
			return row, section{}, err
		}
	}
	switch {
	case !f.bare || before == nil:
	case before.Gap:
		row.ProgramTime = endOf(before)
	default:
		row.ProgramTime = before.ProgramTime.Add(media.Duration(row.Start-before.Start, row.Timescale))
	}
	return row, init, nil
}

// hole is how many zeros in a row are no media: coded pictures have no four of
// them (ITU-T H.264 7.4.1, H.265 7.4.2), and sound is not that quiet.
const hole = 256

// sound returns the fragments of data before the first with a hole: a file
// system may keep a file's length through a loss of power, and not its bytes.
func sound(parts []fmp4.Fragment, data []byte) []fmp4.Fragment {
	zeros := make([]byte, hole)
	for i, p := range parts {
		if bytes.Contains(data[p.Offset:p.Offset+p.Size], zeros) {
			return parts[:i]
		}
	}
	return parts
}

// bytesOf reads a file of the spool, or the object when path is empty.
func (l *Library) bytesOf(ctx context.Context, path, key string) ([]byte, error) {
	if path != "" {
		return os.ReadFile(path)
	}
	f, _, err := l.opts.Files.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func (l *Library) section(ctx context.Context, key string) (section, error) {
	b, err := l.bytesOf(ctx, "", key)
	if err != nil {
		return section{}, err
	}
	t, err := fmp4.ParseInit(b)
	return section{t, len(b)}, err
}

// addInits adds to the batch the rows of initialisation sections that have
// none, and the rendition's with them.
func (l *Library) addInits(ctx context.Context, b *batch, broadcast, rendition string, sections map[int64]section) error {
	listed, err := l.opts.DB.Inits(ctx, broadcast, rendition)
	if err != nil {
		return err
	}
	for _, i := range listed {
		delete(sections, i.Number)
	}
	for _, number := range slices.Sorted(maps.Keys(sections)) {
		s := sections[number]
		b.inits = append(b.inits, initRow(broadcast, rendition, number, s.track, s.size))
		b.renditions = append(b.renditions, renditionRow(broadcast, rendition, s.track))
	}
	return nil
}
