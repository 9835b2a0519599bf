package transcode

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// MaxKey is the most bytes that a key frame may have: 2 s of 32 Mbit/s.
	MaxKey = 8 << 20
	// MaxKeys is how many key frames a job has at most. A process takes as long
	// to begin as to decode some of them, and others wait for its end.
	MaxKeys = 20
	// maxPixels bounds the memory that a decoder takes: 8K and a little.
	maxPixels = 36 << 20
	// quality is mjpeg's, 2 to 31: there is nothing to see of it at these sizes.
	quality = 4
	// each is where one key frame lies behind the other on the way through
	// ffmpeg, in ms: by its time a picture is known for that of its key frame.
	each = 1000
)

// Job is key frames of one stream or recording of which pictures are wanted.
type Job struct {
	Track *media.Track // of all of them
	Keys  [][]byte     // access units as media.AccessUnit has them; 1 to MaxKeys, of at most MaxKey bytes
	// Width and Height are the box in which each picture fits. None is made
	// larger than it is.
	Width, Height int
	Urgent        bool // somebody waits for it
}

func (j *Job) check() error {
	if j.Track.Kind() != media.Video || len(j.Keys) == 0 || len(j.Keys) > MaxKeys || j.Width < 2 || j.Height < 2 {
		return errors.New("no job for pictures")
	}
	for _, k := range j.Keys {
		if len(k) == 0 || len(k) > MaxKey {
			return fmt.Errorf("key frame of %d bytes", len(k))
		}
	}
	return nil
}

// input is an MP4 file with a fragment for each key frame. We wrote all of it
// but the configuration and the frames themselves.
func (j *Job) input() ([]byte, error) {
	t := *j.Track
	t.Timescale = media.VideoTimescale
	b, err := fmp4.AppendInit(nil, &t)
	if err != nil {
		return nil, err
	}
	for i, k := range j.Keys {
		at := media.Ticks(time.Duration(i)*each*time.Millisecond, t.Timescale)
		b = fmp4.AppendFragment(b, &t, uint32(i+1), at, []fmp4.Sample{{Duration: t.Timescale, Key: true, Data: k}})
	}
	return b, nil
}

// arguments reads the input, scales it to the colours of a JPEG, and writes the
// JPEGs as the samples of another MP4 file, with the times that they came with.
func (j *Job) arguments() []string {
	w, h := strconv.Itoa(j.Width), strconv.Itoa(j.Height)
	scale := "scale=w='min(" + w + ",iw)':h='min(" + h + ",ih)':force_original_aspect_ratio=decrease:force_divisible_by=2" +
		":out_range=full:out_color_matrix=bt601,format=yuvj420p"
	return []string{
		"-hide_banner", "-nostdin", "-loglevel", "error",
		"-threads", "1", "-max_pixels", strconv.Itoa(maxPixels), "-protocol_whitelist", "pipe", "-copyts", "-f", "mov", "-i", "pipe:0",
		"-map", "0:v:0", "-filter_threads", "1", "-vf", scale, "-fps_mode", "passthrough", "-enc_time_base", "-1",
		"-c:v", "mjpeg", "-threads", "1", "-q:v", strconv.Itoa(quality), "-video_track_timescale", strconv.Itoa(each),
		"-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_every_frame", "pipe:1",
	}
}

// make does a job, and tells what processor time that took.
func (t *Transcoder) make(ctx context.Context, j Job) (pictures [][]byte, used time.Duration, err error) {
	if err := j.check(); err != nil {
		return nil, 0, err
	}
	in, err := j.input()
	if err != nil {
		return nil, 0, err
	}
	out, used, err := t.start(ctx, nicest, in, j.arguments()...)
	if ctx.Err() != nil || t.ctx.Err() != nil {
		return nil, used, errors.Join(ctx.Err(), t.ctx.Err())
	}
	// What it made before it failed is as good as any.
	fragments, _ := fmp4.ParseFragments(out)
	pictures = make([][]byte, len(j.Keys))
	made := 0
	for i := range fragments {
		f := &fragments[i]
		at := (f.DecodeTime + each/2) / each
		if at < int64(len(pictures)) && pictures[at] == nil && len(f.Samples[0].Data) > 0 {
			pictures[at] = f.Samples[0].Data
			made++
		}
	}
	t.pictures.Add(int64(made))
	switch {
	case made > 0:
		return pictures, used, nil
	case err != nil:
		return nil, used, fmt.Errorf("%w: %w", ErrUndecodable, err)
	}
	return nil, used, ErrUndecodable
}
