package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestFLVFrames: ffmpeg reads HTTP-FLV while ffmpeg publishes, and has every
// frame from a key frame on to the end, which is a clean one.
func TestFLVFrames(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	for name, clip := range map[string]testkit.Clip{
		"plain":      {Seconds: 9},
		"b-frames":   {Seconds: 9, BFrames: 3},
		"audio-only": {Seconds: 9, Tracks: testkit.AudioOnly},
		"video-only": {Seconds: 9, Tracks: testkit.VideoOnly},
		"gop-8_3":    testkit.ClipGOP8300,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := clip.Path(t)
			requireOffAir(t, s, "/live/"+name+".flv")
			encoder := testkit.Publish(t, file, s.PublishURL(name))
			now := onAir(t, s, name)
			require.Equal(t, "/live/"+name+".flv", now.FLV)
			kept := filepath.Join(t.TempDir(), "kept.flv")
			testkit.FFmpeg(t, 2*limit, "-i", s.URL(now.FLV), "-c", "copy", "-f", "flv", kept)
			require.Zero(t, encoder.Wait(t, limit))
			for kind, without := range map[string]testkit.Tracks{"v": testkit.AudioOnly, "a": testkit.VideoOnly} {
				if clip.Tracks == without {
					continue
				}
				sent, got := testkit.Packets(t, file, kind), testkit.Packets(t, kept, kind)
				from := slices.IndexFunc(sent, func(p testkit.Packet) bool { return p.Hash == got[0].Hash && p.Size == got[0].Size })
				require.GreaterOrEqual(t, from, 0, kind)
				if kind == "v" && clip.GOP == 0 {
					require.Zero(t, from%60, "it begins with a key frame")
				}
				requireSameFrames(t, kind, sent[from:], got)
			}
			if clip.Tracks != testkit.AudioOnly {
				require.Equal(t, len(testkit.Packets(t, kept, "v")), testkit.DecodedFrames(t, kept, "v"), "every picture can be decoded")
			}
			requireOffAir(t, s, now.FLV)
		})
	}
}

// TestFLVInBrowsers: stock mpegts.js on a page of another site plays, and plays
// on with the next encoder when one is lost, in the same body.
func TestFLVInBrowsers(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	encoder := testkit.PublishTest(t, "60", s.PublishURL("stage"))
	now := onAir(t, s, "stage")
	tab := b.OpenPlayer(t, testkit.MpegtsJS)
	tab.PlayStock(t, s.URL(now.FLV))
	requireMoves(t, tab, 60)
	for range 2 {
		encoder.Kill()
		encoder = testkit.PublishTest(t, "60", s.PublishURL("stage"))
		require.Equal(t, now.Broadcast, onAir(t, s, "stage").Broadcast)
		requireMoves(t, tab, 120)
	}
	p := tab.Picture(t)
	require.Empty(t, p.Errors)
	require.Equal(t, 320, p.Last.Width)
	require.Positive(t, p.DecodedAudioBytes)
	require.Len(t, tab.Requests(t), 3, "the page, its script and one body: %v", tab.Requests(t))

	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "stage", now.Broadcast)
	tab.WaitPicture(t, limit, "the body ends", func(testkit.Picture) bool {
		var complete bool
		tab.Eval(t, "window.flvComplete === true", &complete)
		return complete
	})
	var said []string
	tab.Eval(t, "window.playerErrors", &said)
	require.Empty(t, said)
}

// TestEnhancedFLV: what only Enhanced FLV can carry arrives as it was sent.
// mpegts.js plays AV1; Chromium has no decoder for H.265, and ffmpeg 5.1 reads
// neither, so that the bytes are compared with the fixture's.
func TestEnhancedFLV(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"av1_aac", "h265_opus"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startOpen(t)
			clip, pictures := repeated(t, name)
			e, err := testkit.DialEncoder(t.Context(), s.RTMP, "live", name)
			require.NoError(t, err)
			var sending, watching errgroup.Group
			sending.Go(func() error { return e.Play(t.Context(), time.Now(), clip) })
			now := onAir(t, s, name)
			kept := filepath.Join(t.TempDir(), "kept.flv")
			watching.Go(func() error {
				body, err := testkit.Fetch(t.Context(), s.URL(now.FLV))
				if err != nil {
					return err
				}
				return os.WriteFile(kept, body, 0o600)
			})
			if name == "av1_aac" {
				tab := testkit.StartBrowser(t).OpenPlayer(t, testkit.MpegtsJS)
				tab.PlayStock(t, s.URL(now.FLV))
				requireMoves(t, tab, 5)
			}
			require.NoError(t, sending.Wait())
			require.NoError(t, e.Stop())
			require.NoError(t, watching.Wait())
			sent, got := coded(clip), coded(testkit.ReadTags(t, kept))
			require.Greater(t, len(got), pictures/2)
			sent = sent[len(sent)-len(got):]
			for i := range got {
				const (
					header = 8   // at most: FourCC and composition time
					sets   = 128 // parameter sets, which are sent once
					// Where the fixture begins again its sound has a hole of a
					// frame or two, over which the clock of sound is made even.
					seam = 100 * time.Millisecond
				)
				require.Equal(t, sent[i].Type, got[i].Type, "tag %d", i)
				require.Equal(t, keyFrame(sent[i]), keyFrame(got[i]), "tag %d", i)
				slack := timeSlack
				if sent[i].Audio() {
					slack = seam
				}
				require.InDelta(t, sent[i].Time-sent[0].Time, got[i].Time-got[0].Time, float64(slack), "tag %d", i)
				payload := got[i].Body[min(header, len(got[i].Body)):]
				require.True(t, bytes.HasSuffix(sent[i].Body, payload), "tag %d", i)
				left := 2 * header // out: headers, and AV1's temporal delimiter
				if keyFrame(sent[i]) {
					left += sets
				}
				require.Less(t, len(sent[i].Body)-len(payload), left, "tag %d: all of it", i)
			}
		})
	}
}

// keyFrame tells a key frame of an enhanced tag.
func keyFrame(g testkit.Tag) bool { return g.Video() && g.Body[0]>>4 == 0x8|1 }

// coded returns the tags that hold a frame.
func coded(tags []testkit.Tag) []testkit.Tag {
	return slices.DeleteFunc(slices.Clone(tags), func(g testkit.Tag) bool {
		enhanced := g.Video() || g.Audio() && g.Body[0]>>4 == 9
		typ := g.Body[0] & 15
		return g.Type != 8 && g.Type != 9 || enhanced && typ != 1 && typ != 3 || !enhanced && g.Header()
	})
}
