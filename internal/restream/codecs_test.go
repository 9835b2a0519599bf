package restream

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/media"
)

// What has no form in plain RTMP goes as Enhanced RTMP has it: the other server
// gets the same bytes, the same times and the same tracks.
func TestNewerCodecs(t *testing.T) {
	hevc, av1 := cliptest.LoadFile(t, "../flv/testdata/h265_opus.flv"), cliptest.LoadFile(t, "../flv/testdata/av1_aac.flv")
	both := append(av1.Of(media.Video), hevc.Of(media.Audio)...)
	slices.SortStableFunc(both, func(a, b cliptest.Unit) int { return cmp.Compare(a.At, b.At) })
	for name, test := range map[string]struct {
		sent           cliptest.Clip
		pictures, tone media.Codec
	}{
		"H.265 and Opus": {hevc, media.H265, media.Opus},
		"AV1 and AAC":    {av1, media.AV1, media.AAC},
		"AV1 and Opus":   {both, media.AV1, media.Opus},
	} {
		t.Run(name, func(t *testing.T) {
			o, h := newOther(t, ""), newHere(t, Options{})
			h.Begin(h.pub, h.stream, "rtmp://"+o.addr+"/live/key", "show")
			await(t, "the relay", func() bool { r, _ := h.Of("b1"); return r.Connected })
			test.sent.Send(h.pub)
			h.stream.Close()
			await(t, "the end", func() bool { _, ended, _ := o.counts(); return ended == 1 })
			require.Zero(t, h.Stats().Lost)

			pictures := o.units(0, media.Video)
			requireSame(t, test.sent.Of(media.Video), pictures)
			// Sound from the first picture on.
			first := slices.IndexFunc(test.sent, func(u cliptest.Unit) bool { return u.Track.Kind() == media.Video })
			sound, all := o.units(0, media.Audio), test.sent[first:].Of(media.Audio)
			requireSame(t, all, sound)

			track, want := pictures[0].Track, test.sent.Of(media.Video)[0].Track
			require.Equal(t, test.pictures, track.Codec)
			require.Equal(t, []int{want.Width, want.Height}, []int{track.Width, track.Height})
			track, want = sound[0].Track, all[0].Track
			require.Equal(t, test.tone, track.Codec)
			require.Equal(t, []int{want.SampleRate, want.Channels}, []int{track.SampleRate, track.Channels})
		})
	}
}
