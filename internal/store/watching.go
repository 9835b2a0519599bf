package store

import (
	"context"
	"math"
	"slices"
	"time"
)

// Watching is what decides who may watch a channel, or one of its broadcasts.
type Watching struct {
	ChannelID  string
	Visibility string // of what was asked for: a broadcast's own, or else its channel's
	Password   string // of the channel's viewers, as its hash; empty: none
	TakenDown  bool   // by itself, or with what it is part of
	ClipsDown  bool   // of a broadcast: some of its clips are, by themselves
}

const channelDown = `CASE WHEN c.taken_down_at IS NULL THEN 0 ELSE 1 END`

func scanWatching(row scanner) (w Watching, err error) {
	err = row.Scan(&w.ChannelID, &w.Visibility, &w.Password, flag{&w.TakenDown}, flag{&w.ClipsDown})
	return w, err
}

// WatchingChannel tells of the channel with that id, or returns ErrNotFound.
func (r Reader) WatchingChannel(ctx context.Context, id string) (Watching, error) {
	w, err := scanWatching(r.q.QueryRowContext(ctx, `SELECT id, visibility, password, `+channelDown+`, 0 FROM channels c WHERE id = $1`, id))
	return w, wrap(err, "read who may watch a channel")
}

// WatchingName tells of the channel that has that folded name, or had it until
// it got another, or returns ErrNotFound.
func (r Reader) WatchingName(ctx context.Context, name string) (Watching, error) {
	w, err := scanWatching(r.q.QueryRowContext(ctx, `SELECT id, visibility, password, `+channelDown+`, 0 FROM channels c
		WHERE id = COALESCE((SELECT id FROM channels WHERE name = $1), (SELECT channel_id FROM channel_names WHERE name = $1))`, name))
	return w, wrap(err, "read who may watch a channel")
}

// WatchingBroadcast tells of the broadcast with that id, or of the clip's with
// that id, or returns ErrNotFound. A recording that was removed is down when all
// clips are that are left of it.
func (r Reader) WatchingBroadcast(ctx context.Context, id string) (Watching, error) {
	w, err := scanWatching(r.q.QueryRowContext(ctx, `SELECT c.id, CASE WHEN b.visibility = '' THEN c.visibility ELSE b.visibility END, c.password,
		CASE WHEN b.taken_down_at IS NOT NULL OR (SELECT k.taken_down_at FROM clips k WHERE k.id = $1) IS NOT NULL OR b.state = 'discarded'
			AND EXISTS (SELECT 1 FROM clips k WHERE k.broadcast_id = b.id AND k.removed_at IS NULL AND k.taken_down_at IS NOT NULL)
			AND NOT EXISTS (SELECT 1 FROM clips k WHERE k.broadcast_id = b.id AND k.removed_at IS NULL AND k.taken_down_at IS NULL)
			THEN 1 ELSE `+channelDown+` END,
		CASE WHEN EXISTS (SELECT 1 FROM clips k WHERE k.broadcast_id = b.id AND k.removed_at IS NULL AND k.taken_down_at IS NOT NULL) THEN 1 ELSE 0 END
		FROM broadcasts b JOIN channels c ON c.id = b.channel_id WHERE b.id = COALESCE((SELECT broadcast_id FROM clips WHERE id = $1), $1)`, id))
	return w, wrap(err, "read who may watch a broadcast")
}

// Shown is which of a broadcast's segments are of something that is up: of its
// recording, or of a clip.
type Shown struct {
	From  int64   // the first number that the recording has; NoSegment: there is none any more
	Clips []Range // in no order
}

// NoSegment is after all numbers of segments.
const NoSegment = math.MaxInt64

// Range is from which number to which, both included.
type Range struct{ First, Last int64 }

// Has reports whether a segment is of something that is up.
func (s *Shown) Has(number int64) bool {
	return number >= s.From || slices.ContainsFunc(s.Clips, func(r Range) bool { return number >= r.First && number <= r.Last })
}

// ShownSegments tells which of a broadcast's segments are of something that is up,
// or returns ErrNotFound. It is asked of broadcasts of which clips are down.
func (r Reader) ShownSegments(ctx context.Context, broadcastID string) (s Shown, err error) {
	b, err := r.Broadcast(ctx, broadcastID)
	if err != nil {
		return s, err
	}
	if b.State == StateDiscarded {
		s.From = NoSegment
	} else {
		extents, err := r.Extents(ctx, broadcastID)
		if err != nil {
			return s, err
		}
		for i, e := range extents {
			if i == 0 || e.First < s.From {
				s.From = e.First
			}
		}
	}
	scan := func(row scanner) (x Range, err error) {
		err = row.Scan(&x.First, &x.Last)
		return x, err
	}
	s.Clips, err = list(ctx, r, scan, `SELECT first_segment, last_segment FROM clips
		WHERE broadcast_id = $1 AND removed_at IS NULL AND taken_down_at IS NULL`, broadcastID)
	return s, wrap(err, "list what is up of %s", broadcastID)
}

// APIToken returns the token with that id, or ErrNotFound.
func (r Reader) APIToken(ctx context.Context, id string) (APIToken, error) {
	a, err := scanAPIToken(r.q.QueryRowContext(ctx, `SELECT `+apiTokenColumns+` FROM api_tokens WHERE id = $1`, id))
	return a, wrap(err, "read api token")
}

// FoundBroadcasts lists, of what BroadcastsByChannel lists, what is as public
// as the channel: not those that were given a narrower visibility of their own.
func (r Reader) FoundBroadcasts(ctx context.Context, channelID, before string, limit int) ([]Broadcast, error) {
	bs, err := list(ctx, r, scanBroadcast,
		broadcastQuery+`WHERE b.channel_id = $1 AND b.id < $2 AND b.visibility IN ('', 'public') AND b.taken_down_at IS NULL ORDER BY b.id DESC LIMIT $3`,
		channelID, cursor(before), limit)
	return bs, wrap(err, "list broadcasts of channel")
}

// KeepSetting writes the JSON of a setting unless there is one, and returns the
// one that there is then.
func (t *Tx) KeepSetting(ctx context.Context, name, value string, at time.Time) (string, error) {
	_, err := t.exec(ctx, `INSERT INTO settings (name, value, changed_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING`,
		name, value, millis(at))
	if err != nil {
		return "", wrap(err, "keep setting")
	}
	return t.Setting(ctx, name)
}
