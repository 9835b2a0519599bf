package chat

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// sweptAtOnce bounds what one transaction removes: others write between two.
const sweptAtOnce = 500

// Sweep removes lines that are older than an age and are not shown again: those
// of no broadcast, and of broadcasts of which there is neither a recording nor a
// clip. It returns how many went, and ends early with ctx.
func (s *Service) Sweep(ctx context.Context, age time.Duration) (n int, err error) {
	before := s.o.now().Add(-age)
	n, err = s.sweepAll(ctx, func(tx *store.Tx) ([]store.SweptLine, error) { return tx.SweepIdleChat(ctx, before, sweptAtOnce) })
	for id := ""; err == nil; { // from one to the next by the index
		if id, err = s.o.DB.NextChatOf(ctx, id, before); err != nil || id == "" {
			break
		}
		var shown bool
		if shown, err = s.o.DB.Replayable(ctx, id); err != nil || shown {
			continue
		}
		var of int
		of, err = s.sweepAll(ctx, func(tx *store.Tx) ([]store.SweptLine, error) { return tx.SweepChatOf(ctx, id, before, sweptAtOnce) })
		n += of
	}
	return n, err
}

// sweepAll removes until nothing is left, and has rooms forget what they hold.
func (s *Service) sweepAll(ctx context.Context, sweep func(*store.Tx) ([]store.SweptLine, error)) (n int, err error) {
	for {
		var gone []store.SweptLine
		err := s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
			gone, err = sweep(tx)
			return err
		})
		if err != nil {
			return n, err
		}
		ids := map[string][]string{} // by channel
		for _, l := range gone {
			ids[l.ChannelID] = append(ids[l.ChannelID], l.ID)
		}
		for channelID, of := range ids {
			s.say(channelID, envelope{Kind: kindSwept, IDs: of})
		}
		if n += len(gone); len(gone) < sweptAtOnce {
			return n, nil
		}
	}
}
