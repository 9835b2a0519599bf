package fmp4

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

func TestReadRunsTellsWhatFragmentsHold(t *testing.T) {
	all := tracks(t)
	var file []byte
	file = AppendFragment(file, all["h264"], 1, 90000, pictures(3, 6006, 0, -3003))
	file = AppendFragment(file, all["h264"], 2, 99009, pictures(1))
	late := pictures(3)
	late[0].Key, late[1].Key, late[2].Duration = false, true, 7
	file = AppendFragment(file, all["h264"], 3, 1<<40, late)
	requireRuns(t, file)

	runs, err := ReadRuns(bytes.NewReader(file), int64(len(file)-1))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Len(t, runs, 2, "those before the one that is cut")
}

// requireRuns checks that a file is read without its media as with it.
func requireRuns(t *testing.T, file []byte) {
	t.Helper()
	fragments, err := ParseFragments(file)
	require.NoError(t, err)
	runs, err := ReadRuns(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	require.Len(t, runs, len(fragments))
	for i, f := range fragments {
		require.Equal(t, f.DecodeTime, runs[i].DecodeTime)
		require.Len(t, runs[i].Samples, len(f.Samples))
		at := runs[i].Offset
		for j, s := range f.Samples {
			is := runs[i].Samples[j]
			require.Equal(t, SampleInfo{uint32(len(s.Data)), s.Duration, s.CompositionOffset, s.Key}, is)
			require.Equal(t, s.Data, file[at:at+int64(is.Size)])
			at += int64(is.Size)
		}
		require.Equal(t, at, runs[i].Offset+runs[i].Bytes())
	}
}

func FuzzReadRuns(f *testing.F) {
	all := tracks(f)
	f.Add(AppendFragment(AppendFragment(nil, all["aac"], 1, 0, sounds(3)), all["aac"], 2, 3072, sounds(1)))
	f.Add(AppendFragment(nil, all["h264"], 1, 90000, pictures(3, 0, 6006, -3003)))
	f.Add(append([]byte{0, 0, 0, 9, 'f', 'r', 'e', 'e', 0}, AppendFragment(nil, all["h265"], 7, 1<<62, pictures(2, -1, 1))...))
	f.Add([]byte("\x00\x00\x00\x01moof\x00\x00\x00\x00\x00\x00\x00\x10"))
	f.Fuzz(func(t *testing.T, b []byte) {
		var runs []Run
		bound.Cost(t, 128*len(b)+moofAhead, func() { runs, _ = ReadRuns(bytes.NewReader(b), int64(len(b))) })
		at := int64(0)
		for _, run := range runs {
			require.NotEmpty(t, run.Samples)
			require.GreaterOrEqual(t, run.Offset, at)
			at = run.Offset + run.Bytes()
			require.LessOrEqual(t, at, int64(len(b)))
			require.GreaterOrEqual(t, run.DecodeTime, int64(0))
		}
	})
}
