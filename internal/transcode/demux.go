package transcode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Find returns the path of ffmpeg: of the program that path names, by its path
// or its name in PATH. Where it names none, the error is an ErrMissing; empty is
// ErrUnwanted.
func Find(path string) (string, error) {
	if path == "" {
		return "", ErrUnwanted
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrMissing, err)
	}
	return found, nil
}

// lastWords bounds what is kept of ffmpeg's complaints.
const lastWords = 2000

// Demuxed is a stream on its way through ffmpeg. Close ends it.
type Demuxed struct {
	io.Reader
	cancel context.CancelFunc
	cmd    *exec.Cmd
	out    io.Closer
	words  *tailOf
}

// ErrNotAAC is returned, wrapped, by Close for sound that is not AAC, where the
// caller said that it is.
var ErrNotAAC = errors.New("the sound is not AAC")

// framing is the filter that gives AAC the form that MP4 has it in. It refuses
// all other sound.
const framing = "aac_adtstoasc"

// Sound says what an unread stream's sound is taken for.
type Sound bool

// The kinds of sound. AAC of MPEG-TS and HLS must be told as such; what turns
// out to be something else ends with ErrNotAAC.
const (
	AAC      Sound = true
	AnySound Sound = false
)

// Demux has ffmpeg read an address, or a file behind "file:", and returns its
// picture and its sound in fragmented MP4 as they are: nothing is decoded. The
// caller reads, and closes it after that.
func Demux(ctx context.Context, ffmpeg, from string, sound Sound) (*Demuxed, error) {
	ctx, cancel := context.WithCancel(ctx)
	d := &Demuxed{cancel: cancel, words: &tailOf{most: lastWords}}
	args := []string{
		"-hide_banner", "-nostdin", "-loglevel", "error",
		"-i", from, "-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy",
	}
	if sound == AAC {
		args = append(args, "-bsf:a", framing)
	}
	// Not frag_every_frame: ffmpeg 5.1 gives fragments of one frame wrong times.
	args = append(args, "-f", "mp4", "-frag_duration", "100000", "-movflags", "empty_moov+default_base_moof+delay_moov", "-flush_packets", "1", "pipe:1")
	d.cmd = exec.CommandContext(ctx, ffmpeg, args...)
	d.cmd.Stderr, d.cmd.WaitDelay = d.words, pipeWait
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		cancel()
		return nil, fmt.Errorf("start ffmpeg: %w", err)
	}
	d.Reader, d.out = out, out
	if err := d.cmd.Start(); err != nil {
		cancel()
		return nil, fmt.Errorf("start ffmpeg: %w", err)
	}
	return d, nil
}

// Close ends ffmpeg, waits for that, and returns what it complained about as an
// error: nil when it did not.
func (d *Demuxed) Close() error {
	d.cancel()
	_ = d.out.Close() // so that a write ends
	_ = d.cmd.Wait()  // it was killed
	said := strings.Join(strings.Fields(strings.ToValidUTF8(d.words.String(), "")), " ")
	switch {
	case said == "":
		return nil
	case strings.Contains(said, "not supported by the bitstream filter '"+framing):
		return fmt.Errorf("%w: %s", ErrNotAAC, said)
	}
	return fmt.Errorf("ffmpeg: %s", said)
}

// tailOf keeps the end of what is written to it.
type tailOf struct {
	bytes.Buffer
	most int
}

// Write implements io.Writer.
func (t *tailOf) Write(p []byte) (int, error) {
	_, _ = t.Buffer.Write(p) // it never fails
	if over := t.Len() - t.most; over > 0 {
		t.Next(over)
	}
	return len(p), nil
}
