package flv

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// requireAMF checks that values which were decoded are within their bounds,
// and that writing them and reading them back loses nothing.
func requireAMF(t *testing.T, values []any) {
	t.Helper()
	count := 0
	for _, v := range values {
		require.LessOrEqual(t, depthOf(v, &count), maxAMFDepth)
	}
	require.LessOrEqual(t, count, maxAMFValues)
	written := AppendAMF0(nil, values...)
	again, err := DecodeAMF0(written)
	require.NoError(t, err)
	require.Len(t, again, len(values))
	require.Equal(t, string(written), string(AppendAMF0(nil, again...)))
}

// depthOf counts values and returns how many levels lie below v.
func depthOf(v any, count *int) int {
	*count++
	var inner []any
	switch v := v.(type) {
	case Object:
		inner = valuesOf(v)
	case ECMAArray:
		inner = valuesOf(v)
	case []any:
		inner = v
	}
	depth := 0
	for _, v := range inner {
		depth = max(depth, 1+depthOf(v, count))
	}
	return depth
}

func valuesOf(all []Property) (values []any) {
	for _, p := range all {
		values = append(values, p.Value)
	}
	return values
}

func FuzzDecodeAMF0(f *testing.F) {
	f.Add(AppendAMF0(nil, "connect", 1.0, Object{{"app", "live"}, {"fourCcList", []any{"av01"}}}, nil, Undefined{}, Date(1)))
	f.Add([]byte("\x11\x0a\x0b\x01\x03k\x04\x07\x01\x11\x09\x05\x01\x06\x05hi\x06\x00"))
	f.Add([]byte("\x0a\xff\xff\xff\xff\x05\x10\x00\x01C\x00\x01a\x01\x01\x00\x00\x09"))
	f.Add([]byte("\x0c\xff\xff\xff\xffabc"))
	for _, name := range []string{"h264_aac.flv", "h265_opus.flv", "av1_aac.flv"} {
		f.Add(tags(f, name)[0].body) // onMetaData
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var values []any
		bound.Cost(t, 256*len(b), func() { values, _ = DecodeAMF0(b) })
		requireAMF(t, values)
	})
}

// FuzzDecodeAMF3 reads what stands behind one AVM+ marker.
func FuzzDecodeAMF3(f *testing.F) {
	f.Add([]byte("\x0a\x0b\x01\x03k\x04\x07\x01"))                                          // a dynamic object
	f.Add([]byte("\x0a\x33\x05C1\x03a\x05bc\x03d\x04\x01\x06\x05hi\x06\x06\x01"))           // of sealed members
	f.Add([]byte("\x09\x05\x01\x0a\x13\x03C\x03a\x04\x01\x0a\x01\x06\x02"))                 // traits and strings by reference
	f.Add([]byte("\x09\x01\x03k\x05\x3f\xf0\x00\x00\x00\x00\x00\x00\x01"))                  // an associative array
	f.Add([]byte("\x08\x01\x42\x00\x00\x00\x00\x00\x00\x00"))                               // a date
	f.Add([]byte("\x0c\x07abc"))                                                            // bytes
	f.Add([]byte("\x04\xff\xff\xff\xff"))                                                   // the least integer
	f.Add([]byte("\x09\xbf\xff\xff\xff\x01\x0a\xff\xff\xff\xf3\x01"))                       // counts without values
	f.Add(slices.Concat([]byte("\x09\x03\x01"), slices.Repeat([]byte("\x09\x03\x01"), 20))) // too deep
	f.Fuzz(func(t *testing.T, b []byte) {
		var values []any
		bound.Cost(t, 256*len(b), func() { values, _ = DecodeAMF0(append([]byte{markerAVMPlus}, b...)) })
		requireAMF(t, values)
	})
}

// FuzzEnhanced reads the headers of Enhanced RTMP: modifiers and then a packet
// of one track or many.
func FuzzEnhanced(f *testing.F) {
	f.Add(byte(sequenceStart), false, []byte("avc1\x01\x42"))
	f.Add(byte(modEx), true, []byte{2, 0x07, 0xa1, 0x20, byte(codedFrames), 'O', 'p', 'u', 's', 0xfc})
	f.Add(byte(modEx), true, slices.Concat([]byte{0xff, 0x00, 0xff}, make([]byte, 256), []byte{0x11}, []byte("mp4a!")))
	f.Add(byte(videoMultitrack), false, many(0, 1, codedFrames, "av01", sized(0, []byte{1}), sized(1, []byte{2}))[1:])
	f.Add(byte(audioMultitrack), true, many(0, 0, codedFrames, "Opus", []byte{0, 0xfc})[1:])
	f.Add(byte(videoMultitrack), false, slices.Concat([]byte{0x21}, []byte("hvc1"), sized(1, []byte{1}), []byte("avc1"), sized(0, []byte{2})))
	f.Fuzz(func(t *testing.T, first byte, audio bool, b []byte) {
		multitrack := videoMultitrack
		if audio {
			multitrack = audioMultitrack
		}
		typ, nanos, rest, err := readModEx(packetType(first&15), b)
		if err != nil {
			require.ErrorIs(t, err, errShort)
			return
		}
		require.NotEqual(t, modEx, typ)
		require.LessOrEqual(t, len(rest), len(b))
		require.True(t, 0 <= nanos && nanos < 1e6)
		p, err := readEnhanced(typ, multitrack, rest)
		if err != nil {
			require.ErrorIs(t, err, errShort)
			return
		}
		require.LessOrEqual(t, len(p.body)+4, max(len(rest), 4), "a body lies behind its codec")
		if !p.first {
			require.Nil(t, p.body)
		}
		require.NotEmpty(t, p.codec.name())
	})
}

// FuzzMetadata: whatever onMetaData says, the tracks that it completes stay
// sound.
func FuzzMetadata(f *testing.F) {
	header := headerOf(f, "av1_aac.flv", TagVideo)[:4] // without a size
	for _, name := range []string{"h264_aac.flv", "h265_opus.flv", "av1_aac.flv"} {
		f.Add(tags(f, name)[0].body)
	}
	f.Add(AppendAMF0(nil, "@setDataFrame", "onMetaData", Object{
		{"width", " 640 "},
		{"height", 1e300},
		{"framerate", 29.97},
		{"videodatarate", 1e6},
		{"audiodatarate", -1.0},
		{"videocodecid", "av01"},
		{"audiocodecid", float64(fourCCOpus)},
		{"audiosamplerate", "NaN"},
	}))
	f.Add(AppendAMF0(nil, "additionalHeader"))
	f.Fuzz(func(t *testing.T, script []byte) {
		var d Demuxer
		feed(t, &d, TagVideo, 0, exVideo(1, sequenceStart, "av01", header))
		feed(t, &d, TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10})
		e, _ := d.Tag(TagScript, 0, script)
		require.Nil(t, e.Unit)
		require.Empty(t, e.Expect, "both kinds were announced by their headers")
		v, a := d.video.track, d.audio.track
		for _, side := range []int{v.Width, v.Height} {
			require.True(t, 0 <= side && side <= 1<<15, "%d", side)
		}
		require.True(t, v.FrameRate == media.Rate{} || v.FrameRate.Known())
		require.True(t, v.FrameRate.Float() <= 480)
		for _, bps := range []int{v.Bitrate, a.Bitrate} {
			require.True(t, 0 <= bps && bps <= 1e9, "%d", bps)
		}
	})
}
