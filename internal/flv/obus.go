package flv

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

var errOBU = errors.New("malformed OBU")

// temporalUnit takes the temporal delimiter out of an AV1 temporal unit, in
// place (AV1 in ISOBMFF 2.4). At a key frame a sequence header that differs
// from the track's makes a new track.
func (d *Demuxer) temporalUnit(body []byte, key bool) ([]byte, error) {
	kept := gather{b: body}
	at := 0
	for o := range media.OBUs(body) {
		to := at + len(o.Raw)
		if o.Type == media.AV1SequenceHeader && key {
			d.adoptSequence(o.Payload)
		}
		if o.Type != media.AV1TemporalDelimiter {
			kept.keep(at, to)
		}
		at = to
	}
	if at != len(body) {
		return nil, errOBU
	}
	return kept.data(), nil
}

// adoptSequence offers a track of a sequence header, unless it is the one in
// force or cannot be read, in which case the track stays as it is.
func (d *Demuxer) adoptSequence(payload []byte) {
	v := &d.video
	if v.sequence != nil && bytes.Equal(v.sequence, payload) {
		return
	}
	config, err := media.AV1Config(payload)
	if err != nil {
		return
	}
	if t, err := media.ParseAV1Config(config); err == nil {
		v.codec, v.sequence = fourCCAV1, bytes.Clone(payload)
		d.offerVideo(t)
	}
}

// sequenceOf returns the payload of the sequence header among OBUs, nil when
// there is none.
func sequenceOf(obus []byte) []byte {
	for o := range media.OBUs(obus) {
		if o.Type == media.AV1SequenceHeader {
			return o.Payload
		}
	}
	return nil
}

// av1Descriptor makes an av1C of the AV1 video descriptor of MPEG-2 TS
// (Carriage of AV1 in MPEG-2 TS 2.2): the same fields, save that it has colour
// flags where av1C has reserved bits, and no sequence header.
func av1Descriptor(b []byte) ([]byte, error) {
	const tag = 0x80
	if len(b) < 6 || b[0] != tag || b[1] < 4 {
		return nil, fmt.Errorf("AV1 video descriptor: %w", errShort)
	}
	return []byte{b[2], b[3], b[4], b[5] & 0x1f}, nil
}
