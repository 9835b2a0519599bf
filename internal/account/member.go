package account

import (
	"context"
	"errors"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Member is a user's place in a channel: see store.Member.
type Member = store.Member

const (
	mostMembers = 10_000 // of a channel
	mostPlaces  = 1000   // of a user, in lists
)

// Members lists those of a channel by name, at most limit from a cursor on, to
// who may change it.
func (s *Service) Members(ctx context.Context, a Actor, channel, cursor string, limit int) (ms []Member, next string, err error) {
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeRead)
	if err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	ms, err = s.db.Members(ctx, c.ID, cursor, limit+1)
	if err != nil || len(ms) <= limit {
		return ms, "", err
	}
	return ms[:limit], ms[limit-1].UserName, nil
}

// SetPlace gives a user a place in a channel, or takes it away (PlaceNone). It
// is for the channel's owners; an editor may let members in and out. The last
// owner stays.
func (s *Service) SetPlace(ctx context.Context, a Actor, channel, user string, p Place) error {
	switch p {
	case PlaceNone, PlaceMember, PlaceModerator, PlaceEditor, PlaceOwner:
	default:
		return ErrBadPlace
	}
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeChannels)
	if err != nil {
		return err
	}
	u, err := s.UserNamed(ctx, user)
	if err != nil {
		return err
	}
	mine, err := s.PlaceOf(ctx, a, c)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		text, err := tx.RoleInChannel(ctx, c.ID, u.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		had := Place(text)
		if mine != PlaceOwner && (p.AtLeast(PlaceModerator) || had.AtLeast(PlaceModerator)) {
			return ErrForbidden
		}
		if err := s.putPlace(ctx, tx, c, u, had, p); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "channel.place", u.Name+": "+orNone(p))
	})
	if err == nil {
		s.changed(c)
	}
	return err
}

func orNone(p Place) string {
	if p == PlaceNone {
		return "none"
	}
	return string(p)
}

func (s *Service) putPlace(ctx context.Context, tx *store.Tx, c Channel, u User, had, p Place) error {
	if had == PlaceOwner && p != PlaceOwner {
		if n, err := tx.MembersOfRole(ctx, c.ID, string(PlaceOwner)); err != nil || n <= 1 {
			return either(err, ErrLastOwner)
		}
	}
	if p == PlaceNone {
		return refuse(tx.DeleteMember(ctx, c.ID, u.ID), store.ErrNotFound, ErrUnknownMember)
	}
	if had == PlaceNone {
		if n, err := tx.MembersOfRole(ctx, c.ID, string(p)); err != nil || n >= mostMembers {
			return either(err, ErrTooManyMembers)
		}
	}
	return tx.PutMember(ctx, Member{ChannelID: c.ID, UserID: u.ID, Role: string(p), CreatedAt: s.stamp()})
}

// Leave takes the actor out of a channel.
func (s *Service) Leave(ctx context.Context, a Actor, channel string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		text, err := tx.RoleInChannel(ctx, c.ID, a.User.ID)
		if err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownMember)
		}
		return s.putPlace(ctx, tx, c, a.User, Place(text), PlaceNone)
	})
	if err == nil {
		s.changed(c)
	}
	return err
}

// Places lists the channels that a user has a place in, by name.
func (s *Service) Places(ctx context.Context, u User) ([]store.Place, error) {
	return s.db.ChannelsOfUser(ctx, u.ID, mostPlaces)
}
