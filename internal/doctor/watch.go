package doctor

import (
	"bufio"
	"context"
	"errors"
	"io"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// ErrFormat is returned, wrapped, for bytes that are neither FLV nor fragmented
// MP4: another program must make one of them first.
var ErrFormat = errors.New("neither FLV nor fragmented MP4")

// Watching says how a stream is watched.
type Watching struct {
	// Live: units are worth looking at for when they come. Otherwise a unit has
	// come when it is due, as from a file.
	Live bool
	// For ends the watching so long after the first unit, by the clock; 0 is at
	// the stream's end.
	For time.Duration
}

// Watch reads a stream of FLV or fragmented MP4 until its end, or until ctx
// ends, and returns what was measured of it; a stream that breaks off counts up
// to there. It returns ErrFormat for other bytes, and the reader's error when
// there was no media before it. Who calls it closes r, which ends a Read that
// waits.
func Watch(ctx context.Context, r io.Reader, o Watching) (*Snapshot, error) {
	p := newPatient(o)
	err := p.read(ctx, bufio.NewReaderSize(r, 1<<16))
	if errors.Is(err, ErrFormat) || p.meter.begun.IsZero() && err != nil {
		return nil, err
	}
	var s *Snapshot
	if o.Live {
		s = p.meter.Snapshot(p.last)
	} else {
		s = p.meter.Finish()
	}
	s.Encoder, s.Notices, s.Unpaced = p.stream.Encoder(), p.stream.Notices(), !o.Live
	return s, nil
}

// patient is a stream that is read by the doctor itself, on the way that one of
// an encoder takes.
type patient struct {
	o      Watching
	meter  Meter
	stream *live.Stream
	pub    *live.Publisher
	feeds  map[media.Kind]*live.Feed
	until  time.Time
	last   time.Time                // arrival of the newest unit
	pace   map[media.Kind]*filePace // of a file
}

func newPatient(o Watching) *patient {
	p := &patient{o: o, stream: live.NewStream("", "", live.Limits{Age: time.Second}), feeds: map[media.Kind]*live.Feed{}, pace: map[media.Kind]*filePace{}}
	p.pub = live.NewPublisher(p.stream, func(*live.Publisher, live.End, error) {})
	p.stream.Tell(&p.meter)
	return p
}

var (
	flvMagic = []byte("FLV")
	// fragmentNames are the boxes that a file of MP4, or a piece of one, begins with.
	fragmentNames = []string{"ftyp", "styp", "moov", "moof", "sidx", "emsg", "free"}
)

// read finds the format, and reads all of it.
func (p *patient) read(ctx context.Context, r *bufio.Reader) error {
	head, err := r.Peek(8)
	if len(head) == 0 {
		return err
	}
	if len(head) >= len(flvMagic) && string(head[:3]) == string(flvMagic) {
		return p.readFLV(ctx, r)
	}
	for _, name := range fragmentNames {
		if len(head) == 8 && string(head[4:]) == name {
			return p.readMP4(ctx, r)
		}
	}
	return ErrFormat
}

// over reports whether enough was seen.
func (p *patient) over(ctx context.Context) bool {
	return ctx.Err() != nil || !p.until.IsZero() && time.Now().After(p.until)
}

// take hands a unit to the stream.
func (p *patient) take(u *media.AccessUnit) {
	kind := u.Track.Kind()
	if p.until.IsZero() && p.o.For > 0 {
		p.until = time.Now().Add(p.o.For)
	}
	if p.feeds[kind] == nil {
		p.feeds[kind] = p.pub.Rendition(kind.String() + "/source")
		p.pace[kind] = &filePace{}
	}
	if p.o.Live {
		p.last = time.Now()
	} else if due := p.pace[kind].due(media.Duration(u.DTS, u.Track.Timescale)); due.After(p.last) {
		p.last = due
	}
	u.Arrived = p.last
	p.feeds[kind].Write(u)
}

const (
	// farApart is a step between units of a kind that is no pause of its media:
	// time goes on by usualStep then, and the step is the clock's.
	farApart  = 500 * time.Millisecond
	usualStep = 20 * time.Millisecond
)

// filePace says when the units of one kind in a file are due, by their stamps as
// far as these go on.
type filePace struct {
	began       bool
	stamp, then time.Duration
}

func (f *filePace) due(stamp time.Duration) time.Time {
	step := stamp - f.stamp
	switch {
	case !f.began:
		f.began, step = true, max(0, min(stamp, farApart))
	case step > farApart, step < -farApart:
		step = usualStep
	}
	f.stamp, f.then = stamp, f.then+step
	return time.Unix(0, 0).Add(f.then)
}
