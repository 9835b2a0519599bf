package vod

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// timing tells the MPDs of a recording apart.
type timing uint8

const (
	// wall: periods stand where they stood when they were on air, so that a
	// player of the growing recording, or of the live stream, can go on.
	wall timing = iota
	// packed: one behind the other, for a recording to which nothing is added.
	packed
)

// growing is the name of the wall-clock MPD of a recording, beside its
// manifest.mpd: who began before the end asks there.
const growing = "live.mpd"

// outline is a recording as its MPDs tell of it.
type outline struct {
	mu    sync.Mutex
	read  time.Time
	final bool
	built builder
	texts [2]*packager.Text // by timing
}

// builder reads rows into an outline. One goroutine uses it.
type builder struct {
	l         *Library
	broadcast string
	outline   packager.Outline
	tracks    []*recorded // by index in the outline
	live      bool        // it is what was on air, and not what was recorded
}

// recorded is a rendition of a recording.
type recorded struct {
	row    store.Rendition
	codecs map[int64]string // by initialisation section
	peak   int64            // bits a second
	next   int64            // number of the first row that was not read
	rows   []store.Segment  // read, and not yet in the outline
	dry    bool             // no more rows for now
}

func (r *recorded) kind() media.Kind {
	if r.row.Kind == media.Video.String() {
		return media.Video
	}
	return media.Audio
}

// mpd returns the text of a recording's MPD and whether it is final.
func (l *Library) mpd(ctx context.Context, b store.Broadcast, t timing) (*packager.Text, bool, error) {
	e := l.outlines.get(b.ID)
	e.mu.Lock()
	defer e.mu.Unlock()
	final := b.State == store.StateArchived
	if !final {
		t = wall
	}
	if text := e.texts[t]; text != nil && (e.final || !final && time.Since(e.read) < fresh) {
		return text, e.final, nil
	}
	e.built.l, e.built.broadcast = l, b.ID
	if err := e.built.extend(ctx, final); err != nil {
		return nil, false, err
	}
	text := e.built.render(b, t, final)
	if text == nil {
		l.outlines.drop(b.ID, e)
		return nil, false, l.nothing(ctx, b)
	}
	if final && !e.final {
		e.texts = [2]*packager.Text{} // they told of something that grows
	}
	e.texts[t], e.final, e.read = text, final, time.Now()
	return text, final, nil
}

// render returns nil when there is nothing to play.
func (d *builder) render(b store.Broadcast, t timing, final bool) *packager.Text {
	m := d.outline.MPD(packager.Options{Segment: d.l.opts.TargetDuration / 2, Begun: b.CreatedAt}, final)
	if t == packed {
		m.AvailabilityStart = time.Time{}
	}
	m.Location = "../../vod/" + b.ID + "/" + growing
	d.outline.Fill(m, t == packed, d.track)
	if len(m.Periods) == 0 {
		return nil
	}
	return packager.NewMPD(m.AppendTo(nil))
}

func (d *builder) track(rendition int, init int64) (packager.Track, bool) {
	r := d.tracks[rendition]
	codecs, ok := r.codecs[init]
	if !ok {
		codecs = r.row.Codecs
	}
	return packager.Track{
		Description: packager.Description{
			Name: r.row.Name, Kind: r.kind(), Codecs: codecs, Width: r.row.Width, Height: r.row.Height,
			FrameRate: media.Rate{Num: r.row.FrameRateNum, Den: r.row.FrameRateDen},
			Channels:  r.row.Channels, SampleRate: r.row.SampleRate, Peak: int(r.peak),
		},
		Prefix: packager.MediaPrefix(d.broadcast, r.row.Name),
	}, true
}

