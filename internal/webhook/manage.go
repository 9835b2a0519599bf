package webhook

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outbox"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Why a webhook cannot be, or be used so.
var (
	ErrUnknown         = &account.Error{Code: "unknown_webhook", Reason: "there is no such webhook"}
	ErrUnknownDelivery = &account.Error{Code: "unknown_delivery", Reason: "there is no such delivery, or it is no longer kept"}
	ErrBadURL          = &account.Error{Code: "bad_webhook_url", Reason: "a webhook's address begins with https:// or http://, has no user name, password or fragment in it, and is no longer than 2,048 characters"}
	ErrPrivateURL      = &account.Error{Code: "private_webhook_url", Reason: "this address is not public, and the server does not call such for webhooks"}
	ErrBadEvents       = &account.Error{Code: "bad_webhook_events", Reason: "choose one event at least, of those that this webhook can be told of"}
	ErrTooMany         = &account.Error{Code: "too_many_webhooks", Reason: "there are as many webhooks here as there can be; remove one first"}
	ErrBadFormat       = &account.Error{Code: "bad_webhook_format", Reason: "a webhook's format is one of standard, discord and matrix"}
	ErrBadMatrixURL    = &account.Error{Code: "bad_matrix_url", Reason: "the address of a Matrix room is that of its homeserver, followed by /_matrix/client/v3/rooms/ROOM/send/m.room.message, where ROOM is the room's id"}
	ErrBadMatrixToken  = &account.Error{Code: "bad_matrix_token", Reason: "give the access token of a Matrix user who is in the room"}
	ErrNotSigned       = &account.Error{Code: "webhook_not_signed", Reason: "what is sent in this format is not signed, so there is no secret to change"}
	ErrDisabled        = &account.Error{Code: "webhook_disabled", Reason: "this webhook is disabled; enable it first"}
)

const (
	// mostOfChannel and mostOfSite bound how many there are: each event is
	// written down for all.
	mostOfChannel, mostOfSite = 10, 20
	listed                    = 100
)

// Change is what is to become of a webhook. What is nil stays.
type Change struct {
	URL     *string
	Events  *[]string
	Enabled *bool   // one that is enabled again goes on with what waits
	Token   *string // of Matrix
}

// List returns a channel's webhooks to who may change the channel, or the site's
// to admins where the name is empty.
func (s *Service) List(ctx context.Context, a account.Actor, channel string) ([]store.Webhook, error) {
	id, err := s.place(ctx, a, channel)
	if err != nil {
		return nil, err
	}
	return s.o.DB.Webhooks(ctx, id, listed)
}

// place is the id of a channel whose webhooks the actor may see, empty for the
// site's.
func (s *Service) place(ctx context.Context, a account.Actor, channel string) (id string, err error) {
	if channel == "" {
		return "", a.RequireAdmin()
	}
	c, err := s.o.Accounts.Managed(ctx, a, channel)
	return c.ID, err
}

// Order is what a new webhook is to be.
type Order struct {
	URL    string
	Events []string
	Format Format // empty: Standard
	Token  string // of Matrix: the access token of a user who is in the room
}

// Make makes a webhook for a channel, or for the site where the name is empty.
// The secret of one that is signed is in what is returned, and to be shown this
// once.
func (s *Service) Make(ctx context.Context, a account.Actor, channel string, o Order) (store.Webhook, error) {
	id, err := s.place(ctx, a, channel)
	if err != nil {
		return store.Webhook{}, err
	}
	w := store.Webhook{ID: s.o.DB.NewID(), ChannelID: id, URL: o.URL, Format: string(cmp.Or(o.Format, Standard)), Kinds: o.Events, Enabled: true, NextSequence: 1}
	switch Format(w.Format) {
	case Standard:
		w.Secret = newSecret()
	case Matrix:
		w.Secret = o.Token
	}
	if err := s.may(ctx, a, w, account.ScopeChannels); err != nil {
		return w, err
	}
	if err := s.fit(&w); err != nil {
		return w, err
	}
	if w.CreatedAt, err = s.o.Now(ctx); err != nil {
		return w, err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		there, err := tx.Webhooks(ctx, w.ChannelID, listed)
		if err != nil {
			return err
		}
		if most := s.most(w); len(there) >= most {
			return ErrTooMany
		}
		if err := tx.InsertWebhook(ctx, w); err != nil {
			return err
		}
		return s.note(ctx, tx, a, w, "webhook.make")
	})
	return w, err
}

func (s *Service) most(w store.Webhook) int {
	if w.ChannelID == "" {
		return mostOfSite
	}
	return mostOfChannel
}

