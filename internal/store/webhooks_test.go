package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// addWebhook makes a webhook of a channel, or of the site for the zero Channel.
func addWebhook(t *testing.T, db *DB, c Channel, kinds ...string) Webhook {
	w := Webhook{ID: db.NewID(), ChannelID: c.ID, URL: "https://example.org/" + c.Name, Secret: "whsec_eA==", Kinds: kinds, Enabled: true, CreatedAt: day, NextSequence: 1}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertWebhook(ctx, w) })
	return w
}

func testWebhooks(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c, other := addChannel(t, db, "mine"), addChannel(t, db, "other")
	mine, site := addWebhook(t, db, c, "a.b", "a.c"), addWebhook(t, db, Channel{}, "a.b")
	deaf := addWebhook(t, db, c, "a.bc")
	off := addWebhook(t, db, c, "a.b")
	off.Enabled, off.DisabledFor = false, "gone"
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateWebhook(ctx, off) })

	got, err := db.Webhooks(ctx, c.ID, 9)
	require.NoError(t, err)
	equal(t, []Webhook{mine, deaf, off}, got)
	got, err = db.Webhooks(ctx, "", 9)
	require.NoError(t, err)
	equal(t, []Webhook{site}, got)

	listeners := func(c Channel, kind string) (ls []Listener) {
		write(t, db, func(ctx context.Context, tx *Tx) (err error) { ls, err = tx.Listeners(ctx, c.ID, kind); return err })
		return ls
	}
	require.ElementsMatch(t, []Listener{{mine.ID, 1}, {site.ID, 1}}, listeners(c, "a.b"))
	require.ElementsMatch(t, []Listener{{mine.ID, 2}, {site.ID, 2}}, listeners(c, "a.b"))
	require.Equal(t, []Listener{{site.ID, 3}}, listeners(other, "a.b"))
	require.Equal(t, []Listener{{mine.ID, 3}}, listeners(c, "a.c"))
	require.Empty(t, listeners(c, "a"))

	changed := mine
	changed.URL, changed.Kinds, changed.Secret, changed.FormerSecret, changed.FormerUntil = "http://x.example", []string{"z"}, "whsec_ee==", mine.Secret, day
	changed.FailingSince, changed.DeliveredAt, changed.NextSequence = day, day, 4
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateWebhook(ctx, changed) })
	one, err := db.Webhook(ctx, mine.ID)
	require.NoError(t, err)
	equal(t, changed, one)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.ForgetFormerSecrets(ctx, day) })
	one, err = db.Webhook(ctx, mine.ID)
	require.NoError(t, err)
	require.Empty(t, one.FormerSecret)

	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteWebhook(ctx, mine.ID) })
	_, err = db.Webhook(ctx, mine.ID)
	require.ErrorIs(t, err, ErrNotFound)
	for _, gone := range []func(context.Context, *Tx) error{
		func(ctx context.Context, tx *Tx) error { return tx.UpdateWebhook(ctx, mine) },
		func(ctx context.Context, tx *Tx) error { return tx.DeleteWebhook(ctx, mine.ID) },
		func(ctx context.Context, tx *Tx) error { _, err := tx.TakeSequence(ctx, mine.ID); return err },
		func(ctx context.Context, tx *Tx) error {
			return tx.InsertWebhook(ctx, Webhook{ID: db.NewID(), ChannelID: "none", CreatedAt: day})
		},
	} {
		require.ErrorIs(t, tryWrite(t, db, gone), ErrNotFound)
	}
}

