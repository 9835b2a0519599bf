package still

import (
	"context"
	"sync"
	"time"
)

const (
	// backlogAtOnce is how many rows of recordings or clips are looked at together.
	backlogAtOnce = 100
	// backlogEvery is how often that is done after a start: a hundred thousand
	// recordings take a quarter of an hour and a thousandth of a core.
	backlogEvery = time.Second
)

// Run makes stills until ctx ends: of recordings that end and of clips that are
// made, at once, and between them of older ones that have none, newest first. A
// clip does not wait for a recording, which takes longer. It returns at once
// when there is nothing to make them with. Run is called once.
func (s *Service) Run(ctx context.Context) {
	if _, err := s.opts.Transcoder.Version(ctx); err != nil {
		return
	}
	var clips sync.WaitGroup
	defer clips.Wait()
	clips.Go(func() { (&line{s: s, news: s.clips, make: s.makeClip, list: s.listClips}).run(ctx) })
	(&line{s: s, news: s.ended, make: s.make, list: s.listRecordings}).run(ctx)
}

// line is what stills are made of, one after the other.
type line struct {
	s    *Service
	news *queue
	make func(ctx context.Context, id string) error
	// list returns those of the next rows behind one of which stills were not
	// tried to be made, and the last row; an empty one where there are no more.
	list func(ctx context.Context, before string) (untried []string, last string, err error)

	// The backlog: what was there at the start.
	before string
	found  []string
	done   bool // there is no more to look at
}

func (l *line) run(ctx context.Context) {
	for ctx.Err() == nil {
		if id, ok := l.news.take(); ok {
			l.try(ctx, id)
			continue
		}
		if l.step(ctx) {
			continue
		}
		var wait <-chan time.Time // for ever, once all were looked at
		if !l.done {
			wait = time.After(backlogEvery)
		}
		select {
		case <-l.news.news:
		case <-wait:
		case <-ctx.Done():
		}
	}
}

func (l *line) try(ctx context.Context, id string) {
	if err := l.make(ctx, id); err != nil && ctx.Err() == nil {
		l.s.log.Warn("stills cannot be made; the next start tries again", "id", id, "error", err)
	}
}

// step makes the stills of one of the backlog that has none. It reports false
// when it found none among those that it looked at.
func (l *line) step(ctx context.Context) bool {
	if len(l.found) == 0 && !l.done {
		l.look(ctx)
	}
	if len(l.found) == 0 {
		return false
	}
	id := l.found[0]
	l.found = l.found[1:]
	l.try(ctx, id)
	return true
}

func (l *line) look(ctx context.Context) {
	untried, last, err := l.list(ctx, l.before)
	if err != nil {
		if ctx.Err() == nil {
			l.s.log.Warn("what has no stills cannot be listed", "error", err)
		}
		return // it is tried again
	}
	l.found, l.before, l.done = untried, last, last == ""
}

func (s *Service) listRecordings(ctx context.Context, before string) (untried []string, last string, err error) {
	rows, err := s.opts.DB.Pictured(ctx, before, backlogAtOnce)
	for _, r := range rows {
		if !r.Tried {
			untried = append(untried, r.ID)
		}
	}
	if len(rows) == backlogAtOnce {
		last = rows[len(rows)-1].ID
	}
	return untried, last, err
}
