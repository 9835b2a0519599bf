package still

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/transcode"
)

const (
	// LiveMaxAge is how long a still of what is on air may be kept by who got
	// it. With renewAfter it is never shown when older than 10 s, if the encoder
	// sends key frames as often as that.
	LiveMaxAge = 5 * time.Second
	renewAfter = 5 * time.Second
	// patience is how long who asks is kept waiting for a newer one.
	patience = 3 * time.Second
	// retryAfter is how long a stream is left alone of which no still came.
	retryAfter = 30 * time.Second
	// liveSide is the box of a still: twice the width of a card.
	liveSide = 640
)

// Still is a picture of what is on air.
type Still struct {
	JPEG []byte
	Tag  string // tells it from every other of its broadcast
}

// frame is the newest still of a broadcast.
type frame struct {
	mu     sync.Mutex
	still  Still
	of     *media.AccessUnit // of which it is; nil before the first
	flight chan struct{}     // closed when what is being made is there; nil: nothing is
	retry  time.Time         // nothing is tried before
	told   bool              // in the log, that something fails
}

// Live returns the newest still of what is on air, also while its encoder is
// away. One that is too old is made anew of the newest key frame, once for all
// who ask. It reports false when there is none: nothing came yet, there are no
// pictures in it, or they cannot be decoded. Who stops asking costs nothing.
func (s *Service) Live(ctx context.Context, stream *live.Stream) (Still, bool) {
	f := s.frameOf(stream)
	if flight := s.renew(stream, f); flight != nil {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		select {
		case <-flight:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.still, f.of != nil
}

// frameOf is a broadcast's place for its still. That of one that is over is
// kept nowhere: Ended follows its end, and nobody after it.
func (s *Service) frameOf(stream *live.Stream) *frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.frames[stream.Broadcast]
	if f == nil {
		f = &frame{}
		if !stream.Closed() {
			s.frames[stream.Broadcast] = f
		}
	}
	return f
}

// newestKey is the newest key frame of the pictures, nil when there is none.
func newestKey(stream *live.Stream) *media.AccessUnit {
	for _, r := range stream.Renditions() {
		if t := r.Track(); t != nil && t.Kind() == media.Video {
			return r.NewestKey()
		}
	}
	return nil
}

// renew begins to make a newer still, if it is time for one, and returns what is
// closed when it is there; nil when nothing is under way.
func (s *Service) renew(stream *live.Stream, f *frame) <-chan struct{} {
	u := newestKey(stream)
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	switch {
	case f.flight != nil:
		return f.flight
	case u == nil || u == f.of || len(u.Data) > transcode.MaxKey || now.Before(f.retry):
		return nil
	case f.of != nil && now.Sub(f.of.Arrived) < renewAfter:
		return nil
	}
	done := make(chan struct{})
	if !s.launch(func() { s.makeLive(stream, f, u, done) }) {
		return nil
	}
	f.flight = done
	return done
}

// launch runs fn in a goroutine that Close waits for, unless that was called.
func (s *Service) launch(fn func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wg.Go(fn)
	return true
}

func (s *Service) makeLive(stream *live.Stream, f *frame, u *media.AccessUnit, done chan struct{}) {
	pictures, err := s.opts.Transcoder.Pictures(s.ctx, transcode.Job{
		Track: u.Track, Keys: [][]byte{u.Data}, Width: liveSide, Height: liveSide, Urgent: true,
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	defer close(done)
	f.flight = nil
	switch {
	case err == nil:
		f.still, f.of = Still{JPEG: pictures[0], Tag: strconv.FormatInt(u.DTS, 36)}, u
	case errors.Is(err, transcode.ErrBusy) || s.ctx.Err() != nil: // the next who asks may have more luck
	default:
		f.retry = time.Now().Add(retryAfter)
		if !f.told && !errors.Is(err, transcode.ErrMissing) {
			f.told = true
			s.log.Warn("no still can be made of what is on air", "channel", stream.Channel, "broadcast", stream.Broadcast, "error", err)
		}
	}
}
