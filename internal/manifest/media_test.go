package manifest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".m3u8")
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

var noon = time.Date(2026, 11, 21, 13, 0, 0, 0, time.FixedZone("CET", 3600))

// live is a low-latency playlist of so many segments of 2 s, each with an
// address and, in the newest, ten parts.
func live(segments, withParts int) *Media {
	m := &Media{
		TargetDuration: 4 * time.Second, IndependentSegments: true,
		PartTarget: 202 * time.Millisecond, PartHoldBack: 700 * time.Millisecond, CanBlockReload: true,
		MediaSequence: 1200, DiscontinuitySequence: 3,
		PreloadHint: fmt.Sprintf("../media/b/%d.0.m4s", 1200+segments),
		Reports:     []RenditionReport{{URI: "audio_source.m3u8", LastMSN: int64(1199 + segments), LastPart: 9}},
	}
	for i := range segments {
		n := 1200 + i
		s := Segment{
			URI: fmt.Sprintf("../media/b/%d.m4s", n), Duration: 2 * time.Second,
			Map: "../media/b/init.mp4", ProgramDateTime: noon.Add(time.Duration(i) * 2 * time.Second),
		}
		if i >= segments-withParts {
			for k := range 10 {
				s.Parts = append(s.Parts, Part{
					URI:      fmt.Sprintf("../media/b/%d.%d.m4s", n, k),
					Duration: 200 * time.Millisecond, Independent: k == 0,
				})
			}
		}
		m.Segments = append(m.Segments, s)
	}
	return m
}

func TestMediaGolden(t *testing.T) {
	change := live(2, 1)
	change.Segments[1].Discontinuity, change.Segments[1].Map = true, "../media/b/init2.mp4"
	change.NextDiscontinuity, change.NextMap = true, "../media/b/init3.mp4"
	change.NextProgramDateTime = noon.Add(4*time.Second + 1499*time.Microsecond)
	change.Parts = []Part{{URI: "../media/b/1202.0.m4s", Duration: 133_466_666, Independent: true}}
	change.PreloadHint = "../media/b/1202.1.m4s"
	change.Reports = append(change.Reports, RenditionReport{URI: "video_720p.m3u8", LastMSN: 1201, LastPart: -1})

	gap := live(2, 2)
	gap.Segments[1].Gap = true
	gap.Segments[1].Parts = []Part{{URI: "gap.m4s", Duration: 100 * time.Millisecond, Gap: true}}
	gap.PartHoldBack, gap.HoldBack, gap.CanBlockReload = 0, 12*time.Second, false

	plain := live(3, 1)
	plain.PartTarget, plain.NextMap, plain.Parts = 0, "never.mp4", []Part{{URI: "never", Duration: time.Second}}

	ended := live(1, 1)
	ended.Ended, ended.Type = true, "EVENT"

	delta := live(13, 2)
	delta.CanSkipUntil, delta.Skipped, delta.Map = 24*time.Second, 20_000, "../media/b/init.mp4"

	vod := live(2, 0)
	*vod = Media{Type: "VOD", Ended: true, TargetDuration: 1500 * time.Millisecond, Segments: vod.Segments}
	vod.Segments[1].Duration = 5_499_994_999

	clip := *vod
	clip.MediaSequence, clip.Start = 17, 1_033_340*time.Microsecond

	for name, m := range map[string]*Media{
		"clip": &clip, "live": live(3, 2), "change": change, "gap": gap, "plain": plain, "ended": ended, "vod": vod, "delta": delta,
		"empty": {TargetDuration: 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			got := m.AppendTo(nil)
			golden(t, name, got)
			_, err := parseMedia(string(got))
			require.NoError(t, err)
			require.Equal(t, "before"+string(got), string(m.AppendTo([]byte("before"))))
		})
	}
}

