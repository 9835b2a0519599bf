package store

import (
	"context"
	"fmt"
	"time"
)

// Stills is what was made of a recording's pictures. Where the files lie
// follows from the broadcast.
type Stills struct {
	BroadcastID string
	MadeAt      time.Time
	Cover       bool
	Tiles       int    // of the storyboard; 0: there is none
	Sheets      int    // pictures that they lie on
	Bytes       int64  // of all files
	Failed      string // why there is nothing; empty: there is something
}

func scanStills(row scanner) (s Stills, err error) {
	err = row.Scan(&s.BroadcastID, instant{&s.MadeAt}, flag{&s.Cover}, &s.Tiles, &s.Sheets, &s.Bytes, &s.Failed)
	return s, err
}

// Stills returns what was made of a recording's pictures, or ErrNotFound when
// that was not tried.
func (r Reader) Stills(ctx context.Context, broadcastID string) (Stills, error) {
	s, err := scanStills(r.q.QueryRowContext(ctx, `SELECT broadcast_id, made_at, cover, tiles, sheets, bytes, failed
		FROM stills WHERE broadcast_id = $1`, broadcastID))
	return s, wrap(err, "read stills of %s", broadcastID)
}

// PutStills says what was made of a recording's pictures, in place of what was
// said before. A broadcast that is not archived, any more or yet, is
// ErrConflict: its files are not wanted.
func (t *Tx) PutStills(ctx context.Context, s Stills) error {
	b, err := t.Broadcast(ctx, s.BroadcastID)
	if err != nil {
		return err
	}
	if b.State != StateArchived {
		return fmt.Errorf("put stills of broadcast that is %s: %w", b.State, ErrConflict)
	}
	_, err = t.exec(ctx, `INSERT INTO stills (broadcast_id, made_at, cover, tiles, sheets, bytes, failed)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (broadcast_id) DO UPDATE SET made_at = excluded.made_at, cover = excluded.cover,
		tiles = excluded.tiles, sheets = excluded.sheets, bytes = excluded.bytes, failed = excluded.failed`,
		s.BroadcastID, millis(s.MadeAt), bit(s.Cover), s.Tiles, s.Sheets, s.Bytes, s.Failed)
	return wrap(err, "put stills of %s", s.BroadcastID)
}

// Pictured is a recording, and whether pictures of it were tried to be made.
type Pictured struct {
	ID    string
	Tried bool
}

func scanPictured(row scanner) (p Pictured, err error) {
	err = row.Scan(&p.ID, flag{&p.Tried})
	return p, err
}

// Pictured lists the recordings that are complete, newest first, from `before`
// as in BroadcastsByChannel.
func (r Reader) Pictured(ctx context.Context, before string, limit int) ([]Pictured, error) {
	ps, err := list(ctx, r, scanPictured, `SELECT id,
		CASE WHEN EXISTS (SELECT 1 FROM stills WHERE stills.broadcast_id = broadcasts.id) THEN 1 ELSE 0 END
		FROM broadcasts WHERE state = 'archived' AND recorded = 1 AND id < $1 ORDER BY id DESC LIMIT $2`, cursor(before), limit)
	return ps, wrap(err, "list recordings with their stills")
}
