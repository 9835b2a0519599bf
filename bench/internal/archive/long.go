package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// first is the number from which segments are repeated. A broadcast begins with
// a segment of one part, and the next is the rest of that group of pictures.
const first = 2

// Lengthen repeats a round of the clip, as a broadcast recorded it, until the
// broadcast is so long. Its last segment ends now.
//
// The broadcast must have had no break, and round must be the clip's length:
// then each segment of one round is that of the next but for its times.
func (a *Archive) Lengthen(ctx context.Context, id string, round, length time.Duration) error {
	l := lengthening{a: a, id: id, round: round}
	if err := a.transact(ctx, func(tx *sql.Tx) error { return l.rows(ctx, tx, length) }); err != nil {
		return err
	}
	return l.files()
}

// lengthening is one at work.
type lengthening struct {
	a     *Archive
	id    string
	round time.Duration

	renditions []string
	timescale  map[string]int64 // by rendition
	period     int64            // segments of one round
	rounds     int64
}

func (l *lengthening) rows(ctx context.Context, tx *sql.Tx, length time.Duration) error {
	if err := l.measure(ctx, tx); err != nil {
		return err
	}
	l.rounds = max(1, int64(length/l.round))
	// What is after the first round is another beginning of the next.
	if _, err := tx.ExecContext(ctx, `DELETE FROM segments WHERE broadcast_id = ? AND number >= ?`, l.id, first+l.period); err != nil {
		return fmt.Errorf("cut the broadcast: %w", err)
	}
	query, err := copyQuery(ctx, tx, "segments", "broadcast_id", map[string]string{
		"number": "number + ?2 * ?3", "start": "start + ?2 * ?4 * timescale / 1000", "pdt_ms": "pdt_ms + ?2 * ?4",
	})
	if err != nil {
		return err
	}
	add, err := tx.PrepareContext(ctx, query+" AND number >= ?5 AND number < ?5 + ?3")
	if err != nil {
		return fmt.Errorf("prepare to lengthen: %w", err)
	}
	defer func() { _ = add.Close() }()
	for k := int64(1); k < l.rounds; k++ {
		if _, err := add.ExecContext(ctx, l.id, k, l.period, l.round.Milliseconds(), first); err != nil {
			return fmt.Errorf("repeat the segments: %w", err)
		}
	}
	return l.settle(ctx, tx)
}

// measure finds the renditions, and how many segments make a round.
func (l *lengthening) measure(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT f.rendition, f.timescale, (SELECT n.number FROM segments n
			WHERE n.broadcast_id = f.broadcast_id AND n.rendition = f.rendition AND n.start = f.start + ?2 * f.timescale / 1000)
		FROM segments f WHERE f.broadcast_id = ?1 AND f.number = ?3`, l.id, l.round.Milliseconds(), first)
	if err != nil {
		return fmt.Errorf("measure the broadcast: %w", err)
	}
	defer func() { _ = rows.Close() }()
	l.timescale = map[string]int64{}
	for rows.Next() {
		var rendition string
		var timescale int64
		var after sql.NullInt64
		if err := rows.Scan(&rendition, &timescale, &after); err != nil {
			return fmt.Errorf("measure the broadcast: %w", err)
		}
		if !after.Valid || l.period != 0 && after.Int64-first != l.period {
			return fmt.Errorf("%s has no whole round of %v", rendition, l.round)
		}
		l.period, l.timescale[rendition] = after.Int64-first, timescale
		l.renditions = append(l.renditions, rendition)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("measure the broadcast: %w", err)
	}
	if l.period == 0 {
		return errors.New("measure the broadcast: it has no segments")
	}
	return nil
}

// settle brings the broadcast's own row to what it has become.
func (l *lengthening) settle(ctx context.Context, tx *sql.Tx) error {
	for _, query := range []string{
		endsAt,
		`UPDATE broadcasts SET ended_at = ?2, started_at = (SELECT MIN(pdt_ms) FROM segments WHERE broadcast_id = ?1),
			bytes = (SELECT SUM(bytes) FROM segments WHERE broadcast_id = ?1) WHERE id = ?1`,
		`UPDATE broadcasts SET created_at = started_at, duration_ms = ?2 - started_at WHERE id = ?1`,
	} {
		if _, err := tx.ExecContext(ctx, query, l.id, time.Now().UnixMilli()); err != nil {
			return fmt.Errorf("settle the broadcast's row: %w", err)
		}
	}
	return nil
}

// files makes each segment's, and removes what the rows do not speak of.
func (l *lengthening) files() error {
	for _, rendition := range l.renditions {
		folder := filepath.Join(l.a.mediaFolder(l.id), filepath.FromSlash(rendition))
		stale, err := filepath.Glob(filepath.Join(folder, "index*"))
		if err != nil {
			return fmt.Errorf("find the indexes: %w", err)
		}
		for _, path := range stale {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("remove an index: %w", err)
			}
		}
		for n := int64(first); n < first+l.period; n++ {
			if err := l.repeat(folder, n, l.timescale[rendition]); err != nil {
				return fmt.Errorf("repeat segment %d of %s: %w", n, rendition, err)
			}
		}
		for n := first + l.period*l.rounds; ; n++ {
			if err := os.Remove(segmentPath(folder, n)); err != nil {
				break // the last was removed
			}
		}
	}
	return nil
}

func segmentPath(folder string, number int64) string {
	return filepath.Join(folder, "seg"+strconv.FormatInt(number, 10)+".m4s")
}

// repeat writes a segment of the first round into all others.
func (l *lengthening) repeat(folder string, number, timescale int64) error {
	data, err := os.ReadFile(segmentPath(folder, number))
	if err != nil {
		return err
	}
	at, err := decodeTimes(data)
	if err != nil {
		return err
	}
	for k := int64(1); k < l.rounds; k++ {
		for _, t := range at {
			t.add(data, l.round.Milliseconds()*timescale/1000)
		}
		if err := os.WriteFile(segmentPath(folder, number+k*l.period), data, 0o600); err != nil {
			return err
		}
	}
	return nil
}
