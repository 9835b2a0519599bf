package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/passkey"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Passkey is a key on a user's device by which the user signs in: see
// store.Passkey.
type Passkey = store.Passkey

const (
	mostPasskeys = 20 // of a user
	// challengesAtOnce is how many an address may ask for; then one each
	// attemptEvery.
	challengesAtOnce = 60
	plainPasskey     = "Passkey" // the label of one that was given none
)

// PasskeysAt reports whether the site can have passkeys under that origin.
func PasskeysAt(origin string) bool { return passkey.Site{Origin: origin}.Usable() }

// BeginPasskey returns what the actor's browser is to make a passkey of
// (PublicKeyCredentialCreationOptionsJSON), for the site with that origin. It
// takes a fresh sign-in (ErrSignInAgain). It fails with ErrNoPasskeys or
// ErrTooManyPasskeys.
func (s *Service) BeginPasskey(ctx context.Context, a Actor, origin string) (options json.RawMessage, err error) {
	if err := s.RequireFresh(ctx, a); err != nil {
		return nil, err
	}
	u, err := s.passkeyUser(ctx, a.User)
	if err != nil {
		return nil, err
	}
	if len(u.Keys) >= mostPasskeys {
		return nil, ErrTooManyPasskeys
	}
	site, err := s.passkeySite(ctx, origin)
	if err != nil {
		return nil, err
	}
	options, err = s.passkeys.BeginMaking(site, u, a.Session)
	return options, refuse(err, passkey.ErrNoSite, ErrNoPasskeys)
}

// AddPasskey keeps the passkey that the actor's browser made, from its
// RegistrationResponseJSON, in the session that began it. It fails with
// ErrBadPasskey, ErrBadLabel or ErrTooManyPasskeys.
func (s *Service) AddPasskey(ctx context.Context, a Actor, label string, response []byte) (Passkey, error) {
	if err := a.requireSession(); err != nil {
		return Passkey{}, err
	}
	if label == "" {
		label = plainPasskey
	}
	if !validLabel(label) {
		return Passkey{}, ErrBadLabel
	}
	u, err := s.passkeyUser(ctx, a.User)
	if err != nil {
		return Passkey{}, err
	}
	k, err := s.passkeys.FinishMaking(u, a.Session, response)
	if err != nil {
		return Passkey{}, because(err, passkey.ErrRefused, ErrBadPasskey)
	}
	p := Passkey{ID: s.db.NewID(), UserID: a.User.ID, Credential: k.Credential, Label: label, Data: k.Data, CreatedAt: s.stamp()}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if have, err := tx.Passkeys(ctx, a.User.ID, mostPasskeys); err != nil || len(have) >= mostPasskeys {
			return either(err, ErrTooManyPasskeys)
		}
		if _, err := tx.Session(ctx, a.Session); err != nil {
			return refuse(err, store.ErrNotFound, ErrSignIn) // somebody ended it since it asked
		}
		return refuse(tx.InsertPasskey(ctx, p), store.ErrConflict, ErrBadPasskey)
	})
	return p, err
}

// Passkeys lists the actor's own.
func (s *Service) Passkeys(ctx context.Context, a Actor) ([]Passkey, error) {
	if err := a.requireSession(); err != nil {
		return nil, err
	}
	return s.db.Passkeys(ctx, a.User.ID, mostPasskeys)
}

// RenamePasskey gives one of the actor's own another label, or fails with
// ErrUnknownPasskey or ErrBadLabel.
func (s *Service) RenamePasskey(ctx context.Context, a Actor, id, label string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	if label == "" || !validLabel(label) {
		return ErrBadLabel
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.RenamePasskey(ctx, a.User.ID, id, label) })
	return refuse(err, store.ErrNotFound, ErrUnknownPasskey)
}

// RemovePasskey removes one of the actor's own, or fails with ErrUnknownPasskey
// or ErrLastWayIn.
func (s *Service) RemovePasskey(ctx context.Context, a Actor, id string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeletePasskey(ctx, a.User.ID, id); err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownPasskey)
		}
		return keepsAWayIn(ctx, tx, a.User.ID)
	})
}

// BeginPasskeySignIn returns what a browser is to have signed by a passkey
// (PublicKeyCredentialRequestOptionsJSON), for the site with that origin. It
// fails with ErrNoPasskeys or ErrTooManyAttempts.
func (s *Service) BeginPasskeySignIn(ctx context.Context, origin string, from Client) (options json.RawMessage, err error) {
	if err := s.attempts.take("challenge/"+network(from.Address), challengesAtOnce); err != nil {
		return nil, err
	}
	site, err := s.passkeySite(ctx, origin)
	if err != nil {
		return nil, err
	}
	options, err = s.passkeys.BeginSignIn(site)
	return options, refuse(err, passkey.ErrNoSite, ErrNoPasskeys)
}

// SignInByPasskey opens a session for the user whose passkey signed, from a
// browser's AuthenticationResponseJSON, and returns its token. It fails with
// ErrPasskeyFailed, ErrCopiedPasskey, ErrDisabled or ErrTooManyAttempts.
func (s *Service) SignInByPasskey(ctx context.Context, response []byte, from Client) (token string, u User, err error) {
	if err := s.attempts.allowFrom(from.Address); err != nil {
		return "", User{}, err
	}
	var had Passkey
	signed, k, err := s.passkeys.FinishSignIn(response, func(credential string) (passkey.User, error) {
		if had, err = s.db.PasskeyByCredential(ctx, credential); err != nil {
			return passkey.User{}, refuse(err, store.ErrNotFound, ErrPasskeyFailed)
		}
		return passkey.User{ID: had.UserID, Keys: []passkey.Key{{Credential: had.Credential, Data: had.Data}}}, nil
	})
	switch {
	case errors.Is(err, passkey.ErrCopied):
		return "", User{}, because(err, passkey.ErrCopied, ErrCopiedPasskey)
	case err != nil:
		return "", User{}, because(err, passkey.ErrRefused, ErrPasskeyFailed)
	}
	return s.openSession(ctx, signed.ID, ByPasskey, from, func(tx *store.Tx, _ User) error {
		// Two answers with one count, at once, are two devices: one of them is let in.
		return refuse(tx.UsePasskey(ctx, had, k.Data, s.stamp()), store.ErrConflict, ErrPasskeyFailed)
	})
}

// because keeps why beside the refusal that a person reads, for the log.
func because(err, sentinel error, why *Error) error {
	if errors.Is(err, sentinel) {
		return fmt.Errorf("%w (%w)", why, err)
	}
	return err
}

func (s *Service) passkeySite(ctx context.Context, origin string) (passkey.Site, error) {
	set, err := s.Settings(ctx)
	return passkey.Site{Origin: origin, Name: set.SiteName}, err
}

func (s *Service) passkeyUser(ctx context.Context, u User) (passkey.User, error) {
	have, err := s.db.Passkeys(ctx, u.ID, mostPasskeys)
	out := passkey.User{ID: u.ID, Name: u.Name, DisplayName: u.DisplayName}
	for _, p := range have {
		out.Keys = append(out.Keys, passkey.Key{Credential: p.Credential, Data: p.Data})
	}
	return out, err
}
