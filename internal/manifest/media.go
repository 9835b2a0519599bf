// Package manifest writes HLS playlists (RFC 8216bis), with or without the
// low-latency tags, and DASH's MPDs (ISO/IEC 23009-1), as text. It knows nothing
// of where segments come from or of how they are served: what a playlist says is
// what its fields say.
package manifest

import (
	"slices"
	"time"
)

// Protocol versions (RFC 8216bis 8).
const (
	versionFraction = 3 // EXTINF with a fraction
	versionMap      = 6 // EXT-X-MAP in a playlist of more than I-frames
	versionSkip     = 9 // EXT-X-SKIP
)

// Media is a media playlist (RFC 8216bis 4.4.3): one rendition's segments.
type Media struct {
	// Version is the least EXT-X-VERSION to claim. What the playlist uses
	// raises it; 0 is right unless a player is known to want more.
	Version int
	// TargetDuration is rounded up to whole seconds, and to the longest EXTINF
	// when that is longer (4.4.3.1). It must not change in a playlist's life.
	TargetDuration      time.Duration
	Type                string // "", "EVENT" or "VOD"
	IndependentSegments bool
	// Start is where a player begins, from the playlist's beginning, to the
	// sample (4.4.2.2); 0 is there, and not written.
	Start time.Duration

	// PartTarget turns the low-latency tags on; 0 writes none of them,
	// whatever the fields below and in Segments hold.
	PartTarget time.Duration
	// PartHoldBack must be at least twice PartTarget; 0 is three times.
	PartHoldBack   time.Duration
	HoldBack       time.Duration // 0: not written, which means three target durations
	CanBlockReload bool
	// CanSkipUntil offers delta updates: it is at least six target durations.
	CanSkipUntil time.Duration

	MediaSequence, DiscontinuitySequence int64 // of the first segment, also of one that is skipped

	// Skipped makes the playlist a delta update: so many segments stand before
	// Segments in the playlist that it updates (4.4.5.2). 0 is a whole playlist.
	Skipped int64
	// Map is the address of the initialisation segment that is in force where
	// Segments begin, because somebody else wrote its tag before them.
	Map      string
	Segments []Segment
	Parts    []Part // of the segment that is being made
	// What stands before Parts when there are any: the tags of the segment
	// that is being made.
	NextDiscontinuity   bool
	NextMap             string
	NextProgramDateTime time.Time

	PreloadHint string // address of the next part; "" when there is none to come
	Reports     []RenditionReport
	Ended       bool // no more will come: ENDLIST, and no hint and no reports
}

// Segment is a media segment, complete. Addresses are written as they are,
// save bytes that would break the line.
type Segment struct {
	URI             string
	Duration        time.Duration // written to 10 µs
	ProgramDateTime time.Time     // of its first sample, written to 1 ms; zero: not written
	Discontinuity   bool          // what comes before it does not lead up to it
	Gap             bool          // it is not there to be loaded
	Map             string        // address of its initialisation segment; the tag is written when it changes
	Parts           []Part        // in order; may be empty for all but the newest segments
}

// Part is a partial segment (4.4.4.9).
type Part struct {
	URI         string
	Duration    time.Duration // written to 10 µs; at most the playlist's PartTarget
	Independent bool          // it begins with a key frame
	Gap         bool          // it is not there to be loaded
}

// RenditionReport tells how far another playlist has come (4.4.5.4).
type RenditionReport struct {
	URI      string // of the playlist
	LastMSN  int64  // media sequence number of its newest segment or part
	LastPart int    // index of its newest part; negative: not written
}

// AppendTo appends the playlist's text and returns the extended slice. It
// changes nothing in m, so that many may call it at once.
func (m *Media) AppendTo(dst []byte) []byte {
	w := writer{b: slices.Grow(dst, m.sizeHint())}
	m.header(&w)
	m.body(&w)
	return w.b
}

// AppendHeader appends what stands before the first segment, and AppendBody
// the rest. Who keeps older segments as text, made by Segment.AppendTo, puts it
// between the two.
func (m *Media) AppendHeader(dst []byte) []byte {
	w := writer{b: dst}
	m.header(&w)
	return w.b
}

// AppendBody appends what AppendHeader leaves out.
func (m *Media) AppendBody(dst []byte) []byte {
	w := writer{b: slices.Grow(dst, m.sizeHint())}
	m.body(&w)
	return w.b
}

// AppendTo appends the segment's entry, without parts. inForce is the address
// of the initialisation segment that the entry before it needs, and what
// AppendMap wrote before all of them counts too.
func (s *Segment) AppendTo(dst []byte, inForce string) []byte {
	w := writer{b: dst}
	w.lead(s.Discontinuity, s.Map, &inForce, s.ProgramDateTime)
	w.media(s)
	return w.b
}

// AppendMap appends the tag that puts an initialisation segment in force.
func AppendMap(dst []byte, uri string) []byte {
	w, current := writer{b: dst}, ""
	w.lead(false, uri, &current, time.Time{})
	return w.b
}

func (m *Media) body(w *writer) {
	current := m.Map
	for i := range m.Segments {
		m.segment(w, &m.Segments[i], &current)
	}
	if m.making() {
		w.lead(m.NextDiscontinuity, m.NextMap, &current, m.NextProgramDateTime)
		w.parts(m.Parts)
	}
	if m.Ended {
		w.text("#EXT-X-ENDLIST\n")
		return
	}
	if m.PartTarget > 0 {
		m.outlook(w)
	}
}

