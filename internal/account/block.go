package account

import (
	"context"
	"errors"

	"github.com/rostrumlive/rostrum/internal/store"
)

// mostBlocked bounds the list of one channel.
const mostBlocked = 20_000

// Block keeps a user from following a channel and from speaking there, and ends
// what the user follows of it. It is for the channel's moderators and those above
// them, of whom none can be blocked (ErrCannotBlock).
func (s *Service) Block(ctx context.Context, a Actor, channel, user string) error {
	c, err := s.channelFor(ctx, a, channel, PlaceModerator, ScopeModerate)
	if err != nil {
		return err
	}
	u, err := s.UserNamed(ctx, user)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if above, err := oversees(ctx, tx, c, u); err != nil || above {
			return either(err, ErrCannotBlock)
		}
		if blocked, err := tx.Blocked(ctx, c.ID, u.ID); err != nil || blocked {
			return err
		}
		if n, err := tx.BlockCount(ctx, c.ID); err != nil || n >= mostBlocked {
			return either(err, ErrTooManyBlocked)
		}
		if err := tx.PutBlock(ctx, store.ChannelBlock{ChannelID: c.ID, UserID: u.ID, CreatedAt: s.stamp()}); err != nil {
			return err
		}
		if _, err := tx.Unfollow(ctx, c.ID, u.ID); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "channel.block", u.Name)
	})
	if err == nil {
		s.changed(c)
	}
	return err
}

// oversees reports whether a user looks after a channel, by a place in it or a
// role on the site.
func oversees(ctx context.Context, tx *store.Tx, c Channel, u User) (bool, error) {
	if Role(u.Role) != RoleUser {
		return true, nil
	}
	text, err := tx.RoleInChannel(ctx, c.ID, u.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return Place(text).AtLeast(PlaceModerator), err
}

// Unblock ends that, or fails with ErrNotBlocked.
func (s *Service) Unblock(ctx context.Context, a Actor, channel, user string) error {
	c, err := s.channelFor(ctx, a, channel, PlaceModerator, ScopeModerate)
	if err != nil {
		return err
	}
	u, err := s.UserNamed(ctx, user)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.DeleteBlock(ctx, c.ID, u.ID); err != nil {
			return refuse(err, store.ErrNotFound, ErrNotBlocked)
		}
		return s.NoteModeration(ctx, tx, a, c, "channel.unblock", u.Name)
	})
	if err == nil {
		s.changed(c)
	}
	return err
}

// Blocks lists who is blocked from a channel by name, at most limit from a cursor
// on, to who may block.
func (s *Service) Blocks(ctx context.Context, a Actor, channel, cursor string, limit int) (bs []store.ChannelBlock, next string, err error) {
	c, err := s.channelFor(ctx, a, channel, PlaceModerator, ScopeRead)
	if err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	bs, err = s.db.ChannelBlocks(ctx, c.ID, cursor, limit+1)
	if err != nil || len(bs) <= limit {
		return bs, "", err
	}
	return bs[:limit], bs[limit-1].UserName, nil
}

// Blocked reports whether a user is blocked from a channel: whoever lets users
// speak there asks.
func (s *Service) Blocked(ctx context.Context, channelID, userID string) (bool, error) {
	return s.db.Blocked(ctx, channelID, userID)
}
