package transcode

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// wait bounds every wait of a test.
const wait = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o Options) *Transcoder {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	tr := New(o)
	t.Cleanup(tr.Close)
	return tr
}

// real is the ffmpeg of this machine, which tests have.
func real(t *testing.T) *Transcoder {
	t.Helper()
	return start(t, Options{FFmpeg: testkit.Tool(t, "ffmpeg"), Limit: 3 * wait}) // it gives way to all other tests
}

// fake is a program in ffmpeg's place: a shell script, which knows -version.
func fake(t *testing.T, limit time.Duration, script string) *Transcoder {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ffmpeg")
	text := "#!/bin/sh\nif [ \"$1\" = -version ]; then echo ffmpeg version 9.$(nice); exit; fi\n" + script
	require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
	return start(t, Options{FFmpeg: path, Limit: limit})
}

// keysOf returns the track and the key frames of an FLV file.
func keysOf(t *testing.T, path string) (track *media.Track, keys [][]byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	tags, err := flv.ParseFile(b)
	require.NoError(t, err)
	var demux flv.Demuxer
	for _, tag := range tags {
		e, err := demux.Tag(tag.Type, tag.Timestamp, bytes.Clone(tag.Body))
		require.NoError(t, err)
		if u := e.Unit; u != nil && u.Key && u.Track.Kind() == media.Video {
			track, keys = u.Track, append(keys, u.Data)
		}
	}
	require.NotEmpty(t, keys)
	return track, keys
}

// some is a job for a program that does not look at it.
func some() Job {
	return Job{
		Track: &media.Track{Codec: media.H264, Timescale: 90000, Config: []byte{1}, Width: 16, Height: 16},
		Keys:  [][]byte{{0}}, Width: 16, Height: 16,
	}
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	return m
}

func eventually(t *testing.T, why string, ok func() error) {
	t.Helper()
	testkit.Eventually(t, wait, func(context.Context) error {
		if err := ok(); err != nil {
			return fmt.Errorf("%s: %w", why, err)
		}
		return nil
	})
}
