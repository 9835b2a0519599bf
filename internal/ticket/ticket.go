// Package ticket remembers what was begun with a stranger until the stranger
// comes back with it: for a few minutes, once, and within bounded memory. It
// must not know what that is.
package ticket

import (
	"container/list"
	"sync"
	"time"
)

// Desk keeps things of one kind, each under a key that only who began it
// knows. Its methods may be called by any number of goroutines.
type Desk[T any] struct {
	lasts time.Duration
	most  int
	now   func() time.Time

	mu    sync.Mutex
	byKey map[string]*list.Element
	age   *list.List // of kept[T], the oldest first
}

type kept[T any] struct {
	key   string
	until time.Time
	thing T
}

// NewDesk makes a Desk that keeps each thing for a time, and at most so many of
// them: the oldest makes room.
func NewDesk[T any](lasts time.Duration, most int) *Desk[T] {
	return &Desk[T]{lasts: lasts, most: most, now: time.Now, byKey: map[string]*list.Element{}, age: list.New()}
}

// Keep remembers a thing under a key that nobody can guess and that is not in
// use.
func (d *Desk[T]) Keep(key string, thing T) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	for e := d.age.Front(); e != nil; e = d.age.Front() {
		if now.Before(e.Value.(kept[T]).until) && d.age.Len() < d.most {
			break
		}
		d.forget(e)
	}
	d.byKey[key] = d.age.PushBack(kept[T]{key, now.Add(d.lasts), thing})
}

// Take returns what is kept under a key, and forgets it. ok is false when there
// is none, or its time is over.
func (d *Desk[T]) Take(key string) (thing T, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e, ok := d.byKey[key]
	if !ok {
		return thing, false
	}
	k := d.forget(e)
	if !d.now().Before(k.until) {
		return thing, false
	}
	return k.thing, true
}

func (d *Desk[T]) forget(e *list.Element) kept[T] {
	k := d.age.Remove(e).(kept[T])
	delete(d.byKey, k.key)
	return k
}
