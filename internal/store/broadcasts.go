package store

import (
	"context"
	"time"
)

// State is where a broadcast stands in its life.
type State string

// The states of a broadcast. It moves from opening to live or failed, from
// live to interrupted and back, from either to ended, and from ended to
// archived or discarded; never another way.
const (
	StateOpening     State = "opening"     // admitted, nothing on air yet
	StateLive        State = "live"        // on air
	StateInterrupted State = "interrupted" // on air, waiting for its encoder to come back
	StateEnded       State = "ended"       // off air, its recorder is still writing
	StateArchived    State = "archived"    // recorded, complete
	StateDiscarded   State = "discarded"   // not recorded, its media is gone
	StateFailed      State = "failed"      // never got on air
)

// Broadcast is one time on air of a channel.
type Broadcast struct {
	ID          string
	ChannelID   string
	ChannelName string // read from the channel, never written
	State       State
	CreatedAt   time.Time
	StartedAt   time.Time     // when its first part was on air; zero before
	EndedAt     time.Time     // zero before
	EndReason   string        // a sentence or a code, as the writer chooses; empty before
	Protocol    string        // "rtmp", …
	Encoder     string        // what the encoder called itself
	Remote      string        // the encoder's address
	Recorded    bool          // its media is kept after its end
	Duration    time.Duration // of its media, in whole milliseconds
	Bytes       int64         // of its recording; 0 before it is archived

	InterruptedAt time.Time     // when its encoder was lost; zero unless it is interrupted
	Keep          time.Duration // how much of its newest media stays recorded, in whole milliseconds; 0 is all
	Reserved      int64         // segment numbers below it may have been published
	StoppedFrom   int64         // recording is stopped: what has this number or more is not of it; 0: it is not stopped

	Title      string // for people
	Visibility string // who may watch it; empty: as its channel says
	KeyID      string // the stream key that its newest encoder came with; empty: none

	Mature            bool      // as its channel is; read from there, never written
	Cover, Storyboard bool      // there are pictures of its recording; read from its stills, never written
	TakenDownAt       time.Time // by itself, and not with its channel; zero: it is up
}

const broadcastQuery = `SELECT b.id, b.channel_id, c.name, b.state, b.created_at, b.started_at, b.ended_at,
	b.end_reason, b.protocol, b.encoder, b.remote, b.recorded, b.duration_ms, b.bytes,
	b.interrupted_at, b.keep_ms, b.reserved, COALESCE(b.stopped_from, 0), b.title, b.visibility, b.key_id, b.taken_down_at, c.mature,
	COALESCE((SELECT s.cover FROM stills s WHERE s.broadcast_id = b.id), 0),
	COALESCE((SELECT CASE WHEN s.tiles > 0 THEN 1 ELSE 0 END FROM stills s WHERE s.broadcast_id = b.id), 0)
	FROM broadcasts b JOIN channels c ON c.id = b.channel_id `

func scanBroadcast(row scanner) (b Broadcast, err error) {
	err = row.Scan(&b.ID, &b.ChannelID, &b.ChannelName, &b.State,
		instant{&b.CreatedAt}, instant{&b.StartedAt}, instant{&b.EndedAt},
		&b.EndReason, &b.Protocol, &b.Encoder, &b.Remote, &b.Recorded, span{&b.Duration}, &b.Bytes,
		instant{&b.InterruptedAt}, span{&b.Keep}, &b.Reserved, &b.StoppedFrom, &b.Title, &b.Visibility, &b.KeyID, instant{&b.TakenDownAt},
		flag{&b.Mature}, flag{&b.Cover}, flag{&b.Storyboard})
	return b, err
}

// Broadcast returns the broadcast with that id, or ErrNotFound.
func (r Reader) Broadcast(ctx context.Context, id string) (Broadcast, error) {
	b, err := scanBroadcast(r.q.QueryRowContext(ctx, broadcastQuery+`WHERE b.id = $1`, id))
	return b, wrap(err, "read broadcast")
}

// BroadcastsByChannel lists a channel's broadcasts in any state, but those that
// were taken down, newest first: those older than the one with the id `before`, or all when it is
// empty.
func (r Reader) BroadcastsByChannel(ctx context.Context, channelID, before string, limit int) ([]Broadcast, error) {
	bs, err := list(ctx, r, scanBroadcast,
		broadcastQuery+`WHERE b.channel_id = $1 AND b.id < $2 AND b.taken_down_at IS NULL ORDER BY b.id DESC LIMIT $3`,
		channelID, cursor(before), limit)
	return bs, wrap(err, "list broadcasts of channel")
}

// LiveBroadcasts lists what is on air, newest first, from `before` as in
// BroadcastsByChannel.
func (r Reader) LiveBroadcasts(ctx context.Context, before string, limit int) ([]Broadcast, error) {
	bs, err := list(ctx, r, scanBroadcast,
		broadcastQuery+`WHERE b.state IN ('live', 'interrupted') AND b.id < $1 ORDER BY b.id DESC LIMIT $2`,
		cursor(before), limit)
	return bs, wrap(err, "list live broadcasts")
}

