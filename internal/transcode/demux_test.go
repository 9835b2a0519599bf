package transcode

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

func TestDemux(t *testing.T) {
	defer goleak.VerifyNone(t)
	ffmpeg, err := Find("")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "in.ts")
	testkit.FFmpeg(t, time.Minute, "-f", "lavfi", "-i", "testsrc=s=128x72:r=25:d=2", "-f", "lavfi", "-i", "sine=r=16000:d=2",
		"-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", path)
	d, err := Demux(t.Context(), ffmpeg, path, AAC)
	require.NoError(t, err)
	b, err := io.ReadAll(d)
	require.NoError(t, err)
	require.NoError(t, d.Close())
	require.Equal(t, "ftyp", string(b[4:8]))

	samples, err := Hear(t.Context(), ffmpeg, b)
	require.NoError(t, err)
	require.InDelta(t, 2*HearRate, len(samples), HearRate/5)

	// Closed in the midst it ends too.
	d, err = Demux(t.Context(), ffmpeg, path, AAC)
	require.NoError(t, err)
	_, err = io.ReadFull(d, make([]byte, 8))
	require.NoError(t, err)
	_ = d.Close() // it may say that its output broke

	opus := filepath.Join(t.TempDir(), "in.mkv")
	testkit.FFmpeg(t, time.Minute, "-f", "lavfi", "-i", "sine=r=48000:d=1", "-c:a", "libopus", opus)
	d, err = Demux(t.Context(), ffmpeg, opus, AAC)
	require.NoError(t, err)
	_, _ = io.ReadAll(d)
	require.ErrorIs(t, d.Close(), ErrNotAAC)

	for _, from := range []string{"file:/none.ts", "-version", "rtmp://127.0.0.1:1/live/x"} {
		d, err = Demux(t.Context(), ffmpeg, from, AnySound)
		require.NoError(t, err)
		b, _ = io.ReadAll(d)
		require.Empty(t, b, from)
		require.ErrorContains(t, d.Close(), "ffmpeg: ", from)
	}
	_, err = Hear(t.Context(), ffmpeg, []byte("no sound"))
	require.ErrorContains(t, err, "decode sound")
}

func TestWithoutFFmpeg(t *testing.T) {
	_, err := Find(filepath.Join(t.TempDir(), "ffmpeg"))
	require.ErrorIs(t, err, ErrNoFFmpeg)
	path := filepath.Join(t.TempDir(), "own")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"), 0o755))
	found, err := Find(path)
	require.NoError(t, err)
	require.Equal(t, path, found)
}
