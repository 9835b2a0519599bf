package store

import (
	"context"
	"slices"
	"time"
)

// Segment is the row of one media segment of one rendition. Where its bytes
// lie follows from the first three fields.
type Segment struct {
	BroadcastID   string
	Rendition     string
	Number        int64     // media sequence number
	Init          int64     // number of its initialisation segment
	Start         int64     // ticks since the broadcast's epoch
	Duration      int64     // ticks
	Timescale     uint32    // ticks a second
	Bytes         int64     // 0 for a gap
	ProgramTime   time.Time // of its start, in whole milliseconds; zero: not known
	Discontinuity bool      // time or coding does not go on from the segment before
	Seam          bool      // of a discontinuity: only the encoder and the wall clock change there
	Gap           bool      // there are no bytes
	Independent   bool      // decoding can start at its first frame
	Passing       bool      // not of the recording: it becomes a gap when live playlists have left it behind
}

const segmentColumns = `broadcast_id, rendition, number, init, start, duration, timescale, bytes,
	pdt_ms, discontinuity, seam, gap, independent`

// segmentRow are the columns of a recording's segment: what is kept for clips
// alone does not pass.
const segmentRow = segmentColumns + `, passing`

func scanSegment(row scanner) (s Segment, err error) {
	err = row.Scan(s.fields()...)
	return s, err
}

func scanSegmentRow(row scanner) (s Segment, err error) {
	var passing int64
	err = row.Scan(append(s.fields(), &passing)...)
	s.Passing = passing > 0
	return s, err
}

func (s *Segment) fields() []any {
	return []any{
		&s.BroadcastID, &s.Rendition, &s.Number, &s.Init, &s.Start, &s.Duration, &s.Timescale, &s.Bytes,
		instant{&s.ProgramTime},
		&s.Discontinuity, &s.Seam, &s.Gap, &s.Independent,
	}
}

// InsertSegments adds segments of any renditions and broadcasts. A number
// that is there already takes the newer description, so a batch may be sent
// again. A commit costs much more than a row: bring many.
func (t *Tx) InsertSegments(ctx context.Context, segments []Segment) error {
	stmt, err := t.tx.PrepareContext(ctx, `INSERT INTO segments (`+segmentRow+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (broadcast_id, rendition, number) DO UPDATE SET init = excluded.init,
		start = excluded.start, duration = excluded.duration, timescale = excluded.timescale,
		bytes = excluded.bytes, pdt_ms = excluded.pdt_ms, discontinuity = excluded.discontinuity,
		seam = excluded.seam, gap = excluded.gap, independent = excluded.independent, passing = excluded.passing`)
	if err != nil {
		return wrap(err, "prepare insert of segments")
	}
	defer func() { _ = stmt.Close() }() // the transaction closes it in any case
	for i := range segments {
		s := &segments[i]
		_, err := stmt.ExecContext(ctx, s.BroadcastID, s.Rendition, s.Number, s.Init, s.Start, s.Duration,
			int64(s.Timescale), s.Bytes, millis(s.ProgramTime), bit(s.Discontinuity), bit(s.Seam), bit(s.Gap), bit(s.Independent), bit(s.Passing))
		if err != nil {
			t.failed = err
			return wrap(err, "insert segment %d of %s", s.Number, s.Rendition)
		}
	}
	return nil
}

// Segments lists a rendition's segments by number, from the number `from` on.
func (r Reader) Segments(ctx context.Context, broadcastID, rendition string, from int64, limit int) ([]Segment, error) {
	ss, err := list(ctx, r, scanSegmentRow,
		`SELECT `+segmentRow+` FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND number >= $3 ORDER BY number LIMIT $4`,
		broadcastID, rendition, from, limit)
	return ss, wrap(err, "list segments of %s", rendition)
}

// NewestSegments lists a rendition's last segments by number, at most so many.
func (r Reader) NewestSegments(ctx context.Context, broadcastID, rendition string, limit int) ([]Segment, error) {
	ss, err := list(ctx, r, scanSegmentRow,
		`SELECT `+segmentRow+` FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 ORDER BY number DESC LIMIT $3`,
		broadcastID, rendition, limit)
	slices.Reverse(ss)
	return ss, wrap(err, "list newest segments of %s", rendition)
}

// SegmentAt returns the last of a rendition's segments, gaps left out, that
// begins at a media time or before it, or ErrNotFound. What lies far from the
// end takes longer to find.
func (r Reader) SegmentAt(ctx context.Context, broadcastID, rendition string, at time.Duration) (Segment, error) {
	s, err := scanSegmentRow(r.q.QueryRowContext(ctx, `SELECT `+segmentRow+` FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND gap = 0 AND start * 1000 <= CAST($3 AS BIGINT) * timescale ORDER BY number DESC LIMIT 1`,
		broadcastID, rendition, at.Milliseconds()))
	return s, wrap(err, "find segment of %s by its time", rendition)
}

// SegmentOn returns likewise the last that was on air at a moment or before it.
func (r Reader) SegmentOn(ctx context.Context, broadcastID, rendition string, at time.Time) (Segment, error) {
	s, err := scanSegmentRow(r.q.QueryRowContext(ctx, `SELECT `+segmentRow+` FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND gap = 0 AND pdt_ms <= $3 ORDER BY number DESC LIMIT 1`,
		broadcastID, rendition, millis(at)))
	return s, wrap(err, "find segment of %s by its moment", rendition)
}

// Discontinuities returns how many of a rendition's segments before a number
// begin with a discontinuity, those that were deleted included.
func (r Reader) Discontinuities(ctx context.Context, broadcastID, rendition string, before int64) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT
		COALESCE((SELECT trimmed_discontinuities FROM renditions WHERE broadcast_id = $1 AND name = $2), 0) +
		(SELECT COUNT(*) FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND number < $3 AND discontinuity = 1)`,
		broadcastID, rendition, before).Scan(&n)
	return n, wrap(err, "count discontinuities of %s", rendition)
}

