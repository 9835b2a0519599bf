package packager

import (
	"bytes"
	"compress/gzip"
	"strings"
	"sync"
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
	Live  Kind = iota // LL-HLS over the live window
	Plain             // whole segments, no low-latency tags, 30 s
)

// Text is a playlist as it is sent, plain and compressed. It is immutable.
type Text struct{ plain, gzip []byte }

// NewText compresses a playlist once for all who ask for it.
func NewText(playlist []byte) *Text {
	var z bytes.Buffer
	// Writing to a buffer does not fail, and BestSpeed is a known level.
	w, _ := gzip.NewWriterLevel(&z, gzip.BestSpeed)
	_, _ = w.Write(playlist)
	_ = w.Close()
	return &Text{plain: playlist, gzip: z.Bytes()}
}

// lazyText is a playlist that the first who asks for it renders.
type lazyText struct {
	once sync.Once
	text *Text
}

// playlist returns the snapshot's media playlist.
func (w *Window) playlist(s *snapshot, k Kind) *Text {
	t := &s.live
	if k == Plain {
		t = &s.plain
	}
	t.once.Do(func() {
		t.text = NewText(w.render(s, k).AppendTo(nil))
	})
	return t.text
}

func (w *Window) render(s *snapshot, k Kind) *manifest.Media {
	o := w.packager.opts
	prefix := w.mediaPrefix(k)
	back := o.LiveWindow
	if k == Plain {
		back = plainWindow
	}
	first := listFrom(s.complete, back)
	m := &manifest.Media{
		TargetDuration:        o.TargetDuration(),
		DiscontinuitySequence: s.discs,
		IndependentSegments:   true,
		Ended:                 s.ended,
		Segments:              make([]manifest.Segment, 0, len(s.complete)-first+1),
	}
	for _, seg := range s.complete[:first] {
		if seg.Discontinuity {
			m.DiscontinuitySequence++
		}
	}
	if first < len(s.complete) {
		m.MediaSequence = s.complete[first].Number
	} else if s.open != nil {
		m.MediaSequence = s.open.Number
	}
	partsFrom := listFrom(s.complete, 3*o.TargetDuration())
	for i := first; i < len(s.complete); i++ {
		seg := s.complete[i]
		entry := manifest.Segment{
			URI: prefix + seg.Name(), Duration: seg.Duration, ProgramDateTime: seg.Time,
			Discontinuity: seg.Discontinuity, Gap: seg.Gap,
		}
		if !seg.Gap {
			entry.Map = prefix + seg.Init.Name()
			m.IndependentSegments = m.IndependentSegments && seg.Independent
			if k == Live && i >= partsFrom {
				entry.Parts = listParts(seg.Parts, prefix, seg.Init.Track.Timescale)
			}
		}
		m.Segments = append(m.Segments, entry)
	}
	if k == Live && s.target > 0 {
		w.renderEdge(m, s, prefix)
	}
	return m
}

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
	m.PreloadHint = prefix + (&Part{Number: s.nextPart}).Name()
	up := strings.Repeat("../", strings.Count(w.Name, "/"))
	for _, other := range w.packager.Windows() {
		if other == w {
			continue
		}
		if msn, parts := other.snap.Load().last(); msn >= 0 {
			m.Reports = append(m.Reports, manifest.RenditionReport{
				URI: up + other.Name + ".m3u8", LastMSN: msn, LastPart: parts - 1,
			})
		}
	}
}

// mediaPrefix is the relative address from a media playlist to its media.
func (w *Window) mediaPrefix(k Kind) string {
	// A live playlist is at /live/<channel>/<broadcast>/<rendition>.m3u8, a
	// plain one has "plain/" before the rendition.
	up := 3 + strings.Count(w.Name, "/")
	if k == Plain {
		up++
	}
	return strings.Repeat("../", up) + "media/" + w.packager.Broadcast() + "/" + w.Name + "/"
}

// listFrom returns the index of the first of the segments that together last
// at most back, and at least the newest.
func listFrom(segments []*Segment, back time.Duration) int {
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
			URI: prefix + p.Name(), Duration: media.Duration(p.Duration, timescale), Independent: p.Independent,
		}
	}
	return list
}
