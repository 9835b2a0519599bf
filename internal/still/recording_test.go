package still

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// A recording that ends gets a storyboard and a cover.
func TestRecording(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	h.run()
	clip := cliptest.Load(t)
	id := h.record(clip)
	h.s.Ended(id)
	row := h.awaitRow(id)
	require.Empty(t, row.Failed)
	require.True(t, row.Cover)
	require.Equal(t, 5, row.Tiles)
	require.Equal(t, 1, row.Sheets)
	track := clip.Of(media.Video)[0].Track
	cover := picture(t, h.object(id, coverName)).Bounds().Size()
	require.Equal(t, []int{track.Width, track.Height}, []int{cover.X, cover.Y}, "it is smaller than the box")
	size := picture(t, h.object(id, sheetName(0))).Bounds().Size()
	high := tileSide * track.Height / track.Width
	require.Equal(t, columns*tileSide, size.X)
	require.InDelta(t, high, size.Y, 1)
	list := string(h.object(id, listName))
	require.True(t, strings.HasPrefix(list, "WEBVTT\n\n"))
	cues := regexp.MustCompile(`(?m)^(\S+) --> (\S+)\nstoryboard-0\.jpg#xywh=(\d+),0,160,`).FindAllStringSubmatch(list, -1)
	require.Len(t, cues, row.Tiles, list)
	require.Equal(t, "00:00:00.000", cues[0][1])
	for i, c := range cues {
		require.Equal(t, fmt.Sprint(i*tileSide), c[3])
		require.True(t, i == 0 || c[1] == cues[i-1][2], "they follow each other")
	}
	require.Regexp(t, `^00:00:2[34]\.`, cues[4][2])
	total := len(h.object(id, coverName)) + len(h.object(id, sheetName(0))) + len(list)
	require.EqualValues(t, total, row.Bytes)
}

// A start looks at what is there: it makes what is missing, and tries nothing
// again.
func TestBacklog(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	clip := cliptest.Load(t).Between(0, 3*time.Second)
	pictures, sound, tried := h.record(clip), h.record(clip.Of(media.Audio)), h.record(clip)
	then := time.UnixMilli(1_700_000_000_000).UTC()
	h.write(func(tx *store.Tx) error {
		return tx.PutStills(t.Context(), store.Stills{BroadcastID: tried, MadeAt: then, Failed: "no"})
	})
	h.run()
	require.True(t, h.awaitRow(pictures).Cover)
	require.Equal(t, "the recording has no pictures", h.awaitRow(sound).Failed)
	require.Equal(t, then, h.awaitRow(tried).MadeAt)
}

// What cannot be decoded costs its tiles; when that is all, the row says so.
func TestBrokenRecordings(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Tool(t, "ffmpeg"))
	clip := cliptest.Load(t)
	breakKeys := func(from time.Duration) (broken cliptest.Clip) {
		for _, u := range clip {
			if u.Track.Kind() == media.Video && u.Key && u.At >= from {
				u.Data = bytes.Repeat([]byte{0xff}, 1000)
			}
			broken = append(broken, u)
		}
		return broken
	}
	half, none := h.record(breakKeys(9*time.Second)), h.record(breakKeys(0))
	require.NoError(t, h.s.make(t.Context(), half))
	row := h.awaitRow(half)
	require.Equal(t, 2, row.Tiles)
	require.True(t, row.Cover)
	require.NoError(t, h.s.make(t.Context(), none))
	row = h.awaitRow(none)
	require.Zero(t, row.Tiles)
	require.Contains(t, row.Failed, "could be decoded")
}

// A recording that is removed while its stills are made leaves none.
func TestRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	path, begun, open := gated(t)
	h := newHouse(t, path)
	id := h.record(cliptest.Load(t).Between(0, 3*time.Second))
	done := make(chan error, 1)
	go func() { done <- h.s.make(context.Background(), id) }()
	testkit.Eventually(t, limit, func(context.Context) error {
		_, err := os.Stat(begun)
		return err
	})
	require.NoError(t, h.library.Remove(t.Context(), id, nil))
	open()
	require.NoError(t, <-done)
	for k, err := range h.files.List(t.Context(), id) {
		require.NoError(t, err)
		t.Error(k + " is left")
	}
	_, err := h.db.Stills(t.Context(), id)
	require.ErrorIs(t, err, store.ErrNotFound)
	require.NoError(t, h.s.make(t.Context(), id), "nothing is to be done any more")
}

// Without ffmpeg nothing is done and nothing is written down, so that a later
// start makes up for it.
func TestWithoutFFmpeg(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	id := h.record(cliptest.Load(t).Between(0, 3*time.Second))
	h.s.Ended(id)
	h.s.Run(t.Context()) // it returns
	_, err := h.db.Stills(t.Context(), id)
	require.ErrorIs(t, err, store.ErrNotFound)
	_, _, err = h.files.Get(t.Context(), key(id, coverName))
	require.ErrorIs(t, err, blob.ErrNotFound)
}
