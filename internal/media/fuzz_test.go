package media

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// records are the configuration records of real encoders in testdata.
func records(f *testing.F, pattern string) [][]byte {
	f.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "config", pattern))
	require.NoError(f, err)
	require.NotEmpty(f, names)
	var all [][]byte
	for _, name := range names {
		b, err := os.ReadFile(name)
		require.NoError(f, err)
		all = append(all, b)
	}
	return all
}

// fuzzConfig checks that a parser survives any bytes, and that a track which
// it makes is sound and described by its own Config.
func fuzzConfig(f *testing.F, pattern string, parse func([]byte) (*Track, error)) {
	for _, b := range records(f, pattern) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var track *Track
		var err error
		bound.Cost(t, 64*len(b), func() { track, err = parse(b) })
		if err != nil {
			require.Nil(t, track)
			return
		}
		requireSoundVideo(t, track)
		again, err := parse(track.Config)
		require.NoError(t, err)
		require.Equal(t, track, again)
	})
}

func requireSoundVideo(t *testing.T, track *Track) {
	t.Helper()
	require.EqualValues(t, VideoTimescale, track.Timescale)
	require.NotEmpty(t, track.Codecs)
	require.True(t, track.FrameRate == Rate{} || track.FrameRate.Known())
	if track.Codec != AV1 { // whose record may leave the size to the media
		require.Positive(t, track.Width)
		require.Positive(t, track.Height)
	}
	require.LessOrEqual(t, max(track.Width, track.Height), 1<<16)
	require.LessOrEqual(t, track.FrameRate.Float(), float64(maxFrameRate))
	require.GreaterOrEqual(t, track.FrameRate.Interval(track.Timescale), int64(0))
}

func FuzzParseAVCConfig(f *testing.F)  { fuzzConfig(f, "avc_*", ParseAVCConfig) }
func FuzzParseHEVCConfig(f *testing.F) { fuzzConfig(f, "hevc_*", ParseHEVCConfig) }
func FuzzParseAV1Config(f *testing.F)  { fuzzConfig(f, "av1_*", ParseAV1Config) }

func FuzzParseAAC(f *testing.F) {
	f.Add([]byte{0x12, 0x10})
	f.Add(asc(5, 5, 4, 6, 4, 2, 4, 3, 5, 2, 3, 0))
	f.Add(asc(5, 2, 4, 6, 4, 1, 3, 0, 11, 0x2b7, 5, 5, 1, 1, 4, 3, 11, 0x548, 1, 1))
	f.Add(asc(5, 2, 4, 15, 24, 44056, 4, 0, 3, 0, 10, 0, 4, 1, 17, 0, 3, 0, 5, 0x10, 8, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		var track *Track
		var err error
		bound.Cost(t, 64*len(b), func() { track, err = ParseAAC(b) })
		if err != nil {
			require.Nil(t, track)
			return
		}
		require.NotZero(t, track.Timescale)
		require.Positive(t, track.SampleRate)
		require.Positive(t, track.Channels)
		require.Less(t, track.Channels, 100)
		require.Contains(t, []int{1024, 960}, track.SamplesPerFrame)
		require.Equal(t, b, track.Config)
	})
}

func FuzzParseOpusHead(f *testing.F) {
	f.Add([]byte("OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00"))
	f.Add([]byte("OpusHead\x01\x06\x38\x01\x80\xbb\x00\x00\x00\x00\x01\x04\x02\x00\x04\x01\x02\x03\x05"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if samples := OpusPacketSamples(b); samples < 0 || samples > 5760 {
			t.Fatal(samples)
		}
		track, err := ParseOpusHead(b)
		if err != nil {
			require.Nil(t, track)
			return
		}
		require.Positive(t, track.Channels)
		require.GreaterOrEqual(t, len(track.Config), 11)
		require.LessOrEqual(t, len(track.Config), len(b))
	})
}

func FuzzNALUnits(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 0x65, 1, 0, 0, 0, 1, 6})
	f.Add([]byte{0x12, 0, 0x0a, 1, 2})
	f.Fuzz(func(t *testing.T, b []byte) {
		at := 0
		for nal := range NALUnits(b) {
			require.Equal(t, b[at+4:at+4+len(nal)], nal)
			at += 4 + len(nal)
		}
		require.LessOrEqual(t, at, len(b))
	})
}

func FuzzOBUs(f *testing.F) {
	for _, b := range records(f, "av1_*") {
		f.Add(b[4:])
	}
	f.Add([]byte{0x12, 0, 0x0e, 0xff, 1, 2, 0x32, 0x80, 0x01})
	f.Fuzz(func(t *testing.T, b []byte) {
		at := 0
		for o := range OBUs(b) {
			require.NotEmpty(t, o.Raw)
			require.Equal(t, b[at:at+len(o.Raw)], o.Raw)
			require.Equal(t, o.Raw[len(o.Raw)-len(o.Payload):], o.Payload)
			at += len(o.Raw)
		}
		require.LessOrEqual(t, at, len(b))
	})
}
