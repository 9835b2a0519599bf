package httpmedia

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// The renditions that a body carries: what the encoder sends.
const (
	videoRendition = "video/source"
	audioRendition = "audio/source"
)

const (
	// ride is how long after a picture sound goes without one: until then it
	// waits for the next picture, so that a viewer gets both in one write.
	ride = 60 * time.Millisecond
	// soundStep is how far apart the places are at which a viewer may begin
	// with a stream that is sound alone: so much it hears at once.
	soundStep = 2 * time.Second
	// pictureWait is how much sound a publisher that has announced pictures may
	// send before them, until its stream counts as sound alone.
	pictureWait = time.Second
)

// muxer writes the units of a stream to a ring as tags. One goroutine uses it.
type muxer struct {
	ring    *ring
	expects func(media.Kind) bool // what the publisher has announced

	begun bool // there is a place at which viewers may begin
	due   bool // there is something that viewers should hear of now
	entry entry

	// Of the publisher.
	video, audio *media.Track  // whose headers are written
	entered      bool          // entry is in its media
	stale        bool          // the headers of entry are not those of the tracks
	pictures     bool          // it has sent some
	picture      time.Time     // when the newest arrived
	heard        bool          // it has sent sound
	sound        time.Duration // the time of its first
	place        time.Duration // the time of the newest place at which to begin with sound
}

// interrupt makes ready for another publisher, whose tracks are new.
func (m *muxer) interrupt() {
	m.publish()
	*m = muxer{ring: m.ring, expects: m.expects, begun: m.begun, entry: m.entry}
}

// take writes one unit. What comes before the first key frame is left out.
func (m *muxer) take(u live.Unit) {
	if name := u.Rendition.Name; name != videoRendition && name != audioRendition {
		return
	}
	isVideo := u.Track.Kind() == media.Video
	start := m.starts(u, isVideo)
	if !start && (!m.begun || isVideo && m.video == nil) {
		return
	}
	m.announce(u.AccessUnit, isVideo)
	if start {
		m.enter(u.AccessUnit)
	}
	m.ring.room(flv.UnitBytes(u.AccessUnit))
	m.ring.open = flv.AppendUnit(m.ring.open, u.AccessUnit)
	m.ring.newest = u.Arrived
	if isVideo {
		m.picture = u.Arrived
	}
	m.due = m.due || u.Arrived.Sub(m.picture) >= ride || isVideo
}

// starts reports whether a viewer may begin with the unit: a key frame, and of
// a stream without pictures a frame of sound now and then.
func (m *muxer) starts(u live.Unit, isVideo bool) bool {
	if isVideo {
		m.pictures = true
		return u.Key
	}
	at := media.Duration(u.DTS, u.Track.Timescale)
	if !m.heard {
		m.heard, m.sound, m.place = true, at, at-soundStep
	}
	if m.pictures || m.expects(media.Video) && at-m.sound < pictureWait || at-m.place < soundStep {
		return false
	}
	m.place = at
	return true
}

// announce writes the header of a track that is new.
func (m *muxer) announce(u *media.AccessUnit, isVideo bool) {
	track := &m.audio
	if isVideo {
		track = &m.video
	}
	if *track == u.Track {
		return
	}
	late := *track == nil && m.entered
	*track, m.stale = u.Track, true
	if m.begun {
		m.ring.room(len(u.Track.Config) + maxHeader)
		m.entry.changed = m.ring.head()
		m.ring.open = flv.AppendSequenceHeader(m.ring.open, u.Track, milliseconds(u))
	}
	if late { // nothing of its kind is behind entry, so that it may be told there
		m.setHeaders(u)
	}
}

// enter lets viewers begin with the unit that is written next.
func (m *muxer) enter(u *media.AccessUnit) {
	if m.stale {
		m.setHeaders(u)
	}
	m.entry.at, m.entered, m.begun = m.ring.head(), true, true
}

// setHeaders makes what a viewer must know before its first unit. They bear
// the time of the unit that brought them.
func (m *muxer) setHeaders(u *media.AccessUnit) {
	ms := milliseconds(u)
	b := flv.AppendMetadata(nil, ms, m.video, m.audio)
	for _, t := range []*media.Track{m.video, m.audio} {
		if t != nil {
			b = flv.AppendSequenceHeader(b, t, ms)
		}
	}
	m.entry.headers, m.entry.has = b, kinds{video: m.video != nil, audio: m.audio != nil}
	m.stale = false
}

func milliseconds(u *media.AccessUnit) int64 { return media.Rescale(u.DTS, 1000, u.Track.Timescale) }

// maxHeader is more than a sequence header is longer than the configuration.
const maxHeader = 64

// publish lets viewers read what was written.
func (m *muxer) publish() {
	m.due = false
	if m.begun {
		m.ring.publish(m.entry)
	}
}
