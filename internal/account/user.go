package account

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rostrumlive/rostrum/internal/store"
)

// User is a person who can sign in: see store.User. Its Password is a hash.
type User = store.User

const (
	maxDisplayName = 60  // characters
	maxEmail       = 254 // bytes: RFC 5321 4.5.3.1.3
)

// NewUser is what a person says who makes an account.
type NewUser struct {
	Name     string
	Email    string // may be empty
	Password string // may be empty where another way to sign in is known
	Role     Role   // empty is RoleUser
	Language string // of a letter that asks to confirm the address, as a browser says it
}

// userOf checks what a person said, and hashes the password.
func (s *Service) userOf(ctx context.Context, n NewUser) (User, error) {
	if err := validPersonName(n.Name); err != nil {
		return User{}, err
	}
	email, err := foldEmail(n.Email)
	if err != nil {
		return User{}, err
	}
	u := User{ID: s.db.NewID(), Name: FoldName(n.Name), DisplayName: n.Name, Email: email, Role: string(n.Role), CreatedAt: s.stamp()}
	switch n.Role {
	case "":
		u.Role = string(RoleUser)
	case RoleAdmin, RoleModerator, RoleUser:
	default:
		return User{}, ErrBadRole
	}
	if n.Password == "" {
		return u, nil
	}
	if err := validPassword(n.Password, u.Name, u.Email); err != nil {
		return User{}, err
	}
	u.Password, err = s.passwords.hash(ctx, n.Password)
	return u, err
}

// insertUser adds a user and tells a taken name from a taken address.
func insertUser(ctx context.Context, tx *store.Tx, u User) error {
	if _, err := tx.UserByName(ctx, u.Name); !errors.Is(err, store.ErrNotFound) {
		return either(err, ErrUserTaken)
	}
	return refuse(tx.InsertUser(ctx, u), store.ErrConflict, ErrEmailTaken)
}

// AddUser makes an account. It is for admins; who comes by himself signs up.
func (s *Service) AddUser(ctx context.Context, a Actor, n NewUser) (User, error) {
	if err := a.RequireAdmin(); err != nil {
		return User{}, err
	}
	u, err := s.userOf(ctx, n)
	if err != nil {
		return User{}, err
	}
	var link *confirmation
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := insertUser(ctx, tx, u); err != nil {
			return err
		}
		if err := s.note(ctx, tx, a, "user.add", "user/"+u.Name, "role "+u.Role); err != nil {
			return err
		}
		link, err = s.newConfirmation(ctx, tx, u, n.Language)
		return err
	})
	if err == nil {
		link.post()
	}
	return u, err
}

// Users lists at most limit users by name, from a cursor on. It is for site
// moderators.
func (s *Service) Users(ctx context.Context, a Actor, cursor string, limit int) (us []User, next string, err error) {
	if err := a.require(RoleModerator, ScopeAdmin); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	us, err = s.db.Users(ctx, cursor, limit+1)
	if err != nil || len(us) <= limit {
		return us, "", err
	}
	return us[:limit], us[limit-1].Name, nil
}

// UserNamed returns the user with that name, whatever its case, or
// ErrUnknownUser.
func (s *Service) UserNamed(ctx context.Context, name string) (User, error) {
	if ValidName(name) != nil {
		return User{}, ErrUnknownUser
	}
	u, err := s.db.UserByName(ctx, FoldName(name))
	return u, refuse(err, store.ErrNotFound, ErrUnknownUser)
}

// SetRole changes what a user may do on the site. It is for admins; the last
// admin stays one.
func (s *Service) SetRole(ctx context.Context, a Actor, name string, r Role) error {
	switch r {
	case RoleAdmin, RoleModerator, RoleUser:
	default:
		return ErrBadRole
	}
	return s.changeUser(ctx, a, name, "user.role", string(r), func(u *User) { u.Role = string(r) })
}

// SetDisabled keeps a user from signing in, and ends all sessions, or lets the
// user in again. It is for admins; the last admin cannot be kept out.
func (s *Service) SetDisabled(ctx context.Context, a Actor, name string, disabled bool) error {
	act := "user.enable"
	if disabled {
		act = "user.disable"
	}
	return s.changeUser(ctx, a, name, act, "", func(u *User) {
		if disabled {
			u.DisabledAt = s.stamp()
		} else {
			u.DisabledAt = time.Time{}
		}
	})
}

func (s *Service) changeUser(ctx context.Context, a Actor, name, act, details string, change func(*User)) error {
	if err := a.RequireAdmin(); err != nil {
		return err
	}
	u, err := s.UserNamed(ctx, name)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if u, err = tx.User(ctx, u.ID); err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownUser)
		}
		was := u.DisabledAt.IsZero()
		admin := Role(u.Role) == RoleAdmin && was
		change(&u)
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
		if in := u.DisabledAt.IsZero(); in != was {
			if err := tx.CountFollows(ctx, u.ID, in); err != nil {
				return err
			}
		}
		if admin {
			if left, err := tx.UsersOfRole(ctx, string(RoleAdmin)); err != nil || left == 0 {
				return either(err, ErrLastAdmin)
			}
		}
		if !u.DisabledAt.IsZero() {
			if _, err := tx.DeleteSessions(ctx, u.ID, ""); err != nil {
				return err
			}
		}
		return s.note(ctx, tx, a, act, "user/"+u.Name, details)
	})
	if err == nil {
		s.userChanged(u.ID)
	}
	return err
}