// PublicRecordings lists broadcasts that are over, can be played and are public,
// by themselves or as their channel is: newest first, from `before` as in
// BroadcastsByChannel.
func (r Reader) PublicRecordings(ctx context.Context, before string, limit int) ([]Broadcast, error) {
	// Each state's newest are read off its end of the index, and each row's
	// channel is looked at until there are enough. Asked for both states at once,
	// SQLite reads and sorts all that there are: 1.9 s of a hundred thousand, for
	// the first page. The last condition says nothing new: without it PostgreSQL
	// comes to a page far down from the newest on. It reads all channels before
	// the first row where it may (EXISTS), so it is asked for one's visibility.
	const public = `recorded = 1 AND id < $1 AND taken_down_at IS NULL AND 'public' = (
		SELECT CASE WHEN channels.taken_down_at IS NOT NULL THEN 'nobody' WHEN broadcasts.visibility = '' THEN channels.visibility ELSE broadcasts.visibility END
		FROM channels WHERE channels.id = channel_id) ORDER BY id DESC LIMIT $2`
	bs, err := list(ctx, r, scanBroadcast, broadcastQuery+`WHERE b.id IN (
		SELECT id FROM (SELECT id FROM broadcasts WHERE state = 'archived' AND `+public+`) archived
		UNION ALL
		SELECT id FROM (SELECT id FROM broadcasts WHERE state = 'ended' AND `+public+`) ended)
		AND b.id < $1 ORDER BY b.id DESC LIMIT $2`, cursor(before), limit)
	return bs, wrap(err, "list public recordings")
}

// UnfinishedBroadcasts lists those that a process which died left behind,
// oldest first: opening, live, interrupted, and ended but not archived.
func (r Reader) UnfinishedBroadcasts(ctx context.Context) ([]Broadcast, error) {
	bs, err := list(ctx, r, scanBroadcast,
		broadcastQuery+`WHERE b.state IN ('opening', 'live', 'interrupted', 'ended') ORDER BY b.id`)
	return bs, wrap(err, "list unfinished broadcasts")
}

// ExpiredRecordings lists recordings that are older than their channels let
// them become, oldest first. otherwise is for channels that say nothing; 0 is
// for ever.
func (r Reader) ExpiredRecordings(ctx context.Context, now time.Time, otherwise time.Duration, limit int) ([]Broadcast, error) {
	var age any
	if otherwise > 0 {
		age = otherwise.Milliseconds()
	}
	bs, err := list(ctx, r, scanBroadcast, broadcastQuery+`WHERE b.state = 'archived' AND b.recorded = 1
		AND b.ended_at < $1 - COALESCE(c.retention_ms, CAST($2 AS BIGINT)) ORDER BY b.id LIMIT $3`, millis(now), age, limit)
	return bs, wrap(err, "list expired recordings")
}

// LargeRecordings lists recordings that take more than is allowed, the oldest
// of each channel that has a limit of its own, and the oldest of all beyond most
// bytes together; 0 is no limit. Without them what is left fits.
func (r Reader) LargeRecordings(ctx context.Context, most int64, limit int) ([]Broadcast, error) {
	const recordings = `broadcasts r WHERE r.state = 'archived' AND r.recorded = 1`
	bs, err := list(ctx, r, scanBroadcast, broadcastQuery+`WHERE b.id IN (
		SELECT id FROM (SELECT r.id, r.channel_id, SUM(r.bytes) OVER (PARTITION BY r.channel_id ORDER BY r.id DESC) AS taken FROM `+recordings+`
			AND r.channel_id IN (SELECT id FROM channels WHERE retention_bytes IS NOT NULL)) own
			WHERE taken > (SELECT retention_bytes FROM channels WHERE channels.id = own.channel_id)
		UNION ALL
		SELECT id FROM (SELECT r.id, SUM(r.bytes) OVER (ORDER BY r.id DESC) AS taken FROM `+recordings+` AND CAST($1 AS BIGINT) > 0) whole
			WHERE taken > CAST($1 AS BIGINT)) ORDER BY b.id LIMIT $2`, most, limit)
	return bs, wrap(err, "list recordings that take too much")
}

// DiscardedWithMedia lists broadcasts that are discarded and whose media was
// not removed yet.
func (r Reader) DiscardedWithMedia(ctx context.Context, limit int) ([]Broadcast, error) {
	bs, err := list(ctx, r, scanBroadcast, broadcastQuery+`WHERE b.state = 'discarded'
		AND EXISTS (SELECT 1 FROM renditions r WHERE r.broadcast_id = b.id) ORDER BY b.id LIMIT $1`, limit)
	return bs, wrap(err, "list discarded broadcasts")
}

// cursor is the upper border of a list that runs from the newest id down.
func cursor(before string) string {
	if before == "" {
		return newestID
	}
	return before
}

// OnAirOfChannel returns the broadcast that a channel has on air, or
// ErrNotFound.
func (r Reader) OnAirOfChannel(ctx context.Context, channelID string) (Broadcast, error) {
	b, err := scanBroadcast(r.q.QueryRowContext(ctx, broadcastQuery+`WHERE b.id =
		(SELECT MAX(id) FROM broadcasts WHERE channel_id = $1 AND state IN ('live', 'interrupted'))`, channelID))
	return b, wrap(err, "read what is on air")
}
