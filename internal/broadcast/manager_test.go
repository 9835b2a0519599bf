package broadcast

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/store"
)

// The rows that a crash left are closed at the next start, by what is there of
// their recordings.
func TestRecovery(t *testing.T) {
	h := newHouse(t, Any)
	c, err := h.accounts.EnsureChannel(t.Context(), "alice")
	require.NoError(t, err)
	began := time.Now().Add(-time.Hour).Truncate(time.Millisecond)
	insert := func(state store.State, segments int64) string {
		id := h.db.NewID()
		require.NoError(t, h.db.Write(t.Context(), func(tx *store.Tx) error {
			b := store.Broadcast{ID: id, ChannelID: c.ID, State: state, CreatedAt: began, Recorded: true}
			if state != store.StateOpening {
				b.StartedAt = began.Add(time.Second)
			}
			if err := tx.InsertBroadcast(t.Context(), b); err != nil {
				return err
			}
			var rows []store.Segment
			for n := range segments {
				rows = append(rows, store.Segment{BroadcastID: id, Rendition: "video/source", Number: n, Duration: 2000, Timescale: 1000, Bytes: 10})
			}
			return tx.InsertSegments(t.Context(), rows)
		}))
		return id
	}
	opening, openingKept := insert(store.StateOpening, 0), insert(store.StateOpening, 2)
	onAir, onAirLost, ending := insert(store.StateLive, 3), insert(store.StateLive, 0), insert(store.StateEnded, 1)
	done := insert(store.StateArchived, 1)

	m, err := New(t.Context(), h.m.opts)
	require.NoError(t, err)
	require.NoError(t, m.Shutdown(t.Context()))

	check := func(id string, state store.State, length time.Duration, bytes int64) store.Broadcast {
		t.Helper()
		row := h.row(id)
		require.Equal(t, state, row.State)
		require.Equal(t, length, row.Duration)
		require.Equal(t, bytes, row.Bytes)
		return row
	}
	row := check(opening, store.StateFailed, 0, 0)
	require.Equal(t, "The server stopped before anything was on air.", row.EndReason)
	row = check(openingKept, store.StateArchived, 4*time.Second, 20)
	require.True(t, row.StartedAt.Equal(began), "it was on air, whatever the row says")
	row = check(onAir, store.StateArchived, 6*time.Second, 30)
	require.Equal(t, "The server stopped.", row.EndReason)
	require.True(t, row.EndedAt.Equal(began.Add(7*time.Second)), "it ended with its media, not with the next start: %v", row.EndedAt)
	check(onAirLost, store.StateDiscarded, 0, 0)
	check(ending, store.StateArchived, 2*time.Second, 10)
	check(done, store.StateArchived, 0, 0)
}

func TestShutdown(t *testing.T) {
	h := newHouse(t, Any)
	first, a := h.publish("alice")
	part(t).Send(first)
	h.awaitState(a.ID, store.StateLive)
	second, b := h.publish("bob")
	for _, pub := range []*live.Publisher{first, second} {
		go func() { // as a door does
			<-pub.Kicked()
			pub.Close(live.Lost, nil)
		}()
	}
	require.NoError(t, h.m.Shutdown(t.Context()))
	require.Equal(t, "server_stops", first.Reason().Code)
	require.Equal(t, store.StateArchived, h.row(a.ID).State)
	require.Equal(t, "The server is stopping.", h.row(a.ID).EndReason, "not what the encoder made of it")
	require.Equal(t, store.StateFailed, h.row(b.ID).State)
	require.Nil(t, h.m.Get(a.ID), "nothing lingers")
	require.Empty(t, h.m.byChannel)

	_, err := h.m.Publish(t.Context(), from("127.0.0.1:1", "alice"))
	refused(t, "server_stops", err)
	require.NoError(t, h.m.Shutdown(t.Context()), "twice is once")
}

// A shutdown whose time is over aborts what does not end.
func TestShutdownAborts(t *testing.T) {
	h := newHouse(t, Any)
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	unlock := h.lock()
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error, 1)
	go func() { answer <- h.m.Shutdown(ctx) }()
	<-pub.Kicked()
	cancel()
	<-h.m.ctx.Done()
	unlock() // what remains is the row, which has a time of its own
	err := <-answer
	require.ErrorIs(t, err, context.Canceled)
	require.NotEqual(t, store.StateLive, h.row(b.ID).State)
}

// Broadcasts begin while the manager shuts down: all end, or are refused.
func TestShutdownWhileBroadcastsBegin(t *testing.T) {
	h := newHouse(t, Any)
	began := make(chan struct{}, 1)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for i := 0; ; i++ {
			_, err := h.m.Publish(context.Background(), from("127.0.0.1:1", string(rune('a'+i%26))))
			if err != nil {
				return
			}
			select {
			case began <- struct{}{}:
			default:
			}
		}
	}()
	<-began
	require.NoError(t, h.m.Shutdown(t.Context()))
	<-over
	rows, err := h.db.UnfinishedBroadcasts(t.Context())
	require.NoError(t, err)
	require.Empty(t, rows)
}
