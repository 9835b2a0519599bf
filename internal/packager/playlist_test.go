package packager

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden playlists")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(want), string(got)), "%s; -update rewrites it", name)
}

// text is the present playlist of a rendition.
func (f *feed) text(rendition string, k Kind) string {
	w := f.p.Window(rendition)
	return string(w.playlist(w.snap.Load(), k).bytes())
}

func TestGoldenPlaylists(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(5*time.Second + 500*time.Millisecond)
	f := l.feed
	golden(t, "multivariant.m3u8", f.p.multivariantText(Live).bytes())
	golden(t, "multivariant-plain.m3u8", f.p.multivariantText(Plain).bytes())
	golden(t, "video.m3u8", []byte(f.text("video/source", Live)))
	golden(t, "audio.m3u8", []byte(f.text("audio/source", Live)))
	golden(t, "plain.m3u8", []byte(f.text("video/source", Plain)))

	l.run(6 * time.Second)
	l.tracks[0] = videoTrack(media.Rate{Num: 30, Den: 1}) // the next frame is key
	l.run(8*time.Second + 500*time.Millisecond)
	golden(t, "discontinuity.m3u8", []byte(f.text("video/source", Live)))
	f.finish()
	for _, w := range f.p.Windows() {
		w.close(false)
	}
	golden(t, "ended.m3u8", []byte(f.text("video/source", Live)))
}

// RFC 8216bis 4.4.6.2 names the transfer functions of each range.
func TestVideoRange(t *testing.T) {
	for transfer, want := range map[uint8]string{
		0: "", media.ColourUnspecified: "", 8: "", 1: "SDR", 6: "SDR", 13: "SDR", 14: "SDR", 15: "SDR",
		media.TransferPQ: "PQ", media.TransferHLG: "HLG",
	} {
		m := Multivariant([]Description{{URI: "v", Kind: media.Video, Transfer: transfer}})
		require.Equal(t, want, m.Variants[0].VideoRange, "transfer %d", transfer)
	}
}

func TestGoldenPlaylistsOfSoundAlone(t *testing.T) {
	f := program{hz: 44100, seconds: 5}.play(t, Options{})
	golden(t, "sound-multivariant.m3u8", f.p.multivariantText(Live).bytes())
	golden(t, "sound.m3u8", []byte(f.text("audio/source", Live)))
}

// TestNumbersSurviveTrimming follows a broadcast with a discontinuity every
// ten seconds for ten minutes.
func TestNumbersSurviveTrimming(t *testing.T) {
	o := Options{LiveWindow: 20 * time.Second}
	l := newLoop(t, o)
	w := func() *Window { return l.feed.p.Window("video/source") }
	seen := map[int64]int64{} // discontinuities before and at each number
	count := int64(0)
	var first, discs int64
	for at := time.Second; at < 10*time.Minute; at += time.Second {
		if at%(10*time.Second) == 0 {
			l.tracks[0] = videoTrack(media.Rate{Num: 30, Den: 1})
		}
		l.write(at)
		l.cut()
		s := w().snap.Load()
		for _, seg := range s.complete {
			if _, ok := seen[seg.Number]; !ok {
				if seg.Discontinuity {
					count++
				}
				seen[seg.Number] = count
			}
		}
		for _, k := range []Kind{Live, Plain} {
			m := w().render(s, k)
			if len(m.Segments) == 0 {
				continue
			}
			require.LessOrEqual(t, m.MediaSequence, s.complete[len(s.complete)-1].Number)
			if k == Live {
				require.GreaterOrEqual(t, m.MediaSequence, first, "never back")
				require.GreaterOrEqual(t, m.DiscontinuitySequence, discs, "never back")
				first, discs = m.MediaSequence, m.DiscontinuitySequence
			}
			at := m.DiscontinuitySequence
			if m.Segments[0].Discontinuity {
				at++
			}
			require.Equal(t, seen[m.MediaSequence], at, "at segment %d", m.MediaSequence)
		}
	}
	require.Greater(t, count, int64(55))
	require.Greater(t, discs, int64(50))
	require.Less(t, len(w().inits), 10, "initialisation sections leave with their segments")
	require.Nil(t, w().Init(0))
	for _, seg := range w().snap.Load().complete {
		require.Same(t, seg.Init, w().Init(seg.Init.Number))
	}
}

