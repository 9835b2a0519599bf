package fmp4

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

func TestInitRoundTrip(t *testing.T) {
	for name, want := range tracks(t) {
		t.Run(name, func(t *testing.T) {
			file, err := AppendInit([]byte("before"), want)
			require.NoError(t, err)
			require.Equal(t, "before", string(file[:6]))
			file = file[6:]
			got, err := ParseInit(file)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(want, got))
			for cut := range len(file) {
				_, err := ParseInit(file[:cut])
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "cut at %d", cut)
			}
			clear(file)
			require.Empty(t, cmp.Diff(want, got), "the track owns its memory")
		})
	}
}

func TestInitThatCannotBeWritten(t *testing.T) {
	for name, spoil := range map[string]func(*media.Track){
		"codec":     func(t *media.Track) { t.Codec = 99 },
		"timescale": func(t *media.Track) { t.Timescale = 0 },
		"config":    func(t *media.Track) { t.Config = nil },
		"long":      func(t *media.Track) { t.Config = make([]byte, maxConfigBytes+1) },
		"no width":  func(t *media.Track) { t.Width = 0 },
		"too high":  func(t *media.Track) { t.Height = 1 << 16 },
	} {
		t.Run(name, func(t *testing.T) {
			track := tracks(t)["h264"]
			spoil(track)
			got, err := AppendInit([]byte("x"), track)
			require.Error(t, err)
			require.Equal(t, "x", string(got))
		})
	}
	track := tracks(t)["aac"]
	track.Channels = 0
	_, err := AppendInit(nil, track)
	require.ErrorContains(t, err, "0 channels")
}

// hdr10 is a colour of which everything is told.
var hdr10 = media.Colour{
	Primaries: 9, Transfer: media.TransferPQ, Matrix: 9,
	Mastering: media.Mastering{
		Red: media.Chromaticity{X: 34000, Y: 16000}, Green: media.Chromaticity{X: 13250, Y: 34500},
		Blue: media.Chromaticity{X: 7500, Y: 3000}, White: media.Chromaticity{X: 15635, Y: 16450},
		Max: 10_000_000, Min: 50,
	},
	Light: media.Light{MaxCLL: 1000, MaxFALL: 400},
}

func TestInitsWithColour(t *testing.T) {
	for name, colour := range map[string]media.Colour{
		"HDR10":      hdr10,
		"HLG":        {Primaries: 9, Transfer: media.TransferHLG, Matrix: 9},
		"full range": {Primaries: 2, Transfer: 2, Matrix: 2, FullRange: true},
		"RGB":        {Primaries: 1, Transfer: 13},
		"light":      {Light: media.Light{MaxFALL: 1}},
		"mastering":  {Mastering: media.Mastering{Max: 1}},
	} {
		want := tracks(t)["h264"]
		want.Colour = colour
		file, err := AppendInit(nil, want)
		require.NoError(t, err)
		got, err := ParseInit(file)
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(want, got), name)
	}
}

// The configuration's own colour is over a colr of nothing and under one that
// tells; what others put in the box, or cut short, does no harm.
func TestColoursOfOthers(t *testing.T) {
	own := media.NewColour(1, 1, 1, false)
	for name, c := range map[string]struct {
		boxes string
		want  media.Colour
	}{
		"none":             {"", own},
		"unspecified":      {"\x00\x00\x00\x13colrnclx\x00\x02\x00\x02\x00\x02\x00", own},
		"beyond a byte":    {"\x00\x00\x00\x13colrnclx\x01\x09\x00\x10\x00\x09\x80", media.NewColour(2, 16, 9, true)},
		"ICC, then told":   {"\x00\x00\x00\x10colrprofICCP\x00\x00\x00\x13colrnclx\x00\x09\x00\x12\x00\x09\x00", media.NewColour(9, 18, 9, false)},
		"QuickTime's":      {"\x00\x00\x00\x12colrnclc\x00\x09\x00\x12\x00\x09", own},
		"colr cut short":   {"\x00\x00\x00\x12colrnclx\x00\x09\x00\x12\x00\x09", own},
		"mdcv cut short":   {"\x00\x00\x00\x0cmdcv\x00\x09\x00\x12", own},
		"clli cut short":   {"\x00\x00\x00\x0aclli\x00\x09", own},
		"light over's end": {"\x00\x00\x00\x0cclli\x00\x09\x00\x08\x00\x00\x00", media.Colour{Primaries: 1, Transfer: 1, Matrix: 1, Light: media.Light{MaxCLL: 9, MaxFALL: 8}}},
	} {
		got := own
		readColour([]byte(c.boxes), &got)
		require.Equal(t, c.want, got, name)
	}
}

// A rate over 16.16's reach is left to the decoder configuration.
func TestInitOfHighSampleRate(t *testing.T) {
	track := tracks(t)["aac"]
	track.Timescale, track.SampleRate, track.Config = 96000, 96000, []byte{0x10, 0x10}
	file, err := AppendInit(nil, track)
	require.NoError(t, err)
	got, err := ParseInit(file)
	require.NoError(t, err)
	require.Equal(t, uint32(96000), got.Timescale)
	require.Equal(t, 2, got.Channels)
}

