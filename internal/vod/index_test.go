package vod

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// unpacked reads all runs of a segment.
func unpacked(t require.TestingT, s indexed) []fmp4.Run {
	var run fmp4.Run
	var all []fmp4.Run
	require.NoError(t, unpackRuns(s.runs, s.bytes, &run, func() error {
		all = append(all, fmp4.Run{DecodeTime: run.DecodeTime, Offset: run.Offset, Samples: append([]fmp4.SampleInfo(nil), run.Samples...)})
		return nil
	}))
	return all
}

// TestIndexKeepsRuns: what is packed is what comes out.
func TestIndexKeepsRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var runs []fmp4.Run
		end := int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "runs") {
			run := fmp4.Run{
				DecodeTime: rapid.Int64Range(0, 1<<50).Draw(t, "time"),
				Offset:     end + rapid.Int64Range(0, 1000).Draw(t, "moof"),
			}
			even := rapid.Bool().Draw(t, "even")
			for range rapid.IntRange(1, 9).Draw(t, "samples") {
				s := fmp4.SampleInfo{
					Size: rapid.Uint32().Draw(t, "size"), Duration: 3000, Key: rapid.Bool().Draw(t, "key"),
				}
				if !even {
					s.Duration, s.CompositionOffset = rapid.Uint32().Draw(t, "duration"), rapid.Int32Min(-1<<30).Draw(t, "composition")
				}
				run.Samples = append(run.Samples, s)
			}
			runs = append(runs, run)
			_, end = runEnd(&run)
		}
		segments := []indexed{{number: 5, init: 1, bytes: end, runs: packRuns(runs)}, {number: 9, init: 2, bytes: 0}}
		again, err := parseIndex(packIndex(segments))
		require.NoError(t, err)
		require.Len(t, again, 2)
		require.Equal(t, runs, unpacked(t, again[0]))
		require.Empty(t, unpacked(t, again[1]))
	})
}

// TestIndexIsCompact: a sample takes few bytes.
func TestIndexIsCompact(t *testing.T) {
	h := newHouse(t, nil)
	clip := cliptest.Load(t)
	a := h.begin(packager.Options{}, 0)
	clip.Send(a.pub)
	a.end()
	for _, rendition := range []string{video, audio} {
		data, err := h.lib.bytesOf(t.Context(), "", indexKey(a.id, rendition, 0))
		require.NoError(t, err, "it is written while the recording is")
		segments, err := parseIndex(data)
		require.NoError(t, err)
		frames := h.frames(h.rows(a.id, rendition))
		n := 0
		for _, s := range segments {
			for _, run := range unpacked(t, s) {
				at := run.DecodeTime
				for _, is := range run.Samples {
					f := frames[n]
					require.Equal(t, f.at, at)
					require.Equal(t, fmp4.SampleInfo{
						Size: uint32(len(f.sample.Data)), Duration: f.sample.Duration, CompositionOffset: f.sample.CompositionOffset, Key: f.sample.Key,
					}, is)
					at += int64(is.Duration)
					n++
				}
			}
		}
		require.Len(t, frames, n)
		require.Less(t, len(data), 8*n)
		t.Logf("%s: %.2f bytes a sample", rendition, float64(len(data))/float64(n))
	}
}

// FuzzIndex: whatever lies in the file, reading it ends, in memory in
// proportion to it, and tells nothing that lies outside of its segment.
func FuzzIndex(f *testing.F) {
	runs := packRuns([]fmp4.Run{
		{DecodeTime: 90000, Offset: 100, Samples: []fmp4.SampleInfo{{Size: 500, Duration: 3000, Key: true}, {Size: 20, Duration: 3000, CompositionOffset: -3000}}},
		{DecodeTime: 96000, Offset: 700, Samples: []fmp4.SampleInfo{{Size: 9, Duration: 1}, {Size: 8, Duration: 7, Key: true}}},
	})
	f.Add(packIndex([]indexed{{number: 3, bytes: 1000, runs: runs}, {number: 4, init: 1, bytes: 2000, runs: runs}}))
	f.Add(packIndex(nil))
	f.Add(packIndex([]indexed{{number: 1, bytes: 10, runs: []byte{0xff, 0xff, 3}}}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		bound.Cost(t, 64*len(b), func() {
			// The sum of a fuzzer's bytes is always wrong: what is behind it is
			// looked at too.
			for _, data := range [][]byte{b, sealed(b)} {
				segments, err := parseIndex(data)
				if err != nil {
					require.Nil(t, segments)
					continue
				}
				for _, s := range segments {
					var run fmp4.Run
					end := int64(0)
					_ = unpackRuns(s.runs, s.bytes, &run, func() error {
						require.NotEmpty(t, run.Samples)
						require.GreaterOrEqual(t, run.Offset, end)
						_, end = runEnd(&run)
						require.LessOrEqual(t, end, s.bytes)
						return nil
					})
				}
			}
		})
	})
}
