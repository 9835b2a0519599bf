package vod

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// commitEvery gathers the rows of all broadcasts, so that one fsync
	// carries many.
	commitEvery = 250 * time.Millisecond
	// retryEvery is the pause after a commit that did not succeed.
	retryEvery = time.Second
	// commitTimeout bounds one commit; what it could not write is tried again.
	commitTimeout = 10 * time.Second
	// maxRows bounds the rows that wait for a database that does not answer.
	// Past it the oldest go unlisted.
	maxRows = 20000
	// maxEvents bounds the events that wait, likewise.
	maxEvents = 1000
)

// catalogue writes the rows of recordings in batches: first the bytes are made
// safe, then the rows that speak of them.
type catalogue struct {
	db    *store.DB
	files *blob.Files
	cache *bodies.Cache
	log   *slog.Logger
	lost  *atomic.Int64 // counts the segments that go unlisted
	wg    sync.WaitGroup
	wake  chan struct{} // holds one when rows wait
	now   chan struct{} // holds one when somebody waits for them
	quit  chan struct{}
	once  sync.Once

	told    time.Time // when the log heard of trouble; the one goroutine's
	mu      sync.Mutex
	pending batch
	news    chan struct{} // closed after a commit, made by the first who waits
}

func newCatalogue(db *store.DB, files *blob.Files, kept *bodies.Cache, lost *atomic.Int64, log *slog.Logger) *catalogue {
	c := &catalogue{
		db: db, files: files, cache: kept, lost: lost, log: log,
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
		c.lost.Add(int64(over))
	}
	if over := len(c.pending.events) - maxEvents; over > 0 {
		c.pending.events = c.pending.events[over:]
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
	pause := commitEvery
	for {
		select {
		case <-c.wake:
		case <-c.quit:
			if !c.commit() {
				c.log.Error("rows of recordings are not written; the next start looks for them in the files")
			}
			return
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-c.now:
		case <-c.quit:
		}
		timer.Stop()
		if pause = commitEvery; !c.commit() {
			pause = retryEvery
		}
	}
}

// commit writes the rows that wait; they go on waiting when it cannot, and it
// reports false.
func (c *catalogue) commit() bool {
	c.mu.Lock()
	b := c.pending
	c.pending = batch{}
	c.mu.Unlock()
	if err := c.write(&b); err != nil {
		if now := time.Now(); now.Sub(c.told) >= tellLosses {
			c.told = now
			c.log.Error("recordings cannot be listed; trying again", "error", err, "segments", len(b.segments))
		}
		c.add(func(later *batch) { later.precede(&b) })
		return false
	}
	for _, t := range b.trims {
		c.delete(t)
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
	return true
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