// making reports whether there is something of the next segment to tell.
func (m *Media) making() bool { return m.PartTarget > 0 && len(m.Parts) > 0 }

func (m *Media) header(w *writer) {
	w.text("#EXTM3U\n#EXT-X-VERSION:")
	w.integer(int64(m.version()))
	if m.IndependentSegments {
		w.text("\n#EXT-X-INDEPENDENT-SEGMENTS")
	}
	w.text("\n#EXT-X-TARGETDURATION:")
	w.integer(m.targetSeconds())
	w.text("\n")
	if m.Start > 0 {
		w.text("#EXT-X-START:TIME-OFFSET=")
		w.seconds(m.Start)
		w.text(",PRECISE=YES\n")
	}
	m.control(w)
	if m.Type != "" {
		w.text("#EXT-X-PLAYLIST-TYPE:")
		w.text(m.Type)
		w.text("\n")
	}
	w.text("#EXT-X-MEDIA-SEQUENCE:")
	w.integer(m.MediaSequence)
	w.text("\n")
	if m.DiscontinuitySequence > 0 {
		w.text("#EXT-X-DISCONTINUITY-SEQUENCE:")
		w.integer(m.DiscontinuitySequence)
		w.text("\n")
	}
	if m.Skipped > 0 {
		w.text("#EXT-X-SKIP:SKIPPED-SEGMENTS=")
		w.integer(m.Skipped)
		w.text("\n")
	}
}

func (m *Media) version() int {
	least := versionFraction
	if m.NextMap != "" && m.making() || slices.ContainsFunc(m.Segments, func(s Segment) bool { return s.Map != "" }) {
		least = versionMap
	}
	if m.Skipped > 0 {
		least = versionSkip
	}
	return max(least, m.Version)
}

// targetSeconds is no less than any EXTINF as it is written, rounded to the
// nearest second.
func (m *Media) targetSeconds() int64 {
	seconds := int64((m.TargetDuration + time.Second - 1) / time.Second)
	for i := range m.Segments {
		written := m.Segments[i].Duration.Round(precision)
		seconds = max(seconds, int64(written.Round(time.Second)/time.Second))
	}
	return seconds
}

// control writes EXT-X-SERVER-CONTROL (4.4.3.8) and EXT-X-PART-INF.
func (m *Media) control(w *writer) {
	low := m.PartTarget > 0
	if !low && m.HoldBack <= 0 && m.CanSkipUntil <= 0 {
		return
	}
	w.text("#EXT-X-SERVER-CONTROL:")
	before := ""
	attribute := func(name string, d time.Duration) {
		w.text(before)
		w.text(name)
		w.seconds(d)
		before = ","
	}
	if low {
		if m.CanBlockReload {
			w.text("CAN-BLOCK-RELOAD=YES,")
		}
		hold := m.PartHoldBack
		if hold <= 0 {
			hold = 3 * m.PartTarget // what 4.4.3.8 recommends
		}
		attribute("PART-HOLD-BACK=", hold)
	}
	if m.HoldBack > 0 {
		attribute("HOLD-BACK=", m.HoldBack)
	}
	if m.CanSkipUntil > 0 {
		attribute("CAN-SKIP-UNTIL=", m.CanSkipUntil)
	}
	w.text("\n")
	if low {
		w.text("#EXT-X-PART-INF:PART-TARGET=")
		w.seconds(m.PartTarget)
		w.text("\n")
	}
}

// segment writes the parts before the EXTINF of their segment: hls.js loads
// whole segments again when they stand behind it.
func (m *Media) segment(w *writer, s *Segment, current *string) {
	w.lead(s.Discontinuity, s.Map, current, s.ProgramDateTime)
	if m.PartTarget > 0 {
		w.parts(s.Parts)
	}
	w.media(s)
}

// outlook writes what is to come, and how far the others are.
func (m *Media) outlook(w *writer) {
	if m.PreloadHint != "" {
		w.text("#EXT-X-PRELOAD-HINT:TYPE=PART,URI=")
		w.uri(m.PreloadHint)
		w.text("\n")
	}
	for i := range m.Reports {
		r := &m.Reports[i]
		w.text("#EXT-X-RENDITION-REPORT:URI=")
		w.uri(r.URI)
		w.text(",LAST-MSN=")
		w.integer(r.LastMSN)
		if r.LastPart >= 0 {
			w.text(",LAST-PART=")
			w.integer(int64(r.LastPart))
		}
		w.text("\n")
	}
}

// sizeHint is the text's length and somewhat more, while no address needs
// escapes: the constants are the tags at their longest.
func (m *Media) sizeHint() int {
	const header, tags, part, report = 480, 130, 65, 100
	n := header + len(m.PreloadHint) + tags + len(m.NextMap)
	for i := range m.Segments {
		s := &m.Segments[i]
		n += len(s.URI) + tags
		if i == 0 || s.Map != m.Segments[i-1].Map {
			n += len(s.Map)
		}
		n += sizeOfParts(s.Parts, part)
	}
	n += sizeOfParts(m.Parts, part)
	for i := range m.Reports {
		n += len(m.Reports[i].URI) + report
	}
	return n
}

func sizeOfParts(parts []Part, each int) (n int) {
	for i := range parts {
		n += len(parts[i].URI) + each
	}
	return n
}
