package viewing

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
)

const (
	viewingShards = 64
	// tokenLife is how long a token is good for a process that does not know
	// its viewing: after a restart, or at another node.
	tokenLife = 24 * time.Hour
	// sweepEvery is how often a shard is looked through for what has lapsed.
	sweepEvery = 30 * time.Second
)

// The stages of a viewing.
const (
	unused uint32 = iota // made, and nothing asked for yet
	begun
	ended // for good
)

// viewing is one player that watches. It knows nothing of a person: what it
// opens, and by what right, stands in its token.
type viewing struct {
	recorded bool
	// foreign is of a token that another run of the process made, or another
	// node. It is kept when it has lapsed until its token is too old, so as to
	// be taken up only once.
	foreign bool
	stage   atomic.Uint32
	place   atomic.Pointer[account.Place] // of who signed in, when that was asked last
	asking  atomic.Bool
	used    atomic.Int64  // when it was made, or extended last
	asked   atomic.Int64  // when its right was confirmed last; 0: not yet
	until   time.Duration // when its token is too old
}

// viewings are those of this process, in shards, so that thousands of players
// do not meet at one lock.
type viewings struct {
	o      *Options
	shards [viewingShards]viewingShard
}

type viewingShard struct {
	mu    sync.Mutex
	known map[uint64]*viewing
	holds map[*Stay]struct{}
	swept time.Duration
}

func newViewings(o *Options) *viewings {
	vs := &viewings{o: o}
	for i := range vs.shards {
		vs.shards[i].known = map[uint64]*viewing{}
		vs.shards[i].holds = map[*Stay]struct{}{}
	}
	return vs
}

func (vs *viewings) shard(id uint64) *viewingShard { return &vs.shards[id%viewingShards] }

// lapsed reports whether the viewing is over.
func (vs *viewings) lapsed(v *viewing, now time.Duration) bool {
	used := time.Duration(v.used.Load())
	switch v.stage.Load() {
	case unused:
		return now > used+vs.o.FirstUse
	case begun:
		return now > used+vs.span(v)
	}
	return true
}

func (vs *viewings) span(v *viewing) time.Duration {
	if v.recorded {
		return vs.o.Idle
	}
	return vs.o.Lapse
}

// extend notes that a viewing goes on.
func (vs *viewings) extend(v *viewing, now time.Duration) {
	v.stage.CompareAndSwap(unused, begun)
	// Not for each of many requests: the other cores would lose sight of it.
	if used := v.used.Load(); time.Duration(used) < now-vs.span(v)/64 {
		v.used.Store(int64(now))
	}
}

// add keeps a viewing. When there are too many, who has been idle for longest
// goes.
func (vs *viewings) add(id uint64, v *viewing, now time.Duration) *viewing {
	sh := vs.shard(id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if was := sh.known[id]; was != nil {
		return was // another request took it up just now
	}
	full := len(sh.known) >= max(1, vs.o.Most/viewingShards)
	if full || now > sh.swept+sweepEvery {
		sh.swept = now
		vs.sweep(sh, now)
	}
	if full && len(sh.known) >= max(1, vs.o.Most/viewingShards) {
		sh.dropOldest()
	}
	sh.known[id] = v
	return v
}

// sweep drops the viewings of a shard that are over.
func (vs *viewings) sweep(sh *viewingShard, now time.Duration) {
	for id, v := range sh.known {
		if vs.lapsed(v, now) && (!v.foreign || now > v.until) {
			delete(sh.known, id)
		}
	}
}

func (sh *viewingShard) dropOldest() {
	var oldest uint64
	at := int64(-1)
	for id, v := range sh.known {
		if used := v.used.Load(); at < 0 || used < at {
			oldest, at = id, used
		}
	}
	delete(sh.known, oldest)
}

// find returns the viewing of a grant, nil when it is not known.
func (vs *viewings) find(id uint64) *viewing {
	sh := vs.shard(id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	return sh.known[id]
}

// hold notes that a request is being answered.
func (vs *viewings) hold(h *Stay) {
	sh := vs.shard(h.grant.id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.holds[h] = struct{}{}
}

func (vs *viewings) release(h *Stay) {
	sh := vs.shard(h.grant.id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	delete(sh.holds, h)
}

// held lists the requests of a shard that are being answered.
func (sh *viewingShard) held(list []*Stay) []*Stay {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	for h := range sh.holds {
		list = append(list, h)
	}
	return list
}

// count is how many viewings are kept, also such as have lapsed.
func (vs *viewings) count() (n int) {
	for i := range vs.shards {
		sh := &vs.shards[i]
		sh.mu.Lock()
		n += len(sh.known)
		sh.mu.Unlock()
	}
	return n
}
