package account

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// APIToken lets a program act for a user: see store.APIToken.
type APIToken = store.APIToken

const (
	tokenPrefix = "api_"
	mostTokens  = 50 // of a user
)

// MakeToken makes an API token for the actor, whose text is returned this once.
// A zero time of expiry is never.
func (s *Service) MakeToken(ctx context.Context, a Actor, label string, scopes []Scope, expires time.Time) (plain string, t APIToken, err error) {
	if err := a.requireSession(); err != nil {
		return "", APIToken{}, err
	}
	if !validLabel(label) {
		return "", APIToken{}, ErrBadLabel
	}
	if !expires.IsZero() && !expires.After(s.now()) {
		return "", APIToken{}, ErrBadExpiry
	}
	text, err := scopeText(scopes)
	if err != nil {
		return "", APIToken{}, err
	}
	plain = newSecret(tokenPrefix)
	t = APIToken{
		ID: s.db.NewID(), UserID: a.User.ID, Label: label, Hint: hintOf(plain), Scopes: text,
		CreatedAt: s.stamp(), ExpiresAt: expires.UTC().Truncate(time.Millisecond),
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if have, err := tx.APITokens(ctx, a.User.ID, mostTokens); err != nil || len(have) >= mostTokens {
			return either(err, ErrTooManyTokens)
		}
		return tx.InsertAPIToken(ctx, t, hashSecret(plain))
	})
	return plain, t, err
}

func scopeText(scopes []Scope) (string, error) {
	var words []string
	for _, known := range Scopes() {
		if slices.Contains(scopes, known) {
			words = append(words, string(known))
		}
	}
	for _, s := range scopes {
		if !slices.Contains(Scopes(), s) {
			return "", ErrBadScope
		}
	}
	if len(words) == 0 {
		return "", ErrBadScope
	}
	return strings.Join(words, " "), nil
}

// ScopesOf are the scopes of a token.
func ScopesOf(t APIToken) (scopes []Scope) {
	for _, word := range strings.Fields(t.Scopes) {
		scopes = append(scopes, Scope(word))
	}
	return scopes
}

// Tokens lists the actor's own API tokens, newest first.
func (s *Service) Tokens(ctx context.Context, a Actor) ([]APIToken, error) {
	if err := a.requireSession(); err != nil {
		return nil, err
	}
	return s.db.APITokens(ctx, a.User.ID, mostTokens)
}

// EndToken ends one of the actor's own API tokens, or returns ErrUnknownToken.
func (s *Service) EndToken(ctx context.Context, a Actor, id string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.DeleteAPIToken(ctx, a.User.ID, id) })
	return refuse(err, store.ErrNotFound, ErrUnknownToken)
}

// ByToken returns for whom the text of an API token acts, and notes its use, to
// the minute. It fails with ErrSignIn.
func (s *Service) ByToken(ctx context.Context, plain string, from netip.Addr) (Actor, error) {
	if !isSecret(plain, tokenPrefix) {
		return Actor{}, ErrSignIn
	}
	t, err := s.db.APITokenByHash(ctx, hashSecret(plain))
	if err != nil {
		return Actor{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	now := s.stamp()
	if !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt) {
		return Actor{}, ErrSignIn
	}
	u, err := s.db.User(ctx, t.UserID)
	if err != nil {
		return Actor{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	if !u.DisabledAt.IsZero() {
		return Actor{}, ErrSignIn
	}
	if now.Sub(t.LastUsedAt) >= useInterval {
		if err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.TouchAPIToken(ctx, t.ID, now) }); err != nil {
			return Actor{}, err
		}
	}
	return Actor{User: u, Token: t.ID, Scopes: ScopesOf(t), Address: from}, nil
}
