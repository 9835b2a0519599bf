package testkit

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// probeLimit is how long reading a clip or a recording may take.
const probeLimit = 2 * time.Minute

// Packet is one coded frame as a demuxer gives it.
type Packet struct {
	DTS, PTS time.Duration // on the demuxer's timeline, which all tracks share
	Size     int           // bytes
	Hash     string        // of its bytes
}

// Packets reads every frame of one kind, "v" or "a", of a file or an address
// with ffmpeg, without decoding it. options stand before the output, for what
// is to be read of each frame.
func Packets(t testing.TB, input, kind string, options ...string) []Packet {
	t.Helper()
	args := append([]string{"-hide_banner", "-nostdin", "-loglevel", "error", "-i", input, "-map", "0:" + kind + ":0", "-c", "copy", "-copyinkf"}, options...)
	out := output(t, probeLimit, Tool(t, "ffmpeg"), append(args, "-f", "framehash", "-hash", "md5", "-")...)
	packets, err := parseFrameHash(out)
	if err != nil {
		t.Fatalf("read the frames of %s: %v", input, err)
	}
	return packets
}

// Decoded decodes every frame of one kind, "v" or "a", from a time on, and
// returns them as they are shown: Size and Hash are those of the frame, so that
// it can be known again after a player changed its container. options stand
// before the input, for one that does not say what it is.
func Decoded(t testing.TB, from time.Duration, input, kind string, options ...string) []Packet {
	t.Helper()
	args := append([]string{"-hide_banner", "-nostdin", "-loglevel", "error"}, options...)
	if from > 0 {
		args = append(args, "-ss", strconv.FormatFloat(from.Seconds(), 'f', 3, 64))
	}
	args = append(args, "-i", input, "-map", "0:"+kind+":0", "-fps_mode", "passthrough", "-f", "framehash", "-hash", "md5", "-")
	out := output(t, probeLimit, Tool(t, "ffmpeg"), args...)
	frames, err := parseFrameHash(out)
	if err != nil {
		t.Fatalf("decode %s: %v", input, err)
	}
	return frames
}

// DecodedFrames counts the frames of one kind, "v" or "a", that ffprobe can
// decode.
func DecodedFrames(t testing.TB, input, kind string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), probeLimit)
	defer cancel()
	n, err := CountFrames(ctx, input, kind)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// CountFrames is DecodedFrames for an input that may not be there yet, or still
// grows: it says what is wrong with it.
func CountFrames(ctx context.Context, input, kind string) (int, error) {
	out, err := exec.CommandContext(ctx, "ffprobe", "-loglevel", "error", "-select_streams", kind+":0", "-count_frames",
		"-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", input).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("count the frames of %s: %w: %s", input, err, out)
	}
	for line := range strings.Lines(string(out)) { // what it thinks of the media stands between
		if n, err := strconv.Atoi(strings.Trim(line, ", \n")); err == nil {
			return n, nil
		}
	}
	return 0, fmt.Errorf("count the frames of %s: %q", input, out)
}

// parseFrameHash reads ffmpeg's framehash text: "stream, dts, pts, duration,
// size, hash" lines after a header that gives the time base.
func parseFrameHash(text []byte) ([]Packet, error) {
	var (
		packets  []Packet
		num, den int64
	)
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		if base, ok := strings.CutPrefix(line, "#tb 0: "); ok {
			if _, err := fmt.Sscanf(base, "%d/%d", &num, &den); err != nil {
				return nil, fmt.Errorf("time base %q: %w", base, err)
			}
		}
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, ",")
		if len(f) < 6 || den == 0 {
			return nil, fmt.Errorf("line %q", line)
		}
		var v [4]int64 // dts, pts, duration, size
		for i := range v {
			n, err := strconv.ParseInt(strings.TrimSpace(f[i+1]), 10, 64)
			if err != nil {
				return nil, fmt.Errorf("line %q: %w", line, err)
			}
			v[i] = n
		}
		at := func(ticks int64) time.Duration { return time.Duration(ticks * int64(time.Second) * num / den) }
		packets = append(packets, Packet{DTS: at(v[0]), PTS: at(v[1]), Size: int(v[3]), Hash: strings.TrimSpace(f[5])})
	}
	if len(packets) == 0 {
		return nil, fmt.Errorf("no frame in %q", firstLine(text))
	}
	return packets, lines.Err()
}

func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return string(line[:min(len(line), 200)])
}
