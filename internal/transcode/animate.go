package transcode

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"time"
)

const (
	animateLimit = 30 * time.Second
	animateMost  = 1 << 20
)

// Animate makes an animated WebP of frames that follow one another at an even
// pace: of width by height pixels, each of four bytes (red, green, blue and how
// much hides what is behind). Frames that are the same become one.
func Animate(ctx context.Context, ffmpeg string, rgba io.Reader, width, height, pace int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, animateLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-protocol_whitelist", "pipe",
		"-f", "rawvideo", "-pixel_format", "rgba", "-video_size", fmt.Sprintf("%dx%d", width, height), "-framerate", strconv.Itoa(pace), "-i", "pipe:0",
		"-filter_threads", "1", "-c:v", "libwebp_anim", "-threads", "1", "-loop", "0", "-q:v", "75", "-f", "webp", "pipe:1")
	out, complaints := &bounded{most: animateMost}, &bounded{most: maxWords, drop: true}
	cmd.Env = environment()
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = rgba, out, complaints, pipeWait
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("animate picture: %w", err)
	}
	calm(cmd.Process.Pid, nice)
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("animate picture: %w: %s", err, words(complaints.Bytes()))
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("RIFF")) {
		return nil, fmt.Errorf("animate picture: no WebP came: %s", words(complaints.Bytes()))
	}
	return out.Bytes(), nil
}