func TestALivePlaylistNeverGetsShort(t *testing.T) {
	o := Options{LiveWindow: time.Second, Segment: 2 * time.Second}
	l := newLoop(t, o)
	for at := time.Second; at < 2*time.Minute; at += 500 * time.Millisecond {
		l.write(at)
		l.cut()
		w := l.feed.p.Window("video/source")
		for _, k := range []Kind{Live, Plain} {
			m := w.render(w.snap.Load(), k)
			var length time.Duration
			for _, s := range m.Segments {
				length += s.Duration
			}
			if m.MediaSequence > 0 {
				require.GreaterOrEqual(t, length, 3*m.TargetDuration, "RFC 8216bis 6.2.2")
			}
			require.LessOrEqual(t, length, 4*m.TargetDuration+plainWindow)
		}
	}
}

func TestPartsAreListedNearTheEdgeOnly(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(40 * time.Second)
	w := l.feed.p.Window("video/source")
	m := w.render(w.snap.Load(), Live)
	var behind time.Duration
	for i := len(m.Segments) - 1; i >= 0; i-- {
		behind += m.Segments[i].Duration
		require.Equal(t, behind <= 3*m.TargetDuration, len(m.Segments[i].Parts) > 0, "%v behind", behind)
	}
	for _, s := range w.render(w.snap.Load(), Plain).Segments {
		require.Empty(t, s.Parts)
	}
}

func TestRenditionsReportOnEachOther(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(10 * time.Second)
	for name, other := range map[string]string{"video/source": "audio/source", "audio/source": "video/source"} {
		w, o := l.feed.p.Window(name), l.feed.p.Window(other)
		m := w.render(w.snap.Load(), Live)
		require.Len(t, m.Reports, 1)
		msn, parts := o.snap.Load().last()
		require.Equal(t, "../"+other+".m3u8", m.Reports[0].URI)
		require.Equal(t, msn, m.Reports[0].LastMSN)
		require.Equal(t, parts-1, m.Reports[0].LastPart)
		require.Empty(t, w.render(w.snap.Load(), Plain).Reports)
	}
}

func TestIndependentSegmentsIsSaidOnlyWhereItIsTrue(t *testing.T) {
	const tag = "#EXT-X-INDEPENDENT-SEGMENTS\n"
	for gop, want := range map[float64]bool{2: true, 1: true, 8.3: false, 60: false} {
		f := program{rate: 30, claims: media.Rate{Num: 30, Den: 1}, gop: gop, hz: 48000, seconds: 30}.play(t, Options{LiveWindow: 16 * time.Second})
		require.Equal(t, want, strings.Contains(f.text("video/source", Live), tag), "a key frame each %v s", gop)
		require.True(t, strings.Contains(f.text("audio/source", Live), tag))
		require.False(t, strings.Contains(string(f.p.multivariantText(Live).bytes()), tag))
	}
}

// VLC knows no EXT-X-GAP.
func TestAPlainPlaylistOfALateTrackBeginsWithItsMedia(t *testing.T) {
	f := newFeed(t, Options{})
	f.pub.Expect(media.Video)
	for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 20, lateness: 9.1}).units() {
		f.send(u)
	}
	w := f.p.Window("audio/source")
	m := w.render(w.snap.Load(), Plain)
	require.False(t, m.Segments[0].Gap)
	require.Equal(t, f.p.Window("video/source").snap.Load().complete[m.MediaSequence].Number, m.MediaSequence)
}

func TestTextsAreRenderedOnceForAll(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(5 * time.Second)
	w := l.feed.p.Window("video/source")
	s := w.snap.Load()
	require.Same(t, w.playlist(s, Live), w.playlist(s, Live))
	require.Same(t, w.playlist(s, Plain), w.playlist(s, Plain))
	require.NotSame(t, w.playlist(s, Live), w.playlist(s, Plain))
	require.Same(t, l.feed.p.multivariantText(Live), l.feed.p.multivariantText(Live))
	before := l.feed.p.multivariantText(Live)
	l.run(8 * time.Second)
	require.NotSame(t, before, l.feed.p.multivariantText(Live), "its bandwidth is that of new segments")
}

func TestBandwidthIsThatOfTheSegments(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(20 * time.Second)
	peak, mean := l.feed.p.Window("video/source").Bandwidth()
	require.InEpsilon(t, 12_000*30*8, mean, 0.02, "and some for the boxes")
	require.InEpsilon(t, mean, peak, 0.05)
	l.data[0] = make([]byte, 48_000)
	l.run(30 * time.Second)
	peak, mean = l.feed.p.Window("video/source").Bandwidth()
	require.InEpsilon(t, 48_000*30*8, peak, 0.02)
	require.InEpsilon(t, 24_000*30*8, mean, 0.1, "the newest second is not counted yet")

	announced := newLoop(t, Options{})
	announced.tracks[0].Bitrate = 3_000_000
	announced.write(100 * time.Millisecond)
	announced.cut()
	peak, _ = announced.feed.p.Window("video/source").Bandwidth()
	require.Equal(t, 3_000_000, peak, "while no segment is complete")
}
