package testkit

import (
	"bytes"
	"testing"
	"time"
)

// FFmpeg runs ffmpeg to its end and fails the test when it fails, with what it
// said.
func FFmpeg(t testing.TB, limit time.Duration, args ...string) {
	t.Helper()
	p := Start(t, ffmpeg(t, args))
	if code := p.Wait(t, limit); code != 0 {
		t.Fatalf("ffmpeg %v ended with code %d:\n%s", args, code, p.Log())
	}
}

// StartFFmpeg starts ffmpeg and leaves it running.
func StartFFmpeg(t testing.TB, args ...string) *Process {
	t.Helper()
	return Start(t, ffmpeg(t, args))
}

// Publish sends a clip to an RTMP address as it is, at the pace of its own
// time, and leaves ffmpeg running: it stops cleanly at the clip's end, or at
// SIGTERM. Kill breaks its connection without a word.
func Publish(t testing.TB, clip, url string) *Process {
	t.Helper()
	return StartFFmpeg(t, "-re", "-i", clip, "-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", url)
}

// PublishTest encodes and sends a test picture without end, with a key frame
// each gop frames at 30 frames a second, and a tone.
func PublishTest(t testing.TB, gop string, url string) *Process {
	t.Helper()
	return StartFFmpeg(t, "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=30", "-re", "-f", "lavfi", "-i", "sine=f=440:b=4:r=48000",
		"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-threads", "1",
		"-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-b:v", "300k", "-c:a", "aac", "-b:a", "64k", "-f", "flv", url)
}

// output runs a command and returns all that it wrote, which must be bounded
// by what the test feeds it.
func output(t testing.TB, limit time.Duration, path string, args ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	p := Start(t, Command{Path: path, Args: args, Stdout: &out})
	if code := p.Wait(t, limit); code != 0 {
		t.Fatalf("%s %v ended with code %d:\n%s", path, args, code, p.Log())
	}
	return out.Bytes()
}

func ffmpeg(t testing.TB, args []string) Command {
	t.Helper()
	return Command{Path: Tool(t, "ffmpeg"), Args: append([]string{"-hide_banner", "-nostdin", "-loglevel", "warning"}, args...)}
}