// Seams returns how many of those discontinuities are seams.
func (r Reader) Seams(ctx context.Context, broadcastID, rendition string, before int64) (n int64, err error) {
	err = r.q.QueryRowContext(ctx, `SELECT
		COALESCE((SELECT trimmed_seams FROM renditions WHERE broadcast_id = $1 AND name = $2), 0) +
		(SELECT COUNT(*) FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND number < $3 AND discontinuity = 1 AND seam = 1)`, // of that index
		broadcastID, rendition, before).Scan(&n)
	return n, wrap(err, "count seams of %s", rendition)
}

// Segment returns one segment, or ErrNotFound.
func (r Reader) Segment(ctx context.Context, broadcastID, rendition string, number int64) (Segment, error) {
	s, err := scanSegmentRow(r.q.QueryRowContext(ctx,
		`SELECT `+segmentRow+` FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND number = $3`,
		broadcastID, rendition, number))
	return s, wrap(err, "read segment %d of %s", number, rendition)
}

// DeleteSegments removes a rendition's segments up to and including the
// number `through` and returns how many those were, save those that clips refer
// to: these are set aside. Their discontinuities go on being counted.
func (t *Tx) DeleteSegments(ctx context.Context, broadcastID, rendition string, through int64) (int64, error) {
	_, err := t.exec(ctx, `UPDATE renditions SET trimmed_discontinuities = trimmed_discontinuities + (
		SELECT COUNT(*) FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND number <= $3 AND discontinuity = 1),
		trimmed_seams = trimmed_seams + (
		SELECT COUNT(*) FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND number <= $3 AND discontinuity = 1 AND seam = 1)
		WHERE broadcast_id = $1 AND name = $2`, broadcastID, rendition, through)
	if err != nil {
		return 0, wrap(err, "count discontinuities of %s", rendition)
	}
	if err := t.SetAside(ctx, broadcastID, rendition, through); err != nil {
		return 0, err
	}
	n, err := t.exec(ctx, `DELETE FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND number <= $3`,
		broadcastID, rendition, through)
	return n, wrap(err, "delete segments of %s through %d", rendition, through)
}

// DeleteMedia removes all segments, inits and renditions of a broadcast, and
// what is said of its pictures. Its own row stays.
func (t *Tx) DeleteMedia(ctx context.Context, broadcastID string) error {
	for _, table := range []string{"segments", "inits", "stills", "renditions"} {
		if _, err := t.exec(ctx, `DELETE FROM `+table+` WHERE broadcast_id = $1`, broadcastID); err != nil {
			return wrap(err, "delete %s of broadcast", table)
		}
	}
	return nil
}