// initWith returns a track's initialisation segment with some bytes in it
// replaced by as many others.
func initWith(t *testing.T, track, before, after string) []byte {
	t.Helper()
	b, err := AppendInit(nil, tracks(t)[track])
	require.NoError(t, err)
	require.Len(t, after, len(before))
	require.Equal(t, 1, bytes.Count(b, []byte(before)))
	return bytes.Replace(b, []byte(before), []byte(after), 1)
}

func TestInitsThatCannotBeRead(t *testing.T) {
	times := "mdhd" + strings.Repeat("\x00", 14)
	for _, c := range []struct{ name, track, before, after, want string }{
		{"no track", "h264", "trak", "free", "no trak box"},
		{"no media", "h264", "mdia", "free", "no mdia box"},
		{"no header", "h264", "mdhd", "free", "no mdhd box"},
		{"no sample entries", "h264", "stsd", "free", "no stsd box"},
		{"no defaults", "h264", "trex", "free", "no trex box"},
		{"no configuration", "h264", "avcC", "free", "no avcC box"},
		{"no timescale", "aac", times + "\xac\x44", times + "\x00\x00", "no timescale"},
		{"unknown codec", "h264", "avc1", "vp09", `unknown sample entry "vp09"`},
		{"short entry", "opus", "\x00\x00\x00\x37Opus", "\x00\x00\x00\x08Opus", "short Opus sample entry"},
		{"entry over stsd", "opus", "\x00\x00\x00\x37Opus", "\x00\x00\x01\x37Opus", "longer than the box around it"},
		{"short lengths", "h264", "\x01\x42\xc0\x0d\xff", "\x01\x42\xc0\x0d\xfd", "lengths of 2 bytes"},
		{"broken configuration", "h264", "\x01\x42\xc0\x0d\xff", "\x09\x42\xc0\x0d\xff", "avcC"},
		{"Opus without channels", "opus", "dOps\x00\x02", "dOps\x00\x00", "dOps of 11 bytes"},
		{"MP3 in mp4a", "aac", "\x40\x15", "\x6b\x15", "object type 0x6b"},
		{"no ES descriptor", "aac", "\x03\x80\x80\x80", "\x09\x80\x80\x80", "no descriptor 3"},
		{"no decoder descriptor", "aac", "\x04\x80\x80\x80", "\x09\x80\x80\x80", "no descriptor 4"},
		{"no AAC configuration", "aac", "\x05\x80\x80\x80", "\x09\x80\x80\x80", "no descriptor 5"},
		{"descriptor over its parent", "aac", "\x05\x80\x80\x80", "\x05\x80\x80\x81", "no descriptor 5"},
		{"short ES descriptor", "aac", "\x03\x80\x80\x80\x25", "\x03\x80\x80\x80\x02", "short elementary stream"},
		{"short decoder descriptor", "aac", "\x04\x80\x80\x80\x17", "\x04\x80\x80\x80\x05", "short decoder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseInit(initWith(t, c.track, c.before, c.after))
			require.ErrorContains(t, err, c.want)
			require.NotErrorIs(t, err, io.ErrUnexpectedEOF, "the file is whole")
		})
	}
}

// Others write times of 64 bits, and descriptors with all their fields.
func TestInitsOfOthers(t *testing.T) {
	w := writer{}
	mdhd := w.openFull("mdhd", 1, 0)
	w.zeros(16)
	w.u32(12345)
	w.close(mdhd)
	timescale, err := readTimescale(w.b)
	require.NoError(t, err)
	require.Equal(t, uint32(12345), timescale)

	config, bitrate, err := readESDS([]byte("\x09\x01x" + // a descriptor that nobody knows
		"\x03\x1d" + "\x00\x01\xe0" + "\x00\x07" + "\x02ab" + "\x00\x08" + // depends on, URL, clock
		"\x04\x11" + "\x40\x15\x00\x00\x00\x00\x00\x00\x00\x00\x01\xf4\x00" + "\x05\x02\x12\x10"))
	require.NoError(t, err)
	require.Equal(t, []byte{0x12, 0x10}, config)
	require.Equal(t, uint32(128000), bitrate)
}

// The rate of pictures comes from trex when their parameter sets are silent.
func TestFrameRateFromDefaults(t *testing.T) {
	track := tracks(t)["av1"]
	file, err := AppendInit(nil, track)
	require.NoError(t, err)
	got, err := ParseInit(file)
	require.NoError(t, err)
	require.Equal(t, media.Rate{Num: 30000, Den: 1001}, got.FrameRate)

	track.FrameRate = media.Rate{Num: 1, Den: 1 << 31} // of which no interval fits
	file, err = AppendInit(nil, track)
	require.NoError(t, err)
	got, err = ParseInit(file)
	require.NoError(t, err)
	require.Equal(t, media.Rate{}, got.FrameRate)
}
