package viewing

import (
	"container/list"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// wrongPasswords is how many an address may try of one channel at once, and
	// in each minute.
	wrongPasswords = 10
	// mostAttempts bounds the addresses that are remembered.
	mostAttempts = 4096
)

// attempts counts wrong passwords, and remembers right ones. A show begins for
// thousands at once, who all have the same password, and it takes the processor
// tens of milliseconds to check one against its hash; so one that was right is
// recognised by a mark of it, made with a key that only this process has.
type attempts struct {
	key []byte

	mu    sync.Mutex
	from  map[attemptKey]*list.Element
	order *list.List                  // of *attempt, who tried last first
	right map[ident][sha256.Size]byte // by channel
}

// attemptKey is an address and a channel. An IPv6 subscriber has a /64.
type attemptKey struct {
	from    netip.Prefix
	channel ident
}

type attempt struct {
	key   attemptKey
	turn  chan struct{} // holds one while a password is checked
	limit *rate.Limiter
}

func newAttempts() *attempts {
	a := &attempts{
		key: make([]byte, 32), from: map[attemptKey]*list.Element{}, order: list.New(), right: map[ident][sha256.Size]byte{},
	}
	_, _ = rand.Read(a.key) // does not fail
	return a
}

// checkPassword compares the asker's password with the channel's. Of one
// address one is compared at a time, so that none slips in beside the count.
func (s *Service) checkPassword(ctx context.Context, r *rule, asker Asker) error {
	t := s.attempts.of(asker.Address, r.channel)
	if err := acquire(ctx, t.turn); err != nil {
		return err
	}
	defer release(t.turn)
	if left := t.limit.Tokens(); left < 1 {
		wait := time.Duration((1 - left) / float64(t.limit.Limit()) * float64(time.Second))
		return &BusyError{Retry: wait}
	}
	if r.hash == "" {
		return ErrWrongPassword // a channel that has none yet
	}
	if s.attempts.isRight(r, asker.Password) {
		return nil
	}
	ok, err := s.o.Accounts.PasswordMatches(ctx, asker.Password, r.hash)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		s.log.Error("a channel's password cannot be checked", "channel", r.channel.String(), "error", err)
		return ErrUnavailable
	case !ok:
		t.limit.Allow()
		return ErrWrongPassword
	}
	s.attempts.remember(r, asker.Password)
	return nil
}

func acquire(ctx context.Context, turn chan struct{}) error {
	select {
	case turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func release(turn chan struct{}) { <-turn }

// of returns the count of an address. When there are too many, the one that has
// been quiet for longest is forgotten.
func (a *attempts) of(from netip.Addr, channel ident) *attempt {
	bits := 32
	if from = from.Unmap(); from.Is6() {
		bits = 64
	}
	prefix, _ := from.WithZone("").Prefix(bits) // of no address: none, which all such share
	k := attemptKey{prefix, channel}
	a.mu.Lock()
	defer a.mu.Unlock()
	if e := a.from[k]; e != nil {
		a.order.MoveToFront(e)
		return e.Value.(*attempt)
	}
	if a.order.Len() >= mostAttempts {
		delete(a.from, a.order.Remove(a.order.Back()).(*attempt).key)
	}
	t := &attempt{key: k, turn: make(chan struct{}, 1), limit: rate.NewLimiter(rate.Every(time.Minute/wrongPasswords), wrongPasswords)}
	a.from[k] = a.order.PushFront(t)
	return t
}

// markOf is made of the hash too: a new password has another one.
func (a *attempts) markOf(r *rule, password string) (m [sha256.Size]byte) {
	h := hmac.New(sha256.New, a.key)
	_, _ = h.Write([]byte(r.hash)) // a hash takes everything
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(password))
	h.Sum(m[:0])
	return m
}

func (a *attempts) isRight(r *rule, password string) bool {
	m := a.markOf(r, password)
	a.mu.Lock()
	right, ok := a.right[r.channel]
	a.mu.Unlock()
	return ok && hmac.Equal(m[:], right[:])
}

func (a *attempts) remember(r *rule, password string) {
	m := a.markOf(r, password)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.right) >= mostAttempts {
		clear(a.right) // they are checked again
	}
	a.right[r.channel] = m
}
