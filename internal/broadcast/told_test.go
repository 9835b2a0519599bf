package broadcast

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Each turn in a broadcast's life is told once and in order, also of what a
// restart came into.
func TestABroadcastsLifeIsTold(t *testing.T) {
	h := waiting(t, limit)
	w := store.Webhook{ID: h.db.NewID(), Enabled: true, CreatedAt: time.Now()}
	for _, k := range outbox.Kinds() {
		w.Kinds = append(w.Kinds, string(k))
	}
	require.NoError(t, h.db.Write(t.Context(), func(tx *store.Tx) error { return tx.InsertWebhook(t.Context(), w) }))
	pub, b := h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Lost, nil)
	h.awaitState(b.ID, store.StateInterrupted)
	pub, _ = h.publish("alice")
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Lost, nil)
	h.awaitState(b.ID, store.StateInterrupted)
	h.leave()

	h = openHouse(t, h.dir, Options{Open: Any, ReconnectWindow: limit})
	pub, again := h.publish("alice")
	require.Equal(t, b.ID, again.ID)
	part(t).Send(pub)
	h.awaitState(b.ID, store.StateLive)
	pub.Close(live.Stopped, nil)
	ended(t, again)
	list, err := h.db.Deliveries(t.Context(), w.ID, "", 1<<62, 100)
	require.NoError(t, err)
	var told []outbox.Kind
	for _, d := range list {
		told = append([]outbox.Kind{outbox.Kind(d.Kind)}, told...)
	}
	require.Equal(t, []outbox.Kind{
		outbox.BroadcastStarted, outbox.BroadcastInterrupted, outbox.BroadcastResumed, outbox.BroadcastInterrupted,
		outbox.BroadcastResumed, outbox.BroadcastEnded, outbox.RecordingReady,
	}, told)
}
