package timecode

import (
	"bytes"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPicturesSurviveTheCoder(t *testing.T) {
	_, err := exec.LookPath("ffmpeg")
	require.NoError(t, err, "this test needs ffmpeg: install the package ffmpeg")
	times := []time.Time{time.UnixMilli(0), time.UnixMilli(0xffffffff), time.UnixMilli(1790000000123), time.UnixMilli(0xaaaaaaaa), time.UnixMilli(0x55555555)}
	p := NewPainter()
	var raw bytes.Buffer
	for n, at := range times {
		raw.Write(p.Paint(n, at))
	}
	coder := exec.Command("ffmpeg", "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "640x360", "-r", "30", "-i", "-",
		"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-b:v", "1500k", "-f", "h264", "-")
	coder.Stdin = &raw
	coded, err := coder.Output()
	require.NoError(t, err)
	decoder := exec.Command("ffmpeg", "-v", "error", "-f", "h264", "-i", "-", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-")
	decoder.Stdin = bytes.NewReader(coded)
	decoded, err := decoder.Output()
	require.NoError(t, err)
	require.Len(t, decoded, len(times)*Size)
	for n, at := range times {
		ms, ok := Read(decoded[n*Size:])
		require.True(t, ok, "picture %d", n)
		require.Equal(t, uint32(at.UnixMilli()), ms, "picture %d", n)
	}
}

func TestCheckTellsEveryWrongBlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Uint32().Draw(t, "ms")
		wrong := Code(time.UnixMilli(int64(ms))) ^ 1<<rapid.IntRange(0, blocks-1).Draw(t, "block")
		if Check(uint32(wrong>>8)) == byte(wrong) {
			t.Fatalf("%010x reads as valid", wrong)
		}
	})
	require.NotZero(t, Check(0), "a black row is no code")
	require.NotEqual(t, byte(0xff), Check(0xffffffff), "a white row is no code")
}

func BenchmarkPaint(b *testing.B) {
	p := NewPainter()
	b.ReportAllocs()
	for n := range b.N {
		p.Paint(n, time.UnixMilli(int64(n)))
	}
}
