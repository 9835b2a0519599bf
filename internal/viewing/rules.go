package viewing

import (
	"context"
	"errors"
	"hash/maphash"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	ruleShards = 32
	// mostRules bounds what is kept, by far more than is watched at a time.
	mostRules = 32 << 10
	// readPatience bounds how long a request waits for the database.
	readPatience = 5 * time.Second
	// retryAfter is how soon a rule is read again after that went wrong.
	retryAfter = time.Second
)

// rule is who may watch something at the moment.
type rule struct {
	channel    ident
	visibility account.Visibility
	need       need
	hash       string       // of the channel's password; empty: none
	password   mark         // the same
	down       bool         // it was taken down, or what it is part of
	shown      *store.Shown // which segments may be shown; nil: all that there are
}

// rules keeps what the database says of channels and broadcasts that are asked
// for, so that a request for public media costs no query. What is kept is
// believed for fresh; then one of those who ask reads it again, and the others
// go on with what there is. When the database does not answer, everybody does:
// its trouble takes nothing off the air.
type rules struct {
	db     *store.DB
	signer *signer
	fresh  time.Duration
	now    func() time.Duration
	seed   maphash.Seed
	turn   atomic.Uint64 // counts what was forgotten
	shards [ruleShards]ruleShard
}

// ruleShard is a map that is copied when something is added, so that those who
// read it do not meet at a lock.
type ruleShard struct {
	known atomic.Pointer[ruleMap]
	mu    sync.Mutex // of who changes it
}

type ruleMap map[ruleKey]*known

// ruleKey is what a rule is asked by: an id, or a name.
type ruleKey struct {
	kind byte
	text string
}

const (
	byName      = 'n'
	byChannel   = 'c'
	byBroadcast = 'b'
)

// known is a rule that was read.
type known struct {
	rule  atomic.Pointer[rule]
	until atomic.Int64 // believed, by the clock of rules
	busy  atomic.Bool  // somebody reads it again
}

func newRules(db *store.DB, s *signer, fresh time.Duration, now func() time.Duration) *rules {
	r := &rules{db: db, signer: s, fresh: fresh, now: now, seed: maphash.MakeSeed()}
	for i := range r.shards {
		r.shards[i].known.Store(&ruleMap{})
	}
	return r
}

// of returns the rule of what is asked for, nil when there is no such thing:
// that is not kept, so that what comes into being is known at once.
func (r *rules) of(ctx context.Context, k ruleKey) (*rule, error) {
	sh := &r.shards[maphash.String(r.seed, k.text)%ruleShards]
	e := (*sh.known.Load())[k]
	if e == nil {
		return r.learn(ctx, sh, k)
	}
	if int64(r.now()) < e.until.Load() || !e.busy.CompareAndSwap(false, true) {
		return e.rule.Load(), nil
	}
	defer e.busy.Store(false)
	got, err := r.read(ctx, k)
	switch {
	case err != nil:
		e.until.Store(int64(r.now() + retryAfter))
	case got == nil:
		sh.without(func(_ ruleKey, other *known) bool { return other == e })
		return nil, nil //nolint:nilnil // there is no such thing
	default:
		e.rule.Store(got)
		e.until.Store(int64(r.now() + r.fresh))
	}
	return e.rule.Load(), nil
}

// learn reads a rule for the first time.
func (r *rules) learn(ctx context.Context, sh *ruleShard, k ruleKey) (*rule, error) {
	turn := r.turn.Load()
	got, err := r.read(ctx, k)
	if got == nil || err != nil {
		return nil, err
	}
	e := &known{}
	e.rule.Store(got)
	e.until.Store(int64(r.now() + r.fresh))
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if r.turn.Load() != turn {
		return got, nil // it may have been read before what was changed
	}
	next := maps.Clone(*sh.known.Load())
	if len(next) >= mostRules/ruleShards {
		next.makeRoom(int64(r.now()))
	}
	next[k] = e
	sh.known.Store(&next)
	return got, nil
}

// patient is for what is read for others too: who asked first may leave.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), readPatience)
}

func (r *rules) read(ctx context.Context, k ruleKey) (*rule, error) {
	ctx, cancel := patient(ctx)
	defer cancel()
	var w store.Watching
	var err error
	switch k.kind {
	case byName:
		w, err = r.db.WatchingName(ctx, k.text)
	case byChannel:
		w, err = r.db.WatchingChannel(ctx, k.text)
	default:
		w, err = r.db.WatchingBroadcast(ctx, k.text)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil //nolint:nilnil // there is no such thing
	}
	if err != nil {
		return nil, err
	}
	channel, ok := pack(w.ChannelID)
	if !ok {
		return nil, errors.New("a channel's id is none of ours")
	}
	var shown *store.Shown
	if w.ClipsDown && !w.TakenDown {
		s, err := r.db.ShownSegments(ctx, k.text)
		if err != nil && !errors.Is(err, store.ErrNotFound) { // it is a clip's id
			return nil, err
		}
		shown = &s
	}
	v := account.Visibility(w.Visibility)
	return &rule{channel: channel, visibility: v, need: needOf(v), hash: w.Password, password: r.signer.mark(w.Password), down: w.TakenDown, shown: shown}, nil
}

// forget has everything of a channel read again by whoever asks next.
func (r *rules) forget(channel ident) {
	r.turn.Add(1)
	for i := range r.shards {
		r.shards[i].without(func(_ ruleKey, e *known) bool { return e.rule.Load().channel == channel })
	}
}

// without drops some of what is known.
func (sh *ruleShard) without(drop func(ruleKey, *known) bool) {
	sh.mu.Lock()
	defer sh.mu.Unlock()
	next := maps.Clone(*sh.known.Load())
	maps.DeleteFunc(next, drop)
	sh.known.Store(&next)
}

// makeRoom drops what nobody has asked for lately, or else anything.
func (m ruleMap) makeRoom(now int64) {
	before := len(m)
	maps.DeleteFunc(m, func(_ ruleKey, e *known) bool { return e.until.Load() < now })
	for k := range m {
		if len(m) < before {
			return
		}
		delete(m, k)
	}
}
