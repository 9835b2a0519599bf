package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/timecode"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// decoded has ffmpeg turn a recording into raw pictures.
func decoded(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := exec.Command("ffmpeg", "-v", "error", "-i", path, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-").Output()
	require.NoError(t, err)
	return raw
}

func TestSourceSendsPicturesThatTellTheirTime(t *testing.T) {
	_, err := exec.LookPath("ffmpeg")
	require.NoError(t, err, "this test needs ffmpeg: install the package ffmpeg")
	addrs, err := proc.FreePorts(1)
	require.NoError(t, err)
	out := filepath.Join(t.TempDir(), "out.flv")
	server, err := proc.Start("ffmpeg", "-hide_banner", "-nostdin", "-y", "-listen", "1", "-i", "rtmp://"+addrs[0]+"/live/x", "-c", "copy", out)
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop(10 * time.Second) })

	before := time.Now()
	s, err := startSource(t.Context())
	require.NoError(t, err)
	require.NoError(t, server.WaitFor(t.Context(), 30*time.Second, func(ctx context.Context) error {
		return s.Publish(ctx, addrs[0], "x")
	}))
	limit, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	first, err := s.First(limit)
	require.NoError(t, err)
	var delays []float64
	require.Eventually(t, func() bool {
		delays = append(delays, s.Delays()...)
		return len(delays) >= 30
	}, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, s.Close())
	<-server.Done()
	t.Logf("encoder's delay p50 %s ms, least %s", report.Number(report.Percentile(delays, 0.5)), report.Number(report.Percentile(delays, 0)))

	pictures := decoded(t, out)
	require.GreaterOrEqual(t, len(pictures), 30*timecode.Size)
	last := uint32(0)
	for ; len(pictures) >= timecode.Size; pictures = pictures[timecode.Size:] {
		code, ok := timecode.Read(pictures)
		require.True(t, ok)
		require.GreaterOrEqual(t, code, last)
		require.GreaterOrEqual(t, code, uint32(before.UnixMilli()))
		if last == 0 {
			require.LessOrEqual(t, code, uint32(first.UnixMilli()), "it was made before it was sent")
		}
		last = code
	}
}
