package account

import (
	"context"
	"errors"

	"github.com/rostrumlive/rostrum/internal/store"
)

// Channel is a permanent public address: see store.Channel.
type Channel = store.Channel

// AddChannel makes a channel and returns it. The name is folded; as it was
// written it becomes the title. ErrBadName tells in words what is wrong with
// a name.
func (s *Service) AddChannel(ctx context.Context, name string) (Channel, error) {
	if err := ValidName(name); err != nil {
		return Channel{}, err
	}
	c := Channel{ID: s.db.NewID(), Name: FoldName(name), Title: name, CreatedAt: s.stamp()}
	err := s.db.Write(ctx, func(tx *store.Tx) error { return tx.InsertChannel(ctx, c) })
	if err != nil {
		return Channel{}, refuse(err, store.ErrConflict, ErrNameTaken)
	}
	return c, nil
}

// EnsureChannel returns the channel with that name and makes it when there is
// none. It fails as AddChannel does, but not because the name is taken.
func (s *Service) EnsureChannel(ctx context.Context, name string) (Channel, error) {
	c, err := s.Channel(ctx, name)
	if !errors.Is(err, ErrUnknownChannel) {
		return c, err
	}
	c, err = s.AddChannel(ctx, name)
	if errors.Is(err, ErrNameTaken) { // by another who asked for it just now
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
