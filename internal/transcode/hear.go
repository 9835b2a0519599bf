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
	// hearLimit is how long it may take: a hundred times of what it needs.
	hearLimit = 5 * time.Second
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
	var out bytes.Buffer
	words := &tailOf{most: lastWords}
	cmd.Env = []string{"LC_ALL=C"}
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(mp4), &out, words, killWait
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("decode sound: %w: %s", err, words.String())
	}
	samples := make([]int16, out.Len()/2)
	for i := range samples {
		samples[i] = int16(binary.LittleEndian.Uint16(out.Bytes()[2*i:]))
	}
	return samples, nil
}
