package bodies

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// limit bounds every wait of a test.
const limit = time.Minute

// shelf is a folder of bodies that counts how often each is opened.
type shelf struct {
	dir    string
	opened atomic.Int64
}

func newShelf(t *testing.T, sizes ...int) *shelf {
	s := &shelf{dir: t.TempDir()}
	for i, n := range sizes {
		require.NoError(t, os.WriteFile(s.path(i), content(i, n), 0o600))
	}
	return s
}

func content(i, size int) []byte { return bytes.Repeat([]byte{byte(i)}, size) }

func (s *shelf) path(i int) string { return filepath.Join(s.dir, strconv.Itoa(i)) }

func (s *shelf) open(i int) Open {
	return func() (*os.File, int64, error) {
		s.opened.Add(1)
		f, err := os.Open(s.path(i))
		if err != nil {
			return nil, 0, err
		}
		info, err := f.Stat()
		return f, info.Size(), err
	}
}

func (s *shelf) get(c *Cache, i int) (*Body, error) {
	return c.Get(context.Background(), strconv.Itoa(i), s.open(i))
}

func TestAFileIsReadOnceForAll(t *testing.T) {
	const askers = 1000
	s := newShelf(t, 100_000)
	c := New(1 << 20)
	opening := make(chan struct{})
	open := func() (*os.File, int64, error) {
		<-opening // until the others wait
		return s.open(0)()
	}
	var all sync.WaitGroup
	var right atomic.Int64
	for range askers {
		all.Go(func() {
			b, err := c.Get(t.Context(), "0", open)
			if err != nil {
				return
			}
			defer b.Release()
			if bytes.Equal(b.Bytes(), content(0, 100_000)) {
				right.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.bodies["0"] != nil && c.bodies["0"].readers == askers
	}, limit, time.Millisecond)
	close(opening)
	all.Wait()
	require.EqualValues(t, askers, right.Load())
	require.EqualValues(t, 1, s.opened.Load())
	require.Equal(t, Stats{Limit: 1 << 20, Bytes: 100_000 + overhead, Hits: askers - 1, Misses: 1}, c.Stats())
}

func TestWhoWaitsMayLeave(t *testing.T) {
	s := newShelf(t, 10)
	c := New(1 << 20)
	held := make(chan struct{})
	var loading sync.WaitGroup
	loading.Go(func() {
		b, err := c.Get(context.Background(), "0", func() (*os.File, int64, error) {
			<-held
			return s.open(0)()
		})
		if err == nil {
			b.Release()
		}
	})
	require.Eventually(t, func() bool { c.mu.Lock(); defer c.mu.Unlock(); return c.bodies["0"] != nil }, limit, time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Get(ctx, "0", s.open(0))
	require.ErrorIs(t, err, context.Canceled)
	close(held)
	loading.Wait()
	b, err := s.get(c, 0)
	require.NoError(t, err)
	b.Release()
	require.EqualValues(t, 1, s.opened.Load())
}

func TestErrorsAreNotKept(t *testing.T) {
	s := newShelf(t, 10)
	c := New(1 << 20)
	_, err := s.get(c, 1)
	require.ErrorIs(t, err, fs.ErrNotExist)
	short := func() (*os.File, int64, error) {
		f, _, err := s.open(0)()
		return f, 11, err
	}
	_, err = c.Get(t.Context(), "0", short)
	require.ErrorContains(t, err, "read 0: unexpected EOF")
	require.Zero(t, c.Stats().Bytes)
	require.NoError(t, os.WriteFile(s.path(1), []byte("late"), 0o600))
	b, err := s.get(c, 1)
	require.NoError(t, err)
	require.Equal(t, "late", string(b.Bytes()))
	b.Release()
}

func TestOff(t *testing.T) {
	s := newShelf(t, 10)
	for _, c := range []*Cache{nil, New(0)} {
		_, err := s.get(c, 0)
		require.ErrorIs(t, err, ErrFull)
		c.Forget("0")
	}
	_, err := s.get(New(10), 0)
	require.ErrorIs(t, err, ErrFull, "what it spends beside the bytes counts")
}

// TestForgotten: a body that was deleted is not sent again, also when somebody
// was just reading it, and its bytes count until the last has been sent it.
func TestForgotten(t *testing.T) {
	s := newShelf(t, 10)
	c := New(1 << 20)
	b, err := s.get(c, 0)
	require.NoError(t, err)
	require.NoError(t, os.Remove(s.path(0)))
	c.Forget("0")
	require.EqualValues(t, 10+overhead, c.Stats().Bytes)
	_, err = s.get(c, 0)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.Equal(t, content(0, 10), b.Bytes())
	b.Release()
	require.Zero(t, c.Stats().Bytes)

	// It is deleted between opening and reading.
	require.NoError(t, os.WriteFile(s.path(0), content(0, 10), 0o600))
	b, err = c.Get(t.Context(), "0", func() (*os.File, int64, error) {
		f, n, err := s.open(0)()
		err = errors.Join(err, os.Remove(s.path(0)))
		c.Forget("0")
		return f, n, err
	})
	require.NoError(t, err, "who asked before is sent it")
	b.Release()
	require.Zero(t, c.Stats().Bytes)
	_, err = s.get(c, 0)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestTheLatestStay(t *testing.T) {
	s := newShelf(t, 1000, 1000, 1000)
	c := New(2 * (1000 + overhead))
	for _, i := range []int{0, 1, 0, 2, 0} { // 1 makes room for 2
		b, err := s.get(c, i)
		require.NoError(t, err)
		b.Release()
	}
	require.EqualValues(t, 3, s.opened.Load())
	b, err := s.get(c, 1)
	require.NoError(t, err)
	b.Release()
	require.EqualValues(t, 4, s.opened.Load())
}

// TestTheBoundHolds against a model: whatever is asked for, held, let go and
// forgotten, the bytes that anybody can still look at are within the bound,
// every body is right, and nothing is turned away while there is room.
func TestTheBoundHolds(t *testing.T) {
	sizes := []int{1, 100, 1000, 3000, 5000, 9000}
	s := newShelf(t, sizes...)
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.Int64Range(1, 20_000).Draw(t, "bound")
		c := New(bound)
		var held []*Body
		costs := map[*Body]int64{}
		t.Repeat(map[string]func(*rapid.T){
			"get": func(t *rapid.T) {
				i := rapid.IntRange(0, len(sizes)-1).Draw(t, "body")
				b, err := s.get(c, i)
				cost := int64(sizes[i]) + overhead
				if err != nil {
					var pinned int64
					for _, n := range costs {
						pinned += n
					}
					if !errors.Is(err, ErrFull) || pinned+cost <= bound {
						t.Fatalf("%v with %d of %d held, for %d", err, pinned, bound, cost)
					}
					return
				}
				if !bytes.Equal(b.Bytes(), content(i, sizes[i])) {
					t.Fatal("another body")
				}
				held = append(held, b)
				costs[b] = cost
			},
			"release": func(t *rapid.T) {
				if len(held) == 0 {
					t.Skip()
				}
				i := rapid.IntRange(0, len(held)-1).Draw(t, "which")
				b := held[i]
				held = append(held[:i], held[i+1:]...)
				b.Release()
				for _, other := range held {
					if other == b {
						return
					}
				}
				delete(costs, b)
			},
			"forget": func(t *rapid.T) { c.Forget(strconv.Itoa(rapid.IntRange(0, len(sizes)-1).Draw(t, "body"))) },
			"": func(t *rapid.T) {
				seen := map[*Body]int64{}
				for b, n := range costs {
					seen[b] = n
				}
				for _, b := range c.bodies {
					seen[b] = int64(len(b.bytes)) + overhead
				}
				var sum int64
				for _, n := range seen {
					sum += n
				}
				if got := c.Stats().Bytes; sum > bound || got != sum {
					t.Fatalf("%d bytes are held and %d counted, of %d", sum, got, bound)
				}
			},
		})
		for _, b := range held {
			b.Release()
		}
	})
}

// TestTheBoundHoldsInACrowd is the same with many at once, for the race
// detector.
func TestTheBoundHoldsInACrowd(t *testing.T) {
	s := newShelf(t, 1000, 2000, 3000, 4000, 5000)
	c := New(9000)
	var all sync.WaitGroup
	for g := range 16 {
		all.Go(func() {
			for n := range 300 {
				i := (g + n*7) % 5
				if n%50 == 0 {
					c.Forget(strconv.Itoa(i))
				}
				b, err := s.get(c, i)
				if err != nil {
					if !errors.Is(err, ErrFull) {
						t.Error(err)
					}
					continue
				}
				if !bytes.Equal(b.Bytes(), content(i, 1000*(i+1))) {
					t.Error("another body")
				}
				if held := c.Stats().Bytes; held > 9000 {
					t.Errorf("%d bytes are held", held)
				}
				b.Release()
			}
		})
	}
	all.Wait()
	st := c.Stats()
	require.LessOrEqual(t, st.Bytes, int64(9000))
	require.EqualValues(t, 16*300, st.Hits+st.Misses+st.Turns)
}
