package store

import (
	"context"
	"time"
)

// Totals sums up the segments that a rendition has.
type Totals struct {
	Rendition   string
	Segments    int64 // gaps too
	First, Last int64 // numbers
	Duration    time.Duration
	Bytes       int64
	PeakBps     int64 // bits a second of the segment that has most, rounded up, for BANDWIDTH (RFC 8216bis 4.4.6.2)
}

// AverageBps is bits a second over the whole duration, 0 when there is none.
func (t Totals) AverageBps() int64 {
	ms := t.Duration.Milliseconds()
	if ms <= 0 {
		return 0
	}
	return t.Bytes * 8 * 1000 / ms
}

func scanTotals(row scanner) (t Totals, err error) {
	var us int64
	err = row.Scan(&t.Rendition, &t.Segments, &t.First, &t.Last, &us, &t.Bytes, &t.PeakBps)
	t.Duration = time.Duration(us) * time.Microsecond
	return t, err
}

// Totals sums up each rendition of a broadcast that has segments, by name.
func (r Reader) Totals(ctx context.Context, broadcastID string) ([]Totals, error) {
	// Each segment has its own timescale: it changes when the track does. The
	// casts are for databases where a sum of BIGINT is wider than that.
	ts, err := list(ctx, r, scanTotals, `SELECT rendition, COUNT(*), MIN(number), MAX(number),
		CAST(SUM(duration * 1000000 / timescale) AS BIGINT), CAST(SUM(bytes) AS BIGINT),
		COALESCE(MAX(CASE WHEN duration > 0 THEN (bytes * 8 * timescale + duration - 1) / duration END), 0)
		FROM segments WHERE broadcast_id = $1 GROUP BY rendition ORDER BY rendition`, broadcastID)
	return ts, wrap(err, "sum segments")
}
