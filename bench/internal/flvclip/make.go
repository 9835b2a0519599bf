package flvclip

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Load returns the clip of the spec from the cache folder, and has ffmpeg
// make it there when it is missing. The file is named for the command that
// made it, so another recipe makes another file.
func Load(ctx context.Context, folder string, s Spec) (*Clip, error) {
	args := s.command()
	name := fmt.Sprintf("clip-%x.flv", sha256.Sum256([]byte(strings.Join(args, "\x00"))))
	path := filepath.Join(folder, name[:len("clip-")+16]+".flv")
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		if err := encode(ctx, args, path); err != nil {
			return nil, err
		}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open clip: %w", err)
	}
	defer func() { _ = f.Close() }()
	return Read(f, s)
}

// encode writes beside the path and renames, so that an interrupted run
// leaves no half clip.
func encode(ctx context.Context, args []string, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make the clip's folder: %w", err)
	}
	half := path + ".half"
	out, err := exec.CommandContext(ctx, "ffmpeg", append(args, half)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("make clip with ffmpeg: %w: %s", err, out)
	}
	if err := os.Rename(half, path); err != nil {
		return fmt.Errorf("keep clip: %w", err)
	}
	return nil
}

// command is ffmpeg's arguments without the output. The picture has enough
// noise that x264 spends the whole bit rate, as a camera or a game does; one
// second more than needed is made, for the encoder's delay at the end.
func (s Spec) command() []string {
	rate := strconv.Itoa(s.VideoKbps) + "k"
	return []string{
		"-hide_banner", "-nostdin", "-loglevel", "error", "-y",
		"-f", "lavfi", "-i", fmt.Sprintf("testsrc2=size=%dx%d:rate=%d,noise=alls=12:allf=t,format=yuv420p", s.Width, s.Height, s.FPS),
		"-f", "lavfi", "-i", fmt.Sprintf("aevalsrc=0.2*sin(440*2*PI*t)+0.1*random(0)|0.2*sin(660*2*PI*t)+0.1*random(1):s=%d", sampleRate),
		"-t", strconv.Itoa(s.Seconds + 1),
		"-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-bf", strconv.Itoa(s.BFrames),
		"-g", strconv.Itoa(s.GOP), "-keyint_min", strconv.Itoa(s.GOP), "-sc_threshold", "0", "-flags", "+cgop",
		"-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate,
		"-c:a", "aac", "-b:a", strconv.Itoa(s.AudioKbps) + "k", "-ac", "2",
		"-f", "flv",
	}
}
