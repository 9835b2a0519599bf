package media

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

// asc writes an AudioSpecificConfig from pairs of width and value.
func asc(fields ...uint32) []byte {
	var w bitWriter
	for i := 0; i < len(fields); i += 2 {
		w.u(int(fields[i]), fields[i+1])
	}
	return w.b
}

func TestParseAAC(t *testing.T) {
	track := func(timescale uint32, rate, channels, samples int, codecs string) *Track {
		return &Track{
			Codec: AAC, Timescale: timescale, SampleRate: rate, Channels: channels,
			SamplesPerFrame: samples, Codecs: codecs,
		}
	}
	for _, c := range []struct {
		name string
		asc  []byte
		want *Track
	}{
		{"LC 44.1 kHz stereo", []byte{0x12, 0x10}, track(44100, 44100, 2, 1024, "mp4a.40.2")},
		{"LC 48 kHz mono", []byte{0x11, 0x88}, track(48000, 48000, 1, 1024, "mp4a.40.2")},
		{"LC 48 kHz 5.1", []byte{0x11, 0xb0}, track(48000, 48000, 6, 1024, "mp4a.40.2")},
		{"LC 48 kHz 7.1", asc(5, 2, 4, 3, 4, 7, 3, 0), track(48000, 48000, 8, 1024, "mp4a.40.2")},
		{"960 samples", asc(5, 2, 4, 3, 4, 2, 3, 4), track(48000, 48000, 2, 960, "mp4a.40.2")},
		{"Main", asc(5, 1, 4, 4, 4, 2, 3, 0), track(44100, 44100, 2, 1024, "mp4a.40.1")},
		{"escaped rate", asc(5, 2, 4, 15, 24, 44056, 4, 2, 3, 0), track(44056, 44056, 2, 1024, "mp4a.40.2")},
		{"core coder delay", asc(5, 2, 4, 3, 4, 2, 1, 0, 1, 1, 14, 5, 1, 0), track(48000, 48000, 2, 1024, "mp4a.40.2")},
		{"HE-AAC", asc(5, 5, 4, 6, 4, 2, 4, 3, 5, 2, 3, 0), track(24000, 48000, 2, 1024, "mp4a.40.5")},
		{"HE-AAC v2", asc(5, 29, 4, 7, 4, 1, 4, 4, 5, 2, 3, 0), track(22050, 44100, 2, 1024, "mp4a.40.29")},
		{"HE-AAC behind LC", asc(5, 2, 4, 6, 4, 2, 3, 0, 11, 0x2b7, 5, 5, 1, 1, 4, 3), track(24000, 48000, 2, 1024, "mp4a.40.5")},
		{"HE-AAC v2 behind LC", asc(5, 2, 4, 6, 4, 1, 3, 0, 11, 0x2b7, 5, 5, 1, 1, 4, 3, 11, 0x548, 1, 1), track(24000, 48000, 2, 1024, "mp4a.40.29")},
		{"SBR denied behind LC", asc(5, 2, 4, 3, 4, 2, 3, 0, 11, 0x2b7, 5, 5, 1, 0), track(48000, 48000, 2, 1024, "mp4a.40.2")},
		{"something else behind LC", []byte{0x12, 0x10, 0x12, 0x34, 0x56}, track(44100, 44100, 2, 1024, "mp4a.40.2")},
		{
			"program config element, a pair, a centre, a pair behind, one LFE",
			asc(5, 2, 4, 3, 4, 0, 3, 0, 4, 0, 2, 1, 4, 3, 4, 2, 4, 0, 4, 1, 2, 1, 3, 0, 4, 0, 3, 1, 3, 4,
				5, 0x00, 5, 0x10, 5, 0x11, 4, 0, 8, 2, 16, 0x4142),
			track(48000, 48000, 6, 1024, "mp4a.40.2"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseAAC(c.asc)
			require.NoError(t, err)
			require.Equal(t, c.asc, got.Config)
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(Track{}, "Config")); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestParseAACRefuses(t *testing.T) {
	for _, c := range []struct {
		name        string
		asc         []byte
		unsupported bool
	}{
		{"nothing", nil, false},
		{"one byte", []byte{0x12}, false},
		{"reserved rate", asc(5, 2, 4, 13, 4, 2, 3, 0), false},
		{"rate of zero", asc(5, 2, 4, 15, 24, 0, 4, 2, 3, 0), false},
		{"reserved channels", asc(5, 2, 4, 3, 4, 15, 3, 0), false},
		{"no channels", asc(5, 2, 4, 3, 4, 0, 3, 0, 10, 0, 21, 0, 3, 0, 8, 0), false},
		{"too long", append(asc(5, 2, 4, 3, 4, 2, 3, 0), make([]byte, maxASC)...), false},
		{"xHE-AAC", asc(5, 31, 6, 10, 4, 3, 4, 2, 16, 0), true},
		{"AAC-ELD", asc(5, 31, 6, 7, 4, 3, 4, 2, 16, 0), true},
	} {
		_, err := ParseAAC(c.asc)
		require.Error(t, err, c.name)
		if c.unsupported {
			require.ErrorIs(t, err, ErrUnsupported, c.name)
		}
	}
}
