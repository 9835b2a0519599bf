// Package flvload is a crowd that watches one encoder's stream as it comes,
// over HTTP-FLV or RTMP. The encoder and all its viewers are in one process, so
// that it is known of every picture when it left and when it was whole at each
// viewer. One thread reads for all viewers: beside it the server has the
// machine nearly to itself.
package flvload

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

// Encoder sends a clip over and over in real time and notes when each picture
// left.
type Encoder struct {
	clip     *flvclip.Clip
	pictures []flvclip.Tag // of the clip
	began    time.Time

	sent  []atomic.Int64 // by picture: nanoseconds since began, just before its one write
	count atomic.Int64
}

// NewEncoder makes an encoder that can send for so long.
func NewEncoder(clip *flvclip.Clip, longest time.Duration) *Encoder {
	loops := int(longest/(time.Duration(clip.Millis)*time.Millisecond)) + 1
	e := &Encoder{clip: clip, began: time.Now(), sent: make([]atomic.Int64, loops*clip.Frames)}
	for _, t := range clip.Media {
		if t.Type == flvclip.Video {
			e.pictures = append(e.pictures, t)
		}
	}
	return e
}

// now is the time on the encoder's clock.
func (e *Encoder) now() int64 { return int64(time.Since(e.began)) }

// Pictures is how many were sent so far.
func (e *Encoder) Pictures() int { return int(e.count.Load()) }

// of returns the clip's picture that was sent as the given number.
func (e *Encoder) of(number int) flvclip.Tag { return e.pictures[number%len(e.pictures)] }

// find returns the number of the newest key frame of a size, among those of one
// loop: servers put a stream on times of their own. It may be on its way still.
func (e *Encoder) find(size int) (number int, found bool) {
	newest := e.Pictures()
	for n := newest; n >= max(0, newest-len(e.pictures)); n-- {
		if t := e.of(n); t.Key() && len(t.Body) == size {
			return n, true
		}
	}
	return 0, false
}

// Run sends until ctx ends, which is not an error, and returns the most that a
// message left late.
func (e *Encoder) Run(ctx context.Context, s *rtmppush.Session) (behind time.Duration, err error) {
	for _, t := range e.clip.Headers {
		if err := s.Send(t); err != nil {
			return 0, fmt.Errorf("send header: %w", err)
		}
	}
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for loop := uint32(0); ; loop++ {
		for _, t := range e.clip.Media {
			t.Time += loop * e.clip.Millis
			due := began.Add(time.Duration(t.Time) * time.Millisecond)
			timer.Reset(time.Until(due))
			select {
			case <-timer.C:
			case <-ctx.Done():
				return behind, nil
			case <-s.Done():
				return behind, errors.New("the server ended the session")
			}
			behind = max(behind, time.Since(due))
			n := e.count.Load()
			if t.Type == flvclip.Video {
				if int(n) == len(e.sent) {
					return behind, errors.New("the encoder was to send for longer than it can")
				}
				e.sent[n].Store(e.now())
			}
			if err := s.Send(t); err != nil {
				return behind, fmt.Errorf("send: %w", err)
			}
			if t.Type == flvclip.Video {
				e.count.Store(n + 1)
			}
		}
	}
}
