// Package flv owns the tags of FLV, and of the RTMP messages that carry the
// same bytes, with the AMF0 values of scripts and commands. It turns tags into
// tracks and access units. It does no I/O, starts no goroutine, reads no
// clock, and knows nothing of chunks or connections.
package flv

import (
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

// TagType is the type of a tag, which is also the type of the RTMP message.
type TagType uint8

// The types of tags (Adobe FLV 10.1, E.4.1).
const (
	TagAudio  TagType = 8
	TagVideo  TagType = 9
	TagScript TagType = 18
)

// Event is what one tag told. Most hold a Unit and nothing else.
type Event struct {
	// Expect holds the kinds of track that this tag announced for the first
	// time, by onMetaData or by a sequence header.
	Expect []media.Kind
	// Unit is the access unit that the tag carried, nil when it carried none.
	// Its Track is the current track of its kind: the same pointer until the
	// parameters truly change, and for video changed at a key frame only.
	// Arrived is left to the caller.
	Unit *media.AccessUnit
	// Notice tells of something that cannot be carried, once for each cause;
	// zero: of nothing.
	Notice media.Notice
	// Encoder is what onMetaData says of the program that made the media, in
	// printable characters; empty for other tags, and where it says nothing.
	Encoder string
	// Uncarried is how many coded frames of the tag are left out because they
	// are of a further track, or of a codec that cannot be carried.
	Uncarried int
}

// Demuxer turns tags (RTMP messages of types 8, 9 and 18, or an FLV file's)
// into tracks and access units: H.264 and AAC in their first form, H.265 also
// under the codec id 12 that was never in the standard, and all five codecs in
// the form of Enhanced RTMP. The zero value is ready. One connection has one
// Demuxer, used by one goroutine.
type Demuxer struct {
	video    video
	audio    audio
	metadata metadata
	colour   colour
	expected [2]bool // by kind
	said     []cause
}

// Tag reads one tag. timestamp is its time in milliseconds, already unwrapped
// by the caller. The unit's Data aliases body, which may be edited in place:
// the Demuxer and the unit's readers own body from now on.
//
// An error means that this tag is malformed: the event holds what could be
// used of it, no unit, and the next tag may be good. Tags of other types and
// empty ones tell nothing.
func (d *Demuxer) Tag(typ TagType, timestamp int64, body []byte) (Event, error) {
	var e Event
	if len(body) == 0 {
		return e, nil
	}
	var err error
	switch typ {
	case TagVideo:
		if err = d.videoTag(&e, timestamp, body); err != nil {
			err = fmt.Errorf("video tag: %w", err)
		}
	case TagAudio:
		if err = d.audioTag(&e, timestamp, body); err != nil {
			err = fmt.Errorf("audio tag: %w", err)
		}
	case TagScript:
		if err = d.scriptTag(&e, body); err != nil {
			err = fmt.Errorf("script tag: %w", err)
		}
	}
	return e, err
}

// expect announces a kind, once.
func (d *Demuxer) expect(e *Event, k media.Kind) {
	if said := &d.expected[k-media.Video]; !*said {
		*said = true
		e.Expect = append(e.Expect, k)
	}
}
