package store

import (
	"context"
	"fmt"
	"time"
)

// The kinds of what can be reported and taken down.
const (
	KindChannel   = "channel"
	KindRecording = "recording"
	KindClip      = "clip"
)

// Takedown is something that was taken down: whoever asks for it, or for what
// is part of it, is told so.
type Takedown struct {
	ID        string
	Kind      string
	TargetID  string
	ChannelID string // whose it is
	Reason    string // its words are the caller's
	Actor     string // the name then
	At        time.Time
	Until     time.Time // when it can be undone no longer
	UndoneAt  time.Time // zero: it stands

	// Read from elsewhere, never written.
	ChannelName string
	Title       string // of what it is about; may be empty
}

const takedownQuery = `SELECT t.id, t.kind, t.target_id, t.channel_id, t.reason, t.actor, t.at, t.until, t.undone_at, c.name, ` + titleOf + `
	FROM takedowns t JOIN channels c ON c.id = t.channel_id `

func scanTakedown(row scanner) (d Takedown, err error) {
	err = row.Scan(&d.ID, &d.Kind, &d.TargetID, &d.ChannelID, &d.Reason, &d.Actor, instant{&d.At}, instant{&d.Until}, instant{&d.UndoneAt},
		&d.ChannelName, &d.Title)
	return d, err
}

// Takedown returns the one with that id, or ErrNotFound.
func (r Reader) Takedown(ctx context.Context, id string) (Takedown, error) {
	d, err := scanTakedown(r.q.QueryRowContext(ctx, takedownQuery+`WHERE t.id = $1`, id))
	return d, wrap(err, "read takedown")
}

// TakedownOf returns the takedown of something that stands, or ErrNotFound.
func (r Reader) TakedownOf(ctx context.Context, targetID string) (Takedown, error) {
	d, err := scanTakedown(r.q.QueryRowContext(ctx, takedownQuery+`WHERE t.target_id = $1 AND t.undone_at IS NULL`, targetID))
	return d, wrap(err, "read takedown")
}

// Takedowns lists what was taken down, also what is up again, newest first, from
// `before` as in BroadcastsByChannel.
func (r Reader) Takedowns(ctx context.Context, before string, limit int) ([]Takedown, error) {
	ds, err := list(ctx, r, scanTakedown, takedownQuery+`WHERE t.id < $1 ORDER BY t.id DESC LIMIT $2`, cursor(before), limit)
	return ds, wrap(err, "list takedowns")
}

// TakeDown takes something down that is up. What is not there is ErrNotFound,
// what is down already ErrConflict.
func (t *Tx) TakeDown(ctx context.Context, d Takedown) error {
	if err := t.setTakenDown(ctx, d, d.At); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO takedowns (id, kind, target_id, channel_id, reason, actor, at, until, undone_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)`, d.ID, d.Kind, d.TargetID, d.ChannelID, d.Reason, d.Actor, millis(d.At), millis(d.Until))
	return wrap(err, "take down")
}

// UndoTakedown puts something up again, if its takedown stands; otherwise it is
// ErrNotFound.
func (t *Tx) UndoTakedown(ctx context.Context, d Takedown, at time.Time) error {
	if err := t.one(ctx, "undo takedown", `UPDATE takedowns SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL`, d.ID, millis(at)); err != nil {
		return err
	}
	return t.setTakenDown(ctx, d, time.Time{})
}

func (t *Tx) setTakenDown(ctx context.Context, d Takedown, at time.Time) error {
	var table string
	switch d.Kind {
	case KindChannel:
		table = "channels"
	case KindRecording:
		table = "broadcasts"
	case KindClip:
		table = "clips"
	default:
		return fmt.Errorf("take down a %q: %w", d.Kind, ErrNotFound)
	}
	return t.one(ctx, "take down "+d.Kind, `UPDATE `+table+` SET taken_down_at = $2 WHERE id = $1`, d.TargetID, millis(at))
}

// BanChannel keeps a channel from going on air from then on, or lets it again
// when the time is zero. A channel that is not there is ErrNotFound.
func (t *Tx) BanChannel(ctx context.Context, id string, at time.Time) error {
	return t.one(ctx, "ban channel", `UPDATE channels SET banned_at = $2 WHERE id = $1`, id, millis(at))
}

// BannedChannels lists channels that may not go on air, by name, those whose
// name sorts after `after`.
func (r Reader) BannedChannels(ctx context.Context, after string, limit int) ([]Channel, error) {
	cs, err := list(ctx, r, scanChannel, `SELECT `+channelColumns+` FROM channels
		WHERE banned_at IS NOT NULL AND name > $1 ORDER BY name LIMIT $2`, after, limit)
	return cs, wrap(err, "list banned channels")
}

// RecordingsTakenDown lists recordings that were taken down before then, by
// themselves or with their channels, and have media still.
func (r Reader) RecordingsTakenDown(ctx context.Context, before time.Time, limit int) ([]Broadcast, error) {
	bs, err := list(ctx, r, scanBroadcast, broadcastQuery+`WHERE b.id IN (
		SELECT id FROM broadcasts WHERE taken_down_at < $1 UNION ALL
		SELECT id FROM broadcasts WHERE channel_id IN (SELECT id FROM channels WHERE taken_down_at < $1))
		AND b.state = 'archived' ORDER BY b.id LIMIT $2`, millis(before), limit)
	return bs, wrap(err, "list recordings that were taken down")
}

// ClipsTakenDown lists likewise clips, also those of what was taken down, that
// were not removed.
func (r Reader) ClipsTakenDown(ctx context.Context, before time.Time, limit int) ([]Clip, error) {
	cs, err := list(ctx, r, scanClip, clipQuery+`WHERE k.id IN (
		SELECT id FROM clips WHERE taken_down_at < $1 UNION ALL
		SELECT id FROM clips WHERE removed_at IS NULL AND broadcast_id IN (SELECT id FROM broadcasts WHERE taken_down_at < $1) UNION ALL
		SELECT id FROM clips WHERE removed_at IS NULL AND channel_id IN (SELECT id FROM channels WHERE taken_down_at < $1))
		AND k.removed_at IS NULL ORDER BY k.id LIMIT $2`, millis(before), limit)
	return cs, wrap(err, "list clips that were taken down")
}
