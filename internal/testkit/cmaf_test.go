package testkit

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pieces returns an initialisation section and a segment that ffmpeg made.
func pieces(t *testing.T, clip Clip) (init, segment []byte) {
	t.Helper()
	address := serveHLS(t, clip.Path(t))
	p, err := FetchMedia(t.Context(), address)
	require.NoError(t, err)
	read := func(uri string) []byte {
		at, err := Resolve(address, uri)
		require.NoError(t, err)
		b, err := Fetch(t.Context(), at)
		require.NoError(t, err)
		return b
	}
	return read(p.Segments[0].Map), read(p.Segments[1].URI)
}

// edit changes the bytes that lie at an offset from a box's type.
func edit(b []byte, box string, at int, bytesOf ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[bytes.Index(b, []byte(box))+at:], bytesOf)
	return b
}

func TestParseInit(t *testing.T) {
	video, _ := pieces(t, Clip{Tracks: VideoOnly, BFrames: 2})
	i, err := ParseInit(video)
	require.NoError(t, err)
	require.True(t, i.Video)
	require.Equal(t, []int{320, 180}, []int{i.Width, i.Height})
	require.Equal(t, "avc1.64000d", i.Codec)
	audio, _ := pieces(t, Clip{Tracks: AudioOnly})
	i, err = ParseInit(audio)
	require.NoError(t, err)
	require.False(t, i.Video)
	require.Equal(t, "mp4a.40.2", i.Codec)
	require.Equal(t, []int{2, 48000}, []int{i.Channels, i.SampleRate})

	for name, bad := range map[string][]byte{
		"no brand":        bytes.ReplaceAll(bytes.ReplaceAll(video, []byte("iso6"), []byte("isoX")), []byte("cmfc"), []byte("cmfX")),
		"no trex":         edit(video, "trex", 0, 'f', 'r', 'e', 'e'),
		"another track":   edit(video, "trex", 8, 0, 0, 0, 9),
		"samples in moov": edit(video, "stts", 8, 0, 0, 0, 1),
		"no timescale":    edit(video, "mdhd", 16, 0, 0, 0, 0),
		"no codec":        edit(video, "avcC", 0, 'a', 'v', 'c', 'X'),
		"two entries":     edit(video, "stsd", 8, 0, 0, 0, 2),
		"moov first":      video[binary.BigEndian.Uint32(video):],
		"cut short":       video[:len(video)-3],
	} {
		_, err := ParseInit(bad)
		require.ErrorIs(t, err, ErrBox, name)
	}
}

func TestFragments(t *testing.T) {
	init, segment := pieces(t, Clip{Tracks: VideoOnly, BFrames: 2})
	i, err := ParseInit(init)
	require.NoError(t, err)
	list, err := i.Fragments(segment)
	require.NoError(t, err)
	require.Equal(t, 2*time.Second, Length(list, i.Timescale).Round(time.Millisecond))
	key, known := i.Key(list[0].First)
	require.True(t, known)
	require.True(t, key)

	has := func(flags uint32) bool { // what the cases below need of ffmpeg's trun
		return binary.BigEndian.Uint32(segment[bytes.Index(segment, []byte("trun"))+4:])&flags == flags
	}
	require.True(t, has(trunOffset|trunSize|trunComposition))
	trun := bytes.Index(segment, []byte("trun"))
	size := int(binary.BigEndian.Uint32(segment[trun-4:]))
	for name, bad := range map[string][]byte{
		"base elsewhere":        edit(segment, "tfhd", 5, 0),
		"another track":         edit(segment, "tfhd", 8, 0, 0, 0, 7),
		"no decode time":        edit(segment, "tfdt", 0, 'f', 'r', 'e', 'e'),
		"data offset":           edit(segment, "trun", 12, 0, 0, 0, 8),
		"fewer samples":         edit(segment, "trun", 11, 1),
		"more samples":          edit(segment, "trun", 9, 0xff),
		"negative in version 0": edit(edit(segment, "trun", 4, 0), "trun", size-8, 0xff, 0xff, 0xff, 0xf0),
		"two moofs":             edit(segment, "mdat", 0, 'f', 'r', 'e', 'e'),
		"a strange box":         edit(segment, "moof", 0, 'm', 'o', 'o', 'v'),
		"cut short":             segment[:len(segment)-1],
	} {
		_, err := i.Fragments(bad)
		require.ErrorIs(t, err, ErrBox, name)
	}
}

