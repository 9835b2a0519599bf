package notify

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"net/url"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/outward"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Why a browser cannot be told.
var (
	ErrBadSubscription     = &account.Error{Code: "bad_push_subscription", Reason: "this is not what a browser says of a push subscription: an https address of a push service, and its keys"}
	ErrPrivateEndpoint     = &account.Error{Code: "private_push_endpoint", Reason: "this push service is not at a public address, and the server does not call such"}
	ErrUnknownSubscription = &account.Error{Code: "unknown_push_subscription", Reason: "there is no such push subscription"}
)

const (
	maxEndpoint       = 1024
	authBytes         = 16 // RFC 8291 3.2
	mostSubscriptions = 20 // of one user; the oldest makes room
)

// Subscription is what a browser says of itself (PushSubscription.toJSON).
type Subscription struct {
	Endpoint string
	P256dh   string
	Auth     string
}

// check returns a subscription in the one spelling in which it is kept, or why it
// cannot be one.
func (s Subscription) check(private Private) (Subscription, error) {
	u, err := url.Parse(s.Endpoint)
	if err != nil || len(s.Endpoint) > maxEndpoint || u.Hostname() == "" || u.User != nil || u.Fragment != "" || u.Opaque != "" {
		return s, ErrBadSubscription
	}
	if u.Scheme != "https" && (!private || u.Scheme != "http") {
		return s, ErrBadSubscription
	}
	if !bool(private) && !outward.PublicName(u.Hostname()) {
		return s, ErrPrivateEndpoint
	}
	key, err := unbase64(s.P256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(key) // a point of the curve, uncompressed
	}
	if err != nil {
		return s, ErrBadSubscription
	}
	auth, err := unbase64(s.Auth)
	if err != nil || len(auth) != authBytes {
		return s, ErrBadSubscription
	}
	s.P256dh, s.Auth = base64.RawURLEncoding.EncodeToString(key), base64.RawURLEncoding.EncodeToString(auth)
	return s, nil
}

// unbase64 reads what browsers write, with padding or without.
func unbase64(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}

// Subscribe has a browser told by push of what the actor follows, until the
// sign-in there ends. Said again it changes nothing but the language.
func (s *Service) Subscribe(ctx context.Context, a account.Actor, sub Subscription, language, origin string) (store.PushSubscription, error) {
	if err := a.RequireSession(); err != nil {
		return store.PushSubscription{}, err
	}
	sub, err := sub.check(s.o.Private)
	if err != nil {
		return store.PushSubscription{}, err
	}
	if err := s.o.Accounts.AllowSubscription(a); err != nil {
		return store.PushSubscription{}, err
	}
	now, err := s.o.Now(ctx)
	if err != nil {
		return store.PushSubscription{}, err
	}
	p := store.PushSubscription{
		ID: s.o.DB.NewID(), UserID: a.User.ID, SessionID: a.Session, Endpoint: sub.Endpoint, P256dh: sub.P256dh, Auth: sub.Auth,
		Language: account.LanguageOf(language), Origin: origin, CreatedAt: now,
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
		there, err := tx.PushSubscriptions(ctx, a.User.ID, 2*mostSubscriptions)
		if err != nil {
			return err
		}
		for i := 0; i+mostSubscriptions <= len(there); i++ {
			if err := tx.DropPushSubscription(ctx, a.User.ID, there[i].ID); err != nil {
				return err
			}
		}
		return tx.PutPushSubscription(ctx, p)
	})
	if errors.Is(err, store.ErrNotFound) { // the session has ended meanwhile
		err = account.ErrSignIn
	}
	return p, err
}

// Subscriptions lists the browsers of the actor that are told by push.
func (s *Service) Subscriptions(ctx context.Context, a account.Actor) ([]store.PushSubscription, error) {
	if err := a.RequireSession(); err != nil {
		return nil, err
	}
	return s.o.DB.PushSubscriptions(ctx, a.User.ID, 2*mostSubscriptions)
}

// Unsubscribe ends a subscription of the actor's, or fails with
// ErrUnknownSubscription.
func (s *Service) Unsubscribe(ctx context.Context, a account.Actor, id string) error {
	if err := a.RequireSession(); err != nil {
		return err
	}
	err := s.o.DB.Write(ctx, func(tx *store.Tx) error { return tx.DeletePushSubscription(ctx, a.User.ID, id) })
	if errors.Is(err, store.ErrNotFound) {
		err = ErrUnknownSubscription
	}
	return err
}
