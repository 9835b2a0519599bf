package outbox

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/storetest"
)

func TestMoves(t *testing.T) {
	for _, c := range []struct {
		before, after store.State
		want          []Kind
	}{
		{store.StateOpening, store.StateLive, []Kind{BroadcastStarted}},
		{store.StateOpening, store.StateFailed, nil},
		{store.StateOpening, store.StateInterrupted, []Kind{BroadcastStarted, BroadcastInterrupted}},
		{store.StateOpening, store.StateArchived, []Kind{BroadcastStarted, BroadcastEnded, RecordingReady}},
		{store.StateLive, store.StateLive, nil},
		{store.StateLive, store.StateInterrupted, []Kind{BroadcastInterrupted}},
		{store.StateInterrupted, store.StateInterrupted, nil},
		{store.StateInterrupted, store.StateLive, []Kind{BroadcastResumed}},
		{store.StateLive, store.StateEnded, []Kind{BroadcastEnded}},
		{store.StateLive, store.StateArchived, []Kind{BroadcastEnded, RecordingReady}},
		{store.StateInterrupted, store.StateDiscarded, []Kind{BroadcastEnded}},
		{store.StateEnded, store.StateArchived, []Kind{RecordingReady}},
		{store.StateArchived, store.StateArchived, nil},
		{store.StateArchived, store.StateDiscarded, nil},
	} {
		require.Equal(t, c.want, moves(c.before, c.after), "from %s to %s", c.before, c.after)
	}
}

// What is told is written with what it tells of, for all who listen and nobody
// else, or not at all.
func TestPut(t *testing.T) {
	db, ctx := storetest.Open(t, filepath.Join(t.TempDir(), "rostrum.db"), slog.New(slog.DiscardHandler)), t.Context()
	day := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	c := store.Channel{ID: db.NewID(), Name: "show", Title: "My show", CreatedAt: day}
	b := store.Broadcast{ID: db.NewID(), ChannelID: c.ID, State: store.StateOpening, CreatedAt: day, Recorded: true, Title: "Evening"}
	own := store.Webhook{ID: db.NewID(), ChannelID: c.ID, Kinds: []string{"broadcast.started", "recording.ready"}, Enabled: true, CreatedAt: day}
	site := store.Webhook{ID: db.NewID(), Kinds: []string{"broadcast.ended", "recording.ready"}, Enabled: true, CreatedAt: day}
	write := func(fn func(*store.Tx) error) {
		t.Helper()
		require.NoError(t, db.Write(ctx, fn))
	}
	write(func(tx *store.Tx) error {
		require.NoError(t, tx.InsertChannel(ctx, c))
		require.NoError(t, tx.InsertBroadcast(ctx, b))
		require.NoError(t, tx.InsertWebhook(ctx, own))
		return tx.InsertWebhook(ctx, site)
	})
	told := func(w store.Webhook) (messages []EventMessage) {
		t.Helper()
		list, err := db.Deliveries(ctx, w.ID, "", 1<<62, 100)
		require.NoError(t, err)
		for _, d := range list {
			require.Equal(t, store.DeliveryWaiting, d.State)
			m, err := Message(d, "https://tv.example")
			require.NoError(t, err)
			messages = append([]EventMessage{m}, messages...)
		}
		return messages
	}
	start := func(tx *store.Tx) error {
		return Follow(ctx, tx, b.ID, day, func() error { return tx.SetBroadcastLive(ctx, b.ID, day) })
	}
	require.ErrorIs(t, db.Write(ctx, func(tx *store.Tx) error {
		require.NoError(t, start(tx))
		return store.ErrConflict
	}), store.ErrConflict)
	require.Empty(t, told(own), "what did not happen is not told")

	write(start)
	write(start)
	write(func(tx *store.Tx) error {
		return Follow(ctx, tx, b.ID, day.Add(time.Minute), func() error {
			require.NoError(t, tx.EndBroadcast(ctx, b.ID, day.Add(time.Minute), "The encoder stopped.", time.Minute))
			return tx.ArchiveBroadcast(ctx, b.ID, time.Minute, 1000)
		})
	})
	mine, all := told(own), told(site)
	require.Len(t, mine, 2)
	require.Len(t, all, 2)
	require.Equal(t, []Kind{BroadcastStarted, RecordingReady}, []Kind{mine[0].Type, mine[1].Type})
	require.Equal(t, []Kind{BroadcastEnded, RecordingReady}, []Kind{all[0].Type, all[1].Type})
	require.Equal(t, mine[1].ID, all[1].ID, "one event")
	require.Equal(t, []int64{1, 2}, []int64{mine[0].Sequence, mine[1].Sequence})
	require.Equal(t, EventMessage{
		ID: mine[0].ID, Type: BroadcastStarted, Timestamp: day, Sequence: 1,
		Data: EventData{
			Channel: &EventChannel{ID: c.ID, Name: "show", Title: "My show", URL: "https://tv.example/@show"},
			Broadcast: &EventBroadcast{
				ID: b.ID, Title: "Evening", State: "live", StartedAt: &day, Recorded: true, URL: "https://tv.example/v/" + b.ID,
				Playlist: "https://tv.example/vod/" + b.ID + "/index.m3u8", Download: "https://tv.example/vod/" + b.ID + "/download.mp4",
			},
		},
	}, mine[0])
	require.Equal(t, int64(60_000), mine[1].Data.Broadcast.DurationMS)
	require.Equal(t, "archived", mine[1].Data.Broadcast.State)
	require.Equal(t, "The encoder stopped.", mine[1].Data.Broadcast.EndReason)
}

func TestReportsAreForTheSite(t *testing.T) {
	for _, k := range Kinds() {
		require.Equal(t, k != ReportMade, ForChannels(k), k)
	}
	require.False(t, ForChannels(Ping))
	require.False(t, ForChannels("x"))
}