func TestKey(t *testing.T) {
	for name, c := range map[string]struct {
		entry  string
		sample []byte
		key    bool
	}{
		"AVC key behind SEI":   {"avc1", []byte{0, 0, 0, 1, 6, 0, 0, 0, 2, 0x65, 0x88}, true},
		"AVC delta":            {"avc1", []byte{0, 0, 0, 2, 0x41, 0x88}, false},
		"AVC without a slice":  {"avc1", []byte{0, 0, 0, 1, 6}, false},
		"AVC longer than told": {"avc1", []byte{0, 0, 0, 9, 0x65}, false},
		"HEVC IDR":             {"hvc1", []byte{0, 0, 0, 2, 19 << 1, 1}, true},
		"HEVC delta":           {"hvc1", []byte{0, 0, 0, 2, 1 << 1, 1}, false},
		"AV1 key":              {"av01", []byte{0x0a, 1, 0, 0x32, 1, 0x10}, true},
		"AV1 inter":            {"av01", []byte{0x32, 1, 0x30}, false},
		"AV1 shown again":      {"av01", []byte{0x1a, 1, 0x80}, false},
	} {
		i := InitSection{entry: c.entry, lengthBytes: 4}
		key, known := i.Key(c.sample)
		require.True(t, known, name)
		require.Equal(t, c.key, key, name)
	}
	_, known := (&InitSection{entry: "mp4a"}).Key([]byte{1})
	require.False(t, known)
}

func TestCodecs(t *testing.T) {
	hvcC := make([]byte, 23)
	copy(hvcC, []byte{1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93})
	for name, c := range map[string]struct {
		entry, box string
		body       []byte
		want       string
	}{
		"HEVC": {"hvc1", "hvcC", hvcC, "hvc1.1.6.L93.90"},
		"AV1":  {"av01", "av1C", []byte{0x81, 4, 0x4c, 0}, "av01.0.04M.10"},
		"Opus": {"Opus", "dOps", make([]byte, 11), "opus"},
		"HE":   {"mp4a", "esds", []byte{0, 0, 0, 0, 3, 22, 0, 1, 0, 4, 17, 0x40, 23: 0, 5, 2, 0x2b, 0x92}, "mp4a.40.5"},
	} {
		i := InitSection{entry: c.entry}
		require.NoError(t, i.configuration(c.box, c.body), name)
		require.Equal(t, c.want, i.Codec, name)
		require.ErrorIs(t, i.configuration(c.box, c.body[:3]), ErrBox, name)
	}
}

func TestTimeline(t *testing.T) {
	const scale = 1000
	add := func(l *Timeline, sequence uint32, at uint64, most time.Duration) error {
		return l.Add(&Fragment{Sequence: sequence, DecodeTime: at, Duration: 200, Samples: 10}, scale, most)
	}
	var l Timeline
	require.NoError(t, add(&l, 1, 5000, 0))
	require.NoError(t, add(&l, 2, 5200, 0))
	require.NoError(t, add(&l, 4, 5410, 0))
	require.Equal(t, 10*time.Millisecond, l.Worst)
	require.ErrorContains(t, add(&l, 5, 5700, 0), "begins at", "a hole")
	require.ErrorContains(t, add(&l, 5, 5500, 0), "begins at", "an overlap")
	require.ErrorContains(t, add(&l, 5, 5500, time.Second), "begins at", "an overlap is none of what is missing")
	require.ErrorContains(t, add(&l, 4, 5610, 0), "number 4 after 4")
	require.NoError(t, add(&l, 5, 6000, time.Second))
	require.Error(t, add(&l, 6, 9000, time.Second))
	l.Anew()
	require.NoError(t, add(&l, 1, 0, 0))
}

