package notify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/mail"
	"github.com/rostrumlive/rostrum/internal/store"
)

// restFor is how long a server for mail rests that takes none: not each letter
// that waits is tried while it is away.
const restFor = time.Minute

func (s *Service) mailLine() line {
	var awayUntil atomic.Int64 // Unix milliseconds
	send := func(ctx context.Context, n store.Notice, l live) outcome {
		if l.now.UnixMilli() < awayUntil.Load() {
			return outcome{again: true, untried: true, after: restFor}
		}
		o := s.sendLetter(ctx, n, l)
		if o.again && !o.untried {
			awayUntil.Store(l.now.Add(restFor).UnixMilli())
			o.after = restFor
		}
		return o
	}
	return line{kind: store.ByMail, workers: 4, taken: 32, lease: 10 * time.Minute, send: send}
}

// sendLetter writes to one follower, if that is still wanted.
func (s *Service) sendLetter(ctx context.Context, n store.Notice, l live) outcome {
	u, err := s.o.DB.User(ctx, n.UserID)
	var f store.Follower
	if err == nil {
		f, err = s.o.DB.Follower(ctx, l.channel.ID, n.UserID)
	}
	var set store.NotifySettings
	if err == nil {
		set, err = s.o.DB.NotifySettings(ctx, n.UserID)
	}
	if errors.Is(err, store.ErrNotFound) {
		return outcome{}
	}
	wanted := set.Mail
	if f.Ways.Mail != nil {
		wanted = *f.Ways.Mail
	}
	if err == nil && (!wanted || u.Email == "" || u.EmailConfirmedAt.IsZero() || !u.DisabledAt.IsZero()) {
		return outcome{}
	}
	var token string
	if err == nil {
		token, err = s.unsubscribeToken(ctx, n.UserID, l.channel.ID)
	}
	if err != nil {
		return outcome{again: true, untried: true, after: lookEvery, err: err}
	}
	err = s.o.Mail.Send(ctx, s.letter(l, u, set.Language, token))
	if ctx.Err() != nil && err != nil {
		return outcome{again: true, untried: true}
	}
	// A server that will not have a letter to this address says so of the next
	// ones too.
	return outcome{again: err != nil && !errors.Is(err, mail.ErrRefused), err: err}
}

// letter is what a follower reads. The same broadcast makes the same letter.
func (s *Service) letter(l live, u store.User, language, token string) mail.Letter {
	w := wordsIn(language)
	subject, title := fmt.Sprintf(w.live, l.name()), ""
	if l.title() != "" {
		subject += ": " + l.title()
		title = l.title() + "\n\n"
	}
	stop := s.o.Site + UnsubscribePath + "?token=" + url.QueryEscape(token)
	return mail.Letter{
		To: u.Email, Subject: subject, ID: l.broadcast.ID + "." + u.ID, Unsubscribe: stop,
		Text: fmt.Sprintf(w.letter, u.DisplayName, l.name(), l.site, title, s.o.Site+l.path(), l.name(), s.o.Site+"/account/notifications", stop),
	}
}
