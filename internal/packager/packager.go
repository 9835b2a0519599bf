// Package packager turns a stream's access units into CMAF parts and
// segments, once for all: it cuts them, keeps the newest in a window for each
// rendition, and answers the HLS and DASH requests for them. It knows neither accounts
// nor where segments are kept: who stores them follows a Tail and hands the
// file back.
package packager

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// Options are the lengths that a broadcast is cut to, and how it is sent.
type Options struct {
	Segment    time.Duration // a segment ends before the first key frame that comes about so late; 0 is 2 s
	Part       time.Duration // what a part's length is nearest to; 0 is 200 ms
	LiveWindow time.Duration // what a live playlist reaches back, at least four target durations; 0 is 60 s
	Bodies     *bodies.Cache // of segments that go out by TLS or HTTP/2; nil is none
	Begun      time.Time     // when the broadcast began: the zero of its MPD's clock, the same after a restart
	// Window is what a rewind playlist reaches back, at least LiveWindow; 0 is
	// all of the broadcast. What is not in memory any more comes from Archive;
	// without one a rewind playlist reaches back as far as a live one.
	Window  time.Duration
	Archive Archive
}

func (o Options) withDefaults() Options {
	if o.Segment == 0 {
		o.Segment = 2 * time.Second
	}
	if o.Part == 0 {
		o.Part = 200 * time.Millisecond
	}
	if o.LiveWindow == 0 {
		o.LiveWindow = time.Minute
	}
	o.LiveWindow = max(o.LiveWindow, o.leastWindow())
	return o
}

// TargetDuration is EXT-X-TARGETDURATION: no segment is longer, whatever the
// encoder does. It never changes during a broadcast.
func (o Options) TargetDuration() time.Duration { return 2 * o.Segment }

// leastWindow is what a playlist must reach back so that no segment leaves it
// while fewer than three target durations would stay (RFC 8216bis 6.2.2).
func (o Options) leastWindow() time.Duration { return 4 * o.TargetDuration() }

// Packager packages one broadcast.
type Packager struct {
	stream *live.Stream
	opts   Options
	multi  multivariant
	dash   dash

	mu        sync.Mutex
	windows   []*Window     // appended to, never changed
	wake      chan struct{} // closed at news for tails, made by the first who waits
	standing  bool
	turn      chan struct{} // closed when standing changes
	suspended bool
	firstPart int64 // number of the first part of a new window

	ready     chan struct{} // closed when the first playlist can be played, or will never be
	readyOnce sync.Once
	playable  time.Time // valid once ready is closed; zero when nothing came
}

// New makes the packager of a stream. Run does its work.
func New(s *live.Stream, o Options) *Packager {
	p := &Packager{stream: s, opts: o.withDefaults(), turn: make(chan struct{}), ready: make(chan struct{})}
	p.dash.outline.Delay = p.delayOf
	return p
}

// Broadcast is the id of the broadcast that is packaged.
func (p *Packager) Broadcast() string { return p.stream.Broadcast }

// Channel is the public name of the channel that is on air.
func (p *Packager) Channel() string { return p.stream.Channel }

// Options returns the lengths in force, defaults filled in.
func (p *Packager) Options() Options { return p.opts }

// Ready is closed once a player can start, or the stream ended before.
func (p *Packager) Ready() <-chan struct{} { return p.ready }

// Playable returns when the first playlist could be played. It is zero when
// Ready is not closed yet, or the stream ended before anything could be played.
func (p *Packager) Playable() time.Time {
	select {
	case <-p.ready:
		return p.playable
	default:
		return time.Time{}
	}
}

// Windows returns the renditions' windows in order of appearance. All who ask
// share the slice: it is not to be changed.
func (p *Packager) Windows() []*Window {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.windows[:len(p.windows):len(p.windows)]
}

// Window returns the window of a rendition, nil when there is none.
func (p *Packager) Window(rendition string) *Window {
	for _, w := range p.Windows() {
		if w.Name == rendition {
			return w
		}
	}
	return nil
}

// Run packages until the stream ends, flushes what is open and ends all
// windows. Where the encoder changes it flushes too, and goes on behind a
// discontinuity. It returns nil after the stream's end, the context's error
// when it was aborted, and another when a track cannot be packaged; the windows
// have ended in each case. Run is called once.
func (p *Packager) Run(ctx context.Context) error {
	f := newFollower(p.stream)
	defer f.timer.Stop()
	p.stream.Drive(f.drain)
	defer p.stream.Drive(nil)
	err := live.ErrInterrupted
	for errors.Is(err, live.ErrInterrupted) {
		c := newCutter(p)
		err = f.follow(ctx, c)
		c.finish()
		if errors.Is(err, live.ErrInterrupted) {
			p.level()
			p.stand()
		}
	}
	p.end()
	p.setReady(time.Time{})
	p.news() // after setReady: a tail of a broadcast without media looks at it
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// addWindow is called by the cutter for each new rendition.
func (p *Packager) addWindow(name string, kind media.Kind) *Window {
	w := newWindow(name, kind, p)
	w.nextPart = p.firstPart
	p.mu.Lock()
	p.windows = append(p.windows, w)
	p.mu.Unlock()
	return w
}

func (p *Packager) setReady(at time.Time) {
	p.readyOnce.Do(func() {
		p.playable = at
		close(p.ready)
	})
}

// news wakes the tails.
func (p *Packager) news() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wake != nil {
		close(p.wake)
		p.wake = nil
	}
}

func (p *Packager) waiter() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.wake == nil {
		p.wake = make(chan struct{})
	}
	return p.wake
}
