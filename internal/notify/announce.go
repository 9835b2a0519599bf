package notify

import (
	"context"
	"errors"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// announceAll puts the followers of what is announced in line until ctx ends.
func (s *Service) announceAll(ctx context.Context) {
	look, sweep := time.NewTicker(lookEvery), time.NewTicker(sweepEvery)
	defer look.Stop()
	defer sweep.Stop()
	for {
		for s.announceNext(ctx) {
		}
		select {
		case <-ctx.Done():
			return
		case <-s.o.DB.AnnouncementNews():
		case <-look.C:
		case <-sweep.C:
			s.sweep(ctx)
		}
	}
}

// announceNext works off one announcement, and reports whether there was one.
func (s *Service) announceNext(ctx context.Context) bool {
	a, now, err := s.leaseNext(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return false
	}
	if err == nil {
		err = s.announce(ctx, a, now)
	}
	s.trouble(ctx, "followers cannot be told that a channel is on air: it is tried again", err)
	return err == nil
}

func (s *Service) leaseNext(ctx context.Context) (a store.Announcement, now time.Time, err error) {
	if now, err = s.o.Now(ctx); err != nil {
		return a, now, err
	}
	if _, err = s.o.DB.WaitingAnnouncement(ctx, now); err != nil { // asked without keeping writers out
		return a, now, err
	}
	err = s.o.DB.Write(ctx, func(tx *store.Tx) (err error) {
		a, err = tx.LeaseAnnouncement(ctx, tx.NewID(), now, now.Add(leaseFor))
		return err
	})
	return a, now, err
}

// announce puts all followers in line, batch by batch. When it is cut off, or has
// lost the lease, another goes on where it was.
func (s *Service) announce(ctx context.Context, a store.Announcement, now time.Time) error {
	l, err := s.liveOf(ctx, a.BroadcastID)
	for err == nil && l.on && now.Sub(a.At) < usefulFor {
		var next []store.Listening
		next, err = s.o.DB.Listening(ctx, a.ChannelID, l.membersOnly(), a.Reached, batch)
		if err != nil || len(next) == 0 {
			break
		}
		// First the word, then the row: a page that hears it twice, after a crash,
		// knows the broadcast.
		s.tellPages(ctx, l, next)
		upTo := next[len(next)-1].UserID
		if now, err = s.o.Now(ctx); err != nil {
			break
		}
		err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
			return tx.PutInLine(ctx, a, l.membersOnly(), s.Mails(), upTo, now, a.At.Add(usefulFor), now.Add(leaseFor))
		})
		a.Reached = upTo
		wake(s.push)
		wake(s.letters)
	}
	if err == nil {
		return s.o.DB.Write(ctx, func(tx *store.Tx) error { return tx.EndAnnouncement(ctx, a, now) })
	}
	if ctx.Err() != nil {
		after, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleFor)
		defer cancel()
		err = errors.Join(err, s.o.DB.Write(after, func(tx *store.Tx) error { return tx.ReleaseAnnouncement(after, a) }))
	}
	return err
}

// sweep forgets what nobody asks for any more.
func (s *Service) sweep(ctx context.Context) {
	now, err := s.o.Now(ctx)
	if err == nil {
		err = s.o.DB.Write(ctx, func(tx *store.Tx) error { return tx.ForgetAnnouncements(ctx, now.Add(-keptFor)) })
	}
	s.trouble(ctx, "old announcements cannot be forgotten", err)
}

// live is what followers are told of.
type live struct {
	broadcast store.Broadcast
	channel   store.Channel
	site      string    // its name
	now       time.Time // when it is told
	on        bool      // it is on air, and may be told of
}

func (s *Service) liveOf(ctx context.Context, broadcastID string) (l live, err error) {
	if l.broadcast, err = s.o.DB.Broadcast(ctx, broadcastID); err != nil {
		return l, err
	}
	if l.channel, err = s.o.DB.Channel(ctx, l.broadcast.ChannelID); err != nil {
		return l, err
	}
	set, err := s.o.Accounts.Settings(ctx)
	l.site = set.SiteName
	onAir := l.broadcast.State == store.StateLive || l.broadcast.State == store.StateInterrupted
	l.on = onAir && l.channel.TakenDownAt.IsZero() && l.channel.BannedAt.IsZero() && l.broadcast.TakenDownAt.IsZero()
	return l, err
}

// membersOnly reports whether those alone may watch who have a place in the
// channel.
func (l *live) membersOnly() bool {
	v := account.Visibility(l.broadcast.Visibility)
	if v == "" {
		v = account.Visibility(l.channel.Visibility)
	}
	return v == account.Members
}

// name is how the channel is called.
func (l *live) name() string {
	if l.channel.Title != "" {
		return l.channel.Title
	}
	return "@" + l.channel.Name
}

// title is what the broadcast is about, where that says more than the channel's
// name.
func (l *live) title() string {
	if l.broadcast.Title == l.channel.Title || l.broadcast.Title == l.channel.Name {
		return ""
	}
	return l.broadcast.Title
}

// path is that of the channel's page.
func (l *live) path() string { return "/@" + l.channel.Name }
