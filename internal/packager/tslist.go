package packager

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/manifest"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/mpegts"
)

// tsVersion is EXT-X-VERSION of playlists of MPEG-TS segments: the oldest that
// knows lengths of a fraction of a second (RFC 8216 7).
const tsVersion = 3

// carried reports whether the window's newest track can be in an MPEG-TS
// segment.
func (w *Window) carried() bool {
	t := w.Track()
	return t != nil && mpegts.Carries(t)
}

// tsSound is the sound that pictures are listed with: the first in AAC, which
// all players know, or else the first that can be carried. Nil is none.
func (p *Packager) tsSound() *Window {
	var first *Window
	for _, w := range p.Windows() {
		if w.Kind != media.Audio || !w.carried() {
			continue
		}
		if w.Track().Codec == media.AAC {
			return w
		}
		if first == nil {
			first = w
		}
	}
	return first
}

// tsMultivariant lists every picture with its sound in one playlist, or the
// sound alone when the broadcast has no picture. It is nil when nothing on air
// can be carried, or the picture cannot.
func (p *Packager) tsMultivariant() *manifest.Multivariant {
	m := &manifest.Multivariant{Version: tsVersion}
	sound := p.tsSound()
	pictures := false
	for _, w := range p.Windows() {
		if w.Kind != media.Video {
			continue
		}
		pictures = true
		if w.carried() {
			m.Variants = append(m.Variants, p.tsVariant(w, sound))
		}
	}
	if !pictures && sound != nil {
		m.Variants = append(m.Variants, p.tsVariant(sound, nil))
	}
	if len(m.Variants) == 0 {
		return nil
	}
	return m
}

func (p *Packager) tsVariant(w, sound *Window) manifest.Variant {
	t := w.Track()
	v := manifest.Variant{URI: p.playlistURI(w, TS), Codecs: t.Codecs, Width: t.Width, Height: t.Height}
	if plausible(t.FrameRate) {
		v.FrameRate = t.FrameRate.Float()
	}
	v.Bandwidth, v.AverageBandwidth = w.Bandwidth()
	if sound != nil {
		peak, mean := sound.Bandwidth()
		v.Codecs += "," + sound.Track().Codecs
		v.Bandwidth, v.AverageBandwidth = v.Bandwidth+peak, v.AverageBandwidth+mean
	}
	// Packets of 188 bytes, with headers and half empty ones, take about a
	// tenth more.
	v.Bandwidth, v.AverageBandwidth = v.Bandwidth+v.Bandwidth/10, v.AverageBandwidth+v.AverageBandwidth/10
	return v
}

// codecs names what is on air, for people.
func (p *Packager) codecs() string {
	var names []string
	for _, w := range p.Windows() {
		if t := w.Track(); t != nil {
			names = append(names, t.Codec.String())
		}
	}
	return strings.Join(names, ", ")
}

// tsText is the list of a snapshot together with one of the sound.
type tsText struct {
	mu    sync.Mutex
	sound *snapshot
	list  tsList
}

// tsList is a media playlist of MPEG-TS segments.
type tsList struct {
	text  *Text
	edge  int64 // number of the newest segment in it, -1 when it is empty
	ended bool
}

// tsPlaylist returns the window's list of now.
func (w *Window) tsPlaylist() tsList {
	var sound *Window
	if w.Kind == media.Video {
		sound = w.packager.tsSound()
	}
	var heard *snapshot
	if sound != nil {
		heard = sound.snap.Load() // before the picture's: it is never ahead of it then
	}
	s := w.snap.Load()
	t := &s.ts
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.list.text == nil || t.sound != heard {
		t.sound, t.list = heard, w.renderTS(s, sound, heard)
	}
	return t.list
}

