package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/rostrumlive/rostrum/internal/store"
)

// ResetAddress is where a reset text sets a new password, on a site with that
// origin. The text stands behind #, which browsers send to nobody.
func ResetAddress(origin, text string) string { return origin + "/reset#" + text }

const (
	// resetQueue is how many wait for their mail. Who asks when it is full is told
	// to try again.
	resetQueue = 100
	// A user gets no more mail than this, whoever asks for it.
	mailsAtOnce = 3
	mailEvery   = 10 * time.Minute
)

// Mailer sends a letter of plain text, and returns when it is gone.
type Mailer func(ctx context.Context, to, subject, text string) error

// Resets mails links with which users set a new password. It looks for the user
// in a goroutine of its own, so that how long Ask takes tells nobody whether
// there is one.
type Resets struct {
	s      *Service
	send   Mailer
	origin string
	log    *slog.Logger

	queue   chan string // logins
	abort   context.CancelFunc
	running sync.WaitGroup
	sent    *limits // by the user's id

	mu     sync.Mutex
	closed bool
}

// NewResets begins to send mail, with links on the site of that origin. The
// caller closes it, before the database.
func (s *Service) NewResets(send Mailer, origin string, log *slog.Logger) *Resets {
	r := &Resets{s: s, send: send, origin: origin, log: log, queue: make(chan string, resetQueue), sent: newLimits()}
	ctx, cancel := context.WithCancel(context.Background())
	r.abort = cancel
	r.running.Go(func() {
		for login := range r.queue {
			r.mail(ctx, login)
		}
	})
	return r
}

// Ask has a link mailed to the user with that name or e-mail address, if there
// is one and an address is known. It fails with ErrTooManyAttempts; whether
// there is such a user, and whether the mail arrives, it does not tell.
func (r *Resets) Ask(login string, from Client) error {
	login = strings.TrimSpace(login)
	if err := r.s.attempts.allowAll(from.Address, "reset/"+strings.ToLower(login)); err != nil {
		return err
	}
	if !r.enqueue(login) {
		r.log.Warn("mail for new passwords is asked for faster than it goes out", "waiting", resetQueue)
		return ErrTooManyAttempts
	}
	return nil
}

// enqueue reports whether there was room.
func (r *Resets) enqueue(login string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return false
	}
	select {
	case r.queue <- login:
		return true
	default:
		return false
	}
}

// Close sends what is waiting, and aborts that when ctx ends. It is idempotent
// and returns after the end.
func (r *Resets) Close(ctx context.Context) {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		close(r.queue)
	}
	r.mu.Unlock()
	stop := context.AfterFunc(ctx, r.abort)
	r.running.Wait()
	stop()
	r.abort()
}

// mail sends one link. Its trouble is told here: nobody else is there.
func (r *Resets) mail(ctx context.Context, login string) {
	u, err := r.s.userByLogin(ctx, login)
	switch {
	case errors.Is(err, ErrUnknownUser):
		return
	case err == nil && (u.Email == "" || !u.DisabledAt.IsZero()):
		return
	case err == nil:
		err = r.mailTo(ctx, u)
	}
	if err != nil && ctx.Err() == nil {
		r.log.Warn("a link for a new password cannot be mailed", "user", u.Name, "error", err)
	}
}

func (r *Resets) mailTo(ctx context.Context, u User) error {
	if r.sent.takeEvery("mail/"+u.ID, rate.Every(mailEvery), mailsAtOnce) != nil {
		r.log.Info("a user gets no more mail for now", "user", u.Name)
		return nil
	}
	set, err := r.s.Settings(ctx)
	if err != nil {
		return err
	}
	text, err := r.s.resetText(ctx, u, func(*store.Tx) error { return nil })
	if err != nil {
		return err
	}
	return r.send(ctx, u.Email, "A new password for "+set.SiteName, fmt.Sprintf(resetLetter, u.DisplayName, u.Name, set.SiteName, ResetAddress(r.origin, text)))
}

const resetLetter = `Hello %s,

somebody asked for a new password for your account %s at %s. If it was you,
set one here, once and within two hours:

%s

If it was not you, do nothing: your password stays as it is.
`
