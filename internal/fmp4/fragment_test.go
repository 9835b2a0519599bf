package fmp4

import (
	"io"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/media"
)

func drawSamples(t *rapid.T, kind media.Kind) []Sample {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Sample {
		s := Sample{
			Duration: rapid.SampledFrom([]uint32{0, 1024, 3003, math.MaxUint32}).Draw(t, "duration"),
			Key:      kind == media.Audio || rapid.Bool().Draw(t, "key"),
			Data:     rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "data"),
		}
		if kind == media.Video {
			s.CompositionOffset = rapid.SampledFrom([]int32{0, 3003, -3003, math.MinInt32}).Draw(t, "offset")
		}
		return s
	}), 1, 12).Draw(t, "samples")
}

func TestFragmentsRoundTrip(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		track := all[rapid.SampledFrom([]string{"h264", "h265", "av1", "aac", "opus"}).Draw(t, "track")]
		var (
			file []byte
			want []Fragment
		)
		if rapid.Bool().Draw(t, "with init") {
			var err error
			file, err = AppendInit(nil, track)
			require.NoError(t, err)
		}
		for range rapid.IntRange(1, 4).Draw(t, "fragments") {
			f := Fragment{
				Sequence:   rapid.Uint32().Draw(t, "sequence"),
				DecodeTime: rapid.Int64Min(0).Draw(t, "time"),
				Samples:    drawSamples(t, track.Kind()),
				Offset:     len(file),
				Size:       0,
			}
			f.Size = FragmentSize(track, f.Samples)
			file = AppendFragment(file, track, f.Sequence, f.DecodeTime, f.Samples)
			require.Len(t, file, f.Offset+f.Size, "FragmentSize is what AppendFragment appends")
			want = append(want, f)
		}
		got, err := ParseFragments(file)
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()))

		// A crash may cut the file anywhere.
		cut := rapid.IntRange(0, len(file)-1).Draw(t, "cut")
		got, err = ParseFragments(file[:cut])
		whole := 0
		for whole < len(want) && want[whole].Offset+want[whole].Size <= cut {
			whole++
		}
		require.Empty(t, cmp.Diff(want[:whole], got, cmpopts.EquateEmpty()))
		atBorder := cut == 0 || cut == want[0].Offset || whole > 0 && cut == want[whole-1].Offset+want[whole-1].Size
		if !atBorder && (whole > 0 || cut > want[0].Offset) {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		}
	})
}

func TestAppendFragmentKeepsWhatWasThere(t *testing.T) {
	track := tracks(t)["h264"]
	got := AppendFragment([]byte("before"), track, 1, 0, pictures(2))
	require.Equal(t, "before", string(got[:6]))
	require.Equal(t, AppendFragment(nil, track, 1, 0, pictures(2)), got[6:])
}

func TestFragmentOfNothing(t *testing.T) {
	track := tracks(t)["h264"]
	require.Zero(t, FragmentSize(track, nil))
	require.Empty(t, AppendFragment(nil, track, 1, 0, nil))
}

func TestNegativeDecodeTimeIsZero(t *testing.T) {
	got, err := ParseFragments(AppendFragment(nil, tracks(t)["h264"], 1, -5, pictures(1)))
	require.NoError(t, err)
	require.Zero(t, got[0].DecodeTime)
}

// An audio part carries few bytes, so what stands around them counts.
func TestFragmentOverhead(t *testing.T) {
	track := tracks(t)["aac"]
	samples := sounds(9) // 209 ms
	data := 0
	for _, s := range samples {
		data += len(s.Data)
	}
	require.Equal(t, 100+4*len(samples), FragmentSize(track, samples)-data)
}

func TestAppendFragmentDoesNotAllocate(t *testing.T) {
	track, samples := tracks(t)["h264"], pictures(6, 3003, 0)
	dst := make([]byte, 0, FragmentSize(track, samples))
	require.Zero(t, testing.AllocsPerRun(100, func() {
		AppendFragment(dst, track, 1, 90000, samples)
	}))
}

func BenchmarkAppendFragment(b *testing.B) {
	track := tracks(b)["h264"]
	samples := pictures(6, 3003, 0)
	for i := range samples {
		samples[i].Data = make([]byte, 12_000) // 2.9 Mbit/s at 30 frames a second
	}
	size := FragmentSize(track, samples)
	dst := make([]byte, 0, size)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		AppendFragment(dst, track, 1, 90000, samples)
	}
}
