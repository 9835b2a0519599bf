// Package tally counts what happens in a long run by kind, and keeps the first
// examples of each fault, so that hours of trouble fit on a page.
package tally

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// keep is how many examples of a kind of fault are kept.
const keep = 5

// Kind is one kind of thing that happened.
type Kind struct {
	Name     string   `json:"name"`
	Count    int      `json:"count"`
	Examples []string `json:"examples,omitempty"`
}

// Tally counts from any goroutine. New makes it.
type Tally struct {
	began time.Time

	mu     sync.Mutex
	faults map[string]*Kind
	events map[string]*Kind
}

// New begins to count; examples are dated from now.
func New() *Tally {
	return &Tally{began: time.Now(), faults: map[string]*Kind{}, events: map[string]*Kind{}}
}

// Fault counts something that must not happen. The kind is one of few; the
// detail tells this case.
func (t *Tally) Fault(kind, format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := of(t.faults, kind)
	k.Count++
	if len(k.Examples) < keep {
		at := time.Since(t.began).Truncate(time.Second)
		k.Examples = append(k.Examples, fmt.Sprintf("%v: %.600s", at, fmt.Sprintf(format, args...)))
	}
}

// Event counts something that happens in the course of things.
func (t *Tally) Event(kind string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	of(t.events, kind).Count++
}

func of(kinds map[string]*Kind, name string) *Kind {
	k := kinds[name]
	if k == nil {
		k = &Kind{Name: name}
		kinds[name] = k
	}
	return k
}

// Faults returns the kinds of fault, those that came most often first.
func (t *Tally) Faults() []Kind { return t.list(t.faults) }

// Events returns the kinds of event, those that came most often first.
func (t *Tally) Events() []Kind { return t.list(t.events) }

func (t *Tally) list(kinds map[string]*Kind) []Kind {
	t.mu.Lock()
	defer t.mu.Unlock()
	list := make([]Kind, 0, len(kinds))
	for _, k := range kinds {
		c := *k
		c.Examples = slices.Clone(k.Examples)
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	return list
}
