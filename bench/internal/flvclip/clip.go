package flvclip

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Spec says what a clip is. Its length is a whole number of pictures and of
// AAC frames, so that it loops on one continuous timeline.
type Spec struct {
	Width, Height int
	FPS           int // pictures a second
	GOP           int // pictures from one key frame to the next
	VideoKbps     int
	AudioKbps     int
	Seconds       int // a multiple of 8: 375 AAC frames at 48 kHz
	BFrames       int
}

// Standard is the clip of the project's goals: 1280×720, 30 pictures a
// second, 2.5 Mbit/s with a closed GOP of 2 s, AAC of 128 kbit/s.
var Standard = Spec{Width: 1280, Height: 720, FPS: 30, GOP: 60, VideoKbps: 2500, AudioKbps: 128, Seconds: 16, BFrames: 2}

// Light is a clip of few bytes, for crowds whose requests are what is measured:
// 320×180, 30 pictures a second, 100 kbit/s with a GOP of 2 s and no B-frames,
// AAC of 32 kbit/s.
var Light = Spec{Width: 320, Height: 180, FPS: 30, GOP: 60, VideoKbps: 100, AudioKbps: 32, Seconds: 16}

const (
	sampleRate  = 48000
	frameLength = 1024 // samples in an AAC frame
)

// Clip is a piece of media that can be sent over and over.
type Clip struct {
	Headers []Tag // onMetaData, when there is one, and sequence headers, all at time 0
	Media   []Tag // in the order to send; times are from the start of the clip, never falling
	Millis  uint32
	Frames  int // pictures in Media
}

// Read reads a clip that was made to the spec. Times are made anew from the
// count of frames, so a loop is exact: picture n is at n/FPS and AAC frame n
// at n·1024/48000 s, rounded to the millisecond as encoders do.
func Read(r io.Reader, s Spec) (*Clip, error) {
	c := &Clip{Millis: uint32(s.Seconds) * 1000, Frames: s.Seconds * s.FPS}
	sounds := s.Seconds * sampleRate / frameLength
	var pictures, frames []Tag
	in := NewReader(bufio.NewReaderSize(r, 1<<20))
	for {
		t, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch {
		case t.Type == Script || t.Header():
			t.Time = 0
			c.Headers = append(c.Headers, t)
		case t.picture():
			pictures = append(pictures, t)
		case t.sound():
			frames = append(frames, t)
		}
	}
	if len(pictures) < c.Frames || len(frames) < sounds {
		return nil, fmt.Errorf("read clip: %d pictures and %d aac frames, expected %d and %d", len(pictures), len(frames), c.Frames, sounds)
	}
	pictures, frames = pictures[:c.Frames], frames[:sounds]
	if !pictures[0].Key() {
		return nil, errors.New("read clip: does not begin with a key frame")
	}
	for i := range pictures {
		pictures[i].Time = millis(i, 1, s.FPS)
	}
	for i := range frames {
		frames[i].Time = millis(i, frameLength, sampleRate)
	}
	c.Media = slices.Concat(pictures, frames)
	slices.SortStableFunc(c.Media, func(a, b Tag) int { return int(a.Time) - int(b.Time) })
	return c, nil
}

// millis is the time of unit i, each of `length` ticks of a clock of rate.
func millis(i, length, rate int) uint32 {
	return uint32(math.Round(float64(i) * float64(length) * 1000 / float64(rate)))
}
