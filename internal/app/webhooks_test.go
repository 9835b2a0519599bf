package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/store"
)

// What was to be told when the last run of the server ended is told by the next
// one, where its configuration lets it call such addresses.
func TestWebhooksOfTheLastRun(t *testing.T) {
	var told atomic.Int64
	there := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { told.Add(1) }))
	defer there.Close()
	data := t.TempDir()
	s := startServer(t, data)
	require.Zero(t, s.end())
	db := openData(t, data)
	w := store.Webhook{ID: db.NewID(), URL: there.URL, Secret: "whsec_AAAA", Kinds: []string{"clip.made"}, Enabled: true, CreatedAt: time.Now()}
	require.NoError(t, db.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertWebhook(t.Context(), w); err != nil {
			return err
		}
		return tx.PutDelivery(t.Context(), store.WebhookDelivery{
			WebhookID: w.ID, Sequence: 1, EventID: "e", Kind: "clip.made", At: time.Now(), Data: `{}`, State: store.DeliveryWaiting, NextAt: time.Now(),
		}, 10)
	}))
	require.NoError(t, db.Close())

	s = startServer(t, data, "--webhooks-allow-private", "site")
	db = openData(t, data) // beside the server, whose end would cut the delivery off
	s.await("it is told, and noted", func() bool {
		row, err := db.Delivery(t.Context(), w.ID, 1)
		return err == nil && row.State == store.DeliveryDelivered
	})
	require.NoError(t, db.Close())
	require.Zero(t, s.end())
	require.EqualValues(t, 1, told.Load())
}

// openData opens the database of a server.
func openData(t *testing.T, data string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "rostrum.db"), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return db
}
