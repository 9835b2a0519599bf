package fmp4

import (
	"encoding/hex"
	"testing"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

// tracks are one of each codec, configured as ffmpeg's encoders did.
func tracks(t testing.TB) map[string]*media.Track {
	t.Helper()
	config := func(s string) []byte {
		b, err := hex.DecodeString(s)
		require.NoError(t, err)
		return b
	}
	video := func(c media.Codec, cfg, codecs string) *media.Track {
		return &media.Track{
			Codec: c, Timescale: media.VideoTimescale, Config: config(cfg), Codecs: codecs,
			Width: 320, Height: 180, FrameRate: media.Rate{Num: 30000, Den: 1001},
		}
	}
	return map[string]*media.Track{
		"h264": video(media.H264, "0142c00dffe100166742c00dda05067e7c04400000fa40003a9803c50aa801000468ce0fc8", "avc1.42c00d"),
		"h265": video(media.H265, "0101600000009000000000003cf000fcfdf8f800000f03"+
			"a00001001840010c01ffff01600000030090000003000003003c959809"+
			"a10001002942010101600000030090000003000003003ca00a080b9f796566924caf01680800001f480003a98040"+
			"a2000100074401c172b46240", "hvc1.1.6.L60.90"),
		"av1": video(media.AV1, "81000c000a0b000000043cfecc02f80040", "av01.0.00M.08"),
		"aac": {
			Codec: media.AAC, Timescale: 44100, Config: config("121056e500"), Codecs: "mp4a.40.2",
			SampleRate: 44100, Channels: 2, SamplesPerFrame: 1024, Bitrate: 128000,
		},
		"opus": {
			Codec: media.Opus, Timescale: 48000, Config: config("000201380000bb80000000"), Codecs: "opus",
			SampleRate: 48000, Channels: 2, SamplesPerFrame: 960,
		},
	}
}

// pictures are n samples at 30 frames a second, the first a key frame, with
// B-frames' offsets when told.
func pictures(n int, offsets ...int32) []Sample {
	samples := make([]Sample, n)
	for i := range samples {
		samples[i] = Sample{Duration: 3003, Key: i == 0, Data: []byte{0, 0, 0, 2, 0x41, byte(i)}}
		if len(offsets) > 0 {
			samples[i].CompositionOffset = offsets[i%len(offsets)]
		}
	}
	return samples
}

// sounds are n audio frames.
func sounds(n int) []Sample {
	samples := make([]Sample, n)
	for i := range samples {
		samples[i] = Sample{Duration: 1024, Key: true, Data: []byte{0x21, byte(i), 0x1c}}
	}
	return samples
}
