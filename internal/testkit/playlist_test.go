package testkit

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const goodLive = `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:4
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.6,HOLD-BACK=12.0
#EXT-X-PART-INF:PART-TARGET=0.202
#EXT-X-MEDIA-SEQUENCE:3
#EXT-X-MAP:URI="../../media/b/video/source/init0.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.000Z
#EXT-X-PART:URI="a.0.m4s",DURATION=0.20000,INDEPENDENT=YES
#EXTINF:0.20000,
a.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.200Z
#EXT-X-PART:URI="b.0.m4s",DURATION=0.20000
#EXT-X-PART:URI="b.1.m4s",DURATION=0.10000
#EXTINF:0.30000,
b.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.500Z
#EXT-X-PART:URI="c.0.m4s",DURATION=0.20000,INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="c.1.m4s"
#EXT-X-RENDITION-REPORT:URI="audio.m3u8",LAST-MSN=5,LAST-PART=0
`

func TestParseMedia(t *testing.T) {
	p, err := ParseMedia(goodLive)
	require.NoError(t, err)
	require.NoError(t, p.Check())
	require.Equal(t, 202*time.Millisecond, p.PartTarget)
	require.Len(t, p.Segments, 2)
	require.Equal(t, 500*time.Millisecond, p.Duration())
	msn, part := p.Next()
	require.Equal(t, int64(5), msn)
	require.Equal(t, 1, part)
	require.Equal(t, "b.m4s", p.Segment(4).URI)
	require.Nil(t, p.Segment(5))
	require.Equal(t, []Report{{URI: "audio.m3u8", LastMSN: 5}}, p.Reports)
	require.Len(t, p.MediaURIs(), 1+2+3+1)
}

func TestParseMediaRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new string }{
		"no header":              {"#EXTM3U", "#EXTM3"},
		"part after EXTINF":      {"#EXTINF:0.20000,\na.m4s", "#EXTINF:0.20000,\n#EXT-X-PART:URI=\"x.m4s\",DURATION=0.2\na.m4s"},
		"map after parts":        {"#EXTINF:0.20000,", "#EXT-X-MAP:URI=\"x.mp4\"\n#EXTINF:0.20000,"},
		"unknown tag":            {"#EXT-X-MEDIA-SEQUENCE", "#EXT-X-MEDIA-SEQUENZ"},
		"tag twice":              {"#EXT-X-VERSION:9", "#EXT-X-VERSION:9\n#EXT-X-VERSION:9"},
		"late head tag":          {"#EXT-X-PRELOAD-HINT", "#EXT-X-DISCONTINUITY-SEQUENCE:1\n#EXT-X-PRELOAD-HINT"},
		"absolute path":          {"\nb.m4s", "\n/media/b.m4s"},
		"absolute address":       {"URI=\"c.0.m4s\"", "URI=\"http://host/c.0.m4s\""},
		"unquoted":               {"URI=\"c.0.m4s\"", "URI=c.0.m4s"},
		"attribute twice":        {"DURATION=0.10000", "DURATION=0.10000,DURATION=0.10000"},
		"unknown attribute":      {"INDEPENDENT=YES", "INDEPENDENTS=YES"},
		"address without EXTINF": {"#EXTINF:0.30000,\n", ""},
		"no comma":               {"#EXTINF:0.30000,", "#EXTINF:0.30000"},
		"tag after the hint":     {"#EXT-X-RENDITION-REPORT", "#EXT-X-PART:URI=\"z\",DURATION=0.2\n#EXT-X-RENDITION-REPORT"},
		"no target duration":     {"#EXT-X-TARGETDURATION:4\n", ""},
		"control character":      {"\nb.m4s", "\nb\t.m4s"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(goodLive, c.old, c.new, 1)
			require.NotEqual(t, goodLive, text)
			_, err := ParseMedia(text)
			require.Error(t, err)
		})
	}
}

func TestCheckRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, new string }{
		"short part":           {"URI=\"b.0.m4s\",DURATION=0.20000", "URI=\"b.0.m4s\",DURATION=0.15"},
		"long part":            {"URI=\"b.0.m4s\",DURATION=0.20000", "URI=\"b.0.m4s\",DURATION=0.203"},
		"long segment":         {"#EXTINF:0.30000", "#EXTINF:4.50000"},
		"parts miss EXTINF":    {"#EXTINF:0.30000", "#EXTINF:0.36000"},
		"jump of the date":     {"10:00:00.500Z", "10:00:00.600Z"},
		"date behind a break":  {"#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.500Z", "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.400Z"},
		"no date":              {"#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.000Z\n", ""},
		"no map":               {"#EXT-X-MAP:URI=\"../../media/b/video/source/init0.mp4\"\n", ""},
		"old version":          {"#EXT-X-VERSION:9", "#EXT-X-VERSION:3"},
		"no blocking":          {"CAN-BLOCK-RELOAD=YES,", ""},
		"early skips":          {"PART-HOLD-BACK=0.6", "PART-HOLD-BACK=0.6,CAN-SKIP-UNTIL=23.9"},
		"thin hold-back":       {"PART-HOLD-BACK=0.6", "PART-HOLD-BACK=0.3"},
		"same address twice":   {"\nb.m4s", "\na.m4s"},
		"not independent":      {"#EXT-X-VERSION:9", "#EXT-X-VERSION:9\n#EXT-X-INDEPENDENT-SEGMENTS"},
		"ended while it makes": {"LAST-MSN=5,LAST-PART=0", "LAST-MSN=5,LAST-PART=0\n#EXT-X-ENDLIST"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(goodLive, c.old, c.new, 1)
			require.NotEqual(t, goodLive, text)
			p, err := ParseMedia(text)
			require.NoError(t, err)
			require.Error(t, p.Check())
		})
	}
}