func TestPromises(t *testing.T) {
	const text = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="Sound",CHANNELS="2",URI="a.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=110000,AVERAGE-BANDWIDTH=100000,CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=320x180,FRAME-RATE=30.000,AUDIO="audio"
v.m3u8
`
	m, err := ParseMultivariant(text)
	require.NoError(t, err)
	media := func() map[string]*Measured {
		video, audio := &Measured{}, &Measured{}
		for range 3 {
			video.Add(&InitSection{Timescale: 30, Video: true, Codec: "avc1.64001f", Width: 320, Height: 180}, []Fragment{{Samples: 60}}, 2*time.Second, 20000)
			audio.Add(&InitSection{Timescale: 10, Codec: "mp4a.40.2", Channels: 2}, []Fragment{{Samples: 20}}, 2*time.Second, 5000)
		}
		return map[string]*Measured{"v.m3u8": video, "a.m3u8": audio}
	}
	require.EqualValues(t, 80000, media()["v.m3u8"].Peak(4*time.Second))
	require.NoError(t, m.CheckPromises(media(), 4*time.Second, true))
	for want, change := range map[string]func(v, a *Measured){
		`CODECS "avc1.64001F,mp4a.40.2", the media`: func(v, _ *Measured) { v.Init.Codec = "avc1.4d001f" },
		`the sound is opus`:                         func(_, a *Measured) { a.Init.Codec = "opus" },
		`RESOLUTION`:                                func(v, _ *Measured) { v.Init.Width = 640 },
		`FRAME-RATE 30.000, the media have 2`:       func(v, _ *Measured) { v.Frames = 150 },
		`CHANNELS "2", the media have 1`:            func(_, a *Measured) { a.Init.Channels = 1 },
		`with pictures`:                             func(_, a *Measured) { a.Init.Video = true },
		`BANDWIDTH 110000, the media reach`:         func(v, _ *Measured) { v.sizes[1] = 40000 },
		`AVERAGE-BANDWIDTH`:                         func(v, _ *Measured) { v.Bytes /= 2 },
	} {
		is := media()
		change(is["v.m3u8"], is["a.m3u8"])
		require.ErrorContains(t, m.CheckPromises(is, 4*time.Second, true), want)
	}
}

func TestCheckHeaders(t *testing.T) {
	good := func(uri string) *Response {
		h := http.Header{}
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Date")
		h.Set("Date", "now")
		h.Set("Content-Type", "video/iso.segment")
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Content-Length", "1")
		if uri == "list.m3u8" {
			h.Set("Content-Type", "application/vnd.apple.mpegurl")
			h.Set("Cache-Control", "public, max-age=0, s-maxage=1")
			h.Set("Vary", "Accept-Encoding")
		}
		return &Response{Status: http.StatusOK, Header: h, Body: []byte{1}}
	}
	for _, uri := range []string{"list.m3u8", "seg.m4s"} {
		require.NoError(t, CheckHeaders(uri, good(uri)))
		moved := good(uri)
		moved.Status = http.StatusFound
		require.ErrorContains(t, CheckHeaders(uri, moved), "status 302")
		for name, value := range map[string]string{
			"Access-Control-Allow-Origin": "http://here", "Access-Control-Expose-Headers": "", "Set-Cookie": "a=b", "Date": "",
			"Content-Type": "text/plain", "Cache-Control": "no-store", "Vary": "Origin", "Content-Length": "7",
		} {
			bad := good(uri)
			bad.Header.Set(name, value)
			if uri == "list.m3u8" && name == "Content-Length" || uri != "list.m3u8" && name == "Vary" {
				require.NoError(t, CheckHeaders(uri, bad))
				continue
			}
			require.Error(t, CheckHeaders(uri, bad), "%s: %s", uri, name)
		}
	}
	require.ErrorContains(t, CheckHeaders("init.mp4", good("seg.m4s")), "video/mp4")
}
