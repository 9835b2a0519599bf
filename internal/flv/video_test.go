package flv

import (
	"bytes"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// otherAVC is the avcC of another encoder's settings, 640x360.
func otherAVC(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../media/testdata/config/avc_scaling.bin")
	require.NoError(t, err)
	return b
}

func TestAVCUnits(t *testing.T) {
	header := headerOf(t, "h264_aac.flv", TagVideo)
	for _, c := range []struct {
		name  string
		frame byte
		in    [][]byte
		out   [][]byte
		key   bool
	}{
		{"key picture", 1, [][]byte{idr}, [][]byte{idr}, true},
		{"plain picture", 2, [][]byte{slice}, [][]byte{slice}, false},
		{"key by name only", 1, [][]byte{slice}, [][]byte{slice}, false},
		{"key picture not marked", 2, [][]byte{idr}, [][]byte{idr}, true},
		{"delimiter and SEI before", 1, [][]byte{aud, sei, idr}, [][]byte{sei, idr}, true},
		{"delimiter in the middle", 2, [][]byte{sei, aud, slice, slice}, [][]byte{sei, slice, slice}, false},
		{"filler behind", 1, [][]byte{idr, {0x0c, 0xff, 0xff}}, [][]byte{idr}, true},
		{"empty units", 1, [][]byte{{}, idr, {}, sei}, [][]byte{idr, sei}, true},
		{"several gaps", 1, [][]byte{sei, aud, idr, aud, aud, slice, aud}, [][]byte{sei, idr, slice}, true},
		{"delimiter alone", 2, [][]byte{aud}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var d Demuxer
			feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, header))
			e := feed(t, &d, TagVideo, 40, avcTag(c.frame, 1, 80, units(4, c.in...)))
			if c.out == nil {
				require.Nil(t, e.Unit)
				return
			}
			require.Equal(t, units(4, c.out...), e.Unit.Data)
			require.Equal(t, c.key, e.Unit.Key)
			require.Equal(t, []int64{3600, 10800}, []int64{e.Unit.DTS, e.Unit.PTS})
			require.Equal(t, len(e.Unit.Data), cap(e.Unit.Data), "appending must not write behind the unit")
		})
	}
}

func TestHEVCKeyPictures(t *testing.T) {
	header := headerOf(t, "h265_opus.flv", TagVideo)
	for typ := range 32 {
		for _, legacy := range []bool{false, true} {
			var d Demuxer
			body := units(4, []byte{35 << 1, 1, 0x50}, []byte{byte(typ << 1), 1, 0x80}, []byte{38 << 1, 1, 0xff})
			var e Event
			if legacy {
				feed(t, &d, TagVideo, 0, append([]byte{0x1c, 0, 0, 0, 0}, header...))
				e = feed(t, &d, TagVideo, 0, append([]byte{0x1c, 1, 0, 0, 0}, body...))
			} else {
				feed(t, &d, TagVideo, 0, exVideo(1, sequenceStart, "hvc1", header))
				e = feed(t, &d, TagVideo, 0, exVideo(1, codedFramesX, "hvc1", body))
			}
			require.Equal(t, typ >= 16 && typ <= 21, e.Unit.Key, "type %d", typ)
			require.Len(t, e.Unit.Data, 7)
			require.Equal(t, media.H265, e.Unit.Track.Codec)
		}
	}
}

func TestShorterNALLengths(t *testing.T) {
	for size := 1; size <= 3; size++ {
		var d Demuxer
		header := slices.Clone(headerOf(t, "h264_aac.flv", TagVideo))
		header[4] = header[4]&^3 | byte(size-1)
		feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, header))
		e := feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(size, aud, sei, idr)))
		require.Equal(t, units(4, sei, idr), e.Unit.Data)
		require.Equal(t, byte(0xff), e.Unit.Track.Config[4])
		_, err := d.Tag(TagVideo, 0, avcTag(1, 1, 0, units(size, sei, idr)[:9]))
		require.ErrorIs(t, err, errShort)
	}
}

func TestTheSameHeaderAgainKeepsTheTrack(t *testing.T) {
	var d Demuxer
	header := headerOf(t, "h264_aac.flv", TagVideo)
	require.Equal(t, []media.Kind{media.Video}, feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, header)).Expect)
	first := feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, idr))).Unit.Track

	require.Empty(t, feed(t, &d, TagVideo, 40, avcTag(1, 0, 0, header)).Expect)
	require.Same(t, first, feed(t, &d, TagVideo, 40, avcTag(1, 1, 0, units(4, idr))).Unit.Track)

	padded := append(slices.Clone(header), 0) // other bytes, the same parameters
	feed(t, &d, TagVideo, 80, avcTag(1, 0, 0, padded))
	require.Same(t, first, feed(t, &d, TagVideo, 80, avcTag(1, 1, 0, units(4, idr))).Unit.Track)
}

