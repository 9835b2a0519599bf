package transcode

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each key frame of the demo clip is a picture of the wanted size, and another
// than the one before.
func TestPictures(t *testing.T) {
	t.Parallel()
	tr := real(t)
	version, err := tr.Version(t.Context())
	require.NoError(t, err)
	require.NotEmpty(t, version)
	track, keys := keysOf(t, "../app/demo/clip.flv")
	pictures, err := tr.Pictures(t.Context(), Job{Track: track, Keys: keys, Width: 160, Height: 160})
	require.NoError(t, err)
	require.Len(t, pictures, len(keys))
	for i, p := range pictures {
		size := decode(t, p).Bounds().Size()
		require.Equal(t, 160, size.X)
		require.InDelta(t, 160*track.Height/track.Width, size.Y, 1)
		require.False(t, i > 0 && bytes.Equal(p, pictures[i-1]), "picture %d is that before", i)
	}
	s := tr.Stats()
	require.EqualValues(t, len(keys), s.Pictures)
	require.Zero(t, s.Failed)
	require.Positive(t, s.CPU)
}

// No picture is made larger than it is, and the codecs of newer encoders are
// read too.
func TestCodecs(t *testing.T) {
	t.Parallel()
	tr := real(t)
	for _, path := range []string{"h264_aac", "h265_opus", "av1_aac"} {
		track, keys := keysOf(t, "../flv/testdata/"+path+".flv")
		pictures, err := tr.Pictures(t.Context(), Job{Track: track, Keys: keys[:1], Width: 4096, Height: 4096, Urgent: true})
		require.NoError(t, err, path)
		size := decode(t, pictures[0]).Bounds().Size()
		require.Equal(t, []int{track.Width &^ 1, track.Height &^ 1}, []int{size.X, size.Y}, path)
	}
}

// A key frame that is none costs its own picture and no other: the rest stay
// where they belong.
func TestABrokenKeyFrame(t *testing.T) {
	t.Parallel()
	tr := real(t)
	track, keys := keysOf(t, "../app/demo/clip.flv")
	keys = keys[:4]
	whole, err := tr.Pictures(t.Context(), Job{Track: track, Keys: keys, Width: 160, Height: 160})
	require.NoError(t, err)
	broken := slices.Clone(keys)
	broken[1] = bytes.Repeat([]byte{0xff}, 1000)
	broken[2] = []byte{0, 0, 0, 2, 0x65, 0} // the head of a slice, and nothing of it
	pictures, err := tr.Pictures(t.Context(), Job{Track: track, Keys: broken, Width: 160, Height: 160})
	require.NoError(t, err)
	require.Nil(t, pictures[1])
	require.Equal(t, whole[0], pictures[0])
	require.Equal(t, whole[3], pictures[3])

	_, err = tr.Pictures(t.Context(), Job{Track: track, Keys: broken[1:2], Width: 160, Height: 160})
	require.ErrorIs(t, err, ErrUndecodable)
	require.Contains(t, err.Error(), "NAL", "it says why: %v", err)
	require.EqualValues(t, 1, tr.Stats().Failed)
}

func TestNoJob(t *testing.T) {
	t.Parallel()
	tr := fake(t, 0, "exit 1")
	for name, change := range map[string]func(*Job){
		"no keys":      func(j *Job) { j.Keys = nil },
		"many keys":    func(j *Job) { j.Keys = make([][]byte, MaxKeys+1) },
		"an empty key": func(j *Job) { j.Keys = [][]byte{nil} },
		"a long key":   func(j *Job) { j.Keys = [][]byte{make([]byte, MaxKey+1)} },
		"no box":       func(j *Job) { j.Width = 0 },
		"no size":      func(j *Job) { j.Track.Width = 0 },
	} {
		j := some()
		change(&j)
		_, err := tr.Pictures(t.Context(), j)
		require.Error(t, err, name)
		require.NotErrorIs(t, err, ErrUndecodable, name)
	}
	require.Zero(t, tr.Stats().CPU, "nothing ran")
}

// What is no ffmpeg is none, and jobs are refused at once.
func TestMissing(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{"not wanted": "", "not there": "/nowhere/ffmpeg", "not itself": "/bin/ls"} {
		var told bytes.Buffer
		tr := start(t, Options{FFmpeg: path, Log: slog.New(slog.NewTextHandler(&told, nil))})
		_, err := tr.Version(t.Context())
		require.Equal(t, path != "", strings.Count(told.String(), "level=WARN msg=\"ffmpeg is missing") == 1, told.String())
		require.ErrorIs(t, err, ErrMissing, name)
		require.False(t, tr.Available(), name)
		_, err = tr.Pictures(t.Context(), some())
		require.ErrorIs(t, err, ErrMissing, name)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	tr := fake(t, 0, "")
	_, _ = tr.Version(t.Context())
	_, err := tr.Pictures(ended, some())
	require.ErrorIs(t, err, context.Canceled)
}
