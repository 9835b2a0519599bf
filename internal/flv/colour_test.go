package flv

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// hdr10 is what OBS sends of pictures in PQ whose peak is 1000 cd/m².
var hdr10 = Object{
	{"colorConfig", Object{{"bitDepth", 10.0}, {"colorPrimaries", 9.0}, {"transferCharacteristics", 16.0}, {"matrixCoefficients", 9.0}}},
	{"hdrCll", Object{{"maxFall", 400.0}, {"maxCLL", 1000.0}}},
	{"hdrMdcv", Object{
		{"redX", 0.68},
		{"redY", 0.32},
		{"greenX", 0.265},
		{"greenY", 0.69},
		{"blueX", 0.15},
		{"blueY", 0.06},
		{"whitePointX", 0.3127},
		{"whitePointY", 0.329},
		{"maxLuminance", 1000.0},
		{"minLuminance", 0.005},
	}},
}

var hdr10Colour = media.Colour{
	Primaries: 9, Transfer: media.TransferPQ, Matrix: 9,
	Mastering: media.Mastering{
		Red: media.Chromaticity{X: 34000, Y: 16000}, Green: media.Chromaticity{X: 13250, Y: 34500},
		Blue: media.Chromaticity{X: 7500, Y: 3000}, White: media.Chromaticity{X: 15635, Y: 16450},
		Max: 10_000_000, Min: 50,
	},
	Light: media.Light{MaxCLL: 1000, MaxFALL: 400},
}

// colourTag is a metadata packet of one colorInfo.
func colourTag(fourCC string, info any) []byte {
	return exVideo(1, videoMetadata, fourCC, AppendAMF0(nil, "colorInfo", info))
}

// hevc returns the header of a fixture, which tells no colour, and a function
// that feeds a picture and returns its track.
func hevc(t *testing.T, d *Demuxer) (header []byte, picture func(key bool) *media.Track) {
	header = exVideo(1, sequenceStart, "hvc1", headerOf(t, "h265_opus.flv", TagVideo))
	return header, func(key bool) *media.Track {
		nal := []byte{1 << 1, 1, 0x80}
		if key {
			nal[0] = 19 << 1
		}
		u := feed(t, d, TagVideo, 0, exVideo(1, codedFramesX, "hvc1", units(4, nal))).Unit
		require.NotNil(t, u)
		require.Equal(t, key, u.Key)
		return u.Track
	}
}

// What comes before the first key frame, before or behind the header, is in
// the first track.
func TestColourBeforeTheFirstPicture(t *testing.T) {
	for name, first := range map[string]bool{"before the header": true, "behind the header": false} {
		t.Run(name, func(t *testing.T) {
			var d Demuxer
			header, picture := hevc(t, &d)
			tags := [][]byte{header, colourTag("hvc1", hdr10)}
			if first {
				slices.Reverse(tags)
			}
			for _, tag := range tags {
				require.Nil(t, feed(t, &d, TagVideo, 0, tag).Unit)
			}
			track := picture(true)
			require.Equal(t, hdr10Colour, track.Colour)
			for range 3 { // as before each key frame of some encoders
				feed(t, &d, TagVideo, 0, colourTag("hvc1", ECMAArray(hdr10)))
				feed(t, &d, TagVideo, 0, header)
				require.Same(t, track, picture(true), "the same again changes nothing")
			}
		})
	}
}

func TestColourThatChangesOnAir(t *testing.T) {
	var d Demuxer
	header, picture := hevc(t, &d)
	feed(t, &d, TagVideo, 0, header)
	plain := picture(true)
	require.Equal(t, media.Colour{}, plain.Colour)

	feed(t, &d, TagVideo, 0, colourTag("hvc1", hdr10))
	require.Same(t, plain, picture(false), "not before a key frame")
	bright := picture(true)
	require.Equal(t, hdr10Colour, bright.Colour)
	require.Equal(t, media.Colour{}, plain.Colour, "a track that went out does not change")
	require.Equal(t, plain.Config, bright.Config)
	require.Equal(t, plain.Width, bright.Width)

	// Changed and changed back within a group of pictures.
	feed(t, &d, TagVideo, 0, colourTag("hvc1", Undefined{}))
	feed(t, &d, TagVideo, 0, colourTag("hvc1", hdr10))
	require.Same(t, bright, picture(true))

	for _, reset := range []any{Undefined{}, Object{}} {
		feed(t, &d, TagVideo, 0, colourTag("hvc1", reset))
		require.Equal(t, media.Colour{}, picture(true).Colour)
		feed(t, &d, TagVideo, 0, colourTag("hvc1", hdr10))
		require.Equal(t, hdr10Colour, picture(true).Colour)
	}

	// The next codec is not of that colour, nor is a packet for another one.
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, headerOf(t, "h264_aac.flv", TagVideo)))
	require.NotEqual(t, hdr10Colour, feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, idr))).Unit.Track.Colour)
}

// Parameter sets that change keep the colour of the packet over their own.
func TestColourOfChangedParameterSets(t *testing.T) {
	var d Demuxer
	feed(t, &d, TagVideo, 0, exVideo(1, sequenceStart, "avc1", headerOf(t, "h264_aac.flv", TagVideo)))
	feed(t, &d, TagVideo, 0, colourTag("avc1", hdr10))
	require.Equal(t, 160, feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, idr))).Unit.Track.Width)
	sets := setsOf(t, media.H264, otherAVC(t))
	u := feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, append(sets, idr)...))).Unit
	require.Equal(t, 640, u.Track.Width)
	require.Equal(t, media.TransferPQ, int(u.Track.Colour.Transfer))
}

