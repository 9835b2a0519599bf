package httpmedia

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	// openingWait is how long a request is held while a broadcast opens: as for
	// playlists.
	openingWait = 10 * time.Second
	// trackWait is how long after the first media a track that the encoder has
	// announced is waited for, so that the file's header tells of it.
	trackWait = 300 * time.Millisecond
	// batch is after how many units viewers hear of them though more are there,
	// to a feed that was held up.
	batch = 64
	// backlog is more units than a stream usually has when its feed starts.
	backlog = 4096
)

// feed follows one stream for all its viewers.
type feed struct {
	stream *live.Stream
	ring   ring
	lanes  lanes

	viewers int             // under the mutex of FLV
	ctx     context.Context // ends when nobody watches any more
	cancel  context.CancelFunc
	running sync.WaitGroup
}

func newFeed(s *live.Stream, c *counts) *feed {
	f := &feed{stream: s, ring: ring{counts: c}}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	f.lanes.ring, f.lanes.stream = &f.ring, s
	return f
}

// start lets the feed run until end.
func (f *feed) start() { f.running.Go(f.run) }

// end ends the feed and its lanes, and returns when they have ended.
func (f *feed) end() {
	f.cancel()
	f.running.Wait()
	f.lanes.running.Wait()
}

// run writes what the stream carries, until its end or that of the feed.
func (f *feed) run() {
	reader := f.stream.Reader()
	m := muxer{ring: &f.ring, expects: func(k media.Kind) bool { return slices.Contains(f.stream.Expected(), k) }}
	taken, level := 0, false
	for f.ctx.Err() == nil { // also when units never cease to come
		u, news, err := reader.Poll()
		switch {
		case errors.Is(err, live.ErrInterrupted):
			m.interrupt()
		case err != nil:
			m.publish()
			f.ring.finish()
			return
		case news == nil:
			m.take(u)
			// Whoever waits for the start begins with the newest key frame of
			// what is there already.
			if taken++; m.due && taken >= batch && (level || taken >= backlog) {
				m.publish()
				taken = 0
			}
		default:
			level, taken = true, 0
			if m.due {
				m.publish()
			}
			select {
			case <-news:
			case <-f.ctx.Done():
			}
		}
	}
}

// await waits until a viewer can begin: with the first key frame, once all
// tracks that were announced are there or the time for them is over. It reports
// false when the stream has ended before, or nothing has come, or ctx ends. A
// stream that has only its next key frame still to come counts as begun.
func (f *feed) await(ctx context.Context) bool {
	limit := time.NewTimer(openingWait)
	defer limit.Stop()
	tracks := time.NewTimer(openingWait)
	defer tracks.Stop()
	for {
		s, news := f.ring.state()
		switch {
		case s.ended:
			return s.begun
		case s.begun:
			left := trackWait - time.Since(s.since)
			if left <= 0 || s.has.all(f.stream.Expected()) {
				return true
			}
			tracks.Reset(left)
		}
		select {
		case <-news:
		case <-tracks.C:
		case <-limit.C:
			return f.carries()
		case <-ctx.Done():
			return false
		}
	}
}

// carries reports whether the stream has had media.
func (f *feed) carries() bool {
	return slices.ContainsFunc(f.stream.Renditions(), func(r *live.Rendition) bool { return r.Track() != nil })
}
