package account

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/time/rate"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	mostFollowed = 2000 // by one user
	// Of following and unfollowing, each of which is a row and is told to others.
	followsAtOnce = 60
	followEvery   = 2 * time.Second
)

// Follow has the actor follow a channel; who does already goes on. A blocked user
// is told so: ErrBlocked. said is what the browser asks to be answered in
// (Accept-Language), for letters to the user; fresh is that it did not before.
func (s *Service) Follow(ctx context.Context, a Actor, channel, said string) (f store.Follower, fresh bool, err error) {
	c, err := s.followable(ctx, a, channel)
	if err != nil {
		return store.Follower{}, false, err
	}
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if blocked, err := tx.Blocked(ctx, c.ID, a.User.ID); err != nil || blocked {
			return either(err, ErrBlocked)
		}
		if n, err := tx.FollowCount(ctx, a.User.ID); err != nil || n >= mostFollowed {
			return either(err, ErrTooManyFollowed)
		}
		fresh, err = tx.Follow(ctx, c.ID, a.User.ID, s.stamp())
		if err == nil && fresh {
			err = noteLanguage(ctx, tx, a.User.ID, said)
		}
		if err == nil {
			f, err = tx.Follower(ctx, c.ID, a.User.ID)
		}
		return refuse(err, store.ErrNotFound, ErrUnknownChannel)
	})
	return f, fresh, err
}

// followable returns a channel that is up, to who is signed in and does not
// follow too often.
func (s *Service) followable(ctx context.Context, a Actor, channel string) (Channel, error) {
	if err := a.requireSession(); err != nil {
		return Channel{}, err
	}
	if err := s.attempts.takeEvery("follow/"+a.User.ID, rate.Every(followEvery), followsAtOnce); err != nil {
		return Channel{}, err
	}
	c, err := s.Channel(ctx, channel)
	if err == nil && !c.TakenDownAt.IsZero() {
		err = ErrTakenDown
	}
	return c, err
}

// Unfollow ends that. Who does not follow the channel has nothing to end.
func (s *Service) Unfollow(ctx context.Context, a Actor, channel string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Unfollow(ctx, c.ID, a.User.ID)
		return err
	})
}

// Relation is what a user is to a channel.
type Relation struct {
	Following bool
	Since     time.Time  // zero: not following
	Ways      store.Ways // as chosen for the channel
	Blocked   bool
}

// RelationTo tells what the actor is to a channel.
func (s *Service) RelationTo(ctx context.Context, a Actor, channel string) (r Relation, err error) {
	if err := a.requireScope(ScopeRead); err != nil {
		return r, err
	}
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return r, err
	}
	if r.Blocked, err = s.db.Blocked(ctx, c.ID, a.User.ID); err != nil {
		return r, err
	}
	f, err := s.db.Follower(ctx, c.ID, a.User.ID)
	if err == nil {
		r.Following, r.Since, r.Ways = true, f.Since, f.Ways
	}
	return r, ignore(err, store.ErrNotFound)
}

// ignore returns err, or nil where it is the sentinel.
func ignore(err, sentinel error) error {
	if errors.Is(err, sentinel) {
		return nil
	}
	return err
}

// SetWays chooses how the actor hears of a channel that it follows, or fails with
// ErrNotFollowing.
func (s *Service) SetWays(ctx context.Context, a Actor, channel string, w store.Ways) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	c, err := s.Channel(ctx, channel)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *store.Tx) error {
		return refuse(tx.SetWays(ctx, c.ID, a.User.ID, w), store.ErrNotFound, ErrNotFollowing)
	})
}

// What a cursor of Following begins with: in which half the page before ended.
const (
	amongOnAir  = "1"
	amongOffAir = "0"
)

