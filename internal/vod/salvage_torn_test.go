package vod

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// What a loss of power leaves of a file that was not safe yet, in the spool or
// among the objects, is kept up to its first fault; and a start is not the
// worse for it.
func TestSalvageOfTornFiles(t *testing.T) {
	for name, c := range map[string]struct {
		tear func(b []byte, third fmp4.Fragment) []byte
		kept int // fragments
	}{
		"empty":        {func([]byte, fmp4.Fragment) []byte { return nil }, 0},
		"all zeros":    {func(b []byte, _ fmp4.Fragment) []byte { return make([]byte, len(b)) }, 0},
		"cut":          {func(b []byte, f fmp4.Fragment) []byte { return b[:f.Offset+f.Size-1] }, 2},
		"cut in a box": {func(b []byte, f fmp4.Fragment) []byte { return b[:f.Offset+5] }, 2},
		"zeros at the end": {func(b []byte, f fmp4.Fragment) []byte {
			clear(b[f.Offset+f.Size/2:])
			return b
		}, 2},
		"zeros behind a part": {func(b []byte, f fmp4.Fragment) []byte {
			clear(b[f.Offset:])
			return b
		}, 2},
		"a hole": {func(b []byte, f fmp4.Fragment) []byte {
			clear(b[f.Offset+f.Size-2*hole : f.Offset+f.Size])
			return b
		}, 2},
		"more zeros": {func(b []byte, _ fmp4.Fragment) []byte { return append(b, make([]byte, 4096)...) }, -1},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, nil)
			clip := cliptest.Load(t)
			a := h.begin(packager.Options{}, 0)
			a.record(clip, 9*time.Second) // segments 0 to 4 are complete, 5 is begun
			h.kill(a)
			before := h.unlist(a.id, 4)[video]
			last := before[4]
			object := filepath.Join(h.dir, "media", filepath.FromSlash(segmentKey(a.id, video, last.Number)))
			spooled, err := filepath.Glob(filepath.Join(h.lib.spoolFolder(a.id, video), "5-*.m4s"))
			require.NoError(t, err)
			require.Len(t, spooled, 1)

			kept := map[int64]int{}
			for number, path := range map[int64]string{4: object, 5: spooled[0]} {
				b, err := os.ReadFile(path)
				require.NoError(t, err)
				parts, err := fmp4.ParseFragments(b)
				require.NoError(t, err)
				require.Greater(t, len(parts), 3)
				require.NoError(t, os.WriteFile(path, c.tear(b, parts[2]), 0o600))
				if kept[number] = c.kept; c.kept < 0 {
					kept[number] = len(parts)
				}
			}
			h.open()

			rows := h.rows(a.id, video)
			requireFrames(t, clip.Of(media.Video)[:len(h.frames(rows[:4]))], h.frames(rows[:4]))
			for number, n := range kept {
				if n == 0 {
					require.Equal(t, 4, len(rows))
					continue
				}
				require.Equal(t, 6, len(rows))
				parts, err := fmp4.ParseFragments(h.stored(rows[number]))
				require.NoError(t, err)
				require.Equal(t, n, len(parts))
			}
			require.Equal(t, 6, len(h.rows(a.id, audio)), "the sound was not hit")
			h.lib.Close()
			h.open()
			require.Equal(t, rows, h.rows(a.id, video))
		})
	}
}