// fit checks what people choose of a webhook, and orders its events.
func (s *Service) fit(w *store.Webhook) error {
	if err := s.checkURL(*w); err != nil {
		return err
	}
	if err := fitFormat(w); err != nil {
		return err
	}
	var chosen []string
	for _, k := range outbox.Kinds() {
		if slices.Contains(w.Kinds, string(k)) && (w.ChannelID == "" || outbox.ForChannels(k)) {
			chosen = append(chosen, string(k))
		}
	}
	if len(chosen) == 0 || len(chosen) != len(w.Kinds) {
		return ErrBadEvents
	}
	w.Kinds = chosen
	return nil
}

// may returns nil when the actor may do something to a webhook.
func (s *Service) may(ctx context.Context, a account.Actor, w store.Webhook, scope account.Scope) error {
	if w.ChannelID == "" {
		return a.RequireAdmin()
	}
	c, err := s.o.DB.Channel(ctx, w.ChannelID)
	if err != nil {
		return err
	}
	return s.o.Accounts.Require(ctx, a, c, account.PlaceEditor, scope)
}

// note logs what is done by a role on the site.
func (s *Service) note(ctx context.Context, tx *store.Tx, a account.Actor, w store.Webhook, act string) error {
	if w.ChannelID == "" {
		return s.o.Accounts.NoteAct(ctx, tx, a, act, "site", hostOf(w.URL))
	}
	c, err := tx.Channel(ctx, w.ChannelID)
	if err != nil {
		return err
	}
	return s.o.Accounts.NoteModeration(ctx, tx, a, c, act, hostOf(w.URL))
}

// get returns a webhook to who may do something to it.
func (s *Service) get(ctx context.Context, a account.Actor, id string, scope account.Scope) (store.Webhook, error) {
	if !a.Known() {
		return store.Webhook{}, account.ErrSignIn
	}
	w, err := s.o.DB.Webhook(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return w, ErrUnknown
	}
	if err != nil {
		return w, err
	}
	return w, s.may(ctx, a, w, scope)
}

// alter changes a webhook over what its row says now, and logs it.
func (s *Service) alter(ctx context.Context, a account.Actor, id, act string, change func(*store.Tx, *store.Webhook) error) (w store.Webhook, err error) {
	if w, err = s.get(ctx, a, id, account.ScopeChannels); err != nil {
		return w, err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		if w, err = tx.Webhook(ctx, id); err != nil {
			return err
		}
		if err := change(tx, &w); err != nil {
			return err
		}
		return s.note(ctx, tx, a, w, act)
	})
	if errors.Is(err, store.ErrNotFound) {
		err = ErrUnknown
	}
	return w, err
}

// Change changes a webhook. When it is enabled again, or gets another address,
// what was wrong with it before is forgotten.
func (s *Service) Change(ctx context.Context, a account.Actor, id string, c Change) (store.Webhook, error) {
	return s.alter(ctx, a, id, "webhook.change", func(tx *store.Tx, w *store.Webhook) error {
		fresh := c.URL != nil && *c.URL != w.URL || c.Enabled != nil && *c.Enabled && !w.Enabled
		if c.URL != nil {
			w.URL = *c.URL
		}
		if c.Events != nil {
			w.Kinds = *c.Events
		}
		if c.Token != nil && Format(w.Format) == Matrix {
			w.Secret = *c.Token
		}
		if c.Enabled != nil {
			w.Enabled, w.DisabledFor = *c.Enabled, ""
		}
		if err := s.fit(w); err != nil {
			return err
		}
		if fresh {
			w.FailingSince = time.Time{}
		}
		return tx.UpdateWebhook(ctx, *w)
	})
}

// Remove removes a webhook, with its log.
func (s *Service) Remove(ctx context.Context, a account.Actor, id string) error {
	_, err := s.alter(ctx, a, id, "webhook.remove", func(tx *store.Tx, w *store.Webhook) error { return tx.DeleteWebhook(ctx, w.ID) })
	return err
}

// Rotate gives a webhook another secret, which is in what is returned. For a day
// what is sent is signed with both, so that its receiver can change over.
func (s *Service) Rotate(ctx context.Context, a account.Actor, id string) (store.Webhook, error) {
	now, err := s.o.Now(ctx)
	if err != nil {
		return store.Webhook{}, err
	}
	return s.alter(ctx, a, id, "webhook.rotate", func(tx *store.Tx, w *store.Webhook) error {
		if Format(w.Format) != Standard {
			return ErrNotSigned
		}
		w.FormerSecret, w.FormerUntil = w.Secret, now.Add(overlap)
		w.Secret = newSecret()
		return tx.UpdateWebhook(ctx, *w)
	})
}