func testDeliveries(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	w, other := addWebhook(t, db, Channel{}, "a.b"), addWebhook(t, db, Channel{}, "a.b")
	put := func(w Webhook, n int64, due time.Time, keep int64) WebhookDelivery {
		d := WebhookDelivery{
			WebhookID: w.ID, Sequence: n, EventID: fmt.Sprint("e", n), Kind: "a.b", At: day, Data: `{}`, State: DeliveryWaiting, NextAt: due,
		}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.PutDelivery(ctx, d, keep) })
		return d
	}
	select {
	case <-db.OutboxNews():
		t.Fatal("nothing was put yet")
	default:
	}
	first, second := put(w, 1, day.Add(time.Minute), 10), put(w, 2, day, 10)
	<-db.OutboxNews()
	later := put(other, 1, day.Add(time.Second), 10)

	lease := func(by string, now time.Time) (l Lease, err error) {
		err = tryWrite(t, db, func(ctx context.Context, tx *Tx) (err error) {
			l, err = tx.LeaseWebhook(ctx, by, now, now.Add(time.Minute))
			return err
		})
		return l, err
	}
	_, err := lease("x", day.Add(-time.Second))
	require.ErrorIs(t, err, ErrNotFound, "nothing is due")
	l, err := lease("x", day.Add(2*time.Second))
	require.NoError(t, err)
	equal(t, Lease{w, second, "x"}, withNext(l, 1))
	l, err = lease("y", day.Add(2*time.Second))
	require.NoError(t, err)
	equal(t, Lease{other, later, "y"}, withNext(l, 1))
	_, err = lease("z", day.Add(2*time.Second))
	require.ErrorIs(t, err, ErrNotFound, "both are being delivered to")
	l, err = lease("z", day.Add(2*time.Minute))
	require.NoError(t, err, "a lease ends by itself")
	equal(t, Lease{w, first, "z"}, withNext(l, 1))
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.EndLease(ctx, w.ID, "x") }), ErrNotFound)
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.EndLease(ctx, w.ID, "z") })

	done := first
	done.State, done.Tries = DeliveryDelivered, 3
	done.Attempts = []Attempt{{At: day, Status: 500, Error: "no", Answer: "x\u0000y", Took: time.Second}, {At: day, Status: 200, Took: time.Millisecond}}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateDelivery(ctx, done) })
	got, err := db.Delivery(ctx, w.ID, 1)
	require.NoError(t, err)
	equal(t, done, got)
	id, err := db.DueWebhook(ctx, day)
	require.NoError(t, err)
	require.Equal(t, w.ID, id)

	list, err := db.Deliveries(ctx, w.ID, "", 1<<62, 9)
	require.NoError(t, err)
	equal(t, []WebhookDelivery{second, done}, list)
	list, err = db.Deliveries(ctx, w.ID, DeliveryDelivered, 2, 9)
	require.NoError(t, err)
	equal(t, []WebhookDelivery{done}, list)

	third := put(w, 3, day, 2)
	list, err = db.Deliveries(ctx, w.ID, "", 1<<62, 9)
	require.NoError(t, err)
	equal(t, []WebhookDelivery{third, second}, list)
	off := w
	off.Enabled = false
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateWebhook(ctx, off) })
	id, err = db.DueWebhook(ctx, day.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, other.ID, id, "what is disabled is not due")
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.ForgetDeliveries(ctx, day.Add(time.Second)) })
	_, err = db.Delivery(ctx, w.ID, 3)
	require.ErrorIs(t, err, ErrNotFound)
	require.ErrorIs(t, tryWrite(t, db, func(ctx context.Context, tx *Tx) error { return tx.UpdateDelivery(ctx, third) }), ErrNotFound)
}

// withNext sets what is not compared.
func withNext(l Lease, n int64) Lease {
	l.Webhook.NextSequence = n
	return l
}

// The clock is the database's, in the unit of all columns.
func testClock(t *testing.T, open func() *DB) {
	db := open()
	before, err := db.Now(t.Context())
	require.NoError(t, err)
	require.Greater(t, before.Year(), 2025)
	require.Equal(t, time.UTC, before.Location())
	require.Eventually(t, func() bool {
		now, err := db.Now(t.Context())
		require.NoError(t, err)
		return now.After(before)
	}, time.Minute, time.Millisecond)
}

func testKeyNetworks(t *testing.T, open func() *DB) {
	db := open()
	c := addChannel(t, db, "mine")
	k := StreamKey{ID: db.NewID(), ChannelID: c.ID, CreatedAt: day}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertStreamKey(ctx, k, "h") })
	put := func(network string, at time.Time) {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.PutKeyNetwork(ctx, k.ID, network, at, at.Add(-48*time.Hour), 3)
		})
	}
	is := func(network string, there bool) {
		t.Helper()
		write(t, db, func(ctx context.Context, tx *Tx) error {
			known, err := tx.KnowsKeyNetwork(ctx, k.ID, network, day)
			require.Equal(t, there, known)
			return err
		})
	}
	is("a", false)
	put("a", day.Add(-time.Hour))
	is("a", false)
	put("a", day)
	put("a", day)
	is("a", true)
	put("b", day.Add(24*time.Hour))
	put("c", day.Add(25*time.Hour))
	put("d", day.Add(26*time.Hour))
	is("a", false)
	is("b", true)
	put("e", day.Add(100*time.Hour))
	is("e", true)
	is("d", false)
}

// ignoreNone leaves out that there is nothing.
func ignoreNone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
