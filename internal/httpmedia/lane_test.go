package httpmedia

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// narrow is a connection that takes so much at once and no more.
type narrow struct {
	room int // bytes; what is taken makes it less
	err  error
	got  []byte
}

func (n *narrow) TryWrite(b []byte) (int, error) {
	took := min(n.room, len(b))
	n.room -= took
	n.got = append(n.got, b[:took]...)
	return took, n.err
}

// rig is a lane whose rounds a test makes.
type rig struct {
	*lane
	ring *ring
	step func()
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &ring{counts: &counts{}}
	g := &rig{ring: r, lane: &lane{of: &lanes{ring: r, stream: live.NewStream("", "", live.Limits{})}}}
	g.step = newReel(t, 1000).step(&muxer{ring: r, expects: func(media.Kind) bool { return true }})
	g.step()
	return g
}

// board lets a viewer in that has read what there is.
func (g *rig) board(t *testing.T, c Conn) *viewer {
	t.Helper()
	v := &viewer{conn: c, back: make(chan leftover, 1)}
	_, _, _, err := g.ring.next(&v.cursor)
	require.NoError(t, err)
	g.count++
	g.coming = append(g.coming, v)
	return v
}

// TestWhoDoesNotTakeAllLeavesTheLane with the rest, and the others have all.
func TestWhoDoesNotTakeAllLeavesTheLane(t *testing.T) {
	g := newRig(t)
	first, slow, last := &narrow{room: 1 << 20}, &narrow{room: 1500}, &narrow{room: 1 << 20}
	g.board(t, first)
	v := g.board(t, slow)
	g.board(t, last)
	for range 3 {
		g.step()
		require.NotNil(t, g.round())
	}
	require.Equal(t, 2, g.count)
	require.Len(t, g.viewers, 2)
	require.Equal(t, first.got, last.got)
	rest := <-v.back
	require.NoError(t, rest.err)
	require.Empty(t, rest.headers)
	require.Len(t, slow.got, 1500)
	require.EqualValues(t, 1500, v.sent.Load())
	_, tags, _, err := g.ring.next(&v.cursor)
	require.NoError(t, err)
	require.Equal(t, first.got, append(append(slow.got, rest.tags...), tags...), "its own goroutine goes on where the lane was")
}

func TestWhoLeavesALane(t *testing.T) {
	broken := errors.New("broken")
	t.Run("its connection is broken", func(t *testing.T) {
		g := newRig(t)
		v := g.board(t, &narrow{err: broken})
		g.step()
		require.Nil(t, g.round(), "nobody is left")
		require.ErrorIs(t, (<-v.back).err, broken)
		require.Zero(t, g.count)
	})
	t.Run("it is away", func(t *testing.T) {
		g := newRig(t)
		c := &narrow{room: 1 << 20}
		v := g.board(t, c)
		v.gone.Store(true)
		g.step()
		require.Nil(t, g.round())
		require.Empty(t, c.got)
		require.Empty(t, v.back)
		require.Zero(t, g.count)
	})
	t.Run("the broadcast ends", func(t *testing.T) {
		g := newRig(t)
		c := &narrow{room: 1 << 20}
		v := g.board(t, c)
		g.step()
		g.ring.finish()
		require.Nil(t, g.round())
		require.ErrorIs(t, (<-v.back).err, io.EOF)
		require.NotEmpty(t, c.got, "after the last picture")
	})
	t.Run("it must hear of a header first", func(t *testing.T) {
		g := newRig(t)
		v := &viewer{conn: &narrow{room: 1 << 20}, back: make(chan leftover, 1)}
		g.count, g.coming = 1, []*viewer{v}
		require.Nil(t, g.round())
		rest := <-v.back
		require.NoError(t, rest.err)
		require.Equal(t, "FLV", string(rest.headers[:3]))
		require.NotEmpty(t, rest.tags)
	})
}

// publishing is a connection at whose first write another picture comes.
type publishing struct {
	narrow
	step func()
}

func (p *publishing) TryWrite(b []byte) (int, error) {
	if p.step != nil {
		p.step()
		p.step = nil
	}
	return p.narrow.TryWrite(b)
}

// TestNewsDuringARound is news to who had been written to before.
func TestNewsDuringARound(t *testing.T) {
	g := newRig(t)
	first, second := &narrow{room: 1 << 20}, &publishing{narrow{room: 1 << 20}, g.step}
	g.board(t, first)
	g.board(t, second)
	g.step()
	news := g.round()
	require.Less(t, len(first.got), len(second.got))
	select {
	case <-news:
	default:
		t.Fatal("the first would wait for one picture more")
	}
	g.round()
	require.Equal(t, first.got, second.got)
}

// TestLanesAreFilledEvenly: as few as can be, each with as many as another.
func TestLanesAreFilledEvenly(t *testing.T) {
	l := &lanes{ring: &ring{counts: &counts{}}, stream: live.NewStream("", "", live.Limits{})}
	for range 3 * laneViewers {
		l.enter(t.Context(), &viewer{})
	}
	require.Len(t, l.all, 3)
	for _, ln := range l.all {
		require.Equal(t, laneViewers, ln.count)
	}
	l.all[1].count -= 10 // as ten leave
	l.enter(t.Context(), &viewer{})
	require.Equal(t, laneViewers-9, l.all[1].count)
	require.Len(t, l.all, 3)
}

// stuttering is a connection that takes a little less than a picture each time.
type stuttering struct{ to *standing }

func (s stuttering) TryWrite(b []byte) (int, error) {
	s.to.mu.Lock()
	defer s.to.mu.Unlock()
	return s.to.written.Write(b[:len(b)*2/3])
}

// TestAViewerGoesInAndOut of its lane at every picture and has all of them in
// order; who asked for the response to be counted hears of the lane's bytes.
func TestAViewerGoesInAndOut(t *testing.T) {
	s := newStudio(t).start()
	clip := cliptest.Load(t)
	w := &counted{standing: standing{ResponseRecorder: httptest.NewRecorder(), went: make(chan struct{})}}
	close(w.went) // it never stands
	s.flv.Direct = func(*http.Request) Conn { return stuttering{&w.standing} }
	clip.Between(0, time.Second).Send(s.pub)
	var serving sync.WaitGroup
	serving.Go(func() {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		require.True(t, s.flv.Serve(w, req, s.stream))
	})
	got := func() int {
		w.mu.Lock()
		defer w.mu.Unlock()
		file, _ := parseWhole(w.written.Bytes())
		return len(unitsOf(t, file))
	}
	sent := clip.Between(0, time.Second)
	for at := time.Second; at < 4*time.Second; at += 100 * time.Millisecond {
		require.Eventually(t, func() bool { return got() >= len(sent)-5 }, limit, time.Millisecond)
		part := clip.Between(at, at+100*time.Millisecond)
		part.Send(s.pub)
		sent = append(sent, part...)
	}
	s.stream.Close()
	serving.Wait()
	file, _ := parseWhole(w.written.Bytes())
	requireSame(t, sent, unitsOf(t, file))
	require.EqualValues(t, w.written.Len(), w.through+w.past)
	require.Positive(t, w.past)
}

// counted is a response that counts, as that of an access log does.
type counted struct {
	standing
	through, past int64
}

func (c *counted) Write(b []byte) (int, error) {
	n, err := c.standing.Write(b)
	c.through += int64(n)
	return n, err
}

func (c *counted) Count(n int64) { c.past += n }
