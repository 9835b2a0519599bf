package media

import (
	"bytes"
	"fmt"
)

// Audio object types (ISO/IEC 14496-3 table 1.17).
const (
	aacMain = 1
	aacLTP  = 4
	aacSBR  = 5
	aacPS   = 29
)

// maxASC bounds an AudioSpecificConfig in bytes: a program config element with
// its comment stays under 400.
const maxASC = 512

var aacRates = [...]int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350}

// aacChannels are the channels of a channel configuration (ISO/IEC 14496-3
// table 1.19); 0 of one that is reserved or told by a program config element.
var aacChannels = [16]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 8, 11: 7, 12: 8, 13: 24, 14: 8}

// ParseAAC makes a track of an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1):
// AAC Main, LC, SSR and LTP, also with SBR (HE-AAC) and PS (HE-AAC v2) where
// these are told explicitly. Other object types give ErrUnsupported.
//
// Timescale is the sampling rate of the core AAC coding, so that every access
// unit lasts SamplesPerFrame (1024 or 960) ticks; SampleRate and Channels are
// as played. HE-AAC that plays at 48 kHz has Timescale 24000 and SampleRate
// 48000. HE-AAC that is not told (implicit signalling) looks like its core.
func ParseAAC(asc []byte) (*Track, error) {
	if len(asc) > maxASC {
		return nil, fmt.Errorf("AudioSpecificConfig of %d bytes: %w", len(asc), errShort)
	}
	r := &bitReader{b: asc}
	object := aacObjectType(r)
	core := aacRate(r)
	layout := r.u(4)
	played, sbr, ps := core, false, false
	coded := object
	if object == aacSBR || object == aacPS {
		sbr, ps = true, object == aacPS
		played = aacRate(r)
		coded = aacObjectType(r)
	}
	if !r.bad && (coded < aacMain || coded > aacLTP) {
		return nil, fmt.Errorf("AAC object type %d: %w", coded, ErrUnsupported)
	}
	samples := 1024
	if r.flag() { // frameLengthFlag
		samples = 960
	}
	if r.flag() { // dependsOnCoreCoder
		r.skip(14)
	}
	r.skip(1) // extensionFlag, which says nothing for these object types
	channels := aacChannels[layout]
	if layout == 0 {
		channels = programChannels(r)
	}
	if r.bad || core == 0 || played == 0 || channels == 0 {
		return nil, fmt.Errorf("AudioSpecificConfig: %w", errShort)
	}
	if !sbr {
		sbr, ps, played = aacExtension(r, core)
	}
	switch {
	case ps:
		object = aacPS
		channels = max(channels, 2)
	case sbr:
		object = aacSBR
	}
	return &Track{
		Codec:           AAC,
		Timescale:       uint32(core),
		Config:          bytes.Clone(asc),
		SampleRate:      played,
		Channels:        channels,
		SamplesPerFrame: samples,
		Codecs:          fmt.Sprintf("mp4a.40.%d", object),
	}, nil
}

func aacObjectType(r *bitReader) uint32 {
	t := r.u(5)
	if t == 31 {
		t = 32 + r.u(6)
	}
	return t
}

// aacRate reads a sampling frequency, 0 when it cannot be.
func aacRate(r *bitReader) int {
	i := r.u(4)
	if i == 15 {
		rate := int(r.u(24))
		if rate < 1000 || rate > 192000 {
			return 0
		}
		return rate
	}
	if int(i) >= len(aacRates) {
		return 0
	}
	return aacRates[i]
}

// aacExtension reads what stands behind the core's configuration: SBR told in
// the way that old decoders pass over (1.6.5.2). Anything else there is left
// alone.
func aacExtension(r *bitReader, core int) (sbr, ps bool, played int) {
	const syncSBR, syncPS = 0x2b7, 0x548
	if r.left() < 16 || r.u(11) != syncSBR || aacObjectType(r) != aacSBR || !r.flag() {
		return false, false, core
	}
	rate := aacRate(r)
	if r.bad || rate == 0 {
		return false, false, core
	}
	if r.left() >= 12 && r.u(11) == syncPS {
		ps = r.flag()
	}
	return true, ps, rate
}

// programChannels counts the channels of a program config element
// (ISO/IEC 14496-3 4.4.1.1), and passes over it.
func programChannels(r *bitReader) int {
	r.skip(4 + 2 + 4) // element_instance_tag, object_type, sampling_frequency_index
	front, side, back := r.u(4), r.u(4), r.u(4)
	lfe, data, coupling := r.u(2), r.u(3), r.u(4)
	for _, size := range []int{4, 4, 3} { // mono, stereo and matrix mixdown
		if r.flag() {
			r.skip(size)
		}
	}
	channels := int(lfe)
	for range front + side + back {
		channels++
		if r.flag() { // a channel pair
			channels++
		}
		r.skip(4)
	}
	r.skip(int(4*lfe + 4*data + 5*coupling))
	r.pos = (r.pos + 7) &^ 7
	r.skip(8 * int(r.u(8))) // comment_field_data
	return channels
}
