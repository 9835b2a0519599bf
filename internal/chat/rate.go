package chat

import (
	"sync"
	"time"
)

// What one account may say, over any number of connections and nodes.
const (
	burst       = 20
	burstWithin = 5 * time.Second
)

// rates count what accounts said lately. What was said at other nodes comes by
// the bus: so a fast account may say a few more than the bound while word of it
// is on its way.
type rates struct {
	now func() time.Time

	mu  sync.Mutex
	all map[string]*rate
}

// rate holds the times of the last lines of an account, the oldest at next.
type rate struct {
	at   [burst]time.Time
	next int
}

func newRates(now func() time.Time) *rates { return &rates{now: now, all: map[string]*rate{}} }

// take counts a line, or tells how long to wait.
func (r *rates) take(userID string) (wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.of(userID)
	now := r.now()
	if left := burstWithin - now.Sub(u.at[u.next]); left > 0 && !u.at[u.next].IsZero() {
		return left
	}
	u.add(now)
	return 0
}

// note counts a line that was said elsewhere.
func (r *rates) note(userID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.of(userID).add(r.now())
}

func (r *rates) of(userID string) *rate {
	u := r.all[userID]
	if u == nil {
		u = &rate{}
		r.all[userID] = u
	}
	return u
}

func (u *rate) add(now time.Time) {
	u.at[u.next] = now
	u.next = (u.next + 1) % burst
}

// forget lets go of accounts that have been quiet.
func (r *rates) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	for id, u := range r.all {
		if now.Sub(u.at[(u.next+burst-1)%burst]) > burstWithin {
			delete(r.all, id)
		}
	}
}