func TestANewHeaderCountsFromTheNextKeyPicture(t *testing.T) {
	var d Demuxer
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, headerOf(t, "h264_aac.flv", TagVideo)))
	first := feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, idr))).Unit.Track
	feed(t, &d, TagVideo, 40, avcTag(1, 0, 0, otherAVC(t)))
	require.Same(t, first, feed(t, &d, TagVideo, 40, avcTag(2, 1, 0, units(4, slice))).Unit.Track)
	second := feed(t, &d, TagVideo, 80, avcTag(1, 1, 0, units(4, idr))).Unit.Track
	require.Equal(t, 640, second.Width)
	require.Equal(t, 160, first.Width, "a track that went out does not change")

	// Another codec: what cannot be decoded by the track in use is no unit.
	feed(t, &d, TagVideo, 120, exVideo(1, sequenceStart, "hvc1", headerOf(t, "h265_opus.flv", TagVideo)))
	_, err := d.Tag(TagVideo, 120, exVideo(2, codedFramesX, "hvc1", units(4, []byte{1 << 1, 1, 0x80})))
	require.ErrorIs(t, err, errNoHeader)
	_, err = d.Tag(TagVideo, 120, avcTag(1, 1, 0, units(4, idr)))
	require.ErrorIs(t, err, errNoHeader)
	third := feed(t, &d, TagVideo, 160, exVideo(1, codedFramesX, "hvc1", units(4, []byte{19 << 1, 1, 0x80}))).Unit.Track
	require.Equal(t, media.H265, third.Codec)
}

func TestParameterSetsWithinTheMedia(t *testing.T) {
	var d Demuxer
	header := headerOf(t, "h264_aac.flv", TagVideo)
	ours, others := setsOf(t, media.H264, header), setsOf(t, media.H264, otherAVC(t))
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, header))
	first := feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, ours[0], ours[1], idr))).Unit
	require.Equal(t, units(4, idr), first.Data)
	require.Equal(t, 160, first.Track.Width)

	again := feed(t, &d, TagVideo, 40, avcTag(1, 1, 0, units(4, aud, ours[0], ours[1], sei, idr))).Unit
	require.Same(t, first.Track, again.Track)
	require.Equal(t, units(4, sei, idr), again.Data)

	// In a tag of their own, then a plain picture: not yet.
	require.Nil(t, feed(t, &d, TagVideo, 80, avcTag(2, 1, 0, units(4, others...))).Unit)
	require.Same(t, first.Track, feed(t, &d, TagVideo, 80, avcTag(2, 1, 0, units(4, slice))).Unit.Track)
	changed := feed(t, &d, TagVideo, 120, avcTag(1, 1, 0, units(4, idr))).Unit.Track
	require.Equal(t, 640, changed.Width)

	// The old header comes again, as from encoders that repeat it: the media
	// is right.
	feed(t, &d, TagVideo, 160, avcTag(1, 0, 0, header))
	require.Same(t, changed, feed(t, &d, TagVideo, 160, avcTag(1, 1, 0, units(4, idr))).Unit.Track)

	// A set that cannot be read leaves all as it is.
	broken := feed(t, &d, TagVideo, 200, avcTag(1, 1, 0, units(4, []byte{0x67, 1}, idr))).Unit
	require.Same(t, changed, broken.Track)
	require.Equal(t, units(4, idr), broken.Data)
}

func TestParameterSetsWithoutAHeader(t *testing.T) {
	for _, c := range []struct {
		fourCC string
		codec  media.Codec
		sets   [][]byte
		key    []byte
	}{
		{"avc1", media.H264, setsOf(t, media.H264, otherAVC(t)), idr},
		{"hvc1", media.H265, setsOf(t, media.H265, headerOf(t, "h265_opus.flv", TagVideo)), []byte{19 << 1, 1, 0x80}},
	} {
		var d Demuxer
		_, err := d.Tag(TagVideo, 0, exVideo(1, codedFramesX, c.fourCC, units(4, c.key)))
		require.ErrorIs(t, err, errNoHeader)
		e := feed(t, &d, TagVideo, 0, exVideo(1, codedFramesX, c.fourCC, units(4, append(c.sets, c.key)...)))
		require.Equal(t, []media.Kind{media.Video}, e.Expect)
		require.Equal(t, c.codec, e.Unit.Track.Codec)
		require.Equal(t, units(4, c.key), e.Unit.Data)
	}
}

