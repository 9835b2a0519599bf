package account

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Voucher lets its bearer do one thing once: see store.Voucher.
type Voucher = store.Voucher

const (
	voucherSetup      = "setup"
	voucherInvitation = "invitation"
	voucherReset      = "reset"
	voucherConfirm    = "confirm"

	setupPrefix      = "setup_"
	invitationPrefix = "invite_"
	resetPrefix      = "reset_"
	confirmPrefix    = "confirm_"

	setupLasts      = 7 * 24 * time.Hour
	invitationLasts = 14 * 24 * time.Hour
	resetLasts      = 2 * time.Hour
	confirmLasts    = 24 * time.Hour
	maxNote         = 200 // characters
)

// NeedsSetup reports whether the site has no admin yet.
func (s *Service) NeedsSetup(ctx context.Context) (bool, error) {
	n, err := s.db.UsersOfRole(ctx, string(RoleAdmin))
	return n == 0, err
}

// SetupToken makes the token that lets its bearer make the first admin, in
// place of an earlier one. It fails with ErrSetupDone once there is an admin.
func (s *Service) SetupToken(ctx context.Context) (string, error) {
	plain := newSecret(setupPrefix)
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if n, err := tx.UsersOfRole(ctx, string(RoleAdmin)); err != nil || n > 0 {
			return either(err, ErrSetupDone)
		}
		if err := tx.DeleteVouchers(ctx, voucherSetup, ""); err != nil {
			return err
		}
		return tx.InsertVoucher(ctx, s.voucher(voucherSetup, setupLasts), hashSecret(plain))
	})
	return plain, err
}

func (s *Service) voucher(kind string, lasts time.Duration) Voucher {
	now := s.stamp()
	return Voucher{ID: s.db.NewID(), Kind: kind, CreatedAt: now, ExpiresAt: now.Add(lasts)}
}

// redeem finds a voucher that is good, and notes its use. It fails with bad.
func (s *Service) redeem(ctx context.Context, tx *store.Tx, kind, prefix, plain, by string, bad *Error) (Voucher, error) {
	if !isSecret(plain, prefix) {
		return Voucher{}, bad
	}
	v, err := tx.VoucherByHash(ctx, kind, hashSecret(plain))
	if err != nil {
		return Voucher{}, refuse(err, store.ErrNotFound, bad)
	}
	if !v.UsedAt.IsZero() || !s.now().Before(v.ExpiresAt) {
		return Voucher{}, bad
	}
	return v, refuse(tx.UseVoucher(ctx, v.ID, by, s.stamp()), store.ErrConflict, bad)
}

// SetUp makes the first admin for the bearer of the setup token, and signs
// them in. It fails with ErrBadSetupToken, or with ErrSetupDone.
func (s *Service) SetUp(ctx context.Context, plain string, n NewUser, from Client) (token string, u User, err error) {
	if err := s.attempts.allowFrom(from.Address); err != nil {
		return "", User{}, err
	}
	n.Role = RoleAdmin
	return s.join(ctx, n, BySetup, from, func(tx *store.Tx, u User) error {
		if n, err := tx.UsersOfRole(ctx, string(RoleAdmin)); err != nil || n > 1 { // u is one of them
			return either(err, ErrSetupDone)
		}
		_, err := s.redeem(ctx, tx, voucherSetup, setupPrefix, plain, u.ID, ErrBadSetupToken)
		if err == nil {
			err = s.note(ctx, tx, Actor{User: u, Address: from.Address}, "site.setup", "user/"+u.Name, "")
		}
		return err
	})
}

// SignUp makes an account and signs its user in, where the site lets people
// make accounts, with the text of an invitation where that is asked for. It
// fails with ErrSignUpClosed or ErrBadInvitation.
func (s *Service) SignUp(ctx context.Context, n NewUser, invitation string, from Client) (token string, u User, err error) {
	if err := s.attempts.allowAll(from.Address, "sign-up/"+FoldName(n.Name)); err != nil {
		return "", User{}, err
	}
	if n.Role = RoleUser; n.Password == "" {
		return "", User{}, ErrBadPassword
	}
	set, err := s.Settings(ctx)
	if err != nil {
		return "", User{}, err
	}
	if set.SignUp == SignUpClosed {
		return "", User{}, ErrSignUpClosed
	}
	return s.join(ctx, n, BySignUp, from, func(tx *store.Tx, u User) error {
		if set.SignUp == SignUpOpen {
			return nil
		}
		_, err := s.redeem(ctx, tx, voucherInvitation, invitationPrefix, invitation, u.ID, ErrBadInvitation)
		return err
	})
}

