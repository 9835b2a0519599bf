package webhook

import (
	"context"
	"errors"
	"math"
	"strconv"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Deliveries lists what a webhook was told, or is to be, in a state or in any:
// newest first, at most limit from a cursor on.
func (s *Service) Deliveries(ctx context.Context, a account.Actor, id string, state store.DeliveryState, cursor string, limit int) (ds []store.WebhookDelivery, next string, err error) {
	if _, err := s.get(ctx, a, id, account.ScopeRead); err != nil {
		return nil, "", err
	}
	before := int64(math.MaxInt64)
	if cursor != "" {
		if before, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return nil, "", nil // no page of ours leads there
		}
	}
	limit = max(limit, 1)
	ds, err = s.o.DB.Deliveries(ctx, id, state, before, limit+1)
	if err != nil || len(ds) <= limit {
		return ds, "", err
	}
	return ds[:limit], strconv.FormatInt(ds[limit-1].Sequence, 10), nil
}

// Message is what is sent for a delivery.
func (s *Service) Message(d store.WebhookDelivery) (outbox.EventMessage, error) {
	return outbox.Message(d, s.o.Site)
}

// Redeliver has an event delivered again, soon and with all tries: the same, with
// the same id and number.
func (s *Service) Redeliver(ctx context.Context, a account.Actor, id string, sequence int64) (d store.WebhookDelivery, err error) {
	w, err := s.get(ctx, a, id, account.ScopeChannels)
	if err != nil {
		return d, err
	}
	if !w.Enabled {
		return d, ErrDisabled
	}
	now, err := s.o.Now(ctx)
	if err != nil {
		return d, err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		if d, err = tx.Delivery(ctx, id, sequence); err != nil {
			return err
		}
		d.State, d.Tries, d.NextAt = store.DeliveryWaiting, 0, now
		if err := tx.UpdateDelivery(ctx, d); err != nil {
			return err
		}
		return s.note(ctx, tx, a, w, "webhook.redeliver")
	})
	if errors.Is(err, store.ErrNotFound) {
		err = ErrUnknownDelivery
	}
	return d, err
}

// Test sends a ping at once, once, also to a webhook that is disabled, and
// returns what came of it. It takes as long as one try.
func (s *Service) Test(ctx context.Context, a account.Actor, id string) (store.WebhookDelivery, error) {
	w, err := s.get(ctx, a, id, account.ScopeChannels)
	if err != nil {
		return store.WebhookDelivery{}, err
	}
	if err := s.o.Accounts.AllowWebhookTest(a); err != nil {
		return store.WebhookDelivery{}, err
	}
	now, err := s.o.Now(ctx)
	if err != nil {
		return store.WebhookDelivery{}, err
	}
	d := store.WebhookDelivery{WebhookID: w.ID, EventID: s.o.DB.NewID(), Kind: string(outbox.Ping), At: now, NextAt: now}
	d.State = store.DeliveryFailed // unless it says otherwise afterwards: nobody tries it again
	err = s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if d.Data, err = outbox.PingData(ctx, tx, w.ChannelID); err != nil {
			return err
		}
		if d.Sequence, err = tx.TakeSequence(ctx, w.ID); err != nil {
			return err
		}
		return tx.PutDelivery(ctx, d, outbox.Kept)
	})
	if err != nil {
		return d, err
	}
	attempt := s.send(ctx, w, d, now)
	if err := ctx.Err(); err != nil {
		return d, err // who asked has gone
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		if w, err = tx.Webhook(ctx, id); err != nil {
			return err
		}
		note(&d, attempt)
		if attempt.Error == "" {
			arrived(&w, &d, attempt)
		}
		if err := tx.UpdateDelivery(ctx, d); err != nil {
			return err
		}
		return tx.UpdateWebhook(ctx, w)
	})
	if errors.Is(err, store.ErrNotFound) {
		err = ErrUnknown
	}
	return d, err
}
