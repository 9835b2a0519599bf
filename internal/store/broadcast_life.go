package store

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// InsertBroadcast adds a broadcast as it is, usually opening. To insert the
// same id again changes nothing. A channel that is not there is ErrNotFound.
func (t *Tx) InsertBroadcast(ctx context.Context, b Broadcast) error {
	_, err := t.exec(ctx, `INSERT INTO broadcasts (id, channel_id, state, created_at, started_at, ended_at,
		end_reason, protocol, encoder, remote, recorded, duration_ms, bytes, interrupted_at, keep_ms, reserved,
		title, visibility, key_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT (id) DO NOTHING`,
		b.ID, b.ChannelID, string(b.State), millis(b.CreatedAt), millis(b.StartedAt), millis(b.EndedAt),
		b.EndReason, b.Protocol, b.Encoder, b.Remote, bit(b.Recorded), b.Duration.Milliseconds(), b.Bytes,
		millis(b.InterruptedAt), b.Keep.Milliseconds(), b.Reserved, b.Title, b.Visibility, b.KeyID)
	if err != nil {
		return wrap(err, "insert broadcast")
	}
	return t.broadcastDocument(ctx, b.ID, b.Title)
}

// UpdateBroadcast writes what its owner may change of a broadcast, its title
// and its visibility, or returns ErrNotFound.
func (t *Tx) UpdateBroadcast(ctx context.Context, b Broadcast) error {
	if err := t.one(ctx, "update broadcast", `UPDATE broadcasts SET title = $2, visibility = $3 WHERE id = $1`, b.ID, b.Title, b.Visibility); err != nil {
		return err
	}
	return t.broadcastDocument(ctx, b.ID, b.Title)
}

// SetBroadcastKey notes which stream key the newest encoder of a broadcast
// came with.
func (t *Tx) SetBroadcastKey(ctx context.Context, id, keyID string) error {
	return t.one(ctx, "note key of broadcast", `UPDATE broadcasts SET key_id = $2 WHERE id = $1`, id, keyID)
}

// KeepBroadcast notes that all of a broadcast on air is to be kept from now on.
func (t *Tx) KeepBroadcast(ctx context.Context, id string) error {
	return t.one(ctx, "keep broadcast", `UPDATE broadcasts SET recorded = 1, keep_ms = 0, stopped_from = NULL WHERE id = $1`, id)
}

// StopRecording notes that nothing of a broadcast is of its recording from a
// segment number on.
func (t *Tx) StopRecording(ctx context.Context, id string, from int64) error {
	return t.one(ctx, "stop recording", `UPDATE broadcasts SET stopped_from = $2 WHERE id = $1`, id, from)
}

// The methods below each move a broadcast to its next state. Said again they
// change nothing and return nil; a broadcast that stands elsewhere is
// ErrConflict, one that is not there ErrNotFound.

// SetBroadcastLive puts an opening or interrupted broadcast on air. The first
// start counts.
func (t *Tx) SetBroadcastLive(ctx context.Context, id string, at time.Time) error {
	return t.move(ctx, id, "set live", nil,
		`UPDATE broadcasts SET state = 'live', started_at = COALESCE(started_at, $2), interrupted_at = NULL
		WHERE id = $1 AND state IN ('opening', 'live', 'interrupted')`, millis(at))
}

// InterruptBroadcast says that a live broadcast waits for its encoder. The
// first loss counts.
func (t *Tx) InterruptBroadcast(ctx context.Context, id string, at time.Time) error {
	return t.move(ctx, id, "interrupt", nil,
		`UPDATE broadcasts SET state = 'interrupted', interrupted_at = COALESCE(interrupted_at, $2)
		WHERE id = $1 AND state IN ('live', 'interrupted')`, millis(at))
}

// TakeUpBroadcast lets a new process go on with a broadcast that is live or
// interrupted; it is interrupted then. It returns how often that happened,
// this time included.
func (t *Tx) TakeUpBroadcast(ctx context.Context, id string, at time.Time) (epoch int64, err error) {
	if err := t.InterruptBroadcast(ctx, id, at); err != nil {
		return 0, err
	}
	err = t.tx.QueryRowContext(ctx, `UPDATE broadcasts SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch`, id).Scan(&epoch)
	return epoch, wrap(err, "take up broadcast")
}

// ReserveSegments says that segment numbers below next may be published from
// now on. It never takes that back.
func (t *Tx) ReserveSegments(ctx context.Context, id string, next int64) error {
	_, err := t.exec(ctx, `UPDATE broadcasts SET reserved = $2 WHERE id = $1 AND reserved < $2`, id, next)
	return wrap(err, "reserve segments")
}

// EndBroadcast takes a live or interrupted broadcast off air. Duration is
// that of its media so far.
func (t *Tx) EndBroadcast(ctx context.Context, id string, at time.Time, reason string, duration time.Duration) error {
	return t.move(ctx, id, "end", []State{StateEnded, StateArchived, StateDiscarded},
		`UPDATE broadcasts SET state = 'ended', ended_at = $2, end_reason = $3, duration_ms = $4, interrupted_at = NULL
		WHERE id = $1 AND state IN ('live', 'interrupted')`, millis(at), reason, duration.Milliseconds())
}

// ArchiveBroadcast closes an ended broadcast whose recording is complete.
// Said again it corrects duration and bytes, those of the recording.
func (t *Tx) ArchiveBroadcast(ctx context.Context, id string, duration time.Duration, bytes int64) error {
	return t.move(ctx, id, "archive", nil,
		`UPDATE broadcasts SET state = 'archived', duration_ms = $2, bytes = $3
		WHERE id = $1 AND state IN ('ended', 'archived')`, duration.Milliseconds(), bytes)
}

// DiscardBroadcast closes an ended broadcast that is not recorded, or says that
// a recording is gone.
func (t *Tx) DiscardBroadcast(ctx context.Context, id string) error {
	return t.move(ctx, id, "discard", nil,
		`UPDATE broadcasts SET state = 'discarded' WHERE id = $1 AND state IN ('ended', 'archived', 'discarded')`)
}

// FailBroadcast closes an opening broadcast that never got on air.
func (t *Tx) FailBroadcast(ctx context.Context, id string, at time.Time, reason string) error {
	return t.move(ctx, id, "fail", []State{StateFailed},
		`UPDATE broadcasts SET state = 'failed', ended_at = $2, end_reason = $3
		WHERE id = $1 AND state = 'opening'`, millis(at), reason)
}

// move runs an UPDATE whose $1 is the id. When that changes no row, states in
// done say that there was nothing left to do.
func (t *Tx) move(ctx context.Context, id, doing string, done []State, query string, args ...any) error {
	n, err := t.exec(ctx, query, append([]any{id}, args...)...)
	if err != nil {
		return wrap(err, "%s broadcast", doing)
	}
	if n > 0 {
		return nil
	}
	b, err := t.Broadcast(ctx, id)
	if err != nil {
		return fmt.Errorf("%s broadcast: %w", doing, err)
	}
	if slices.Contains(done, b.State) {
		return nil
	}
	return fmt.Errorf("%s broadcast that is %s: %w", doing, b.State, ErrConflict)
}
