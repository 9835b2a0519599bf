package flv

import (
	"bytes"
	"errors"

	"github.com/rostrumlive/rostrum/internal/media"
)

// errNoHeader is returned for media that came before its sequence header.
var errNoHeader = errors.New("coded frame before its sequence header")

// maxComposition bounds the distance between decoding and showing a picture,
// in milliseconds: 16 pictures, the most that can be reordered, at 0.5 fps.
const maxComposition = 32000

// video is the state of the video track.
type video struct {
	track *media.Track // of the units; nil before the first header
	next  *media.Track // takes over at the next key frame
	sent  bool         // a unit with track went out, which fixes it
	own   media.Colour // of the newer of them, as the coded media tells it

	header     []byte // the last sequence header
	codec      fourCC // and its codec
	lengthSize int    // bytes before each NAL unit, as the header says
	sets       *media.ParameterSets
	changed    bool   // sets hold something that track does not
	sequence   []byte // payload of AV1's sequence header
}

// videoHeader takes a sequence header. The same header again changes nothing.
func (d *Demuxer) videoHeader(e *Event, p packet) error {
	v := &d.video
	if v.codec == p.codec && v.header != nil && bytes.Equal(v.header, p.body) {
		return nil
	}
	var next video
	var err error
	switch p.codec {
	case fourCCAVC:
		next.lengthSize = media.AVCLengthSize(p.body)
		next.track, err = media.ParseAVCConfig(p.body)
	case fourCCHEVC:
		next.lengthSize = media.HEVCLengthSize(p.body)
		next.track, err = media.ParseHEVCConfig(p.body)
	case fourCCAV1:
		next.track, err = media.ParseAV1Config(p.body)
	}
	if err != nil {
		return err
	}
	if p.codec == fourCCAV1 {
		next.sequence = sequenceOf(next.track.Config[4:])
	} else if next.sets, err = media.SetsOf(next.track); err != nil {
		return err
	}
	v.codec, v.header = p.codec, bytes.Clone(p.body)
	v.lengthSize, v.sets, v.sequence, v.changed = next.lengthSize, next.sets, next.sequence, false
	d.offerVideo(next.track)
	d.expect(e, media.Video)
	return nil
}

// offerVideo makes t the track, at once while none is in use, else from the
// next key frame on: an initialisation segment holds from there.
func (d *Demuxer) offerVideo(t *media.Track) {
	v := &d.video
	v.next, v.own = nil, t.Colour
	d.metadata.fill(t)
	t.Colour = d.colour.over(t)
	switch {
	case v.track == nil || !v.sent:
		v.track = t
	case !sameParameters(v.track, t):
		v.next = t
	}
}

// sameParameters reports whether two tracks need the same initialisation.
func sameParameters(a, b *media.Track) bool {
	return a.Codec == b.Codec && bytes.Equal(a.Config, b.Config) && a.Colour == b.Colour
}

// videoUnit makes an access unit of coded frames.
func (d *Demuxer) videoUnit(e *Event, timestamp int64, frame byte, p packet) error {
	v := &d.video
	if v.codec != 0 && v.codec != p.codec {
		return errNoHeader
	}
	composition := int64(0)
	if p.typ == codedFrames && p.codec != fourCCAV1 {
		if len(p.body) < 3 {
			return errShort
		}
		composition, p.body = int24(p.body), p.body[3:]
		if composition > maxComposition || composition < -maxComposition {
			composition = 0 // better shown a little early than not at all
		}
	}
	key := frame == frameKey || frame == frameGeneratedKey
	var data []byte
	var err error
	if p.codec == fourCCAV1 {
		data, err = d.temporalUnit(p.body, key)
	} else {
		data, key, err = d.nalUnits(p.codec, p.body)
	}
	if err != nil || len(data) == 0 {
		return err
	}
	if key && v.next != nil {
		v.track, v.next, v.sent = v.next, nil, false
	}
	if v.track == nil || v.track.Codec != p.codec.codec() {
		return errNoHeader
	}
	if !v.sent {
		v.sent = true
		d.expect(e, media.Video)
	}
	dts := media.Rescale(timestamp, v.track.Timescale, 1000) + media.Rescale(p.nanos, v.track.Timescale, 1e9)
	e.Unit = &media.AccessUnit{
		Track: v.track,
		DTS:   dts,
		PTS:   dts + media.Rescale(composition, v.track.Timescale, 1000),
		Key:   key,
		Data:  data,
	}
	return nil
}

// codec is the codec that a FourCC stands for, 0 when it cannot be carried.
func (c fourCC) codec() media.Codec {
	switch c {
	case fourCCAVC:
		return media.H264
	case fourCCHEVC:
		return media.H265
	case fourCCAV1:
		return media.AV1
	case fourCCAAC:
		return media.AAC
	case fourCCOpus:
		return media.Opus
	}
	return 0
}
