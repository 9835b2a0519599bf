package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Channel is a permanent public address: see store.Channel.
type Channel = store.Channel

// Visibility says who may watch a channel or a recording.
type Visibility string

// The kinds of visibility.
const (
	Public   Visibility = "public"   // everybody
	Unlisted Visibility = "unlisted" // who has the address; it is in no list
	Password Visibility = "password" // who knows the channel's password
	Members  Visibility = "members"  // who has a place in the channel
)

// Embedding says whose pages may show a channel.
type Embedding string

// The kinds of embedding.
const (
	EmbeddingAllowed Embedding = "allowed"
	EmbeddingRefused Embedding = "refused"
	EmbeddingSites   Embedding = "sites" // those in a list
)

// Clips says which viewers may make clips of what they may watch on a channel.
// Its moderators and those above them always may.
type Clips string

// The kinds of clipping.
const (
	ClipsNobody   Clips = "nobody"
	ClipsSignedIn Clips = "signed_in"
)

// newChannel is one as it is made.
func (s *Service) newChannel(name string) Channel {
	return Channel{
		ID: s.db.NewID(), Name: FoldName(name), Title: name, CreatedAt: s.stamp(), Takeover: string(TakeoverNewest), Recorded: true,
		Visibility: string(Public), Embedding: string(EmbeddingAllowed), Clips: string(ClipsSignedIn),
	}
}

// AddChannel makes a channel and returns it; a user becomes its owner. The name
// is folded; as it was written it becomes the title. ErrBadName tells in words
// what is wrong with a name. A user's is stricter: see validPersonName.
func (s *Service) AddChannel(ctx context.Context, a Actor, name string) (Channel, error) {
	if err := a.requireScope(ScopeChannels); err != nil {
		return Channel{}, err
	}
	if err := ValidName(name); err != nil {
		return Channel{}, err
	}
	if !a.local {
		if err := validPersonName(name); err != nil {
			return Channel{}, err
		}
		if err := s.mayMakeChannel(ctx, a); err != nil {
			return Channel{}, err
		}
	}
	c := s.newChannel(name)
	err := s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertChannel(ctx, c); err != nil {
			return err
		}
		if a.local {
			return s.note(ctx, tx, a, "channel.add", "channel/"+c.Name, "")
		}
		return tx.PutMember(ctx, store.Member{ChannelID: c.ID, UserID: a.User.ID, Role: string(PlaceOwner), CreatedAt: c.CreatedAt})
	})
	if err != nil {
		return Channel{}, refuse(err, store.ErrConflict, ErrNameTaken)
	}
	return c, nil
}

// mayMakeChannel returns nil when a user may make one more channel.
func (s *Service) mayMakeChannel(ctx context.Context, a Actor) error {
	if Role(a.User.Role) == RoleAdmin {
		return nil
	}
	set, err := s.Settings(ctx)
	if err != nil {
		return err
	}
	if !set.MakeChannels {
		return ErrForbidden
	}
	own, err := s.db.ChannelsOfUser(ctx, a.User.ID, mostPlaces)
	if err != nil {
		return err
	}
	n := 0
	for _, p := range own {
		if Place(p.Role) == PlaceOwner {
			n++
		}
	}
	if n >= set.Limits.ChannelsPerUser {
		return ErrTooManyChannels
	}
	return nil
}

// EnsureChannel returns the channel with that name and makes it when there is
// none, for the server itself. It fails as AddChannel does, but not because the
// name is taken.
func (s *Service) EnsureChannel(ctx context.Context, name string) (Channel, error) {
	c, err := s.Channel(ctx, name)
	if !errors.Is(err, ErrUnknownChannel) {
		return c, err
	}
	if err := ValidName(name); err != nil {
		return Channel{}, err
	}
	c = s.newChannel(name)
	err = s.db.Write(ctx, func(tx *store.Tx) error { return tx.InsertChannel(ctx, c) })
	if errors.Is(err, store.ErrConflict) { // by another who asked for it just now, or another's former name
		return s.Channel(ctx, name)
	}
	return c, err
}

// Channel returns the channel with that name, whatever its case, or
// ErrUnknownChannel.
func (s *Service) Channel(ctx context.Context, name string) (Channel, error) {
	if ValidName(name) != nil {
		return Channel{}, ErrUnknownChannel
	}
	c, err := s.db.ChannelByName(ctx, FoldName(name))
	return c, refuse(err, store.ErrNotFound, ErrUnknownChannel)
}

// FormerChannel returns the channel that had that name and has another now, or
// ErrUnknownChannel.
func (s *Service) FormerChannel(ctx context.Context, name string) (Channel, error) {
	if ValidName(name) != nil {
		return Channel{}, ErrUnknownChannel
	}
	c, err := s.db.ChannelByFormerName(ctx, FoldName(name))
	return c, refuse(err, store.ErrNotFound, ErrUnknownChannel)
}

// channelFor returns a channel in which the actor may do what takes a place and
// a scope.
func (s *Service) channelFor(ctx context.Context, a Actor, name string, p Place, scope Scope) (Channel, error) {
	if err := a.requireScope(scope); err != nil {
		return Channel{}, err
	}
	c, err := s.Channel(ctx, name)
	if err != nil {
		return Channel{}, err
	}
	return c, s.Require(ctx, a, c, p, scope)
}

// Managed returns a channel to who may change it.
func (s *Service) Managed(ctx context.Context, a Actor, name string) (Channel, error) {
	return s.channelFor(ctx, a, name, PlaceEditor, ScopeRead)
}

// Overseen returns a channel to who looks after it: moderators, and those who
// may change it.
func (s *Service) Overseen(ctx context.Context, a Actor, name string) (Channel, error) {
	return s.channelFor(ctx, a, name, PlaceModerator, ScopeRead)
}

// NoteModeration logs what an actor does to a channel, or to what is on it, by
// its role on the site: in the transaction that does it.
func (s *Service) NoteModeration(ctx context.Context, tx *store.Tx, a Actor, c Channel, act, details string) error {
	if !a.local {
		if _, err := tx.RoleInChannel(ctx, c.ID, a.User.ID); err == nil || !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return s.note(ctx, tx, a, act, "channel/"+c.Name, details)
}

// Channels lists at most limit channels by name, from a cursor on; an empty
// one is the beginning. next is the cursor that goes on, empty at the end.
func (s *Service) Channels(ctx context.Context, cursor string, limit int) (cs []Channel, next string, err error) {
	limit = max(limit, 1)
	cs, err = s.db.Channels(ctx, cursor, limit+1) // one more tells whether there is more
	if err != nil {
		return nil, "", err
	}
	if len(cs) > limit {
		cs = cs[:limit]
		next = cs[limit-1].Name
	}
	return cs, next, nil
}

// Rename gives a channel another name. Its old one leads to it from now on, and
// nobody else can take it.
func (s *Service) Rename(ctx context.Context, a Actor, name, next string) (Channel, error) {
	c, err := s.channelFor(ctx, a, name, PlaceOwner, ScopeChannels)
	if err != nil {
		return Channel{}, err
	}
	if err := ValidName(next); err != nil {
		return Channel{}, err
	}
	if !a.local {
		if err := validPersonName(next); err != nil {
			return Channel{}, err
		}
	}
	if FoldName(next) == c.Name {
		return c, nil
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.RenameChannel(ctx, c, FoldName(next), s.stamp()); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "channel.rename", fmt.Sprintf("to %s", FoldName(next)))
	})
	if err != nil {
		return Channel{}, refuse(err, store.ErrConflict, ErrNameTaken)
	}
	s.changed(c)
	return s.Channel(ctx, next)
}
