package restream

import (
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/rtmp"
)

// The renditions that are relayed: what the encoder sends.
const (
	videoRendition = "video/source"
	audioRendition = "audio/source"
)

// pictureWait is how much sound a publisher that has announced pictures may send
// before them, until its stream counts as sound alone.
const pictureWait = time.Second

// An FLV tag's header, and what follows its body (Adobe FLV 10.1, E.4.1, E.3).
const tagHead, tagTail = 11, 4

// muxer writes units as messages. It begins with a key picture, and with sound
// where there are no pictures.
type muxer struct {
	up      *rtmp.Upstream
	expects func() []media.Kind

	begun        bool
	base         int64 // the time that is 0 there, in milliseconds
	video, audio *media.Track
	pictures     bool
	heard        bool
	sound        time.Duration // the time of the first sound
	buf          []byte
	bytes, lost  int64
}

// begins reports whether a stream may begin with a unit.
func (m *muxer) begins(u live.Unit) bool {
	if u.Track.Kind() == media.Video {
		m.pictures = true
		return u.Key && u.Rendition.Name == videoRendition
	}
	return false
}

// take writes one unit, and returns how much waits to be sent.
func (m *muxer) take(u live.Unit) int {
	if name := u.Rendition.Name; name != videoRendition && name != audioRendition {
		return 0
	}
	key := m.begins(u)
	if !m.begun && !key && !m.soundAlone(u) {
		return 0
	}
	ms := media.Rescale(u.DTS, 1000, u.Track.Timescale)
	if !m.begun {
		m.begun, m.base = true, ms
	}
	track := &m.audio
	if u.Track.Kind() == media.Video {
		track = &m.video
	}
	if *track == nil && u.Track.Kind() == media.Video && !key {
		return 0 // pictures that join late begin with a key picture too
	}
	if *track != u.Track {
		*track = u.Track
		m.send(flv.TagScript, ms, flv.AppendMetadata(m.buf[:0], 0, m.video, m.audio))
		m.send(typeOf(u.Track), ms, flv.AppendSequenceHeader(m.buf[:0], u.Track, 0))
	}
	return m.send(typeOf(u.Track), ms, flv.AppendUnit(m.buf[:0], u.AccessUnit))
}

// soundAlone reports whether a stream has sound and waits for no pictures.
func (m *muxer) soundAlone(u live.Unit) bool {
	if m.pictures || u.Track.Kind() != media.Audio {
		return false
	}
	at := media.Duration(u.DTS, u.Track.Timescale)
	if !m.heard {
		m.heard, m.sound = true, at
	}
	return !slices.Contains(m.expects(), media.Video) || at-m.sound >= pictureWait
}

// send adds a tag as a message.
func (m *muxer) send(typ flv.TagType, ms int64, tag []byte) int {
	m.buf = tag
	if len(tag) < tagHead+tagTail {
		return 0 // too large for the format
	}
	body := tag[tagHead : len(tag)-tagTail]
	if typ == flv.TagScript { // as encoders send it, and servers keep it
		body = append(flv.AppendAMF0(nil, "@setDataFrame"), body...)
	}
	m.bytes += int64(len(body))
	return m.up.Add(typ, uint32(max(0, ms-m.base)), body)
}

func typeOf(t *media.Track) flv.TagType {
	if t.Kind() == media.Video {
		return flv.TagVideo
	}
	return flv.TagAudio
}
