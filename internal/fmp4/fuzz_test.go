package fmp4

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// FuzzParseInit: a track that was read is written and read again as it was.
func FuzzParseInit(f *testing.F) {
	for _, track := range tracks(f) {
		b, err := AppendInit(nil, track)
		require.NoError(f, err)
		f.Add(b)
	}
	bright := tracks(f)["h265"]
	bright.Colour = hdr10
	b, err := AppendInit(nil, bright)
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		bound.Cost(t, 64*len(b), func() {
			track, err := ParseInit(b)
			if err != nil {
				require.Nil(t, track)
				return
			}
			require.NotZero(t, track.Kind())
			require.NotZero(t, track.Timescale)
			require.NotEmpty(t, track.Config)
			require.GreaterOrEqual(t, track.SamplesPerFrame, 0)
			written, err := AppendInit(nil, track)
			if err != nil {
				return // such as a width of 0, which others may write
			}
			again, err := ParseInit(written)
			require.NoError(t, err)
			require.Equal(t, track.Config, again.Config)
			require.Equal(t, track.Timescale, again.Timescale)
			require.Equal(t, track.Colour, again.Colour)
			require.Equal(t, []int{track.Width, track.Height, track.Channels}, []int{again.Width, again.Height, again.Channels})
		})
	})
}

func FuzzParseFragments(f *testing.F) {
	all := tracks(f)
	init, err := AppendInit(nil, all["h264"])
	require.NoError(f, err)
	f.Add(AppendFragment(init, all["h264"], 1, 90000, pictures(3, 0, 6006, -3003)))
	f.Add(AppendFragment(AppendFragment(nil, all["aac"], 1, 0, sounds(3)), all["aac"], 2, 3072, sounds(1)))
	f.Add(AppendFragment(AppendFragment(nil, all["av1"], 1, 0, pictures(1)), all["av1"], 2, 1<<40, pictures(4)))
	f.Add(AppendFragment(nil, all["h265"], 7, 1<<62, pictures(2, -1, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		var fragments []Fragment
		bound.Cost(t, 64*len(b), func() { fragments, _ = ParseFragments(b) })
		at, samples := 0, 0
		for _, fragment := range fragments {
			require.GreaterOrEqual(t, fragment.Offset, at)
			require.NotEmpty(t, fragment.Samples, "who restores a recording takes the first")
			at = fragment.Offset + fragment.Size
			samples += len(fragment.Samples)
			data := 0
			for _, s := range fragment.Samples {
				data += len(s.Data)
			}
			require.LessOrEqual(t, data, fragment.Size)
			require.GreaterOrEqual(t, fragment.DecodeTime, int64(0))

			// Written anew by ourselves the samples are the same.
			again, err := ParseFragments(AppendFragment(nil, all["h264"], fragment.Sequence, fragment.DecodeTime, fragment.Samples))
			require.NoError(t, err)
			require.Len(t, again, 1)
			require.Empty(t, cmp.Diff(fragment.Samples, again[0].Samples, cmpopts.EquateEmpty()))
			require.Equal(t, fragment.DecodeTime, again[0].DecodeTime)
		}
		require.LessOrEqual(t, at, len(b))
		require.LessOrEqual(t, samples, len(b), "memory stays in proportion to the input")
	})
}