// extend reads the rows that the outline does not have yet, and forgets those
// that were deleted. final says that there will be no others.
func (d *builder) extend(ctx context.Context, final bool) error {
	if err := d.renditions(ctx); err != nil {
		return err
	}
	d.outline.Delay = func(rendition int, number int64) int64 { return d.delay(ctx, rendition, number) }
	for _, r := range d.tracks {
		r.dry = false
	}
	for more := true; more; {
		more = false
		for _, r := range d.tracks {
			if len(r.rows) > 0 || r.dry {
				continue
			}
			rows, err := d.l.opts.DB.Segments(ctx, d.broadcast, r.row.Name, r.next, rowsAtOnce)
			if err != nil {
				return err
			}
			if !d.live {
				settled(rows)
			}
			r.take(rows)
			more = more || len(rows) > 0
		}
		d.settle(final)
	}
	return d.forget(ctx)
}

func (r *recorded) take(rows []store.Segment) {
	r.rows, r.dry = rows, len(rows) < rowsAtOnce
	for i := range rows {
		if s := &rows[i]; s.Duration > 0 {
			r.peak = max(r.peak, s.Bytes*8*int64(s.Timescale)/s.Duration)
		}
		r.next = rows[i].Number + 1
	}
}

// renditions brings the list of them up to date. They keep their indexes.
func (d *builder) renditions(ctx context.Context) error {
	rows, err := d.l.opts.DB.Renditions(ctx, d.broadcast)
	if err != nil {
		return err
	}
	for _, row := range rows {
		i := slices.IndexFunc(d.tracks, func(r *recorded) bool { return r.row.Name == row.Name })
		if i < 0 {
			i, d.tracks = len(d.tracks), append(d.tracks, &recorded{})
		}
		r := d.tracks[i]
		r.row, r.codecs = row, map[int64]string{}
		inits, err := d.l.opts.DB.Inits(ctx, d.broadcast, row.Name)
		if err != nil {
			return err
		}
		for _, init := range inits {
			r.codecs[init.Number] = init.Codecs
		}
	}
	return nil
}

// mostAhead is how many rows renditions may be ahead of one that has none,
// before that is taken for a gap.
const mostAhead = 16

// settle tells the outline of the numbers of which it is known what every
// rendition has.
func (d *builder) settle(final bool) {
	entries := make([]packager.Entry, len(d.tracks))
	for {
		number, newest := int64(-1), int64(-1)
		missing, unread := false, false
		for _, r := range d.tracks {
			if n := len(r.rows); n > 0 {
				newest = max(newest, r.rows[n-1].Number)
				if number < 0 || r.rows[0].Number < number {
					number = r.rows[0].Number
				}
				continue
			}
			unread = unread || !r.dry
			missing = missing || r.next > 0
		}
		if number < 0 || unread || missing && !final && newest-number < mostAhead {
			return
		}
		for i, r := range d.tracks {
			entries[i] = packager.Entry{}
			if len(r.rows) > 0 && r.rows[0].Number == number {
				entries[i], r.rows = entryOf(&r.rows[0]), r.rows[1:]
			}
		}
		if number >= d.outline.Next() {
			d.outline.Add(number, entries)
		}
	}
}

func entryOf(row *store.Segment) packager.Entry {
	return packager.Entry{
		Media: !row.Gap, Discontinuity: row.Discontinuity, Independent: row.Independent, Init: row.Init,
		Start: row.Start, Ticks: row.Duration, Timescale: row.Timescale, Time: row.ProgramTime,
	}
}

// delay reads in a segment how long after its decode time its first picture is
// shown. Sound is shown when it is decoded.
func (d *builder) delay(ctx context.Context, rendition int, number int64) int64 {
	r := d.tracks[rendition]
	if r.kind() != media.Video {
		return 0
	}
	data, err := d.l.bytesOf(ctx, "", segmentKey(d.broadcast, r.row.Name, number))
	if err != nil {
		return 0 // who asks for the segment is told
	}
	parts, _ := fmp4.ParseFragments(data) // what can be read of it
	if len(parts) == 0 {
		return 0
	}
	return int64(parts[0].Samples[0].CompositionOffset)
}

// forget drops the segments that were deleted from the recording.
func (d *builder) forget(ctx context.Context) error {
	for i, r := range d.tracks {
		rows, err := d.l.opts.DB.Segments(ctx, d.broadcast, r.row.Name, 0, 1)
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			d.outline.Forget(i, rows[0].Number)
		}
	}
	return nil
}
