package manifest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMultivariantGolden(t *testing.T) {
	for name, m := range map[string]*Multivariant{
		"multivariant": {
			IndependentSegments: true,
			Variants: []Variant{
				{
					URI: "b/video_source.m3u8", Bandwidth: 6_128_000, AverageBandwidth: 4_800_000,
					Codecs: "avc1.64001f,mp4a.40.2", Width: 1920, Height: 1080, FrameRate: 30000.0 / 1001, VideoRange: "PQ", AudioGroup: "audio",
				},
				{URI: "b/video_360p.m3u8", Bandwidth: 900_000, AudioGroup: "audio"},
			},
			Audio: []AudioRendition{
				{Group: "audio", Name: "Source", Language: "en-GB", URI: "b/audio_source.m3u8", Channels: 2, Default: true},
				{Group: "audio", Name: "say \"no\"\n", URI: "b/audio_2.m3u8"},
			},
		},
		"audio_only": {Variants: []Variant{{URI: "b/audio_source.m3u8", Bandwidth: 128_000, Codecs: "opus"}}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, m.AppendTo(nil))
			require.Equal(t, "before"+string(m.AppendTo(nil)), string(m.AppendTo([]byte("before"))))
		})
	}
}
