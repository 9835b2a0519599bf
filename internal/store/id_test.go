package store

import (
	"path/filepath"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestIDsGrowWhateverTheClockDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := int64(1_700_000_000_000)
		m := idMaker{now: func() time.Time { return time.UnixMilli(ms) }}
		last := ""
		for _, step := range rapid.SliceOf(rapid.Int64Range(-5, 5)).Draw(t, "steps") {
			ms += step
			id := m.next()
			require.Regexp(t, `^[0-9a-hjkmnp-tv-z]{20}$`, id)
			require.Greater(t, id, last)
			require.Less(t, id, newestID)
			last = id
		}
	})
}

func TestIDsSortByTime(t *testing.T) {
	var ids []string
	for ms := uint64(1); ms < 1<<48; ms = ms*3 + 1 {
		ids = append(ids, encodeID(ms, 0), encodeID(ms, idRandMask))
	}
	require.True(t, sort.StringsAreSorted(ids))
	require.Equal(t, "00000000000000000000", encodeID(0, 0))
	require.Equal(t, "zzzzzzzzzzzzzzzzzzzz", encodeID(1<<48-1, idRandMask))
	require.Equal(t, "00000000040000000001", encodeID(1, 1))
}

func TestIDsGoOnWhenAMillisecondIsFull(t *testing.T) {
	m := idMaker{now: func() time.Time { return time.UnixMilli(1000) }, ms: 1000, rand: idRandMask}
	id := m.next()
	require.Greater(t, id, encodeID(1000, idRandMask))
	require.EqualValues(t, 1001, m.ms)
}

func TestIDsOfOneDatabaseDiffer(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "rostrum.db"))
	seen := map[string]bool{}
	for range 10_000 {
		seen[db.NewID()] = true
	}
	require.Len(t, seen, 10_000)
}
