package audience

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"
)

const shards = 64

// Room counts who watches one broadcast. All methods may be called of a nil
// Room, and from any goroutine.
type Room struct {
	s                      *Service
	broadcastID, channelID string
	seed                   maphash.Seed

	count   atomic.Int64
	watched atomic.Int64 // nanoseconds since the last sweep
	began   atomic.Int64 // viewings since then
	crest   atomic.Int64 // the most at once since then
	shut    atomic.Bool  // the broadcast is over
	shards  [shards]shard
	writing sync.Mutex // held while rows are written

	mu       sync.Mutex
	pending  pending
	sums     Quality
	restored bool // what was told before a restart is in sums
}

type shard struct {
	mu      sync.Mutex
	viewers map[string]*viewer
	_       [40]byte // shards do not share a cache line
}

// viewer is one viewing. It knows nothing of a person.
type viewer struct {
	seen, until time.Time
	stays       bool // one body, which goes on by itself
	told        *Report
}

func newRoom(s *Service, broadcastID, channelID string) *Room {
	r := &Room{s: s, broadcastID: broadcastID, channelID: channelID, seed: maphash.MakeSeed()}
	for i := range r.shards {
		r.shards[i].viewers = map[string]*viewer{}
	}
	return r
}

// ValidID reports whether a text can be a viewing's id: 16 to 64 letters,
// digits, "-" and "_".
func ValidID(id string) bool {
	if len(id) < 16 || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// Count is how many watch now.
func (r *Room) Count() int {
	if r == nil {
		return 0
	}
	return int(r.count.Load())
}

// Seen notes that the player of a viewing asked for more. It counts from the
// first time on, until the service's lapse after the last. Ids that are not valid
// are not counted.
func (r *Room) Seen(id string) {
	if r != nil && ValidID(id) && !r.shut.Load() {
		r.extend(id, r.s.o.Lapse)
	}
}

func (r *Room) extend(id string, lapse time.Duration) {
	now := r.s.o.Now()
	sh := r.shard(id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if v := sh.viewers[id]; v != nil {
		if now.After(v.seen) {
			r.watched.Add(int64(now.Sub(v.seen)))
			v.seen = now
		}
		if until := now.Add(lapse); until.After(v.until) {
			v.until = until
		}
		return
	}
	if r.arrives() {
		sh.viewers[id] = &viewer{seen: now, until: now.Add(lapse)}
	}
}

// Stay counts somebody who watches by one body, until leave is called, which
// must be.
func (r *Room) Stay(id string) (leave func()) {
	if r == nil || r.shut.Load() {
		return func() {}
	}
	sh := r.shard(id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if sh.viewers[id] != nil || !r.arrives() {
		return func() {}
	}
	sh.viewers[id] = &viewer{seen: r.s.o.Now(), stays: true}
	return func() {
		sh.mu.Lock()
		defer sh.mu.Unlock()
		if v := sh.viewers[id]; v != nil {
			r.leaves(sh, id, v, r.s.o.Now())
		}
	}
}

// Leave ends a viewing of whose end its player told.
func (r *Room) Leave(id string) {
	if r == nil {
		return
	}
	sh := r.shard(id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if v := sh.viewers[id]; v != nil && !v.stays {
		r.leaves(sh, id, v, r.s.o.Now())
	}
}

func (r *Room) shard(id string) *shard { return &r.shards[maphash.String(r.seed, id)%shards] }

// arrives counts one more, where there is room.
func (r *Room) arrives() bool {
	n := r.count.Add(1)
	if n > maxViewers {
		r.count.Add(-1)
		return false
	}
	r.began.Add(1)
	for {
		crest := r.crest.Load()
		if n <= crest || r.crest.CompareAndSwap(crest, n) {
			return true
		}
	}
}

// leaves counts one less. Its shard is locked.
func (r *Room) leaves(sh *shard, id string, v *viewer, now time.Time) {
	if now.After(v.seen) {
		r.watched.Add(int64(now.Sub(v.seen)))
	}
	delete(sh.viewers, id)
	r.count.Add(-1)
}

// sweep ends the viewings that have lapsed, and adds the newest second to its
// minute.
func (r *Room) sweep() {
	now := r.s.o.Now()
	for i := range r.shards {
		sh := &r.shards[i]
		sh.mu.Lock()
		for id, v := range sh.viewers {
			switch {
			case v.stays:
				r.watched.Add(int64(max(now.Sub(v.seen), 0)))
				v.seen = now
			case now.After(v.until): // it watched until it was seen last
				delete(sh.viewers, id)
				r.count.Add(-1)
			}
		}
		sh.mu.Unlock()
	}
	r.note(now)
}

// empty ends all viewings, for good.
func (r *Room) empty() {
	r.shut.Store(true)
	now := r.s.o.Now()
	for i := range r.shards {
		sh := &r.shards[i]
		sh.mu.Lock()
		for _, v := range sh.viewers {
			if v.stays {
				r.watched.Add(int64(max(now.Sub(v.seen), 0)))
			}
		}
		r.count.Add(-int64(len(sh.viewers)))
		sh.viewers = map[string]*viewer{}
		sh.mu.Unlock()
	}
	r.note(now)
}
