package flv

import (
	"bytes"
	"errors"

	"github.com/rostrumlive/rostrum/internal/media"
)

// audio is the state of the audio track.
type audio struct {
	track *media.Track
	sent  bool // a unit with track went out, which fixes it

	header []byte // the last sequence header
	codec  fourCC // and its codec
}

func (d *Demuxer) audioTag(e *Event, timestamp int64, body []byte) error {
	const formatEnhanced, formatAAC = 9, 10
	switch format := body[0] >> 4; format {
	case formatEnhanced:
		return d.enhancedAudioTag(e, timestamp, body)
	case formatAAC: // AACAUDIODATA (Adobe FLV 10.1, E.4.2.2)
		if len(body) < 2 {
			return errShort
		}
		p := packet{typ: packetType(body[1]), codec: fourCCAAC, body: body[2:]}
		return d.audioPacket(e, timestamp, p)
	default:
		e.Uncarried = 1
		if d.first(causeLegacyAudio + cause(format)) {
			e.Notice = legacyNotice(media.Audio, legacyAudio(format), format)
		}
		return nil
	}
}

func (d *Demuxer) enhancedAudioTag(e *Event, timestamp int64, body []byte) error {
	typ, nanos, rest, err := readModEx(packetType(body[0]&15), body[1:])
	if err != nil {
		return err
	}
	p, err := readEnhanced(typ, audioMultitrack, rest)
	if err != nil {
		return err
	}
	p.nanos = nanos
	if p.others > 0 {
		d.otherTracks(e, media.Audio)
		e.Uncarried = p.frames(p.others)
	}
	if !p.first {
		return nil
	}
	switch p.codec {
	case fourCCAAC, fourCCOpus:
	default:
		e.Uncarried += p.frames(1)
		if d.first(cause(p.codec)) {
			e.Notice = media.Notice{Code: media.CodecNotCarried, Kind: media.Audio, Name: p.codec.name()}
		}
		return nil
	}
	return d.audioPacket(e, timestamp, p)
}

func (d *Demuxer) audioPacket(e *Event, timestamp int64, p packet) error {
	switch p.typ {
	case sequenceStart:
		return d.audioHeader(e, p)
	case codedFrames:
		return d.audioUnit(e, timestamp, p)
	}
	return nil
}

// audioHeader takes a sequence header. The same header again changes nothing,
// nor does an empty one: ffmpeg writes that before its encoder has made one.
func (d *Demuxer) audioHeader(e *Event, p packet) error {
	if len(p.body) == 0 {
		return nil
	}
	a := &d.audio
	if a.codec == p.codec && a.header != nil && bytes.Equal(a.header, p.body) {
		return nil
	}
	var t *media.Track
	var err error
	if p.codec == fourCCAAC {
		t, err = media.ParseAAC(p.body)
	} else {
		t, err = media.ParseOpusHead(p.body)
	}
	if errors.Is(err, media.ErrUnsupported) {
		if d.first(causeAACObject) {
			e.Notice = media.Notice{Code: media.AACProfileNotCarried, Kind: media.Audio}
		}
		return nil
	}
	if err != nil {
		return err
	}
	a.codec, a.header = p.codec, bytes.Clone(p.body)
	if a.track == nil || !a.sent || !sameParameters(a.track, t) {
		d.metadata.fill(t)
		a.track, a.sent = t, false
	}
	d.expect(e, media.Audio)
	return nil
}

func (d *Demuxer) audioUnit(e *Event, timestamp int64, p packet) error {
	a := &d.audio
	if len(p.body) == 0 { // some encoders send one between header and sound
		return nil
	}
	if a.track == nil || a.codec != p.codec {
		return errNoHeader
	}
	if !a.sent {
		if n := media.OpusPacketSamples(p.body); n > 0 && p.codec == fourCCOpus {
			a.track.SamplesPerFrame = n
		}
		a.sent = true
	}
	dts := media.Rescale(timestamp, a.track.Timescale, 1000) + media.Rescale(p.nanos, a.track.Timescale, 1e9)
	e.Unit = &media.AccessUnit{Track: a.track, DTS: dts, PTS: dts, Key: true, Data: p.body[:len(p.body):len(p.body)]}
	return nil
}