// join makes a user whom allowed lets in, and a session, in one step.
func (s *Service) join(ctx context.Context, n NewUser, method string, from Client, allowed func(*store.Tx, User) error) (token string, u User, err error) {
	u, err = s.userOf(ctx, n)
	if err != nil {
		return "", User{}, err
	}
	if u.Password == "" {
		return "", User{}, ErrBadPassword
	}
	token = newSecret(sessionPrefix)
	var link *confirmation
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		// The voucher's row names who used it: the user goes in first.
		if err := insertUser(ctx, tx, u); err != nil {
			return err
		}
		if err := allowed(tx, u); err != nil {
			return err
		}
		if err := s.insertSession(ctx, tx, u, token, method, from); err != nil {
			return err
		}
		link, err = s.newConfirmation(ctx, tx, u, n.Language)
		return err
	})
	if err != nil {
		return "", User{}, err
	}
	link.post()
	return token, u, nil
}

// Invite makes an invitation, whose text is returned this once. It is for
// admins.
func (s *Service) Invite(ctx context.Context, a Actor, note string) (plain string, v Voucher, err error) {
	if err := a.RequireAdmin(); err != nil {
		return "", Voucher{}, err
	}
	if len([]rune(note)) > maxNote || !printable(note) {
		return "", Voucher{}, ErrBadLabel
	}
	plain, v = newSecret(invitationPrefix), s.voucher(voucherInvitation, invitationLasts)
	v.MadeBy, v.Note = a.User.ID, note
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertVoucher(ctx, v, hashSecret(plain)); err != nil {
			return err
		}
		return s.note(ctx, tx, a, "invitation.make", "invitation/"+v.ID, note)
	})
	return plain, v, err
}

// Invitations lists them, used or not, newest first. It is for admins.
func (s *Service) Invitations(ctx context.Context, a Actor, cursor string, limit int) (vs []Voucher, next string, err error) {
	if err := a.RequireAdmin(); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	vs, err = s.db.Vouchers(ctx, voucherInvitation, cursor, limit+1)
	if err != nil || len(vs) <= limit {
		return vs, "", err
	}
	return vs[:limit], vs[limit-1].ID, nil
}

// Uninvite takes an invitation back. It is for admins.
func (s *Service) Uninvite(ctx context.Context, a Actor, id string) error {
	if err := a.RequireAdmin(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteVoucher(ctx, voucherInvitation, id); err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownInvitation)
		}
		return s.note(ctx, tx, a, "invitation.remove", "invitation/"+id, "")
	})
}

// ResetLink makes the text with which a user sets a new password once. It is
// for admins, who hand it over.
func (s *Service) ResetLink(ctx context.Context, a Actor, name string) (plain string, err error) {
	if err := a.RequireAdmin(); err != nil {
		return "", err
	}
	u, err := s.UserNamed(ctx, name)
	if err != nil {
		return "", err
	}
	return s.resetText(ctx, u, "", func(tx *store.Tx) error {
		return s.note(ctx, tx, a, "user.reset_link", "user/"+u.Name, "")
	})
}

// resetText makes a reset voucher in place of an earlier one. Where it is mailed
// to an address, its use confirms that.
func (s *Service) resetText(ctx context.Context, u User, mailedTo string, also func(*store.Tx) error) (plain string, err error) {
	plain = newSecret(resetPrefix)
	v := s.voucher(voucherReset, resetLasts)
	v.UserID, v.Note = u.ID, mailedTo
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteVouchers(ctx, voucherReset, u.ID); err != nil {
			return err
		}
		if err := tx.InsertVoucher(ctx, v, hashSecret(plain)); err != nil {
			return err
		}
		return also(tx)
	})
	return plain, err
}

// ResetPassword sets a new password for the bearer of a reset text, and ends
// all of the user's sessions. Where the text was mailed, the address is confirmed
// by that. It fails with ErrBadReset.
func (s *Service) ResetPassword(ctx context.Context, plain, next string, from Client) error {
	if err := s.attempts.allowFrom(from.Address); err != nil {
		return err
	}
	if !isSecret(plain, resetPrefix) {
		return ErrBadReset
	}
	v, err := s.db.VoucherByHash(ctx, voucherReset, hashSecret(plain))
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrBadReset)
	}
	u, err := s.db.User(ctx, v.UserID)
	if err != nil {
		return refuse(err, store.ErrNotFound, ErrBadReset)
	}
	return s.putPassword(ctx, u, next, "", func(tx *store.Tx, now *User) error {
		v, err := s.redeem(ctx, tx, voucherReset, resetPrefix, plain, u.ID, ErrBadReset)
		if err != nil {
			return err
		}
		return s.confirmed(ctx, tx, now, v.Note)
	})
}
