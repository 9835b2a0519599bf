package vod

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// commitEvery gathers the rows of all broadcasts, so that one fsync
	// carries many.
	commitEvery = 250 * time.Millisecond
	// commitTimeout bounds one commit; what it could not write is tried again.
	commitTimeout = 10 * time.Second
	// maxRows bounds the rows that wait for a database that does not answer.
	// Past it the oldest go unlisted.
	maxRows = 20000
)

// catalogue writes the rows of recordings in batches: first the bytes are made
// safe, then the rows that speak of them.
type catalogue struct {
	db    *store.DB
	files *blob.Files
	log   *slog.Logger
	wg    sync.WaitGroup
	wake  chan struct{} // holds one when rows wait
	now   chan struct{} // holds one when somebody waits for them
	quit  chan struct{}
	once  sync.Once

	mu      sync.Mutex
	pending batch
	news    chan struct{} // closed after a commit, made by the first who waits
}

// batch is what one transaction writes.
type batch struct {
	renditions []store.Rendition
	inits      []store.Init
	segments   []store.Segment
	keys       []string        // of new objects
	done       []chan struct{} // closed after the commit
}

func newCatalogue(db *store.DB, files *blob.Files, log *slog.Logger) *catalogue {
	c := &catalogue{
		db: db, files: files, log: log,
		wake: make(chan struct{}, 1), now: make(chan struct{}, 1), quit: make(chan struct{}),
	}
	c.wg.Go(c.run)
	return c
}

// add queues what change puts into the batch.
func (c *catalogue) add(change func(*batch)) {
	c.mu.Lock()
	change(&c.pending)
	if over := len(c.pending.segments) - maxRows; over > 0 {
		c.pending.segments = c.pending.segments[over:]
	}
	c.mu.Unlock()
	signal(c.wake)
}

// signal leaves word in a channel of size one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // the word is there already
	}
}

// flush returns once everything that was added before is in the database, or
// ctx ends. It must not be called after close.
func (c *catalogue) flush(ctx context.Context) error {
	done := make(chan struct{})
	c.add(func(b *batch) { b.done = append(b.done, done) })
	signal(c.now)
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close writes what waits and ends the catalogue.
func (c *catalogue) close() {
	c.once.Do(func() { close(c.quit) })
	c.wg.Wait()
}

func (c *catalogue) run() {
	for {
		select {
		case <-c.wake:
		case <-c.quit:
			c.commit()
			return
		}
		timer := time.NewTimer(commitEvery)
		select {
		case <-timer.C:
		case <-c.now:
		case <-c.quit:
		}
		timer.Stop()
		c.commit()
	}
}

// commit writes the rows that wait; they go on waiting when it cannot.
func (c *catalogue) commit() {
	c.mu.Lock()
	b := c.pending
	c.pending = batch{}
	c.mu.Unlock()
	if err := c.write(b); err != nil {
		c.log.Error("recordings cannot be listed; trying again", "error", err, "segments", len(b.segments))
		c.add(func(later *batch) {
			later.renditions = append(b.renditions, later.renditions...)
			later.inits = append(b.inits, later.inits...)
			later.segments = append(b.segments, later.segments...)
			later.keys = append(b.keys, later.keys...)
			later.done = append(b.done, later.done...)
		})
		return
	}
	for _, done := range b.done {
		close(done)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.news != nil {
		close(c.news)
		c.news = nil
	}
}

// committed returns a channel that is closed after the next commit.
func (c *catalogue) committed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.news == nil {
		c.news = make(chan struct{})
	}
	return c.news
}

func (c *catalogue) write(b batch) error {
	if len(b.renditions)+len(b.inits)+len(b.segments) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	// An object that was deleted meanwhile needs no row that can be relied on.
	if err := c.files.Sync(ctx, b.keys...); err != nil && !errors.Is(err, blob.ErrNotFound) {
		return err
	}
	return c.db.Write(ctx, func(tx *store.Tx) error {
		for _, r := range b.renditions {
			if err := tx.PutRendition(ctx, r); err != nil {
				return err
			}
		}
		for _, i := range b.inits {
			if err := tx.PutInit(ctx, i); err != nil {
				return err
			}
		}
		return tx.InsertSegments(ctx, b.segments)
	})
}
