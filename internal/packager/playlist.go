package packager

import (
	"context"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
)

// plainWindow is how far a plain playlist reaches back.
const plainWindow = 30 * time.Second

// Kind tells the playlists of a broadcast apart.
type Kind uint8

// The playlists.
const (
	Live   Kind = iota // LL-HLS over the live window
	Plain              // whole segments, no low-latency tags, 30 s
	TS                 // the same, of MPEG-TS segments that hold picture and sound
	Rewind             // LL-HLS over all that can be rewound to, with delta updates
	kinds
)

// folders are where the media playlists of each kind lie, under the broadcast.
var folders = [kinds]string{Plain: "plain/", TS: "ts/", Rewind: "rewind/"}

// ReachOf is how far back playlists of a kind reach; 0 is to the beginning of
// the broadcast.
func (o Options) ReachOf(k Kind) time.Duration {
	o = o.withDefaults()
	switch k {
	case Live:
		return o.LiveWindow
	case Rewind:
		return o.Window
	}
	return max(plainWindow, o.leastWindow())
}

// KindOf splits what follows the broadcast in a media playlist's address.
func KindOf(path string) (Kind, string) {
	for k := Live + 1; k < kinds; k++ {
		if rendition, ok := strings.CutPrefix(path, folders[k]); ok {
			return k, rendition
		}
	}
	return Live, path
}

// text returns the snapshot's media playlist, or its delta update when that is
// wanted and offered.
func (w *Window) text(ctx context.Context, s *snapshot, k Kind, delta bool) (*Text, error) {
	if k == Rewind {
		return w.rewind(ctx, s, delta)
	}
	return w.playlist(s, k), nil
}

// playlist returns the snapshot's live or plain playlist.
func (w *Window) playlist(s *snapshot, k Kind) *Text {
	t := &s.live
	if k == Plain {
		t = &s.plain
	}
	t.once.Do(func() { t.text = NewText(w.render(s, k).AppendTo(nil)) })
	return t.text
}

func (w *Window) render(s *snapshot, k Kind) *manifest.Media {
	first := w.listed(s, k)
	m := w.renderList(s, k, first)
	m.DiscontinuitySequence = s.discs
	if k == Plain {
		m.DiscontinuitySequence -= s.seams
	}
	for _, seg := range s.complete[:first] {
		if breaks(seg, k) {
			m.DiscontinuitySequence++
		}
	}
	if first < len(s.complete) {
		m.MediaSequence = s.complete[first].Number
	} else if s.open != nil {
		m.MediaSequence = s.open.Number
	}
	return m
}

// renderList renders the complete segments from an index on, and what is newer.
func (w *Window) renderList(s *snapshot, k Kind, first int) *manifest.Media {
	o, prefix := w.packager.opts, w.prefixes[k]
	m := &manifest.Media{
		TargetDuration: o.TargetDuration(), IndependentSegments: true, Ended: s.ended,
		Segments: make([]manifest.Segment, 0, len(s.complete)-first),
	}
	// Parts are listed for three target durations (RFC 8216bis 4.4.4.9).
	partsFrom := len(s.complete)
	if k != Plain {
		partsFrom = reach(s.complete, o.settleAfter())
	}
	var initOf *Init
	var initURI string
	for i := first; i < len(s.complete); i++ {
		seg := s.complete[i]
		entry := manifest.Segment{
			URI: address(prefix, segmentPrefix, seg.Number, mediaSuffix), Duration: seg.Duration, ProgramDateTime: seg.Time,
			Discontinuity: breaks(seg, k), Gap: seg.Gap,
		}
		if seg.Init != nil {
			if seg.Init != initOf {
				initOf, initURI = seg.Init, prefix+seg.Init.Name()
			}
			entry.Map = initURI
		}
		if k == Rewind {
			entry = seg.listed(i < partsFrom).entry(prefix, initURI)
		}
		if !seg.Gap {
			m.IndependentSegments = m.IndependentSegments && seg.Independent
			if i >= partsFrom {
				entry.Parts = listParts(seg.Parts, prefix, seg.Init.Track.Timescale)
			}
		}
		m.Segments = append(m.Segments, entry)
	}
	if k != Plain && s.target > 0 {
		w.renderEdge(m, s, prefix)
	}
	return m
}

// listed returns the index of the first complete segment in a playlist.
func (w *Window) listed(s *snapshot, k Kind) int {
	o := w.packager.opts
	if k == Live {
		return reach(s.complete, o.LiveWindow)
	}
	first := reach(s.complete, o.ReachOf(k))
	for i := first; i < len(s.complete); i++ {
		if !s.complete[i].Gap {
			return i // VLC does not know EXT-X-GAP: what comes late begins with its media
		}
	}
	return first
}

// breaks reports whether a discontinuity stands before a segment. In plain
// lists a seam has none: timestamps and coding go on, so none must be there
// (RFC 8216bis 4.4.4.3), and VLC 3 does not read an initialisation section
// after one and stalls.
func breaks(s *Segment, k Kind) bool { return s.Discontinuity && (k != Plain || !s.Seam) }

// renderEdge adds what only LL-HLS has (RFC 8216bis 4.4.3.7, 4.4.3.8, 4.4.5.3, 4.4.5.4).
func (w *Window) renderEdge(m *manifest.Media, s *snapshot, prefix string) {
	m.PartTarget, m.PartHoldBack, m.CanBlockReload = s.target, 3*s.target, true
	if s.ended {
		return
	}
	if s.open != nil && len(s.parts) > 0 {
		m.IndependentSegments = m.IndependentSegments && s.open.Independent
		m.NextMap = prefix + s.open.Init.Name()
		m.NextDiscontinuity = s.open.Discontinuity
		m.NextProgramDateTime = s.open.Time
		m.Parts = listParts(s.parts, prefix, s.open.Init.Track.Timescale)
	}
	if !s.standing { // nobody knows when it comes, nor whether it does
		m.PreloadHint = address(prefix, partPrefix, s.nextPart, mediaSuffix)
	}
	for _, other := range w.packager.Windows() {
		if other == w {
			continue
		}
		if msn, parts := other.snap.Load().last(); msn >= 0 {
			m.Reports = append(m.Reports, manifest.RenditionReport{
				URI: w.top + other.Name + ".m3u8", LastMSN: msn, LastPart: parts - 1,
			})
		}
	}
}

func discontinuities(segments []*Segment) (n int64) {
	for _, s := range segments {
		if s.Discontinuity {
			n++
		}
	}
	return n
}

// reach returns the index of the first of the segments that together last at
// most back, and at least the newest.
func reach(segments []*Segment, back time.Duration) int {
	i := len(segments)
	for i > 0 {
		back -= segments[i-1].Duration
		if back < 0 && i < len(segments) {
			break
		}
		i--
	}
	return i
}

func listParts(parts []Part, prefix string, timescale uint32) []manifest.Part {
	list := make([]manifest.Part, len(parts))
	for i := range parts {
		p := &parts[i]
		list[i] = manifest.Part{
			URI:      address(prefix, partPrefix, p.Number, mediaSuffix),
			Duration: media.Duration(p.Duration, timescale), Independent: p.Independent,
		}
	}
	return list
}
