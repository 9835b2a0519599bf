package still

import (
	"context"
	"time"
)

const (
	// backlogAtOnce is how many rows of recordings are looked at together.
	backlogAtOnce = 100
	// backlogEvery is how often that is done after a start: a hundred thousand
	// recordings take a quarter of an hour and a thousandth of a core.
	backlogEvery = time.Second
)

// Run makes stills of recordings until ctx ends: of those that end, at once, and
// between them of older ones that have none, newest first. It returns at once
// when there is nothing to make them with. Run is called once.
func (s *Service) Run(ctx context.Context) {
	if _, err := s.opts.Transcoder.Version(ctx); err != nil {
		return
	}
	back := backlog{s: s}
	for ctx.Err() == nil {
		if id, ok := s.takeEnded(); ok {
			s.try(ctx, id)
			continue
		}
		var wait <-chan time.Time // for ever, once all were looked at
		if back.step(ctx) {
			continue
		} else if !back.done {
			wait = time.After(backlogEvery)
		}
		select {
		case <-s.news:
		case <-wait:
		case <-ctx.Done():
		}
	}
}

func (s *Service) takeEnded() (id string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ended) == 0 {
		return "", false
	}
	id, s.ended = s.ended[0], s.ended[1:]
	return id, true
}

func (s *Service) try(ctx context.Context, broadcast string) {
	if err := s.make(ctx, broadcast); err != nil && ctx.Err() == nil {
		s.log.Warn("stills of a recording cannot be made; the next start tries again", "broadcast", broadcast, "error", err)
	}
}

// backlog goes through the recordings that were there at the start.
type backlog struct {
	s      *Service
	before string // as in lists
	found  []string
	done   bool // there are no more to look at
}

// step makes the stills of one recording that has none. It reports false when
// it found none among those that it looked at.
func (b *backlog) step(ctx context.Context) bool {
	if len(b.found) == 0 && !b.done {
		b.look(ctx)
	}
	if len(b.found) == 0 {
		return false
	}
	id := b.found[0]
	b.found = b.found[1:]
	b.s.try(ctx, id)
	return true
}

func (b *backlog) look(ctx context.Context) {
	rows, err := b.s.opts.DB.Pictured(ctx, b.before, backlogAtOnce)
	if err != nil {
		if ctx.Err() == nil {
			b.s.log.Warn("recordings without stills cannot be listed", "error", err)
		}
		return // it is tried again
	}
	b.done = len(rows) < backlogAtOnce
	for _, r := range rows {
		b.before = r.ID
		if !r.Tried {
			b.found = append(b.found, r.ID)
		}
	}
}
