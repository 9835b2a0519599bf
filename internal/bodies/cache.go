// Package bodies keeps media that was asked for lately in memory, whole, so
// that many viewers are sent it without a file being read for each. It must
// not know what the bytes are or where they come from.
package bodies

import (
	"container/list"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// ErrFull says that there is no room for the body beside those that are being sent, or
// the cache is off. Its file has to be sent in another way.
var ErrFull = errors.New("no room in the cache of media")

// overhead is about what the cache spends on a body beside its bytes.
const overhead = 512

// Open opens the file of a body, and tells how many bytes of it are the body.
type Open func() (f *os.File, bytes int64, err error)

// Cache keeps bodies by key, up to a number of bytes in all. What counts is
// every byte that it made and that somebody may still look at: the bodies it
// keeps, those it is reading, and those it has given up while they are sent.
// Who has been asked for longest ago makes room. Its methods may be called by
// any number of goroutines.
type Cache struct {
	limit int64 // bytes

	mu                  sync.Mutex
	held                int64 // bytes, never over limit
	bodies              map[string]*Body
	idle                list.List // of *Body that nobody looks at, the latest first
	hits, misses, turns int64
}

// New returns a cache of so many bytes. With 0 it keeps nothing.
func New(limit int64) *Cache {
	return &Cache{limit: limit, bodies: map[string]*Body{}}
}

// Body is one piece of media.
type Body struct {
	cache *Cache
	key   string
	ready chan struct{} // closed when what follows is known
	bytes []byte
	err   error

	// Guarded by the cache's mutex.
	cost    int64 // of held
	readers int
	gone    bool          // given up: it goes with its last reader
	place   *list.Element // in idle
}

// Bytes is the body. It must not be changed, nor looked at after Release.
func (b *Body) Bytes() []byte { return b.bytes }

// Get returns the body under a key. When it is not there one of those who ask
// reads it and the others wait, so that a file is read once for any number of
// them. A key must always mean the same bytes. Who gets a body calls Release
// when done with it. The error is ErrFull, that of opening or reading, or that
// of ctx.
func (c *Cache) Get(ctx context.Context, key string, open Open) (*Body, error) {
	if c == nil || c.limit == 0 {
		return nil, ErrFull
	}
	b, mine := c.join(key)
	if mine {
		b.err = c.load(b, open)
		close(b.ready)
	}
	select {
	case <-b.ready:
	case <-ctx.Done():
		b.Release()
		return nil, ctx.Err()
	}
	c.count(b, mine)
	if b.err != nil {
		b.Release()
		return nil, b.err
	}
	return b, nil
}

// join returns the body under a key, with one reader more; mine says that the
// caller is to load it.
func (c *Cache) join(key string) (b *Body, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b = c.bodies[key]
	if b == nil {
		b, mine = &Body{cache: c, key: key, ready: make(chan struct{})}, true
		c.bodies[key] = b
	}
	if b.place != nil {
		c.idle.Remove(b.place)
		b.place = nil
	}
	b.readers++
	return b, mine
}

func (c *Cache) load(b *Body, open Open) (err error) {
	defer func() {
		if err != nil {
			c.giveUp(b)
		}
	}()
	f, size, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	if !c.reserve(b, size+overhead) {
		return ErrFull
	}
	b.bytes = make([]byte, size)
	if _, err := io.ReadFull(f, b.bytes); err != nil {
		return fmt.Errorf("read %s: %w", b.key, err)
	}
	return nil
}

// reserve makes room for a body, if it can.
func (c *Cache) reserve(b *Body, cost int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cost > c.limit {
		return false
	}
	for c.held+cost > c.limit {
		oldest := c.idle.Back()
		if oldest == nil {
			return false
		}
		c.drop(oldest.Value.(*Body))
	}
	b.cost = cost
	c.held += cost
	return true
}

// drop forgets a body, whose bytes count while somebody looks at them.
func (c *Cache) drop(b *Body) {
	b.gone = true
	if c.bodies[b.key] == b {
		delete(c.bodies, b.key)
	}
	if b.place != nil {
		c.idle.Remove(b.place)
		b.place = nil
	}
	if b.readers == 0 {
		c.held -= b.cost
		b.cost = 0
	}
}

func (c *Cache) giveUp(b *Body) {
	c.mu.Lock()
	defer c.mu.Unlock()
	b.bytes = nil
	if !b.gone {
		c.drop(b)
	}
}

// Forget gives up the body under a key, which is to be called after its file
// was deleted. Who is being sent it gets it to its end.
func (c *Cache) Forget(key string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.bodies[key]; b != nil {
		c.drop(b)
	}
}

// Release says that the caller looks at the body no more. It is called once
// for each Get.
func (b *Body) Release() {
	c := b.cache
	c.mu.Lock()
	defer c.mu.Unlock()
	b.readers--
	switch {
	case b.readers > 0:
	case b.gone:
		c.held -= b.cost
		b.cost = 0
	default:
		b.place = c.idle.PushFront(b)
	}
}

// Stats is what the cache holds and did.
type Stats struct {
	Limit, Bytes int64
	Hits         int64 // bodies that were there, or that another asker was just reading
	Misses       int64 // bodies that were read from their file
	Turns        int64 // askers who were turned away with ErrFull
}

// Stats returns the counts so far.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{Limit: c.limit, Bytes: c.held, Hits: c.hits, Misses: c.misses, Turns: c.turns}
}

func (c *Cache) count(b *Body, mine bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.Is(b.err, ErrFull):
		c.turns++
	case b.err != nil:
	case mine:
		c.misses++
	default:
		c.hits++
	}
}
