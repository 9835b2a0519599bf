package e2e

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// loops of a fixture of 640 ms make a broadcast that a slow browser can join.
const (
	loops     = 36
	loopsLast = 640 * time.Millisecond
)

// TestEnhancedRTMP: what only Enhanced RTMP can carry is on air, kept whole,
// and decoded by a player that knows the codec. ffmpeg 5.1 cannot send it, so
// the frames that it coded come from fixtures.
func TestEnhancedRTMP(t *testing.T) {
	t.Parallel()
	for name, codecs := range map[string]map[string]string{
		"av1_aac":   {"video": "av01.", "audio": "mp4a.40.2"},
		"h265_opus": {"video": "hvc1.", "audio": "opus"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startOpen(t)
			clip, pictures := repeated(t, name)
			e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", name)
			require.NoError(t, err)
			var sending errgroup.Group
			sending.Go(func() error { return e.Play(t.Context(), time.Now(), clip) })
			now := onAir(t, s, name)
			require.Len(t, now.Renditions, 2)
			for _, r := range now.Renditions {
				require.Contains(t, r.Codecs, codecs[r.Kind])
			}
			if name == "av1_aac" {
				tab := testkit.StartBrowser(t).Open(t, s.URL("/embed/@"+name))
				tab.WaitPicture(t, limit, "a decoded picture", func(p testkit.Picture) bool { return p.Frames > 5 })
			}
			require.NoError(t, sending.Wait())
			require.NoError(t, e.Stop())
			b := archived(t, s, name, now.Broadcast)
			require.NoError(t, watchHoles(t.Context(), s.URL(b.HLS)), "the fixtures lack a picture in each loop")
			requireTruth(t, s.URL(b.HLS))
			require.Equal(t, pictures, testkit.DecodedFrames(t, s.URL(b.HLS), "v"), "every picture was kept and can be decoded")
			require.Equal(t, pictures, testkit.DecodedFrames(t, s.URL(b.DASH), "v"), "by DASH too")
		})
	}
}

// requireTruth compares the codecs that a recording's list tells of with those
// of its media, and what is said of each segment's first picture with its bytes.
func requireTruth(t *testing.T, multivariant string) {
	t.Helper()
	m, err := testkit.FetchMultivariant(t.Context(), multivariant)
	require.NoError(t, err)
	measured := map[string]*testkit.Measured{}
	for _, uri := range mediaURIs(m) {
		w := newWatcher(resolve(t, multivariant, uri))
		list, err := testkit.FetchMedia(t.Context(), w.address)
		require.NoError(t, err)
		init, err := w.init(t.Context(), list.Segments[0].Map)
		require.NoError(t, err)
		measured[uri] = &testkit.Measured{Init: init}
		for _, s := range list.Segments {
			b, err := w.read(t.Context(), s.URI)
			require.NoError(t, err)
			fragments, err := init.Fragments(b)
			require.NoError(t, err)
			if key, known := init.Key(fragments[0].First); known {
				require.Equal(t, fragments[0].Sync, key, s.URI)
			}
		}
	}
	require.NoError(t, m.CheckPromises(measured, 0, false))
}

// repeated returns a fixture's tags, again and again on one timeline, and how
// many pictures they hold.
func repeated(t *testing.T, fixture string) (tags []testkit.Tag, pictures int) {
	t.Helper()
	once := testkit.ReadTags(t, filepath.Join("..", "internal", "flv", "testdata", fixture+".flv"))
	for i := range loops {
		for _, tag := range once {
			tag.Time += time.Duration(i) * loopsLast
			tags = append(tags, tag)
			if packetType := tag.Body[0] & 0x0f; tag.Video() && (packetType == 1 || packetType == 3) { // CodedFrames, CodedFramesX
				pictures++
			}
		}
	}
	return tags, pictures
}