func TestCheckReload(t *testing.T) {
	older, err := ParseMedia(goodLive)
	require.NoError(t, err)
	later := strings.Replace(goodLive, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"c.1.m4s\"",
		"#EXT-X-PART:URI=\"c.1.m4s\",DURATION=0.20000\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"c.2.m4s\"", 1)
	newer, err := ParseMedia(later)
	require.NoError(t, err)
	require.NoError(t, newer.Check())
	require.NoError(t, CheckReload(older, newer))
	require.Error(t, CheckReload(newer, older), "the newest part goes back")

	require.NoError(t, CheckBlocked(older, newer))
	require.ErrorContains(t, CheckBlocked(newer, older), "answered without it")
	require.ErrorContains(t, CheckBlocked(older, older), "answered without it")
	still := *older
	still.Hint = ""
	require.NoError(t, CheckBlocked(older, &still), "the encoder went away meanwhile")

	for name, c := range map[string]struct{ old, new string }{
		"discontinuity is counted": {"MEDIA-SEQUENCE:3", "MEDIA-SEQUENCE:3\n#EXT-X-DISCONTINUITY-SEQUENCE:1"},
		"discontinuity comes late": {"#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.200Z", "#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-11-21T10:00:00.200Z"},
		"target duration changes":  {"TARGETDURATION:4", "TARGETDURATION:5"},
		"sequence goes back":       {"MEDIA-SEQUENCE:3", "MEDIA-SEQUENCE:2"},
		"segment changes":          {"#EXTINF:0.30000", "#EXTINF:0.31000"},
		"part changes":             {"URI=\"c.0.m4s\"", "URI=\"d.0.m4s\""},
		"part is lost":             {"#EXT-X-PART:URI=\"b.1.m4s\",DURATION=0.10000\n", ""},
		"broken promise":           {"#EXT-X-PART:URI=\"c.1.m4s\"", "#EXT-X-PART:URI=\"e.1.m4s\""},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(later, c.old, c.new, 1)
			require.NotEqual(t, later, text)
			p, err := ParseMedia(text)
			require.NoError(t, err)
			require.Error(t, CheckReload(older, p))
		})
	}
}

func TestParseMultivariant(t *testing.T) {
	const good = `#EXTM3U
#EXT-X-VERSION:6
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="b/audio/source.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2600000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=30.000,VIDEO-RANGE=HLG,AUDIO="audio"
b/video/source.m3u8
`
	m, err := ParseMultivariant(good)
	require.NoError(t, err)
	require.Equal(t, []Variant{{
		URI: "b/video/source.m3u8", Bandwidth: 3000000, AverageBandwidth: 2600000, Codecs: "avc1.64001f,mp4a.40.2",
		Width: 1280, Height: 720, FrameRate: 30, VideoRange: "HLG", Audio: "audio",
	}}, m.Variants)
	require.Equal(t, "b/audio/source.m3u8", m.Audio[0].URI)

	for name, c := range map[string]struct{ old, new string }{
		"unknown group":   {"AUDIO=\"audio\"", "AUDIO=\"sound\""},
		"no bandwidth":    {"BANDWIDTH=3000000,", ""},
		"unknown range":   {"VIDEO-RANGE=HLG", "VIDEO-RANGE=HDR"},
		"no size":         {"RESOLUTION=1280x720,", ""},
		"no codecs":       {"CODECS=\"avc1.64001f,mp4a.40.2\",", ""},
		"no audio codec":  {",mp4a.40.2", ""},
		"absolute":        {"\nb/video", "\n/live/b/video"},
		"no address":      {"\nb/video/source.m3u8", ""},
		"no variant":      {"#EXT-X-STREAM-INF", "#EXT-X-STREAM-INV"},
		"peak under mean": {"AVERAGE-BANDWIDTH=2600000", "AVERAGE-BANDWIDTH=3600000"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(good, c.old, c.new, 1)
			require.NotEqual(t, good, text)
			_, err := ParseMultivariant(text)
			require.Error(t, err)
		})
	}
}
