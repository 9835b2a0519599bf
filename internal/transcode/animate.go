package transcode

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"time"
)

const (
	animateLimit = 15 * time.Second
	// animateLength and animateFrames bound what is kept of a picture that moves.
	animateLength = "10"
	animateFrames = "250"
	animateMost   = 1 << 20
	animatePixels = 4 << 20
)

// Animate makes an animated WebP of a GIF in memory that moves, at most so wide
// and high, and ten seconds long. Other pictures that move cannot be read by a
// pipe.
func Animate(ctx context.Context, ffmpeg string, gif []byte, side int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, animateLimit)
	defer cancel()
	box := strconv.Itoa(side)
	cmd := exec.CommandContext(ctx, ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1", "-max_pixels", strconv.Itoa(animatePixels),
		"-protocol_whitelist", "pipe", "-f", "gif", "-i", "pipe:0", "-map", "0:v:0", "-t", animateLength, "-frames:v", animateFrames,
		"-filter_threads", "1", "-vf", "scale=w='min("+box+",iw)':h='min("+box+",ih)':force_original_aspect_ratio=decrease",
		"-c:v", "libwebp_anim", "-threads", "1", "-loop", "0", "-q:v", "75", "-f", "webp", "pipe:1")
	out, complaints := &bounded{most: animateMost}, &bounded{most: maxWords, drop: true}
	cmd.Env = environment()
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(gif), out, complaints, pipeWait
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("animate picture: %w", err)
	}
	calm(cmd.Process.Pid)
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("animate picture: %w: %s", err, words(complaints.Bytes()))
	}
	if !bytes.HasPrefix(out.Bytes(), []byte("RIFF")) {
		return nil, fmt.Errorf("animate picture: no WebP came: %s", words(complaints.Bytes()))
	}
	return out.Bytes(), nil
}