// renderTS lists segments of the snapshot s with those of the same number of a
// sound, which is at heard; both are nil when there is none.
func (w *Window) renderTS(s *snapshot, sound *Window, heard *snapshot) tsList {
	o := w.packager.opts
	folder := "../../../../" + w.top + "media/" + w.packager.Broadcast() + "/"
	m := &manifest.Media{
		Version: tsVersion, TargetDuration: o.TargetDuration(), DiscontinuitySequence: s.discs, IndependentSegments: true,
		MediaSequence: s.segments(),
		Ended:         s.ended && (heard == nil || heard.final),
	}
	until := w.tsUntil(s, heard)
	first := reach(s.complete, o.ReachOf(TS))
	list := tsList{edge: -1, ended: m.Ended}
	for i, seg := range s.complete {
		if seg.Number >= until {
			break
		}
		entry := manifest.Segment{Duration: seg.Duration, ProgramDateTime: seg.Time, Discontinuity: seg.Discontinuity}
		entry.URI, entry.Gap = w.tsEntry(seg, folder, sound, heard)
		if i < first || entry.Gap && len(m.Segments) == 0 { // VLC does not know EXT-X-GAP: what comes late begins with its media
			if seg.Discontinuity {
				m.DiscontinuitySequence++
			}
			continue
		}
		if len(m.Segments) == 0 {
			m.MediaSequence = seg.Number
		}
		m.IndependentSegments = m.IndependentSegments && (seg.Gap || seg.Independent)
		m.Segments = append(m.Segments, entry)
		list.edge = seg.Number
	}
	list.text = NewText(m.AppendTo(nil))
	return list
}

// tsEntry is where a number's media is: the rendition's, with the sound's when
// that has some; the sound's alone when the rendition has none.
func (w *Window) tsEntry(seg *Segment, folder string, sound *Window, heard *snapshot) (uri string, gap bool) {
	with := ""
	if heard != nil {
		if h := heard.segment(seg.Number); h != nil && mpegts.Carries(h.Init.Track) {
			with = sound.Name
		}
	}
	switch {
	case !seg.Gap && mpegts.Carries(seg.Init.Track):
		return TSAddress(folder, w.Name, with, seg.Number), false
	case with != "":
		return TSAddress(folder, with, "", seg.Number), false
	}
	return TSAddress(folder, w.Name, "", seg.Number), true
}

// tsUntil is the number of the first segment that is not listed yet: of which
// it is not known whether it has sound. What was listed once stays so.
func (w *Window) tsUntil(s *snapshot, heard *snapshot) int64 {
	until := s.segments()
	switch {
	case heard == nil || heard.final:
	case heard.segments() > 0:
		until = min(until, heard.segments())
	case heard.open != nil:
		until = min(until, heard.open.Number)
	default: // it has just begun, somewhere in what is open
		until--
	}
	for {
		before := w.tsListed.Load()
		until = max(until, min(before, s.segments()))
		if until <= before || w.tsListed.CompareAndSwap(before, until) {
			return until
		}
	}
}

// serveTS answers a request for a list of MPEG-TS segments, and holds it for
// the first of them.
func (p *Packager) serveTS(w http.ResponseWriter, r *http.Request, win *Window) {
	if t := win.Track(); t != nil && !mpegts.Carries(t) {
		Fail(w, http.StatusNotAcceptable, "MPEG-TS cannot carry "+t.Codec.String()+". The channel's other addresses can.")
		return
	}
	limit := time.NewTimer(p.opts.patience())
	defer limit.Stop()
	for {
		news := p.waiter()
		list := win.tsPlaylist()
		if list.ended {
			ServeText(w, r, list.text, "public, max-age=3600")
			return
		}
		if list.edge >= 0 {
			ServeText(w, r, list.text, "public, max-age=0, s-maxage=1")
			return
		}
		select {
		case <-news:
		case <-limit.C:
			w.Header().Set("Retry-After", "1")
			Fail(w, http.StatusServiceUnavailable, "No segment came in time.")
			return
		case <-r.Context().Done():
			return
		}
	}
}
