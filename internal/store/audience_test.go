package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func testAudience(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	b := addBroadcast(t, db, addChannel(t, db, "a"), StateLive, true)
	_, err := db.Audience(ctx, b.ID)
	require.ErrorIs(t, err, ErrNotFound, "nobody watched")

	add := func(a Audience, minutes ...AudienceMinute) {
		a.BroadcastID = b.ID
		write(t, db, func(ctx context.Context, tx *Tx) error {
			for _, m := range minutes {
				if err := tx.AddAudienceMinute(ctx, b.ID, m); err != nil {
					return err
				}
			}
			return tx.AddAudience(ctx, a)
		})
	}
	minute := func(n int) time.Time { return day.Truncate(time.Hour).Add(time.Duration(n) * time.Minute) }
	add(Audience{Viewings: 3, Peak: 2, Watched: time.Minute, Quality: "first"}, AudienceMinute{minute(0), 2, 50 * time.Second}, AudienceMinute{minute(1), 1, 10 * time.Second})
	add(Audience{Viewings: 1, Peak: 1, Watched: time.Second, Quality: "second"}, AudienceMinute{minute(1), 3, time.Second}, AudienceMinute{minute(7), 1, time.Second})

	a, err := db.Audience(ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, Audience{BroadcastID: b.ID, Viewings: 4, Peak: 2, Watched: 61 * time.Second, Quality: "second"}, a)
	ms, err := db.AudienceMinutes(ctx, b.ID, time.Minute)
	require.NoError(t, err)
	require.Equal(t, []AudienceMinute{{minute(0), 2, 50 * time.Second}, {minute(1), 3, 11 * time.Second}, {minute(7), 1, time.Second}}, ms)
	ms, err = db.AudienceMinutes(ctx, b.ID, 5*time.Minute)
	require.NoError(t, err)
	require.Equal(t, []AudienceMinute{{minute(0), 3, 61 * time.Second}, {minute(5), 1, time.Second}}, ms)

	err = db.Write(ctx, func(tx *Tx) error { return tx.AddAudience(ctx, Audience{BroadcastID: "gone"}) })
	require.ErrorIs(t, err, ErrNotFound, "a broadcast that was deleted meanwhile")
}
