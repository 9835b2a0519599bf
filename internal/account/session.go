package account

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Session is a sign-in that lasts: see store.Session.
type Session = store.Session

// How a user signed in.
const (
	ByPassword = "password"
	ByPasskey  = "passkey"
	ByOIDC     = "oidc"
	BySetup    = "setup"
	BySignUp   = "sign-up"
)

const (
	sessionPrefix = "sess_"
	// sessionLasts is how long a session is good after its last use.
	sessionLasts = 30 * 24 * time.Hour
	// seenInterval is how exactly a session's last use is known.
	seenInterval = time.Minute
	maxAgent     = 200 // bytes
	// mostSessions bounds what a user has; the oldest go.
	mostSessions = 50
)

// Client is what is kept of the browser that a session is used by.
type Client struct {
	Address netip.Addr
	Agent   string // what it calls itself
}

func (c Client) address() string {
	if !c.Address.IsValid() {
		return ""
	}
	return c.Address.String()
}

func (c Client) agent() string {
	return strings.ToValidUTF8(c.Agent[:min(len(c.Agent), maxAgent)], "")
}

// SignIn opens a session for the user with that name or e-mail address and
// password, and returns its token, which is nowhere afterwards. It fails with
// ErrSignInFailed, which does not tell whether there is such a user, takes as
// long for one that is not there, and with ErrTooManyAttempts.
func (s *Service) SignIn(ctx context.Context, login, password string, from Client) (token string, u User, err error) {
	login = strings.TrimSpace(login)
	if err := s.attempts.allowAll(from.Address, "sign-in/"+strings.ToLower(login)); err != nil {
		return "", User{}, err
	}
	u, err = s.userByLogin(ctx, login)
	if err != nil && !errors.Is(err, ErrUnknownUser) {
		return "", User{}, err
	}
	ok, err := s.passwords.matches(ctx, password, u.Password)
	if err != nil {
		return "", User{}, err
	}
	if !ok {
		return "", User{}, ErrSignInFailed
	}
	return s.openSession(ctx, u.ID, ByPassword, from, func(_ *store.Tx, now User) error {
		// A change of the password ends all sessions: one that is opened with the
		// old password must not come after it.
		if now.Password != u.Password {
			return ErrSignInFailed
		}
		return nil
	})
}

func (s *Service) userByLogin(ctx context.Context, login string) (User, error) {
	if !strings.Contains(login, "@") {
		return s.UserNamed(ctx, login)
	}
	email, err := foldEmail(login)
	if err != nil || email == "" {
		return User{}, ErrUnknownUser
	}
	u, err := s.db.UserByEmail(ctx, email)
	return u, refuse(err, store.ErrNotFound, ErrUnknownUser)
}

// OpenSession signs a user in who has proved who they are. It fails with
// ErrDisabled.
func (s *Service) OpenSession(ctx context.Context, u User, method string, from Client) (token string, err error) {
	token, _, err = s.openSession(ctx, u.ID, method, from, func(*store.Tx, User) error { return nil })
	return token, err
}

// openSession signs a user in who has proved who they are, if still agrees with
// the user as the database has it. It fails with ErrDisabled.
func (s *Service) openSession(ctx context.Context, id, method string, from Client, still func(*store.Tx, User) error) (token string, u User, err error) {
	token = newSecret(sessionPrefix)
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if u, err = tx.User(ctx, id); err != nil {
			return refuse(err, store.ErrNotFound, ErrSignInFailed)
		}
		if err := still(tx, u); err != nil {
			return err
		}
		if !u.DisabledAt.IsZero() {
			return ErrDisabled
		}
		return s.insertSession(ctx, tx, u, token, method, from)
	})
	if err != nil {
		return "", User{}, err
	}
	return token, u, nil
}

func (s *Service) insertSession(ctx context.Context, tx *store.Tx, u User, token, method string, from Client) error {
	now := s.stamp()
	if err := tx.DeleteExpiredSessions(ctx, now); err != nil {
		return err
	}
	have, err := tx.Sessions(ctx, u.ID, mostSessions+1)
	if err != nil {
		return err
	}
	for _, old := range have[min(len(have), mostSessions-1):] {
		if err := tx.DeleteSession(ctx, u.ID, old.ID); err != nil {
			return err
		}
	}
	return tx.InsertSession(ctx, Session{
		ID: s.db.NewID(), UserID: u.ID, Method: method, Address: from.address(), Agent: from.agent(),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(sessionLasts),
	}, hashSecret(token))
}

// BySession returns who has a session's token, and notes its use, to the
// minute. It fails with ErrSignIn.
func (s *Service) BySession(ctx context.Context, token string, from Client) (Actor, error) {
	if !isSecret(token, sessionPrefix) {
		return Actor{}, ErrSignIn
	}
	ses, err := s.db.SessionByHash(ctx, hashSecret(token))
	if err != nil {
		return Actor{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	now := s.stamp()
	if !now.Before(ses.ExpiresAt) {
		return Actor{}, ErrSignIn
	}
	u, err := s.db.User(ctx, ses.UserID)
	if err != nil {
		return Actor{}, refuse(err, store.ErrNotFound, ErrSignIn)
	}
	if !u.DisabledAt.IsZero() {
		return Actor{}, ErrSignIn
	}
	if now.Sub(ses.SeenAt) >= seenInterval {
		ses.SeenAt, ses.ExpiresAt, ses.Address, ses.Agent = now, now.Add(sessionLasts), from.address(), from.agent()
		if err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.TouchSession(ctx, ses) }); err != nil {
			return Actor{}, err
		}
	}
	return Actor{User: u, Session: ses.ID, Address: from.Address}, nil
}

// SessionGood reports whether a session is still one of a user who may sign
// in.
func (s *Service) SessionGood(ctx context.Context, id string) (User, bool, error) {
	ses, err := s.db.Session(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.now().Before(ses.ExpiresAt) {
		return User{}, false, nil
	}
	if err != nil {
		return User{}, false, err
	}
	u, err := s.db.User(ctx, ses.UserID)
	if errors.Is(err, store.ErrNotFound) {
		return User{}, false, nil
	}
	return u, err == nil && u.DisabledAt.IsZero(), err
}

// Sessions lists the actor's own, those that were used last first.
func (s *Service) Sessions(ctx context.Context, a Actor) ([]Session, error) {
	if err := a.requireSession(); err != nil {
		return nil, err
	}
	return s.db.Sessions(ctx, a.User.ID, mostSessions)
}

// EndSession ends one of the actor's own sessions, or returns
// ErrUnknownSession.
func (s *Service) EndSession(ctx context.Context, a Actor, id string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.DeleteSession(ctx, a.User.ID, id) })
	return refuse(err, store.ErrNotFound, ErrUnknownSession)
}

// EndOtherSessions ends all of the actor's own sessions but the one that asks.
func (s *Service) EndOtherSessions(ctx context.Context, a Actor) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.DeleteSessions(ctx, a.User.ID, a.Session)
		return err
	})
}
