package store

import (
	"context"
	"time"
)

// Totals sums up the segments that a rendition has.
type Totals struct {
	Rendition   string
	Segments    int64         // gaps too
	First, Last int64         // numbers
	Duration    time.Duration // up to the last segment that is of the recording
	Bytes       int64         // of the recording's
	PeakBps     int64         // bits a second of the segment that has most, rounded up, for BANDWIDTH (RFC 8216bis 4.4.6.2)
}

// AverageBps is bits a second over the whole duration, 0 when there is none.
func (t Totals) AverageBps() int64 {
	ms := t.Duration.Milliseconds()
	if ms <= 0 {
		return 0
	}
	return t.Bytes * 8 * 1000 / ms
}

// lastKept is the number of the newest segment that is of the recording, -1 when
// none is.
func scanTotals(row scanner) (t Totals, lastKept int64, err error) {
	var us int64
	err = row.Scan(&t.Rendition, &t.Segments, &t.First, &t.Last, &us, &t.Bytes, &t.PeakBps, &lastKept)
	t.Duration = time.Duration(us) * time.Microsecond
	return t, lastKept, err
}

// Totals sums up each rendition of a broadcast that has segments, by name.
// Between segments of the recording those that pass count as gaps do; behind the
// last they do not.
func (r Reader) Totals(ctx context.Context, broadcastID string) ([]Totals, error) {
	var kept []int64
	scan := func(row scanner) (Totals, error) {
		t, last, err := scanTotals(row)
		kept = append(kept, last)
		return t, err
	}
	// Each segment has its own timescale: it changes when the track does. The
	// casts are for databases where a sum of BIGINT is wider than that.
	ts, err := list(ctx, r, scan, `SELECT rendition, COUNT(*), MIN(number), MAX(number),
		CAST(SUM(duration * 1000000 / timescale) AS BIGINT), CAST(SUM(CASE WHEN passing = 0 THEN bytes ELSE 0 END) AS BIGINT),
		COALESCE(MAX(CASE WHEN duration > 0 AND passing = 0 THEN (bytes * 8 * timescale + duration - 1) / duration END), 0),
		COALESCE(MAX(CASE WHEN passing = 0 THEN number END), -1)
		FROM segments WHERE broadcast_id = $1 GROUP BY rendition ORDER BY rendition`, broadcastID)
	for i := range ts {
		if err != nil || kept[i] == ts[i].Last {
			continue
		}
		var us int64
		err = r.q.QueryRowContext(ctx, `SELECT CAST(COALESCE(SUM(duration * 1000000 / timescale), 0) AS BIGINT) FROM segments
			WHERE broadcast_id = $1 AND rendition = $2 AND number > $3 AND passing > 0`, broadcastID, ts[i].Rendition, kept[i]).Scan(&us)
		ts[i].Duration -= time.Duration(us) * time.Microsecond
	}
	return ts, wrap(err, "sum segments")
}
