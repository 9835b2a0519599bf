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
	s.await("it is told", func() bool { return told.Load() == 1 })
	require.Zero(t, s.end())
	db = openData(t, data)
	row, err := db.Delivery(t.Context(), w.ID, 1)
	require.NoError(t, err)
	require.Equal(t, store.DeliveryDelivered, row.State)
	require.NoError(t, db.Close())
}

// openData opens the database of a server that does not run.
func openData(t *testing.T, data string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "rostrum.db"), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	return db
}
