package flv

import "github.com/rostrumlive/rostrum/internal/media"

// Frame types of video tags (Adobe FLV 10.1, E.4.3.1).
const (
	frameKey          = 1
	frameGeneratedKey = 4
	frameCommand      = 5
)

func (d *Demuxer) videoTag(e *Event, timestamp int64, body []byte) error {
	const extended = 0x80
	frame := body[0] >> 4 & 7
	if body[0]&extended == 0 {
		return d.legacyVideoTag(e, timestamp, frame, body)
	}
	typ, nanos, rest, err := readModEx(packetType(body[0]&15), body[1:])
	if err != nil {
		return err
	}
	if frame == frameCommand && typ != videoMetadata { // whose frame type has no meaning
		return nil
	}
	p, err := readEnhanced(typ, videoMultitrack, rest)
	if err != nil {
		return err
	}
	p.nanos = nanos
	if p.others > 0 {
		d.otherTracks(e, media.Video)
		e.Uncarried = p.frames(p.others)
	}
	if !p.first {
		return nil
	}
	switch p.codec {
	case fourCCAVC, fourCCHEVC, fourCCAV1:
	default:
		e.Uncarried += p.frames(1)
		if d.first(cause(p.codec)) {
			e.Notice = media.Notice{Code: media.CodecNotCarried, Kind: media.Video, Name: p.codec.name()}
		}
		return nil
	}
	return d.videoPacket(e, timestamp, frame, p)
}

// legacyVideoTag reads a VideoTagHeader (Adobe FLV 10.1, E.4.3.1).
func (d *Demuxer) legacyVideoTag(e *Event, timestamp int64, frame byte, body []byte) error {
	p := packet{first: true}
	switch id := body[0] & 15; id {
	case 7:
		p.codec = fourCCAVC
	case 12: // never standardised, but sent by phones and cameras
		p.codec = fourCCHEVC
	default:
		e.Uncarried = 1
		if d.first(causeLegacyVideo + cause(id)) {
			e.Notice = legacyNotice(media.Video, legacyVideo(id), id)
		}
		return nil
	}
	if frame == frameCommand {
		return nil
	}
	if len(body) < 2 {
		return errShort
	}
	p.typ, p.body = packetType(body[1]), body[2:]
	switch p.typ {
	case sequenceStart:
		if len(p.body) < 3 { // the composition time has no meaning here
			return errShort
		}
		p.body = p.body[3:]
	case codedFrames:
	default:
		return nil // the end of the sequence
	}
	return d.videoPacket(e, timestamp, frame, p)
}

func (d *Demuxer) videoPacket(e *Event, timestamp int64, frame byte, p packet) error {
	switch p.typ {
	case sequenceStart:
		return d.videoHeader(e, p)
	case mpeg2TSStart:
		if p.codec != fourCCAV1 {
			return nil
		}
		config, err := av1Descriptor(p.body)
		if err != nil {
			return err
		}
		p.body = config
		return d.videoHeader(e, p)
	case codedFrames, codedFramesX:
		return d.videoUnit(e, timestamp, frame, p)
	case videoMetadata:
		return d.videoMetadata(p)
	}
	return nil
}