// Following lists what the actor follows, at most limit from a cursor on: what is
// on air first, then by name.
func (s *Service) Following(ctx context.Context, a Actor, cursor string, limit int) (fs []store.Followed, next string, err error) {
	if err := a.requireScope(ScopeRead); err != nil {
		return nil, "", err
	}
	limit = max(limit, 1)
	name, off := strings.CutPrefix(cursor, amongOffAir)
	half := amongOffAir
	if !off {
		if fs, err = s.db.FollowedOnAir(ctx, a.User.ID, strings.TrimPrefix(cursor, amongOnAir), limit+1); err != nil {
			return nil, "", err
		}
		name = ""
	}
	if len(fs) > limit {
		half = amongOnAir
	} else {
		rest, err := s.db.FollowedOffAir(ctx, a.User.ID, name, limit+1-len(fs))
		if err != nil {
			return nil, "", err
		}
		if len(fs) == limit && len(rest) > 0 {
			return fs, amongOffAir, nil
		}
		fs = append(fs, rest...)
	}
	if len(fs) <= limit {
		return fs, "", nil
	}
	return fs[:limit], half + fs[limit-1].Name, nil
}

// Followers lists who follows a channel, the newest first, at most limit from a
// cursor on, to who may change it.
func (s *Service) Followers(ctx context.Context, a Actor, channel, cursor string, limit int) (fs []store.Follower, next string, err error) {
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeRead)
	if err != nil {
		return nil, "", err
	}
	before, below := s.now().AddDate(1, 0, 0), ""
	if cursor != "" {
		at, id, ok := strings.Cut(cursor, "-")
		n, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !ok {
			return nil, "", nil // no page of ours leads there
		}
		before, below = time.UnixMilli(n), id
	}
	limit = max(limit, 1)
	fs, err = s.db.Followers(ctx, c.ID, before, below, limit+1)
	if err != nil || len(fs) <= limit {
		return fs, "", err
	}
	last := fs[limit-1]
	return fs[:limit], strconv.FormatInt(last.Since.UnixMilli(), 10) + "-" + last.UserID, nil
}

// Follows tells since when a user follows a channel, and whether at all.
func (s *Service) Follows(ctx context.Context, channelID, userID string) (since time.Time, ok bool, err error) {
	f, err := s.db.Follower(ctx, channelID, userID)
	if errors.Is(err, store.ErrNotFound) {
		return time.Time{}, false, nil
	}
	return f.Since, err == nil, err
}

// letters are the languages in which there are letters to users; the first is for
// all others.
var letters = language.NewMatcher([]language.Tag{language.English, language.German})

// LanguageOf is the language of letters for who asks for answers so
// (Accept-Language): en or de.
func LanguageOf(said string) string {
	if len(said) > 200 {
		return "en"
	}
	wanted, _, err := language.ParseAcceptLanguage(said)
	if err != nil {
		return "en"
	}
	if _, i, _ := letters.Match(wanted...); i == 1 {
		return "de"
	}
	return "en"
}

// noteLanguage keeps in which language a user reads, as the browser says.
func noteLanguage(ctx context.Context, tx *store.Tx, userID, said string) error {
	set, err := tx.NotifySettings(ctx, userID)
	if l := LanguageOf(said); err == nil && set.Language != l {
		set.Language = l
		err = tx.PutNotifySettings(ctx, userID, set)
	}
	return err
}

// NotifySettings are how the actor hears of channels where it says nothing of
// them.
func (s *Service) NotifySettings(ctx context.Context, a Actor) (store.NotifySettings, error) {
	if err := a.requireScope(ScopeRead); err != nil {
		return store.NotifySettings{}, err
	}
	return s.db.NotifySettings(ctx, a.User.ID)
}

// SetNotifySettings changes them; the language is read from what the browser asks
// to be answered in.
func (s *Service) SetNotifySettings(ctx context.Context, a Actor, set store.NotifySettings, said string) error {
	if err := a.requireSession(); err != nil {
		return err
	}
	set.Language = LanguageOf(said)
	return s.db.Write(ctx, func(tx *store.Tx) error { return tx.PutNotifySettings(ctx, a.User.ID, set) })
}
