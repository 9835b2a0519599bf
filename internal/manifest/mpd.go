package manifest

import (
	"slices"
	"time"
)

// The profile (ISO/IEC 23009-1 8.4) and the schemes that are used.
const (
	liveProfile   = "urn:mpeg:dash:profile:isoff-live:2011"
	clockScheme   = "urn:mpeg:dash:utc:http-iso:2014"
	channelScheme = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
)

// MPD is a media presentation description (ISO/IEC 23009-1 5.3.1).
type MPD struct {
	Static bool // no more will come; what follows that only a growing one has is not written

	AvailabilityStart time.Time // the zero of every Period's Start on the wall clock, in whole milliseconds; zero: not written
	Published         time.Time // never goes back
	UpdatePeriod      time.Duration
	Depth             time.Duration // how far back it reaches; 0: to the beginning
	Delay             time.Duration // how far behind the wall clock to play
	Location          string        // address to ask from now on; "": the same
	Clock             string        // address that answers with the time

	Duration   time.Duration // of all, when static
	MinBuffer  time.Duration
	MaxSegment time.Duration
	Periods    []Period
}

// Period is a stretch of media on one timeline, of unchanging tracks (5.3.2).
type Period struct {
	ID       string        // never another for the same media
	Start    time.Duration // since AvailabilityStart
	Duration time.Duration // 0: to the next Period, or the end
	Sets     []AdaptationSet
}

// AdaptationSet is what a player may change between without a seam (5.3.3).
type AdaptationSet struct {
	ID              int
	ContentType     string // "video" or "audio"
	Representations []Representation
}

// Representation is one rendition (5.3.5), with its segments.
type Representation struct {
	ID            string
	Codecs        string // RFC 6381
	Bandwidth     int    // bits a second
	Width, Height int    // pixels; 0: not written
	FrameRateNum  uint32 // frames a second, as a fraction; 0: not written
	FrameRateDen  uint32
	SampleRate    int // Hz; 0: not written
	Channels      int // 0: not written

	Timescale   uint32 // ticks a second
	Offset      int64  // ticks: what stands at the Period's Start
	Init, Media string // addresses; $Number$ in Media is a segment's number
	Independent bool   // every segment begins with a sync sample
	StartNumber int64
	Timeline    []Span // of segments whose numbers are in a row
}

// Span is segments of the same length that follow each other (5.3.9.6).
type Span struct {
	Start    int64 // presentation time of the first, in ticks
	Duration int64 // of each, in ticks
	Count    int64
}

// End is where the last of them ends.
func (s *Span) End() int64 { return s.Start + s.Duration*s.Count }

// AppendTo appends the description as XML and returns the extended slice. It
// changes nothing in m.
func (m *MPD) AppendTo(dst []byte) []byte {
	w := xmlWriter{writer{b: dst}}
	w.text("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	w.open("MPD")
	w.attr("xmlns", "urn:mpeg:dash:schema:mpd:2011")
	w.attr("profiles", liveProfile)
	if m.Static {
		w.attr("type", "static")
		w.length("mediaPresentationDuration", m.Duration)
	} else {
		w.attr("type", "dynamic")
		w.instant("publishTime", m.Published)
		w.length("minimumUpdatePeriod", m.UpdatePeriod)
		w.length("timeShiftBufferDepth", m.Depth)
		w.length("suggestedPresentationDelay", m.Delay)
	}
	w.instant("availabilityStartTime", m.AvailabilityStart)
	w.length("minBufferTime", m.MinBuffer)
	w.length("maxSegmentDuration", m.MaxSegment)
	w.inside()
	if !m.Static {
		m.service(&w)
	}
	for i := range m.Periods {
		m.Periods[i].write(&w)
	}
	if !m.Static && m.Clock != "" {
		w.open("UTCTiming")
		w.attr("schemeIdUri", clockScheme)
		w.attr("value", m.Clock)
		w.empty()
	}
	w.close("MPD")
	return w.b
}

// service writes where to ask, and how far behind to play (Annex K).
func (m *MPD) service(w *xmlWriter) {
	if m.Location != "" {
		w.element("Location", m.Location)
	}
	if m.Delay <= 0 {
		return
	}
	w.open("ServiceDescription")
	w.number("id", 0)
	w.inside()
	w.open("Latency")
	w.number("target", m.Delay.Milliseconds())
	w.empty()
	// As much as nobody hears.
	w.open("PlaybackRate")
	w.attr("max", "1.04")
	w.attr("min", "0.96")
	w.empty()
	w.close("ServiceDescription")
}

func (p *Period) write(w *xmlWriter) {
	w.open("Period")
	w.attr("id", p.ID)
	w.duration("start", p.Start)
	w.length("duration", p.Duration)
	w.inside()
	for i := range p.Sets {
		p.Sets[i].write(w)
	}
	w.close("Period")
}

func (s *AdaptationSet) write(w *xmlWriter) {
	w.open("AdaptationSet")
	w.number("id", int64(s.ID))
	w.attr("contentType", s.ContentType)
	w.attr("mimeType", s.ContentType+"/mp4")
	w.attr("segmentAlignment", "true")
	if !slices.ContainsFunc(s.Representations, func(r Representation) bool { return !r.Independent }) {
		w.attr("startWithSAP", "1")
	}
	w.inside()
	for i := range s.Representations {
		s.Representations[i].write(w)
	}
	w.close("AdaptationSet")
}

func (r *Representation) write(w *xmlWriter) {
	w.open("Representation")
	w.attr("id", r.ID)
	w.number("bandwidth", int64(r.Bandwidth))
	if r.Codecs != "" {
		w.attr("codecs", r.Codecs)
	}
	if r.Width > 0 && r.Height > 0 {
		w.number("width", int64(r.Width))
		w.number("height", int64(r.Height))
	}
	if r.FrameRateNum > 0 && r.FrameRateDen > 0 {
		w.rate("frameRate", r.FrameRateNum, r.FrameRateDen)
	}
	if r.SampleRate > 0 {
		w.number("audioSamplingRate", int64(r.SampleRate))
	}
	w.inside()
	if r.Channels > 0 {
		w.open("AudioChannelConfiguration")
		w.attr("schemeIdUri", channelScheme)
		w.number("value", int64(r.Channels))
		w.empty()
	}
	r.template(w)
	w.close("Representation")
}

// template writes the segments (5.3.9.4).
func (r *Representation) template(w *xmlWriter) {
	w.open("SegmentTemplate")
	w.number("timescale", int64(r.Timescale))
	w.number("presentationTimeOffset", r.Offset)
	w.attr("initialization", r.Init)
	w.attr("media", r.Media)
	w.number("startNumber", r.StartNumber)
	w.inside()
	w.open("SegmentTimeline")
	w.inside()
	for i := range r.Timeline {
		s := &r.Timeline[i]
		w.open("S")
		if i == 0 || r.Timeline[i-1].End() != s.Start {
			w.number("t", s.Start)
		}
		w.number("d", s.Duration)
		if s.Count > 1 {
			w.number("r", s.Count-1)
		}
		w.empty()
	}
	w.close("SegmentTimeline")
	w.close("SegmentTemplate")
}
