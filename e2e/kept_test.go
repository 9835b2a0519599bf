package e2e

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// timeSlack is how far a frame's time may move from the encoder's: RTMP
	// counts in milliseconds, and an audio clock is made even.
	timeSlack = 5 * time.Millisecond
	// syncSlack is how far sound may move against the picture.
	syncSlack = 20 * time.Millisecond
)

// requireKept compares the recording of a broadcast with the clip that was
// sent: every frame, its bytes and its time, and sound against picture.
func requireKept(t *testing.T, s *testkit.Server, id string, clip testkit.Clip, file string) {
	t.Helper()
	index := s.URL("/vod/" + id + "/index.m3u8")
	lists, err := watchAll(t.Context(), index)
	require.NoError(t, err)
	for _, w := range lists {
		require.True(t, w.last.EndList, w.address)
		require.Equal(t, "VOD", w.last.Type, w.address)
	}

	starts := map[string]time.Duration{} // recording minus clip
	for kind, without := range map[string]testkit.Tracks{"v": testkit.AudioOnly, "a": testkit.VideoOnly} {
		if clip.Tracks == without {
			continue
		}
		sent, kept := testkit.Packets(t, file, kind), testkit.Packets(t, index, kind)
		requireSameFrames(t, kind, sent, kept)
		starts[kind] = kept[0].PTS - sent[0].PTS
	}
	if clip.Tracks == testkit.VideoAndAudio {
		require.LessOrEqual(t, (starts["v"] - starts["a"]).Abs(), syncSlack, "sound moved against the picture")
	}
	if clip.Tracks != testkit.AudioOnly {
		require.Equal(t, len(testkit.Packets(t, file, "v")), testkit.DecodedFrames(t, index, "v"), "every picture can be decoded")
	}
	requireDownload(t, s, id, clip, file)
}

// requireDownload checks that the recording's MP4 file decodes to the pictures
// and the sound of the clip, by their hashes, in time with each other, and that
// ffmpeg finds its way to its middle.
func requireDownload(t *testing.T, s *testkit.Server, id string, clip testkit.Clip, file string) {
	t.Helper()
	address := s.URL("/vod/" + id + "/download.mp4")
	starts := map[string]time.Duration{}
	for kind, without := range map[string]testkit.Tracks{"v": testkit.AudioOnly, "a": testkit.VideoOnly} {
		if clip.Tracks == without {
			continue
		}
		sent, kept := testkit.Packets(t, file, kind), testkit.Packets(t, address, kind)
		requireSameFrames(t, kind, sent, kept)
		starts[kind] = kept[0].PTS - sent[0].PTS
		want, got := testkit.Decoded(t, 0, file, kind), testkit.Decoded(t, 0, address, kind)
		require.Equal(t, hashes(want), hashes(got), "what %s decodes to", kind)
		middle := testkit.Decoded(t, time.Duration(clip.Seconds/2*float64(time.Second)), address, kind)
		require.NotEmpty(t, middle)
		require.Less(t, len(middle), len(got))
		if kind == "v" { // a decoder of AAC fills in noise of its own, by what it decoded before
			require.Equal(t, hashes(got[len(got)-len(middle):]), hashes(middle), "seeking goes on as playing does")
		}
	}
	if clip.Tracks == testkit.VideoAndAudio {
		require.LessOrEqual(t, (starts["v"] - starts["a"]).Abs(), syncSlack, "sound moved against the picture")
	}
}

func hashes(frames []testkit.Packet) []string {
	var list []string
	for _, f := range frames {
		list = append(list, f.Hash)
	}
	return list
}

func requireSameFrames(t *testing.T, kind string, sent, kept []testkit.Packet) {
	t.Helper()
	require.Len(t, kept, len(sent), "frames of %s that were kept and sent", kind)
	for i := range sent {
		require.Equal(t, sent[i].Hash, kept[i].Hash, "the bytes of frame %d of %s", i, kind)
		for what, d := range map[string]time.Duration{
			"PTS": (kept[i].PTS - kept[0].PTS) - (sent[i].PTS - sent[0].PTS),
			"DTS": (kept[i].DTS - kept[0].DTS) - (sent[i].DTS - sent[0].DTS),
		} {
			require.LessOrEqual(t, d.Abs(), timeSlack, "the %s of frame %d of %s moved by %v", what, i, kind, d)
		}
	}
}