func TestAV1(t *testing.T) {
	header := headerOf(t, "av1_aac.flv", TagVideo)
	sequence := header[4:]
	frame := []byte{0x32, 0x02, 0xaa, 0xbb}
	delimiter := []byte{0x12, 0x00}

	var d Demuxer
	feed(t, &d, TagVideo, 0, exVideo(1, sequenceStart, "av01", header))
	e := feed(t, &d, TagVideo, 40, exVideo(1, codedFrames, "av01", slices.Concat(delimiter, sequence, frame)))
	require.Equal(t, slices.Concat(sequence, frame), e.Unit.Data, "the delimiter goes, the sequence header stays")
	require.True(t, e.Unit.Key)
	require.Equal(t, e.Unit.DTS, e.Unit.PTS)
	first := e.Unit.Track
	require.Equal(t, 160, first.Width)
	e = feed(t, &d, TagVideo, 80, exVideo(2, codedFrames, "av01", slices.Concat(frame, delimiter, frame)))
	require.Equal(t, slices.Concat(frame, frame), e.Unit.Data)
	require.False(t, e.Unit.Key)

	other, err := os.ReadFile("../media/testdata/config/av1_main10.bin")
	require.NoError(t, err)
	e = feed(t, &d, TagVideo, 120, exVideo(2, codedFrames, "av01", slices.Concat(other[4:], frame)))
	require.Same(t, first, e.Unit.Track, "not before a key frame")
	e = feed(t, &d, TagVideo, 160, exVideo(1, codedFrames, "av01", slices.Concat(other[4:], frame)))
	require.Equal(t, 1280, e.Unit.Track.Width)
	require.Equal(t, other, e.Unit.Track.Config)

	_, err = d.Tag(TagVideo, 200, exVideo(1, codedFrames, "av01", []byte{0x32, 0x05, 1}))
	require.ErrorIs(t, err, errOBU)
}

func TestAV1WithAnMPEG2TSHeader(t *testing.T) {
	header := headerOf(t, "av1_aac.flv", TagVideo)
	descriptor := append([]byte{0x80, 4}, header[:4]...)
	descriptor[5] |= 0xc0 // hdr_wcg_idc, which av1C does not have
	var d Demuxer
	feed(t, &d, TagVideo, 0, exVideo(1, mpeg2TSStart, "av01", descriptor))
	e := feed(t, &d, TagVideo, 0, exVideo(1, codedFrames, "av01", slices.Concat(header[4:], []byte{0x32, 1, 9})))
	require.Equal(t, header, e.Unit.Track.Config, "completed from the media")
	require.Equal(t, 90, e.Unit.Track.Height)
	_, err := d.Tag(TagVideo, 0, exVideo(1, mpeg2TSStart, "av01", descriptor[:5]))
	require.ErrorIs(t, err, errShort)
	require.Equal(t, Event{}, feed(t, &d, TagVideo, 0, exVideo(1, mpeg2TSStart, "hvc1", descriptor)))
}

func TestMalformedVideoDoesNotEndTheSession(t *testing.T) {
	var d Demuxer
	header := headerOf(t, "h264_aac.flv", TagVideo)
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, header))
	whole := avcTag(1, 1, 0, units(4, sei, idr))
	for name, body := range map[string][]byte{
		"header byte alone":        {0x17},
		"header cut short":         {0x17, 0, 0, 0},
		"record cut short":         avcTag(1, 0, 0, header[:9]),
		"no composition time":      {0x17, 1, 0, 0},
		"unit over the end":        whole[:len(whole)-1],
		"length cut short":         append(bytes.Clone(whole), 0, 0),
		"unit of 4 GB":             avcTag(1, 1, 0, []byte{0xff, 0xff, 0xff, 0xff, 0x65}),
		"extended, no FourCC":      {0x91, 'h', 'v', 'c'},
		"another codec's frame":    exVideo(1, codedFramesX, "av01", []byte{0x32, 1, 9}),
		"extended, no composition": exVideo(1, codedFrames, "avc1", []byte{0, 0}),
	} {
		e, err := d.Tag(TagVideo, 40, body)
		require.Error(t, err, name)
		require.Nil(t, e.Unit, name)
	}
	require.NotNil(t, feed(t, &d, TagVideo, 80, whole).Unit)
	for _, absurd := range []int32{1 << 22, -1 << 22} { // the picture is not lost for it
		u := feed(t, &d, TagVideo, 120, avcTag(1, 1, absurd, units(4, idr))).Unit
		require.Equal(t, u.DTS, u.PTS)
	}
}

func TestVideoTagsThatCarryNothing(t *testing.T) {
	var d Demuxer
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, headerOf(t, "h264_aac.flv", TagVideo)))
	for name, body := range map[string][]byte{
		"empty":                 nil,
		"command":               {0x57, 0},
		"end of sequence":       {0x17, 2, 0, 0, 0},
		"extended command":      {0x80 | 5<<4 | 1, 0},
		"extended end":          exVideo(1, sequenceEnd, "avc1", nil),
		"metadata of nothing":   exVideo(1, videoMetadata, "avc1", nil),
		"packet type to come":   exVideo(1, 9, "avc1", []byte{1}),
		"no NAL units":          avcTag(1, 1, 0, nil),
		"multitrack of nothing": {0x80 | 1<<4 | 6, 0x11, 'a', 'v', 'c', '1'},
	} {
		require.Equal(t, Event{}, feed(t, &d, TagVideo, 40, body), name)
	}
}
