package store

import (
	"context"
	"time"
)

// What was on air while recording was stopped has rows as everything else, which
// live playlists and a restart need. They say that it passes: it is not of the
// recording, and leaves when live playlists have left it behind. Its rows stay as
// gaps, for the numbers of a recording have no holes.

// Passes reports whether a segment is on air while recording is stopped, by what
// the broadcast's row says.
func (b *Broadcast) Passes(number int64) bool { return b.StoppedFrom > 0 && number >= b.StoppedFrom }

// PassingRuns lists the runs of segments of a rendition that pass, in order.
func (r Reader) PassingRuns(ctx context.Context, broadcastID, rendition string) (runs []Range, err error) {
	_, err = list(ctx, r, func(row scanner) (struct{}, error) {
		n, err := scanNumber(row)
		if last := len(runs) - 1; last >= 0 && runs[last].Last == n-1 {
			runs[last].Last = n
		} else {
			runs = append(runs, Range{n, n})
		}
		return struct{}{}, err
	}, `SELECT number FROM segments WHERE broadcast_id = $1 AND rendition = $2 AND passing > 0 ORDER BY number`, broadcastID, rendition)
	return runs, wrap(err, "list what passes of %s", rendition)
}

// LeavePassing makes gaps of a rendition's segments that pass, of the numbers up
// to `through`. Those that clips refer to are kept for them.
func (t *Tx) LeavePassing(ctx context.Context, broadcastID, rendition string, through int64) error {
	const those = `broadcast_id = $1 AND rendition = $2 AND number <= $3 AND passing > 0 AND gap = 0`
	n, err := t.exec(ctx, `INSERT INTO kept_segments (`+segmentColumns+`) SELECT `+segmentColumns+` FROM segments s
		WHERE `+those+` AND `+ofClip+` ON CONFLICT (broadcast_id, rendition, number) DO NOTHING`, broadcastID, rendition, through)
	if err == nil && n > 0 {
		_, err = t.exec(ctx, `INSERT INTO kept_renditions (`+keptRendition+`) SELECT `+keptRendition+` FROM renditions
			WHERE broadcast_id = $1 AND name = $2 ON CONFLICT (broadcast_id, name) DO NOTHING`, broadcastID, rendition)
	}
	if err == nil {
		_, err = t.exec(ctx, `UPDATE segments SET gap = 1, bytes = 0 WHERE `+those, broadcastID, rendition, through)
	}
	return wrap(err, "make gaps of what passed of %s", rendition)
}

// Unsettled lists a rendition's segments that pass and whose media may be there,
// by number, from the number `from` on.
func (r Reader) Unsettled(ctx context.Context, broadcastID, rendition string, from int64, limit int) ([]Segment, error) {
	ss, err := list(ctx, r, scanSegmentRow, `SELECT `+segmentRow+` FROM segments
		WHERE broadcast_id = $1 AND rendition = $2 AND number >= $3 AND passing = 1 AND passing > 0 ORDER BY number LIMIT $4`,
		broadcastID, rendition, from, limit)
	return ss, wrap(err, "list what passes of %s", rendition)
}

// SettlePassing says that the media of a rendition's segments that pass, which
// are gaps by now, is gone up to a number.
func (t *Tx) SettlePassing(ctx context.Context, broadcastID, rendition string, through int64) error {
	_, err := t.exec(ctx, `UPDATE segments SET passing = 2
		WHERE broadcast_id = $1 AND rendition = $2 AND number <= $3 AND passing = 1 AND passing > 0 AND gap = 1`, broadcastID, rendition, through)
	return wrap(err, "settle what passed of %s", rendition)
}

// UnsettledBroadcasts lists the ids of broadcasts that were over by then and of
// which segments pass whose media may be there.
func (r Reader) UnsettledBroadcasts(ctx context.Context, by time.Time) (ids []string, err error) {
	for at := ""; ; { // from one to the next by the index
		err := r.q.QueryRowContext(ctx, `SELECT COALESCE(MIN(broadcast_id), '') FROM segments WHERE passing = 1 AND broadcast_id > $1`, at).Scan(&at)
		if err != nil || at == "" {
			return ids, wrap(err, "list broadcasts of which something passes")
		}
		b, err := r.Broadcast(ctx, at)
		if err != nil {
			return ids, err
		}
		if over := b.State == StateArchived || b.State == StateDiscarded || b.State == StateFailed; over && b.EndedAt.Before(by) {
			ids = append(ids, at)
		}
	}
}
