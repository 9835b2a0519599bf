package transcode

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os/exec"
	"strconv"
	"time"
)

const (
	// HearRate is the samples a second that Hear returns, of one channel. What it
	// cannot carry above 8 kHz is little of any sound's power.
	HearRate = 16000
	// hearLimit is how long it may take. It needs a thousandth of that, but gives
	// way to all else, on a busy machine too.
	hearLimit = time.Minute
	// hearMost bounds what comes of it: a minute.
	hearMost = 60 * HearRate * 2
)

// Hear decodes the sound of an MP4 file in memory.
func Hear(ctx context.Context, ffmpeg string, mp4 []byte) ([]int16, error) {
	ctx, cancel := context.WithTimeout(ctx, hearLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, ffmpeg, "-hide_banner", "-nostdin", "-loglevel", "error", "-threads", "1",
		"-protocol_whitelist", "pipe", "-f", "mov", "-i", "pipe:0", "-map", "0:a:0",
		"-ac", "1", "-ar", strconv.Itoa(HearRate), "-fs", strconv.Itoa(hearMost), "-f", "s16le", "pipe:1")
	out, complaints := &bounded{most: 2 * hearMost}, &bounded{most: maxWords, drop: true}
	cmd.Env = environment()
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(mp4), out, complaints, pipeWait
	apart(cmd)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("decode sound: %w", err)
	}
	calm(cmd.Process.Pid, nicest)
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("decode sound: %w: %s", err, words(complaints.Bytes()))
	}
	samples := make([]int16, out.Len()/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(out.Bytes()[2*i:]))
	}
	return samples, nil
}
