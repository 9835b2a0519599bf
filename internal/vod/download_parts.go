package vod

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// maxDescriptions bounds the sample descriptions of one track: an encoder that
// changes its parameter sets more often gets a further part.
const maxDescriptions = 64

// moviePart is what one MP4 file holds of a broadcast: a run of segments whose
// tracks keep their codec, clock and channels, and in which recording was not
// stopped.
type moviePart struct {
	number      int   // from 1
	first, last int64 // segments
	after       int64 // where recording began before it
	tracks      []*movieTrack
}

// movieTrack is one rendition in a part.
type movieTrack struct {
	rendition    string
	descriptions []*media.Track
	byInit       map[int64]int // index of the description, by number of the initialisation section
}

// stretch is a run of segments of one rendition with one initialisation
// section.
type stretch struct {
	store.Stretch
	rendition string
	track     *media.Track
	after     int64 // where recording began before it: another file begins there
}

// span is the segments of a broadcast that a download is made of.
type span struct {
	broadcast   string
	renditions  []string // of video, of audio, or both
	first, last int64
}

// downloadRenditions picks what a download is made of: of each kind what the
// encoder sent.
func (l *Library) downloadRenditions(ctx context.Context, broadcast string) ([]string, error) {
	rows, err := l.opts.DB.Renditions(ctx, broadcast)
	return sourceRenditions(rows), err
}

// sourceRenditions are those that the encoder sent, one of each kind at most,
// pictures first.
func sourceRenditions(rows []store.Rendition) (names []string) {
	for _, kind := range []string{media.Video.String(), media.Audio.String()} {
		of := slices.DeleteFunc(slices.Clone(rows), func(r store.Rendition) bool { return r.Kind != kind })
		if len(of) == 0 {
			continue
		}
		pick := of[0].Name
		if slices.ContainsFunc(of, func(r store.Rendition) bool { return r.Name == kind+"/source" }) {
			pick = kind + "/source"
		}
		names = append(names, pick)
	}
	return names
}

// stretches reads what a span is made of, rendition by rendition.
func (l *Library) stretches(ctx context.Context, s span) ([]stretch, error) {
	var all []stretch
	for _, rendition := range s.renditions {
		runs, err := l.opts.DB.PassingRuns(ctx, s.broadcast, rendition)
		if err != nil {
			return nil, err
		}
		first := s.first
		for i := range len(runs) + 1 { // what was recorded before each stop, and after the last
			last := s.last
			if i < len(runs) {
				last = min(last, runs[i].First-1)
			}
			if first <= last {
				rows, err := l.opts.DB.Stretches(ctx, s.broadcast, rendition, first, last)
				if err != nil {
					return nil, err
				}
				described, err := l.describe(ctx, s.broadcast, rendition, rows)
				if err != nil {
					return nil, err
				}
				for j := range described {
					described[j].after = first
				}
				all = append(all, described...)
			}
			if i < len(runs) {
				first = max(first, runs[i].Last+1)
			}
		}
	}
	return all, nil
}

// describe reads the initialisation sections of stretches.
func (l *Library) describe(ctx context.Context, broadcast, rendition string, rows []store.Stretch) ([]stretch, error) {
	list := make([]stretch, 0, len(rows))
	for _, row := range rows {
		init, err := l.section(ctx, initKey(broadcast, rendition, row.Init))
		if err != nil {
			return nil, fmt.Errorf("%s: initialisation section %d: %w", rendition, row.Init, err)
		}
		list = append(list, stretch{Stretch: row, rendition: rendition, track: init.track})
	}
	return list, nil
}

// parts divides a span where a track changes in what a file tells of it once.
func (l *Library) parts(ctx context.Context, s span) ([]moviePart, error) {
	all, err := l.stretches(ctx, s)
	return partsOf(s, all), err
}

func partsOf(s span, all []stretch) []moviePart {
	slices.SortStableFunc(all, func(a, b stretch) int { return cmp.Compare(a.First, b.First) })
	var parts []moviePart
	newest := map[string]stretch{} // of each rendition
	for _, next := range all {
		if n := len(parts); n == 0 || !parts[n-1].takes(next) {
			part := moviePart{number: n + 1, first: s.first, after: next.after}
			if n > 0 {
				part.first, parts[n-1].last = next.First, next.First-1
			}
			for _, rendition := range s.renditions {
				if other, ok := newest[rendition]; ok && rendition != next.rendition && other.Last >= next.First {
					part.add(other)
				}
			}
			parts = append(parts, part)
		}
		parts[len(parts)-1].add(next)
		newest[next.rendition] = next
	}
	if n := len(parts); n > 0 {
		parts[n-1].last = s.last
	}
	for i := range parts { // pictures first
		slices.SortFunc(parts[i].tracks, func(a, b *movieTrack) int {
			return cmp.Compare(slices.Index(s.renditions, a.rendition), slices.Index(s.renditions, b.rendition))
		})
	}
	return parts
}

