package flv

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

func TestMetadataExpects(t *testing.T) {
	video, audio := []media.Kind{media.Video}, []media.Kind{media.Audio}
	both := []media.Kind{media.Video, media.Audio}
	for _, c := range []struct {
		name string
		o    Object
		want []media.Kind
	}{
		{"legacy numbers", Object{{"videocodecid", 7.0}, {"audiocodecid", 10.0}}, both},
		{"H.265 by its number", Object{{"videocodecid", 12.0}}, video},
		{"FourCC as number", Object{{"videocodecid", float64(fourCCAV1)}, {"audiocodecid", float64(fourCCOpus)}}, both},
		{"FourCC as text", Object{{"videocodecid", "hvc1"}, {"audiocodecid", "mp4a"}}, both},
		{"a size alone", Object{{"width", 1280.0}, {"height", 720.0}}, video},
		{"a sample rate alone", Object{{"audiosamplerate", 48000.0}}, audio},
		{"what cannot be carried", Object{{"videocodecid", 2.0}, {"width", 320.0}, {"audiocodecid", 2.0}, {"audiosamplerate", 44100.0}}, nil},
		{"the wrong kind", Object{{"videocodecid", "mp4a"}, {"audiocodecid", "avc1"}}, nil},
		{"nothing", Object{{"encoder", "x"}}, nil},
	} {
		var d Demuxer
		e := feed(t, &d, TagScript, 0, AppendAMF0(nil, "@setDataFrame", "onMetaData", ECMAArray(c.o)))
		require.Equal(t, c.want, e.Expect, c.name)
		again := feed(t, &d, TagScript, 0, AppendAMF0(nil, "onMetaData", c.o))
		require.Empty(t, again.Expect, "announced once")
	}
}

func TestMetadataCompletesTracks(t *testing.T) {
	header := headerOf(t, "av1_aac.flv", TagVideo)
	about := Object{
		{"width", 640.0},
		{"height", "360"},
		{"framerate", 29.97},
		{"videodatarate", 2500.0},
		{"audiodatarate", 160.0},
	}
	script := AppendAMF0(nil, "onMetaData", about)
	frame := exVideo(1, codedFrames, "av01", []byte{0x32, 1, 9})
	for _, before := range []bool{true, false} {
		var d Demuxer
		if before {
			feed(t, &d, TagScript, 0, script)
		}
		feed(t, &d, TagVideo, 0, exVideo(1, sequenceStart, "av01", header[:4])) // without size
		feed(t, &d, TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10})
		if !before {
			feed(t, &d, TagScript, 0, script)
		}
		v := feed(t, &d, TagVideo, 0, frame).Unit.Track
		require.Equal(t, []int{640, 360, 2500000}, []int{v.Width, v.Height, v.Bitrate})
		require.Equal(t, media.Rate{Num: 30000, Den: 1001}, v.FrameRate)
		a := feed(t, &d, TagAudio, 0, []byte{0xaf, 1, 0x21}).Unit.Track
		require.Equal(t, 160000, a.Bitrate)

		feed(t, &d, TagScript, 0, AppendAMF0(nil, "onMetaData", Object{{"videodatarate", 1.0}}))
		require.Equal(t, 2500000, v.Bitrate, "a track that went out does not change")
	}

	var d Demuxer
	feed(t, &d, TagScript, 0, script)
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, headerOf(t, "h264_aac.flv", TagVideo)))
	v := feed(t, &d, TagVideo, 0, avcTag(1, 1, 0, units(4, idr))).Unit.Track
	require.Equal(t, media.Rate{Num: 25, Den: 1}, v.FrameRate, "the coded media knows better")
	require.Equal(t, 160, v.Width)
}

func TestScriptData(t *testing.T) {
	var d Demuxer
	require.Equal(t, Event{}, feed(t, &d, TagScript, 0, AppendAMF0(nil, "onCuePoint", Object{{"name", "x"}})))
	require.Equal(t, Event{}, feed(t, &d, TagScript, 0, append(AppendAMF0(nil, "onTextData"), 0x41, 0xff)))
	require.Equal(t, Event{}, feed(t, &d, TagScript, 0, AppendAMF0(nil, 1.0)))
	archive := append(AppendAMF0(nil, "@setDataFrame", "additionalMedia"), 0x41, 0xff)
	require.Equal(t, media.Notice{Code: media.VODTrackNotCarried, Kind: media.Audio}, feed(t, &d, TagScript, 0, archive).Notice)
	require.Empty(t, feed(t, &d, TagScript, 0, archive).Notice, "said once")

	_, err := d.Tag(TagScript, 0, []byte{2, 0, 9, 'o'})
	require.ErrorIs(t, err, ErrTruncated)
	cut := AppendAMF0(nil, "onMetaData", ECMAArray{{"videocodecid", 7.0}, {"encoder", "Lavf"}})
	e, err := d.Tag(TagScript, 0, cut[:len(cut)-5])
	require.ErrorIs(t, err, ErrTruncated)
	require.Equal(t, []media.Kind{media.Video}, e.Expect, "what came before is used")
	require.Equal(t, Event{}, feed(t, &d, 22, 0, []byte{1, 2, 3}), "another type of tag")
}

func TestMetadataNamesTheEncoder(t *testing.T) {
	for said, want := range map[any]string{
		"obs-output module (libobs version 29.0.2)": "obs-output module (libobs version 29.0.2)",
		"a\x00b\u202e\n":          "ab",
		strings.Repeat("x", 1000): strings.Repeat("x", maxWords),
		7.0:                       "",
	} {
		var d Demuxer
		e := feed(t, &d, TagScript, 0, AppendAMF0(nil, "@setDataFrame", "onMetaData", ECMAArray{{"encoder", said}}))
		require.Equal(t, want, e.Encoder)
	}
}
