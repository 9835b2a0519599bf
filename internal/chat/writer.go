package chat

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// batchTime is the shortest time from the beginning of one commit to that of
	// the next: a line that comes alone is written at once, and many share what a
	// commit costs.
	batchTime = 15 * time.Millisecond
	batchSize = 500
	// waiting bounds what has not been taken yet; who speaks waits.
	waiting = 4 * batchSize
)

// writer writes down what is said, many rows with one commit.
type writer struct {
	db   *store.DB
	jobs chan *job
	done chan struct{}
	end  context.CancelFunc

	mu     sync.RWMutex
	closed bool
}

// job is one thing to write: a line, or a vote.
type job struct {
	line  store.ChatLine
	vote  *vote
	ready chan error // holds one
}

type vote struct {
	poll, user string
	choice     int
}

func newWriter(db *store.DB) *writer {
	ctx, cancel := context.WithCancel(context.Background())
	w := &writer{db: db, jobs: make(chan *job, waiting), done: make(chan struct{}), end: cancel}
	go w.run(ctx) // close waits for it
	return w
}

// write returns when the row is committed, or nothing has happened. An end of
// ctx leaves open whether it will be.
func (w *writer) write(ctx context.Context, j *job) error {
	j.ready = make(chan error, 1)
	w.mu.RLock()
	if w.closed {
		w.mu.RUnlock()
		return ErrClosed
	}
	select {
	case w.jobs <- j:
		w.mu.RUnlock()
	case <-ctx.Done():
		w.mu.RUnlock()
		return ctx.Err()
	}
	select {
	case err := <-j.ready:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close writes what was taken, and ends.
func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.done
	w.end()
}

func (w *writer) run(ctx context.Context) {
	defer close(w.done)
	batch := make([]*job, 0, batchSize)
	var last time.Time
	for j := range w.jobs {
		batch = append(batch[:0], j)
		if rest := batchTime - time.Since(last); rest > 0 {
			select { // others come meanwhile
			case <-time.After(rest):
			case <-ctx.Done():
			}
		}
		last = time.Now()
	more:
		for len(batch) < batchSize {
			select {
			case j, ok := <-w.jobs:
				if !ok {
					break more
				}
				batch = append(batch, j)
			default:
				break more
			}
		}
		w.commit(ctx, batch)
	}
}

// commit writes a batch; where that cannot be, each by itself, so that one whose
// channel is gone takes no other with it.
func (w *writer) commit(ctx context.Context, batch []*job) {
	err := w.put(ctx, batch)
	if (errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrConflict)) && len(batch) > 1 {
		for i := range batch {
			batch[i].ready <- w.put(ctx, batch[i:i+1])
		}
		return
	}
	for _, j := range batch {
		j.ready <- err
	}
}

func (w *writer) put(ctx context.Context, batch []*job) error {
	lines := make([]store.ChatLine, 0, len(batch))
	for _, j := range batch {
		if j.vote == nil {
			lines = append(lines, j.line)
		}
	}
	return w.db.Write(ctx, func(tx *store.Tx) error {
		if err := tx.InsertChatLines(ctx, lines); err != nil {
			return err
		}
		for _, j := range batch {
			if v := j.vote; v != nil {
				if err := tx.PutVote(ctx, v.poll, v.user, v.choice); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