// In ModEx, as a command frame, and as the first of several tracks it counts;
// that of a further track does not.
func TestColourInOtherForms(t *testing.T) {
	pairs := AppendAMF0(nil, "colorInfo", hdr10)
	track := func(id byte, body []byte) []byte {
		n := len(body)
		return append([]byte{id, byte(n >> 16), byte(n >> 8), byte(n)}, body...)
	}
	other := AppendAMF0(nil, "colorInfo", Object{{"colorConfig", Object{{"transferCharacteristics", 18.0}}}})
	for name, c := range map[string]struct {
		tag    []byte
		counts bool
	}{
		"ModEx":          {slices.Concat([]byte{0x97, 2, 0, 0, 0, byte(videoMetadata), 'h', 'v', 'c', '1'}, pairs), true},
		"command":        {exVideo(frameCommand, videoMetadata, "hvc1", pairs), true},
		"other pairs":    {exVideo(1, videoMetadata, "hvc1", slices.Concat(AppendAMF0(nil, "toCome", 1.0), pairs)), true},
		"one track":      {slices.Concat([]byte{0x96, byte(videoMetadata), 'h', 'v', 'c', '1', 0}, pairs), true},
		"several tracks": {slices.Concat([]byte{0x96, 0x10 | byte(videoMetadata), 'h', 'v', 'c', '1'}, track(1, other), track(0, pairs)), true},
		"several codecs": {slices.Concat([]byte{0x96, 0x20 | byte(videoMetadata), 'h', 'v', 'c', '1'}, track(0, pairs), []byte("av01"), track(1, other)), true},
		"another track":  {slices.Concat([]byte{0x96, byte(videoMetadata), 'h', 'v', 'c', '1', 1}, pairs), false},
		"another codec":  {colourTag("av01", hdr10), false},
		"another name":   {exVideo(1, videoMetadata, "hvc1", AppendAMF0(nil, "colourInfo", hdr10)), false},
	} {
		t.Run(name, func(t *testing.T) {
			var d Demuxer
			header, picture := hevc(t, &d)
			feed(t, &d, TagVideo, 0, header)
			e := feed(t, &d, TagVideo, 0, c.tag)
			require.Zero(t, e.Uncarried)
			want := media.Colour{}
			if c.counts {
				want = hdr10Colour
			}
			require.Equal(t, want, picture(true).Colour)
		})
	}
}

func TestColourThatIsCutShort(t *testing.T) {
	var d Demuxer
	header, picture := hevc(t, &d)
	feed(t, &d, TagVideo, 0, header)
	feed(t, &d, TagVideo, 0, colourTag("hvc1", hdr10))
	whole := colourTag("hvc1", Object{{"colorConfig", Object{{"transferCharacteristics", 18.0}}}})
	for part, cut := range map[string]int{"name": 9, "value": 17, "number": len(whole) - 8} {
		_, err := d.Tag(TagVideo, 0, whole[:cut])
		require.ErrorIs(t, err, ErrTruncated, part)
	}
	require.Equal(t, hdr10Colour, picture(true).Colour, "the one before stays")
}

func TestReadColour(t *testing.T) {
	mastering := func(change func(Object)) Object {
		o := slices.Clone(hdr10[2].Value.(Object))
		change(o)
		return Object{{"hdrMdcv", o}}
	}
	config := func(primaries, transfer, matrix any) Object {
		return Object{{"colorConfig", Object{{"colorPrimaries", primaries}, {"transferCharacteristics", transfer}, {"matrixCoefficients", matrix}}}}
	}
	for name, c := range map[string]struct {
		info any
		want media.Colour
	}{
		"text":                 {"HDR10", media.Colour{}},
		"text for objects":     {Object{{"colorConfig", "x"}, {"hdrCll", 1.0}, {"hdrMdcv", nil}}, media.Colour{}},
		"transfer alone":       {config(nil, 18.0, nil), media.Colour{Primaries: 2, Transfer: 18, Matrix: 2}},
		"zeros":                {config(0.0, 0.0, 0.0), media.Colour{}},
		"out of range":         {config(256.0, -1.0, math.NaN()), media.Colour{}},
		"light out of range":   {Object{{"hdrCll", Object{{"maxCLL", 65536.0}, {"maxFall", math.Inf(1)}}}}, media.Colour{}},
		"half a light":         {Object{{"hdrCll", Object{{"maxCLL", 1000.4}}}}, media.Colour{Light: media.Light{MaxCLL: 1000}}},
		"part of a display":    {Object{{"hdrMdcv", Object{{"maxLuminance", 1000.0}}}}, media.Colour{}},
		"no least luminance":   {mastering(func(o Object) { o[9].Value = 0.0 }), media.Colour{Mastering: func() media.Mastering { m := hdr10Colour.Mastering; m.Min = 0; return m }()}},
		"luminances reversed":  {mastering(func(o Object) { o[8].Value, o[9].Value = 1.0, 2.0 }), media.Colour{}},
		"a point out of range": {mastering(func(o Object) { o[0].Value = 1.1 }), media.Colour{}},
		"too bright":           {mastering(func(o Object) { o[8].Value = 1e6 }), media.Colour{}},
	} {
		require.Equal(t, c.want, readColour(c.info), name)
	}
}
