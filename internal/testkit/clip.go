package testkit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// clipLimit is how long making a clip may take on a busy machine.
const clipLimit = 5 * time.Minute

// Tracks says what a clip holds.
type Tracks int

// The kinds of a clip.
const (
	VideoAndAudio Tracks = iota
	VideoOnly
	AudioOnly
)

// Clip describes a test clip: a moving picture in H.264 and a tone in AAC, in
// an FLV file. The zero value of each field is its default.
type Clip struct {
	Tracks     Tracks
	Seconds    float64       // length; 6
	Rate       string        // frames a second as a fraction; "30"
	GOP        int           // frames from one key frame to the next, exactly; 60
	BFrames    int           // in a row; 0
	Size       string        // "320x180"
	Bitrate    string        // of the picture; "300k"
	SampleRate int           // Hz; 48000
	AudioDelay time.Duration // silence in the timeline before the first audio frame; 0
}

// LongClip plays while people do things on pages. Its few frames a second leave
// the processor to them.
var LongClip = Clip{Seconds: 300, Rate: "15", GOP: 30}

// ClipGOP1999 has a key frame each 1.999 s: a hair under a segment of 2 s.
var ClipGOP1999 = Clip{Rate: "60000/1999", GOP: 60, Seconds: 14}

// ClipGOP8300 has a key frame each 8.3 s, as OBS sets by itself.
var ClipGOP8300 = Clip{Rate: "30", GOP: 249, Seconds: 20}

// ClipGOP60 has one key frame a minute, and a second one near its end.
var ClipGOP60 = Clip{Rate: "30", GOP: 1800, Seconds: 63}

// Path makes the clip, or finds it in the user's cache from an earlier run,
// and returns its path. The file is shared: never write to it.
func (c Clip) Path(t testing.TB) string {
	t.Helper()
	args := c.args()
	sum := sha256.Sum256([]byte(strings.Join(args, "\x00")))
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	dir = filepath.Join(dir, "rostrum-testkit")
	path := filepath.Join(dir, "clip-"+hex.EncodeToString(sum[:8])+".flv")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatalf("make the clips' cache: %v", err)
	}
	part, err := os.CreateTemp(dir, "making-*.flv")
	if err != nil {
		t.Fatalf("make a clip: %v", err)
	}
	_ = part.Close() // only its name is used
	defer os.Remove(part.Name())
	FFmpeg(t, clipLimit, append(args, "-y", part.Name())...)
	if err := os.Rename(part.Name(), path); err != nil { // whole or not there, also for a test beside us
		t.Fatalf("keep a clip: %v", err)
	}
	return path
}

// args is the recipe, without the output's name.
func (c Clip) args() []string {
	c = c.withDefaults()
	length := strconv.FormatFloat(c.Seconds, 'f', -1, 64)
	var args []string
	if c.Tracks != AudioOnly {
		args = append(args, "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=%s:r=%s:d=%s", c.Size, c.Rate, length))
	}
	if c.Tracks != VideoOnly {
		sound := c.Seconds - c.AudioDelay.Seconds()
		if c.AudioDelay > 0 {
			args = append(args, "-itsoffset", strconv.FormatFloat(c.AudioDelay.Seconds(), 'f', -1, 64))
		}
		args = append(args, "-f", "lavfi", "-i", fmt.Sprintf("sine=f=440:b=4:r=%d:d=%g", c.SampleRate, sound))
	}
	if c.Tracks != AudioOnly {
		gop := strconv.Itoa(c.GOP)
		args = append(args, "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p",
			"-g", gop, "-keyint_min", gop, "-sc_threshold", "0", "-bf", strconv.Itoa(c.BFrames), "-b:v", c.Bitrate, "-threads", "1")
		if c.BFrames > 0 {
			args = append(args, "-x264-params", "b-adapt=0")
		}
	}
	if c.Tracks != VideoOnly {
		args = append(args, "-c:a", "aac", "-b:a", "64k", "-ac", "2")
	}
	return append(args, "-flvflags", "no_duration_filesize", "-f", "flv")
}

func (c Clip) withDefaults() Clip {
	if c.Seconds == 0 {
		c.Seconds = 6
	}
	if c.Rate == "" {
		c.Rate = "30"
	}
	if c.GOP == 0 {
		c.GOP = 60
	}
	if c.Size == "" {
		c.Size = "320x180"
	}
	if c.Bitrate == "" {
		c.Bitrate = "300k"
	}
	if c.SampleRate == 0 {
		c.SampleRate = 48000
	}
	return c
}
