package app

import (
	"context"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

// expireEvery is how often recordings are looked at that may have become too
// old, or too much together. Their age is told in days.
const expireEvery = 10 * time.Minute

// sweep clears the disk of what an earlier run was deleting, and then of
// recordings that become too old or too much, and lines of chats, until ctx ends. It is no part of the start,
// which is not to take longer for it.
func (s *server) sweep(ctx context.Context) {
	if err := s.files.Sweep(ctx); err != nil && ctx.Err() == nil {
		s.log.Warn("what an earlier run left unfinished cannot be removed", "error", err)
	}
	ticker := time.NewTicker(expireEvery)
	defer ticker.Stop()
	for {
		n, err := s.sweepRecordings(ctx)
		if n > 0 {
			s.log.Info("recordings removed that had become too old or too much, or were not to be kept", "number", n)
		}
		if err != nil && ctx.Err() == nil {
			s.log.Warn("recordings that are to go cannot be removed", "error", err)
		}
		s.sweepChat(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// sweepChat removes lines of chats that became too old.
func (s *server) sweepChat(ctx context.Context) {
	if s.cfg.Chat.MaxAge == 0 {
		return
	}
	n, err := s.chat.Sweep(ctx, s.cfg.Chat.MaxAge)
	if n > 0 {
		s.log.Info("lines of chats removed that had become too old", "number", n)
	}
	if err != nil && ctx.Err() == nil {
		s.log.Warn("lines of chats that are to go cannot be removed", "error", err)
	}
}

func (s *server) sweepRecordings(ctx context.Context) (int, error) {
	set, err := s.accounts.Settings(ctx)
	if err != nil {
		return 0, err
	}
	limits := configuredLimits(s.cfg).With(set.Limits.RetentionDays, set.Limits.RetentionBytes)
	limits.Undo = account.UndoWindow
	return s.library.Sweep(ctx, limits)
}
