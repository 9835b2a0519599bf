// Package account owns channels and the stream keys that let encoders feed
// them. It decides which names are allowed and which keys are good. It must
// not know what is on air.
package account

import (
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Error is a refusal that a person will read. Compare with errors.Is: two
// with the same code are the same error. It never holds a key.
type Error struct {
	Code   string // short and stable, such as "name_taken"
	Reason string // one sentence, without a full stop
}

func (e *Error) Error() string { return e.Reason }

// Is reports whether target is an *Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// What callers branch on.
var (
	ErrBadName        = &Error{"bad_name", "this name cannot be a channel's"}
	ErrNameTaken      = &Error{"name_taken", "this name is taken by another channel"}
	ErrUnknownChannel = &Error{"unknown_channel", "there is no such channel"}
	ErrBadLabel       = &Error{"bad_label", "this label is too long or holds characters that cannot be shown"}
	ErrTooManyKeys    = &Error{"too_many_keys", "this channel has as many stream keys as it can have; revoke one first"}
	ErrUnknownKey     = &Error{"unknown_key", "there is no such stream key"}
	ErrRevokedKey     = &Error{"revoked_key", "this stream key was revoked"}
	ErrLogin          = &Error{"login_failed", "the user name and password are not those of a channel and one of its stream keys"}
	ErrOldKeys        = &Error{"old_keys", "the user name and password do not match, and keys that are older than such logins cannot be used in them: make a new one"}
)

// Service answers for channels and stream keys. Its methods may be called by
// any number of goroutines. Their errors are an *Error where the caller can
// do something about it, and the database's trouble otherwise.
type Service struct {
	db  *store.DB
	now func() time.Time
}

// New makes a Service over a database, which must stay open as long as it is
// used.
func New(db *store.DB) *Service {
	return &Service{db: db, now: time.Now}
}

// refuse turns the store's sentinel into the refusal that it means here.
func refuse(err, sentinel error, why *Error) error {
	if errors.Is(err, sentinel) {
		return why
	}
	return err
}

// stamp is the present as the database keeps it.
func (s *Service) stamp() time.Time { return s.now().UTC().Truncate(time.Millisecond) }
