package store

import (
	"context"
	"time"
)

// Audience sums up who watched a broadcast.
type Audience struct {
	BroadcastID string
	Viewings    int64         // that began
	Peak        int64         // most at once
	Watched     time.Duration // by all of them together, in whole milliseconds
	Quality     string        // JSON, of who counts
}

// AudienceMinute is one minute of it.
type AudienceMinute struct {
	At      time.Time // when the minute began
	Peak    int64
	Watched time.Duration
}

// Audience returns what is kept of a broadcast's audience, or ErrNotFound where
// nobody watched.
func (r Reader) Audience(ctx context.Context, broadcastID string) (Audience, error) {
	var a Audience
	err := r.q.QueryRowContext(ctx, `SELECT broadcast_id, viewings, peak, watch_ms, quality FROM audiences WHERE broadcast_id = $1`, broadcastID).
		Scan(&a.BroadcastID, &a.Viewings, &a.Peak, span{&a.Watched}, &a.Quality)
	return a, wrap(err, "read audience")
}

// AddAudience adds to what is kept of a broadcast's audience: sums are added, of
// the peaks the higher stays, and quality replaces what was there. A broadcast
// that is gone is ErrNotFound.
func (t *Tx) AddAudience(ctx context.Context, a Audience) error {
	_, err := t.exec(ctx, `INSERT INTO audiences (broadcast_id, viewings, peak, watch_ms, quality) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (broadcast_id) DO UPDATE SET viewings = audiences.viewings + excluded.viewings,
			peak = CASE WHEN audiences.peak > excluded.peak THEN audiences.peak ELSE excluded.peak END,
			watch_ms = audiences.watch_ms + excluded.watch_ms, quality = excluded.quality`,
		a.BroadcastID, a.Viewings, a.Peak, a.Watched.Milliseconds(), a.Quality)
	return wrap(err, "add to audience")
}

// AddAudienceMinute does the same for one minute.
func (t *Tx) AddAudienceMinute(ctx context.Context, broadcastID string, m AudienceMinute) error {
	_, err := t.exec(ctx, `INSERT INTO audience_minutes (broadcast_id, at, peak, watch_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (broadcast_id, at) DO UPDATE SET watch_ms = audience_minutes.watch_ms + excluded.watch_ms,
			peak = CASE WHEN audience_minutes.peak > excluded.peak THEN audience_minutes.peak ELSE excluded.peak END`,
		broadcastID, millis(m.At), m.Peak, m.Watched.Milliseconds())
	return wrap(err, "add to minute of audience")
}

// AudienceMinutes lists a broadcast's minutes in which somebody watched, oldest
// first, summed up by `every`, which is a whole number of minutes.
func (r Reader) AudienceMinutes(ctx context.Context, broadcastID string, every time.Duration) ([]AudienceMinute, error) {
	ms, err := list(ctx, r, func(row scanner) (m AudienceMinute, err error) {
		err = row.Scan(instant{&m.At}, &m.Peak, span{&m.Watched})
		return m, err
	}, `SELECT at - at % $2, MAX(peak), CAST(SUM(watch_ms) AS BIGINT) FROM audience_minutes WHERE broadcast_id = $1
		GROUP BY at - at % $2 ORDER BY at - at % $2`, broadcastID, every.Milliseconds())
	return ms, wrap(err, "list minutes of audience")
}