// The longest segment may be longer than what was hoped for (4.4.3.1).
func TestTargetDuration(t *testing.T) {
	for _, c := range []struct {
		target, longest time.Duration
		want            int64
	}{
		{4 * time.Second, 2 * time.Second, 4},
		{3001 * time.Millisecond, 0, 4},
		{2 * time.Second, 2499 * time.Millisecond, 2},
		{2 * time.Second, 2500 * time.Millisecond, 3},
		{2 * time.Second, 2_499_996_000, 3}, // written as 2.50000
		{0, 400 * time.Millisecond, 0},
	} {
		m := &Media{TargetDuration: c.target, Segments: []Segment{{Duration: c.longest}}}
		require.Equal(t, c.want, m.targetSeconds(), "%v", c)
	}
}

func TestVersion(t *testing.T) {
	require.Equal(t, 3, (&Media{Segments: []Segment{{}}}).version())
	require.Equal(t, 6, (&Media{Segments: []Segment{{}, {Map: "init.mp4"}}}).version())
	require.Equal(t, 6, (&Media{NextMap: "init.mp4", PartTarget: time.Second, Parts: []Part{{}}}).version())
	require.Equal(t, 3, (&Media{NextMap: "init.mp4"}).version(), "a tag that is not written")
	require.Equal(t, 9, (&Media{Version: 9, NextMap: "init.mp4"}).version())
	require.Equal(t, 9, (&Media{Skipped: 1, Segments: []Segment{{Map: "init.mp4"}}}).version())
}

func TestSecondsAreExactTo10Microseconds(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                     "0.00000",
		-time.Second:          "0.00000",
		4_999:                 "0.00000",
		5_000:                 "0.00001",
		2_002 * 1_000_000:     "2.00200",
		999_995_000:           "1.00000",
		33_366_666:            "0.03337",
		10*time.Hour + 10_000: "36000.00001",
	} {
		w := writer{}
		w.seconds(d)
		require.Equal(t, want, string(w.b))
	}
}

func TestAddressesCannotBreakThePlaylist(t *testing.T) {
	m := live(1, 0)
	m.Segments[0].URI = "#a b\r\n#EXT-X-ENDLIST\"é"
	m.Segments[0].Map = "i\"\n.mp4"
	text := string(m.AppendTo(nil))
	require.Contains(t, text, "\n%23a%20b%0D%0A#EXT-X-ENDLIST%22é\n")
	require.Contains(t, text, "#EXT-X-MAP:URI=\"i%22%0A.mp4\"\n")
	_, err := parseMedia(text)
	require.NoError(t, err)
}

var (
	name     = rapid.StringMatching(`[a-z0-9/._-]{1,12}`)
	duration = rapid.Map(rapid.Int64Range(0, 600_000), func(v int64) time.Duration {
		return time.Duration(v) * 10 * time.Microsecond
	})
	parts = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Part {
		return Part{
			URI: name.Draw(t, "uri"), Independent: rapid.Bool().Draw(t, "independent"), Gap: rapid.Bool().Draw(t, "gap"),
			Duration: duration.Draw(t, "duration"),
		}
	}), 0, 4)
	date = rapid.Map(rapid.Int64Range(0, 4e12), func(ms int64) time.Time {
		if ms%3 == 0 {
			return time.Time{}
		}
		return time.UnixMilli(ms).UTC()
	})
)

