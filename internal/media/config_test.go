package media

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

// record reads a configuration record that a real encoder wrote: x264, x265
// and libaom, through ffmpeg.
func record(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "config", name+".bin"))
	require.NoError(t, err)
	return b
}

func TestConfigsOfRealEncoders(t *testing.T) {
	track := func(c Codec, width, height int, rate Rate, codecs string) *Track {
		return &Track{Codec: c, Timescale: 90000, Width: width, Height: height, FrameRate: rate, Codecs: codecs}
	}
	for _, c := range []struct {
		name  string
		parse func([]byte) (*Track, error)
		want  *Track
	}{
		{"avc_1080p", ParseAVCConfig, track(H264, 1920, 1080, Rate{30000, 1001}, "avc1.640028")},
		{"avc_baseline", ParseAVCConfig, track(H264, 176, 144, Rate{15, 1}, "avc1.42c00a")},
		{"avc_high422", ParseAVCConfig, track(H264, 320, 180, Rate{50, 1}, "avc1.7a0015")},
		{"avc_high444", ParseAVCConfig, track(H264, 318, 178, Rate{24, 1}, "avc1.f4000c")},
		{"avc_interlaced", ParseAVCConfig, track(H264, 720, 576, Rate{25, 1}, "avc1.64001e")},
		{"avc_scaling", ParseAVCConfig, track(H264, 640, 360, Rate{60, 1}, "avc1.64001f")},
		{"avc_vfr", ParseAVCConfig, track(H264, 322, 242, Rate{25, 1}, "avc1.42c00d")},
		{"hevc_1080p", ParseHEVCConfig, track(H265, 1920, 1080, Rate{30000, 1001}, "hvc1.1.6.L120.90")},
		{"hevc_main10", ParseHEVCConfig, track(H265, 1280, 720, Rate{60, 1}, "hvc1.2.4.L120.90")},
		{"hevc_scaling", ParseHEVCConfig, track(H265, 318, 178, Rate{50, 1}, "hvc1.1.6.L60.90")},
		{"hevc_high444", ParseHEVCConfig, track(H265, 640, 360, Rate{24, 1}, "hvc1.4.10.H153.9E.8")},
		{"av1_1080p", ParseAV1Config, track(AV1, 1920, 1080, Rate{}, "av01.0.08M.08")},
		{"av1_main10", ParseAV1Config, track(AV1, 1280, 720, Rate{}, "av01.0.08M.10")},
		{"av1_high444", ParseAV1Config, track(AV1, 318, 178, Rate{}, "av01.1.00M.08")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.parse(record(t, c.name))
			require.NoError(t, err)
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(Track{}, "Config")); diff != "" {
				t.Fatal(diff)
			}
			again, err := c.parse(got.Config)
			require.NoError(t, err)
			require.Equal(t, got, again, "a track's Config describes the same track")
		})
	}
}

// What we write is what encoders write, byte for byte, where these leave
// nothing out and add nothing.
func TestConfigsAreWrittenAsEncodersDo(t *testing.T) {
	for _, name := range []string{"avc_1080p", "avc_baseline", "avc_high422", "avc_high444", "avc_interlaced", "avc_scaling"} {
		b := record(t, name)
		got, err := ParseAVCConfig(b)
		require.NoError(t, err)
		require.Equal(t, b, got.Config, name)
	}
	for _, name := range []string{"av1_1080p", "av1_main10", "av1_high444"} {
		b := record(t, name)
		for o := range OBUs(b[4:]) {
			got, err := AV1Config(o.Payload)
			require.NoError(t, err)
			require.Equal(t, b, got, name)
		}
	}
}

func TestHEVCConfigIsCompleteAndWithoutSEI(t *testing.T) {
	got, err := ParseHEVCConfig(record(t, "hevc_1080p"))
	require.NoError(t, err)
	require.Less(t, len(got.Config), 200, "the encoder's note about itself is not in it")
	require.Equal(t, byte(3), got.Config[22], "three arrays")
	require.Equal(t, byte(0x80|HEVCVPS), got.Config[23], "arrays are complete, as hvc1 asks")
	require.Equal(t, 4, HEVCLengthSize(got.Config))
	sets, err := hevcSets(got.Config)
	require.NoError(t, err)
	config, err := HEVCConfig(sets.of(HEVCVPS), sets.of(HEVCSPS), sets.of(HEVCPPS))
	require.NoError(t, err)
	require.Equal(t, got.Config, config)
}

func TestConfigLengthSizeIsNormalised(t *testing.T) {
	b := record(t, "avc_1080p")
	b[4] = b[4]&^3 | 1
	require.Equal(t, 2, AVCLengthSize(b))
	got, err := ParseAVCConfig(b)
	require.NoError(t, err)
	require.Equal(t, 4, AVCLengthSize(got.Config))

	b = record(t, "hevc_1080p")
	b[21] &^= 3
	require.Equal(t, 1, HEVCLengthSize(b))
	got, err = ParseHEVCConfig(b)
	require.NoError(t, err)
	require.Equal(t, 4, HEVCLengthSize(got.Config))
}

func TestConfigsCutShort(t *testing.T) {
	for name, parse := range map[string]func([]byte) (*Track, error){
		"avc_baseline": ParseAVCConfig, // without fields behind the sets, which may be left out
		"hevc_1080p":   ParseHEVCConfig,
	} {
		b := record(t, name)
		for n := range b {
			_, err := parse(b[:n:n])
			require.Error(t, err, "%s cut to %d of %d bytes", name, n, len(b))
		}
	}
	for n := range 4 {
		_, err := ParseAV1Config(record(t, "av1_1080p")[:n])
		require.Error(t, err)
	}
}

func TestAVCSetsInTheWrongList(t *testing.T) {
	sets, err := avcSets(record(t, "avc_1080p"))
	require.NoError(t, err)
	sps, pps := sets.of(AVCSPS)[0], sets.of(AVCPPS)[0]
	b := []byte{1, sps[1], sps[2], sps[3], 0xff, 0xe2}
	b, err = appendSets(b, [][]byte{sps, pps})
	require.NoError(t, err)
	got, err := ParseAVCConfig(append(b, 0))
	require.NoError(t, err)
	require.Equal(t, 1920, got.Width)
}
