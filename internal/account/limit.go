package account

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What strangers may try. An address may be that of a whole company.
const (
	attemptsPerAccount = 10 // at once; then one each attemptEvery
	attemptsPerAddress = 30
	attemptEvery       = 6 * time.Second
	// Of clips, which are rows and cost little.
	clipsAtOnce = 10
	clipEvery   = time.Minute
	// Of test events to webhooks, which have the server call others.
	testsAtOnce = 10
	testEvery   = 10 * time.Second
	// mostLimited bounds what is remembered; the longest quiet is forgotten.
	mostLimited = 10_000
)

// limits bound how often something is tried, by account and by address.
type limits struct {
	perAccount, perAddress int // at once

	mu  sync.Mutex
	all map[string]*list.Element
	use *list.List // of *limited, those used last first
}

type limited struct {
	key string
	*rate.Limiter
}

func newLimits() *limits {
	return &limits{perAccount: attemptsPerAccount, perAddress: attemptsPerAddress, all: map[string]*list.Element{}, use: list.New()}
}

// allowAll counts an attempt against an address and an account. It returns
// ErrTooManyAttempts when either has had too many.
func (l *limits) allowAll(from netip.Addr, account string) error {
	if err := l.allowFrom(from); err != nil {
		return err
	}
	return l.allow(account)
}

// allowFrom counts an attempt against an address.
func (l *limits) allowFrom(from netip.Addr) error {
	return l.take("from/"+network(from), l.perAddress)
}

// allow counts an attempt against an account.
func (l *limits) allow(account string) error { return l.take("account/"+account, l.perAccount) }

// AllowClip counts a clip that a user makes. It returns ErrTooManyAttempts to who
// has made too many lately.
func (s *Service) AllowClip(a Actor) error {
	if a.local {
		return nil
	}
	return s.attempts.takeEvery("clip/"+a.User.ID, rate.Every(clipEvery), clipsAtOnce)
}

// AllowWebhookTest counts a test event that a user has sent, likewise.
func (s *Service) AllowWebhookTest(a Actor) error {
	if a.local {
		return nil
	}
	return s.attempts.takeEvery("webhook-test/"+a.User.ID, rate.Every(testEvery), testsAtOnce)
}

// AllowSubscription counts a browser that a user has told by push, likewise.
func (s *Service) AllowSubscription(a Actor) error {
	return s.attempts.takeEvery("push/"+a.User.ID, rate.Every(testEvery), 2*testsAtOnce)
}

func (l *limits) take(key string, burst int) error {
	return l.takeEvery(key, rate.Every(attemptEvery), burst)
}

func (l *limits) takeEvery(key string, every rate.Limit, burst int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.all[key]
	if ok {
		l.use.MoveToFront(e)
	} else {
		e = l.use.PushFront(&limited{key, rate.NewLimiter(every, burst)})
		l.all[key] = e
		if l.use.Len() > mostLimited {
			oldest := l.use.Back()
			delete(l.all, l.use.Remove(oldest).(*limited).key)
		}
	}
	if !e.Value.(*limited).Allow() {
		return ErrTooManyAttempts
	}
	return nil
}

// network is what one person has of the address space: of IPv6 64 bits.
func network(a netip.Addr) string {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