func (p *moviePart) track(rendition string) *movieTrack {
	for _, t := range p.tracks {
		if t.rendition == rendition {
			return t
		}
	}
	return nil
}

// takes reports whether the part can go on with a stretch.
func (p *moviePart) takes(s stretch) bool {
	if s.after > p.after {
		return false // nothing was recorded before it
	}
	t := p.track(s.rendition)
	if t == nil {
		return true // it comes late
	}
	a, b := t.descriptions[0], s.track
	return a.Codec == b.Codec && a.Timescale == b.Timescale && a.SampleRate == b.SampleRate && a.Channels == b.Channels &&
		(t.description(b) >= 0 || len(t.descriptions) < maxDescriptions)
}

func (p *moviePart) add(s stretch) {
	t := p.track(s.rendition)
	if t == nil {
		t = &movieTrack{rendition: s.rendition, byInit: map[int64]int{}}
		p.tracks = append(p.tracks, t)
	}
	i := t.description(s.track)
	if i < 0 {
		i = len(t.descriptions)
		t.descriptions = append(t.descriptions, s.track)
	}
	t.byInit[s.Init] = i
}

// description finds the description that is the same as a track.
func (t *movieTrack) description(track *media.Track) int {
	return slices.IndexFunc(t.descriptions, func(d *media.Track) bool {
		return d.Width == track.Width && d.Height == track.Height && string(d.Config) == string(track.Config)
	})
}

// Download is an MP4 file that can be had of a recording.
type Download struct {
	Part     int // from 1
	Duration time.Duration
	// Bytes is how long the media in it is. The file is a little longer: by some
	// six bytes a frame.
	Bytes int64
}

// Downloads lists the files that a recording can be had in: one, or as many as
// its codecs changed and recording began. There are none when nothing is recorded.
func (l *Library) Downloads(ctx context.Context, b store.Broadcast) ([]Download, error) {
	s, err := l.wholeSpan(ctx, b)
	if err != nil || len(s.renditions) == 0 {
		return nil, err
	}
	parts, err := l.parts(ctx, s)
	if err != nil {
		return nil, err
	}
	list := make([]Download, 0, len(parts))
	for _, p := range parts {
		d := Download{Part: p.number}
		begin, end := time.Duration(0), time.Duration(0)
		for i, t := range p.tracks {
			rows, err := l.opts.DB.Stretches(ctx, b.ID, t.rendition, p.first, p.last)
			if err != nil {
				return nil, err
			}
			for j, row := range rows {
				d.Bytes += row.Bytes
				from, to := media.Duration(row.Start, row.Timescale), media.Duration(row.End, row.Timescale)
				if i == 0 && j == 0 {
					begin = from
				}
				begin, end = min(begin, from), max(end, to)
			}
		}
		d.Duration = end - begin
		list = append(list, d)
	}
	return list, nil
}

// wholeSpan is all that is recorded and will not change any more: of a
// broadcast on air all but the newest segment, beside which another track may
// still appear.
func (l *Library) wholeSpan(ctx context.Context, b store.Broadcast) (span, error) {
	s := span{broadcast: b.ID}
	names, err := l.downloadRenditions(ctx, b.ID)
	if err != nil {
		return s, err
	}
	extents, err := l.opts.DB.Extents(ctx, b.ID)
	if err != nil {
		return s, err
	}
	for _, name := range names {
		i := slices.IndexFunc(extents, func(e store.Extent) bool { return e.Rendition == name })
		if i < 0 {
			continue
		}
		e := extents[i]
		switch {
		case len(s.renditions) == 0:
			s.first, s.last = e.First, e.Last
		case over(b):
			s.first, s.last = min(s.first, e.First), max(s.last, e.Last)
		default:
			s.first, s.last = min(s.first, e.First), min(s.last, e.Last)
		}
		s.renditions = append(s.renditions, name)
	}
	if !over(b) && s.last > s.first {
		s.last--
	}
	return s, nil
}
