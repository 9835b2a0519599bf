package media

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestParseOpusHead(t *testing.T) {
	got, err := ParseOpusHead([]byte("OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\xff\xfe\x00"))
	require.NoError(t, err)
	want := &Track{
		Codec: Opus, Timescale: 48000, SampleRate: 48000, Channels: 2, SamplesPerFrame: 960, Codecs: "opus",
		Config: []byte{0, 2, 0x01, 0x38, 0, 0, 0xbb, 0x80, 0xfe, 0xff, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}

	surround := "OpusHead\x01\x06\x38\x01\x80\xbb\x00\x00\x00\x00\x01\x04\x02\x00\x04\x01\x02\x03\x05"
	got, err = ParseOpusHead([]byte(surround))
	require.NoError(t, err)
	require.Equal(t, 6, got.Channels)
	require.Equal(t, surround[18:], string(got.Config[10:]))
	for n := range len(surround) {
		_, err := ParseOpusHead([]byte(surround[:n]))
		require.Error(t, err, "cut to %d bytes", n)
	}
}

func TestParseOpusHeadRefuses(t *testing.T) {
	for name, b := range map[string]string{
		"another head":              "OpusTags\x01\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00",
		"a version to come":         "OpusHead\x10\x02\x38\x01\x80\xbb\x00\x00\x00\x00\x00",
		"no channels":               "OpusHead\x01\x00\x38\x01\x80\xbb\x00\x00\x00\x00\x00",
		"three channels, no layout": "OpusHead\x01\x03\x38\x01\x80\xbb\x00\x00\x00\x00\x00",
	} {
		_, err := ParseOpusHead([]byte(b))
		require.Error(t, err, name)
	}
}

func TestOpusPacketSamples(t *testing.T) {
	for _, c := range []struct {
		name   string
		packet []byte
		want   int
	}{
		{"SILK 10 ms", []byte{0 << 3}, 480},
		{"SILK 60 ms", []byte{3 << 3}, 2880},
		{"hybrid 10 ms", []byte{12 << 3}, 480},
		{"hybrid 20 ms", []byte{15 << 3}, 960},
		{"CELT 2.5 ms", []byte{16 << 3}, 120},
		{"CELT 20 ms", []byte{31 << 3}, 960},
		{"two frames", []byte{31<<3 | 1}, 1920},
		{"two frames of two sizes", []byte{30<<3 | 2}, 960},
		{"six frames", []byte{31<<3 | 3, 6}, 5760},
		{"over 120 ms", []byte{31<<3 | 3, 7}, 0},
		{"no frames", []byte{31<<3 | 3, 0x80}, 0},
		{"no count", []byte{31<<3 | 3}, 0},
		{"empty", nil, 0},
	} {
		require.Equal(t, c.want, OpusPacketSamples(c.packet), c.name)
	}
}

func TestOpusHeadIsWrittenAsItWasRead(t *testing.T) {
	for _, head := range []string{
		"OpusHead\x01\x02\x38\x01\x80\xbb\x00\x00\xfe\xff\x00",
		"OpusHead\x01\x06\x38\x01\x80\xbb\x00\x00\x00\x00\x01\x04\x02\x00\x04\x01\x02\x03\x05",
	} {
		track, err := ParseOpusHead([]byte(head))
		require.NoError(t, err)
		require.Equal(t, head, string(OpusHead(track)))
	}
	require.Nil(t, OpusHead(&Track{Codec: Opus}))
}
