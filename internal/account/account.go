// Package account owns people and what is theirs: users, their sessions and
// API tokens, channels, the stream keys that let encoders feed them, and who
// may do what. It decides which names and passwords are allowed and which keys
// are good. It must not know what is on air.
package account

import (
	"crypto/rand"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/passkey"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Service answers for people and channels. Its methods may be called by any
// number of goroutines. Their errors are an *Error where the caller can do
// something about it, and the database's trouble otherwise.
//
// Methods that take an Actor do for it what it may do, and else fail with
// ErrSignIn, ErrForbidden or ErrScope. What admins and moderators do is logged.
type Service struct {
	db        *store.DB
	now       func() time.Time
	passwords *passwords
	attempts  *limits
	passkeys  *passkey.Ceremonies
	reading   chan struct{} // holds one for each picture that is being read
	senderKey []byte        // by which those who report are told apart
	watchers  []func(channelID string)
	onUser    []func(userID string)
	letters   *Letters // nil without mail
}

// New makes a Service over a database, which must stay open as long as it is
// used.
func New(db *store.DB) *Service {
	s := &Service{
		db: db, now: time.Now, passwords: newPasswords(), attempts: newLimits(), passkeys: passkey.New(), reading: make(chan struct{}, readers),
		senderKey: make([]byte, 32),
	}
	_, _ = rand.Read(s.senderKey) // does not fail
	return s
}

// Watch has f called after each change of a channel, of its keys or of who has
// a place in it, that this Service makes. It must be called before the Service
// is used; f must not block.
func (s *Service) Watch(f func(channelID string)) { s.watchers = append(s.watchers, f) }

// WatchUsers has f called after each change of how a user is shown, or of what
// the user may do on the site, that this Service makes. It must be called before
// the Service is used; f must not block.
func (s *Service) WatchUsers(f func(userID string)) { s.onUser = append(s.onUser, f) }

func (s *Service) userChanged(userID string) {
	for _, f := range s.onUser {
		f(userID)
	}
}

// Changed tells those who watch that something of a channel was changed.
func (s *Service) Changed(channelID string) { s.changed(Channel{ID: channelID}) }

func (s *Service) changed(c Channel) {
	for _, f := range s.watchers {
		f(c.ID)
	}
}

// refuse turns the store's sentinel into the refusal that it means here.
func refuse(err, sentinel error, why *Error) error {
	if errors.Is(err, sentinel) {
		return why
	}
	return err
}

// either returns err, or the refusal when there is none.
func either(err error, otherwise *Error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// stamp is the present as the database keeps it.
func (s *Service) stamp() time.Time { return s.now().UTC().Truncate(time.Millisecond) }
