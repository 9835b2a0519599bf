package ticket

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

func TestOnce(t *testing.T) {
	d := NewDesk[int](time.Minute, 10)
	d.Keep("a", 1)
	got, ok := d.Take("a")
	require.True(t, ok)
	require.Equal(t, 1, got)
	_, ok = d.Take("a")
	require.False(t, ok)
	_, ok = d.Take("b")
	require.False(t, ok)

	d.Keep("c", 2)
	var taken atomic.Int32
	var g errgroup.Group
	for range 8 {
		g.Go(func() error {
			if _, ok := d.Take("c"); ok {
				taken.Add(1)
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
	require.EqualValues(t, 1, taken.Load())
}

func TestTime(t *testing.T) {
	d, now := NewDesk[int](time.Minute, 10), time.Unix(0, 0)
	d.now = func() time.Time { return now }
	d.Keep("a", 1)
	d.Keep("b", 2)
	now = now.Add(time.Minute - 1)
	_, ok := d.Take("a")
	require.True(t, ok)
	now = now.Add(1)
	_, ok = d.Take("b")
	require.False(t, ok)
	d.Keep("c", 3)
	now = now.Add(time.Hour)
	d.Keep("d", 4)
	require.Len(t, d.byKey, 1, "what is over is forgotten")
	require.Equal(t, 1, d.age.Len())
}

func TestRoom(t *testing.T) {
	d := NewDesk[int](time.Minute, 3)
	for i := range 10 {
		d.Keep(fmt.Sprint(i), i)
	}
	require.Len(t, d.byKey, 3)
	_, ok := d.Take("6")
	require.False(t, ok)
	got, ok := d.Take("7")
	require.True(t, ok)
	require.Equal(t, 7, got)
}
