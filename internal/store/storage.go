package store

import (
	"context"
	"math"
)

// Usage is what a channel keeps in the object store.
type Usage struct {
	ChannelID     string
	Channel       string // its name
	Title         string
	Recordings    int64
	RecordedBytes int64 // of recordings that are over
	ClippedBytes  int64 // of media whose recording is gone, and that clips still refer to
	PictureBytes  int64 // of covers and storyboards
}

// Bytes is the sum.
func (u Usage) Bytes() int64 { return u.RecordedBytes + u.ClippedBytes + u.PictureBytes }

// usage sums up by channel. What is on air is summed when it is over. The casts
// are for databases where a sum of BIGINT is wider than that.
const usage = `(SELECT channel_id, SUM(recordings) AS recordings,
		CAST(SUM(recorded) AS BIGINT) AS recorded, CAST(SUM(clipped) AS BIGINT) AS clipped, CAST(SUM(pictures) AS BIGINT) AS pictures,
		CAST(SUM(recorded + clipped + pictures) AS BIGINT) AS total
	FROM (
		SELECT channel_id, 1 AS recordings, bytes AS recorded, 0 AS clipped, 0 AS pictures FROM broadcasts WHERE state = 'archived' AND recorded = 1
		UNION ALL SELECT b.channel_id, 0, 0, k.bytes, 0 FROM kept_segments k JOIN broadcasts b ON b.id = k.broadcast_id
		UNION ALL SELECT b.channel_id, 0, 0, 0, s.bytes FROM stills s JOIN broadcasts b ON b.id = s.broadcast_id
	) parts GROUP BY channel_id) u`

// Usages lists the channels that keep something, those that keep most first:
// at most limit that come after one of so many bytes and that id. A first page
// comes after nothing: LargestUsage.
func (r Reader) Usages(ctx context.Context, bytes int64, channelID string, limit int) ([]Usage, error) {
	us, err := list(ctx, r, scanUsage, `SELECT c.id, c.name, c.title, u.recordings, u.recorded, u.clipped, u.pictures
		FROM `+usage+` JOIN channels c ON c.id = u.channel_id
		WHERE u.total < $1 OR (u.total = $1 AND c.id > $2) ORDER BY u.total DESC, c.id LIMIT $3`, bytes, channelID, limit)
	return us, wrap(err, "list what channels keep")
}

// LargestUsage are bytes from which a list of usages begins.
const LargestUsage = math.MaxInt64

// UsageOfAll sums up all channels.
func (r Reader) UsageOfAll(ctx context.Context) (Usage, error) {
	u, err := scanUsage(r.q.QueryRowContext(ctx, `SELECT '', '', '', CAST(COALESCE(SUM(recordings), 0) AS BIGINT), CAST(COALESCE(SUM(recorded), 0) AS BIGINT),
		CAST(COALESCE(SUM(clipped), 0) AS BIGINT), CAST(COALESCE(SUM(pictures), 0) AS BIGINT) FROM `+usage))
	return u, wrap(err, "sum up what channels keep")
}

func scanUsage(row scanner) (u Usage, err error) {
	err = row.Scan(&u.ChannelID, &u.Channel, &u.Title, &u.Recordings, &u.RecordedBytes, &u.ClippedBytes, &u.PictureBytes)
	return u, err
}