// Profile is what users change of themselves.
type Profile struct {
	DisplayName string
	Email       string
	Language    string // of a letter that asks to confirm the address, as a browser says it
}

// SetProfile changes what a user says of himself. Another e-mail address is one
// more way to a new password: it takes a fresh sign-in (ErrSignInAgain), and a link
// is mailed there that confirms it. With another display name the site vouches for
// the user no longer.
func (s *Service) SetProfile(ctx context.Context, a Actor, p Profile) (User, error) {
	if err := a.requireSession(); err != nil {
		return User{}, err
	}
	display := strings.TrimSpace(p.DisplayName)
	if n := utf8.RuneCountInString(display); n < 1 || n > maxDisplayName || !printable(display) {
		return User{}, ErrBadDisplayName
	}
	email, err := foldEmail(p.Email)
	if err != nil {
		return User{}, err
	}
	if email != a.User.Email {
		if err := s.RequireFresh(ctx, a); err != nil {
			return User{}, err
		}
	}
	var u User
	var link *confirmation
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if u, err = tx.User(ctx, a.User.ID); err != nil {
			return err
		}
		another := email != u.Email
		if err := s.unverify(ctx, tx, a, &u, display); err != nil {
			return err
		}
		if u.DisplayName, u.Email = display, email; another {
			u.EmailConfirmedAt = time.Time{}
		}
		if err := tx.UpdateUser(ctx, u); err != nil || !another {
			return refuse(err, store.ErrConflict, ErrEmailTaken)
		}
		if err := tx.DeleteVouchers(ctx, voucherReset, u.ID); err != nil { // a link that went to the old address
			return err
		}
		link, err = s.newConfirmation(ctx, tx, u, p.Language)
		return err
	})
	if err == nil {
		link.post()
		s.userChanged(u.ID)
	}
	return u, err
}

// SetPassword changes the actor's own password, by the present one, and ends
// the user's other sessions. Who has none yet gives an empty one, and has just
// signed in (ErrSignInAgain).
func (s *Service) SetPassword(ctx context.Context, a Actor, present, next string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	if err := s.attempts.allow(a.User.ID); err != nil {
		return err
	}
	u, err := s.db.User(ctx, a.User.ID)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrUnknownUser)
	}
	if u.Password == "" {
		err = s.RequireFresh(ctx, a)
	}
	if err != nil {
		return err
	}
	if u.Password != "" {
		if ok, err := s.passwords.matches(ctx, present, u.Password); err != nil || !ok {
			return either(err, ErrWrongPassword)
		}
	}
	return s.putPassword(ctx, u, next, a.Session, func(tx *store.Tx, now *User) error {
		if now.Password != u.Password {
			return ErrWrongPassword // somebody changed it since it was compared
		}
		_, err := tx.Session(ctx, a.Session)
		return refuse(err, store.ErrNotFound, ErrSignIn) // somebody ended it since it asked
	})
}

// ForcePassword gives a user a password, and ends the user's sessions. It is
// for admins.
func (s *Service) ForcePassword(ctx context.Context, a Actor, name, next string) error {
	if err := a.RequireAdmin(); err != nil {
		return err
	}
	u, err := s.UserNamed(ctx, name)
	if err != nil {
		return err
	}
	return s.putPassword(ctx, u, next, "", func(tx *store.Tx, _ *User) error {
		return s.note(ctx, tx, a, "user.password", "user/"+u.Name, "")
	})
}

// putPassword keeps a password and ends all sessions but one, if allowed agrees
// with the user as the database has it; what allowed does is part of the step.
func (s *Service) putPassword(ctx context.Context, u User, next, keep string, allowed func(*store.Tx, *User) error) error {
	if err := validPassword(next, u.Name, u.Email); err != nil {
		return err
	}
	hash, err := s.passwords.hash(ctx, next)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.User(ctx, u.ID)
		if err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownUser)
		}
		if err := allowed(tx, &now); err != nil {
			return err
		}
		now.Password = hash
		if err := tx.UpdateUser(ctx, now); err != nil {
			return err
		}
		if err := tx.DeleteVouchers(ctx, voucherReset, u.ID); err != nil {
			return err
		}
		_, err = tx.DeleteSessions(ctx, u.ID, keep)
		return err
	})
}

// foldEmail returns the one spelling of an address under which it is kept.
func foldEmail(address string) (string, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return "", nil
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > maxEmail || strings.ContainsAny(address, "\r\n") {
		return "", ErrBadEmail
	}
	return strings.ToLower(address), nil
}
