package account

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// A key that is used from a network that it was not used from before is told,
// once, without the address; its first use is not.
func TestAKeyFromANewAddress(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	c, err := s.AddChannel(ctx, CommandLine(), "show")
	require.NoError(t, err)
	text, k, err := s.MakeKey(ctx, CommandLine(), "show", "OBS at home", time.Time{})
	require.NoError(t, err)
	w := store.Webhook{ID: s.db.NewID(), ChannelID: c.ID, Kinds: []string{string(outbox.KeyNewAddress)}, Enabled: true, CreatedAt: now}
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error { return tx.InsertWebhook(ctx, w) }))
	told := func() (networks []string) {
		list, err := s.db.Deliveries(ctx, w.ID, "", 1<<62, 100)
		require.NoError(t, err)
		for _, d := range list {
			var data outbox.EventData
			require.NoError(t, json.Unmarshal([]byte(d.Data), &data))
			require.Equal(t, k.ID, data.Key.ID)
			require.Equal(t, "OBS at home", data.Key.Label)
			networks = append([]string{data.Key.Network}, networks...)
		}
		return networks
	}
	use := func(address string) []string {
		t.Helper()
		now = now.Add(time.Minute)
		_, _, err := s.ChannelByKey(ctx, text, Encoder{Address: address})
		require.NoError(t, err)
		return told()
	}
	require.Empty(t, use("192.0.2.7:1000"), "the first use")
	require.Empty(t, use("192.0.2.200:2000"), "the same network")
	require.Equal(t, []string{"198.51.100.0/24"}, use("198.51.100.9:1000"))
	require.Len(t, use("[::ffff:192.0.2.1]:1"), 1, "known, in another form")
	require.Len(t, use("198.51.100.9:1001"), 1)
	require.Equal(t, []string{"198.51.100.0/24", "2001:db8:7::/48"}, use("[2001:db8:7:1::2]:9"))
	require.Len(t, use("[2001:db8:7:ffff::2]:9"), 2)
	require.Len(t, use(""), 2, "from this process")
	require.Len(t, use("198.51.100.9:1001"), 2)
	now = now.Add(networkFor + 24*time.Hour)
	require.Len(t, use("192.0.2.7:1000"), 3, "forgotten, and new again")
	require.Len(t, use("192.0.2.9:1000"), 3)
}

// Keys that were used before networks were known do not come from somewhere new
// with the next use.
func TestAKeyThatWasUsedBefore(t *testing.T) {
	s, ctx := service(t, t.TempDir()), t.Context()
	c, err := s.AddChannel(ctx, CommandLine(), "show")
	require.NoError(t, err)
	text, k, err := s.MakeKey(ctx, CommandLine(), "show", "", time.Time{})
	require.NoError(t, err)
	w := store.Webhook{ID: s.db.NewID(), ChannelID: c.ID, Kinds: []string{string(outbox.KeyNewAddress)}, Enabled: true, CreatedAt: time.Now()}
	require.NoError(t, s.db.Write(ctx, func(tx *store.Tx) error {
		require.NoError(t, tx.TouchStreamKey(ctx, k.ID, time.Now().Add(-time.Hour), "192.0.2.7:1000", "OBS"))
		return tx.InsertWebhook(ctx, w)
	}))
	for i, address := range []string{"192.0.2.8:1000", "203.0.113.1:1000"} {
		_, _, err := s.ChannelByKey(ctx, text, Encoder{Address: address})
		require.NoError(t, err)
		list, err := s.db.Deliveries(ctx, w.ID, "", 1<<62, 100)
		require.NoError(t, err)
		require.Len(t, list, i)
	}
}