// drawMedia makes a playlist whose fields all come back from its text.
func drawMedia(t *rapid.T) *Media {
	m := &Media{
		Version:               9,
		TargetDuration:        time.Duration(rapid.IntRange(6, 20).Draw(t, "target")) * time.Second,
		Type:                  rapid.SampledFrom([]string{"", "EVENT", "VOD"}).Draw(t, "type"),
		IndependentSegments:   rapid.Bool().Draw(t, "independent"),
		HoldBack:              duration.Draw(t, "hold back"),
		MediaSequence:         rapid.Int64Min(0).Draw(t, "sequence"),
		DiscontinuitySequence: rapid.Int64Min(0).Draw(t, "discontinuities"),
		Ended:                 rapid.Bool().Draw(t, "ended"),
	}
	if rapid.Bool().Draw(t, "delta updates") {
		m.CanSkipUntil = 6 * m.TargetDuration
		m.Skipped = rapid.Int64Range(0, 50_000).Draw(t, "skipped")
	}
	low := rapid.Bool().Draw(t, "low latency")
	if low {
		m.PartTarget, m.PartHoldBack = 7*time.Second, 21*time.Second
		m.CanBlockReload = rapid.Bool().Draw(t, "block")
	}
	init := name.Draw(t, "init")
	for range rapid.IntRange(0, 5).Draw(t, "segments") {
		if rapid.Bool().Draw(t, "new init") {
			init = name.Draw(t, "init")
		}
		s := Segment{
			URI: name.Draw(t, "uri"), Duration: duration.Draw(t, "duration"), Map: init,
			ProgramDateTime: date.Draw(t, "date"),
			Discontinuity:   rapid.Bool().Draw(t, "discontinuity"), Gap: rapid.Bool().Draw(t, "gap"),
		}
		if low {
			s.Parts = parts.Draw(t, "parts")
		}
		m.Segments = append(m.Segments, s)
	}
	if !low {
		return m
	}
	if m.Parts = parts.Draw(t, "parts"); len(m.Parts) > 0 {
		m.NextMap, m.NextDiscontinuity = init, rapid.Bool().Draw(t, "discontinuity")
		m.NextProgramDateTime = date.Draw(t, "date")
	}
	if !m.Ended {
		m.PreloadHint = name.Draw(t, "hint")
		m.Reports = []RenditionReport{{
			URI: name.Draw(t, "report"), LastMSN: rapid.Int64Min(0).Draw(t, "msn"), LastPart: rapid.IntRange(-1, 9).Draw(t, "part"),
		}}
	}
	return m
}

func TestMediaRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawMedia(t)
		text := string(want.AppendTo(nil))
		got, err := parseMedia(text)
		require.NoError(t, err, text)
		require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()), text)
		require.LessOrEqual(t, len(text), want.sizeHint(), "one allocation is enough")
		last := ""
		for _, line := range strings.Split(text, "\n") {
			if uri, found := strings.CutPrefix(line, "#EXT-X-MAP:URI="); found {
				require.NotEqual(t, last, uri, "a map that did not change")
				last = uri
			}
		}
	})
}

// A playlist in pieces is the whole one: of some segments only the text is kept.
func TestAPlaylistInPiecesIsTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := drawMedia(t)
		whole.Skipped = 0
		for i := range whole.Segments {
			whole.Segments[i].Parts = nil
		}
		n := rapid.IntRange(0, len(whole.Segments)).Draw(t, "older")
		rest := *whole
		rest.Segments = whole.Segments[n:]
		pieces := rest.AppendHeader(nil)
		for i := range whole.Segments[:n] {
			pieces = whole.Segments[i].AppendTo(pieces, rest.Map)
			rest.Map = whole.Segments[i].Map
		}
		require.Equal(t, string(whole.AppendTo(nil)), string(rest.AppendBody(pieces)))
	})
	require.Equal(t, "#EXT-X-MAP:URI=\"i.mp4\"\n", string(AppendMap(nil, "i.mp4")))
}

func TestAppendToAllocatesNothingWithRoom(t *testing.T) {
	m := live(30, 5)
	dst := m.AppendTo(nil)
	require.Zero(t, testing.AllocsPerRun(100, func() { m.AppendTo(dst[:0]) }))
	require.Less(t, m.sizeHint(), 2*len(dst), "without room, not far too much of it")
}

func BenchmarkMedia(b *testing.B) {
	m := live(30, 6)
	b.SetBytes(int64(len(m.AppendTo(nil))))
	b.ReportAllocs()
	for b.Loop() {
		m.AppendTo(nil)
	}
}
