package testkit

import "time"

// MediaPlaylist is an HLS media playlist (RFC 8216bis 4.4.3 and 4.4.4) as it
// was read. Durations are exact.
type MediaPlaylist struct {
	Version               int64
	TargetDuration        time.Duration
	Type                  string // "", "EVENT" or "VOD"
	IndependentSegments   bool
	EndList               bool
	MediaSequence         int64
	DiscontinuitySequence int64
	Start                 time.Duration // where a player begins; 0: not said

	PartTarget     time.Duration // 0: no low-latency tags
	PartHoldBack   time.Duration
	CanSkipUntil   time.Duration // 0: no delta updates
	HoldBack       time.Duration
	CanBlockReload bool

	Segments []MediaSegment
	Parts    []MediaPart // of the segment that is being made
	// What stands before Parts.
	NextMap             string
	NextDiscontinuity   bool
	NextProgramDateTime time.Time
	Hint                string // the URI of the preload hint
	Reports             []Report
}

// MediaSegment is one whole segment.
type MediaSegment struct {
	URI             string
	Duration        time.Duration
	ProgramDateTime time.Time // zero when the segment has none of its own
	Discontinuity   bool
	Gap             bool
	Map             string // in force, whether or not the tag stands at this segment
	Parts           []MediaPart
}

// MediaPart is one partial segment.
type MediaPart struct {
	URI         string
	Duration    time.Duration
	Independent bool
	Gap         bool
}

// Report is an EXT-X-RENDITION-REPORT; -1 where it does not say.
type Report struct {
	URI               string
	LastMSN, LastPart int64
}

// Multivariant is an HLS multivariant playlist (RFC 8216bis 4.4.6).
type Multivariant struct {
	Version             int64
	IndependentSegments bool
	Variants            []Variant
	Audio               []AudioRendition
}

// Variant is one EXT-X-STREAM-INF.
type Variant struct {
	URI              string
	Bandwidth        int64
	AverageBandwidth int64 // -1 when absent
	Codecs           string
	Width, Height    int64   // 0 when absent
	FrameRate        float64 // 0 when absent
	VideoRange       string  // empty when absent
	Audio            string  // the group
}

// AudioRendition is an EXT-X-MEDIA of TYPE=AUDIO.
type AudioRendition struct {
	Group, Name string
	URI         string // empty: the audio is in the variant's own list
	Default     bool
	Channels    string
}

// Next returns the number of the next part, for a blocking reload
// (RFC 8216bis 6.2.5.2): that of its segment and its index there.
func (p *MediaPlaylist) Next() (msn int64, part int) {
	return p.MediaSequence + int64(len(p.Segments)), len(p.Parts)
}

// Segment returns the segment with that number, or nil when the list does not
// hold it.
func (p *MediaPlaylist) Segment(msn int64) *MediaSegment {
	if i := msn - p.MediaSequence; i >= 0 && i < int64(len(p.Segments)) {
		return &p.Segments[i]
	}
	return nil
}

// Discontinuities returns the discontinuity sequence number of each segment, by
// its media sequence number (RFC 8216bis 6.2.1).
func (p *MediaPlaylist) Discontinuities() map[int64]int64 {
	numbers := make(map[int64]int64, len(p.Segments))
	n := p.DiscontinuitySequence
	for i, s := range p.Segments {
		if s.Discontinuity {
			n++
		}
		numbers[p.MediaSequence+int64(i)] = n
	}
	return numbers
}

// Duration is the sum of the whole segments.
func (p *MediaPlaylist) Duration() time.Duration {
	var sum time.Duration
	for _, s := range p.Segments {
		sum += s.Duration
	}
	return sum
}

// MediaURIs returns the addresses of all media that the list offers, each
// once, in the order of first mention: init sections, parts, segments.
func (p *MediaPlaylist) MediaURIs() []string {
	var uris []string
	seen := map[string]bool{"": true}
	add := func(uri string) {
		if !seen[uri] {
			seen[uri] = true
			uris = append(uris, uri)
		}
	}
	parts := func(list []MediaPart) {
		for _, part := range list {
			if !part.Gap {
				add(part.URI)
			}
		}
	}
	for _, s := range p.Segments {
		if s.Gap {
			continue
		}
		add(s.Map)
		parts(s.Parts)
		add(s.URI)
	}
	add(p.NextMap)
	parts(p.Parts)
	return uris
}
