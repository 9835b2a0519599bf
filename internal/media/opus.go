package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// opusRate is the clock of all Opus, whatever was recorded (RFC 7845 5.1).
const opusRate = 48000

// opusFrame is a frame's usual length, 20 ms, in samples.
const opusFrame = 960

// ParseOpusHead makes a track of an Opus identification header (RFC 7845 5.1).
// Config is the body of dOps (Opus in ISOBMFF 4.3.2). SamplesPerFrame is 960:
// who sees the first packet corrects it by OpusPacketSamples.
func ParseOpusHead(b []byte) (*Track, error) {
	const fixed = 19
	if len(b) < fixed || !bytes.HasPrefix(b, []byte("OpusHead")) || b[8]>>4 != 0 {
		return nil, fmt.Errorf("OpusHead of %d bytes: %w", len(b), errShort)
	}
	channels, family := int(b[9]), b[18]
	config := []byte{0, b[9]}
	config = binary.BigEndian.AppendUint16(config, binary.LittleEndian.Uint16(b[10:])) // PreSkip
	config = binary.BigEndian.AppendUint32(config, binary.LittleEndian.Uint32(b[12:])) // InputSampleRate
	config = binary.BigEndian.AppendUint16(config, binary.LittleEndian.Uint16(b[16:])) // OutputGain
	config = append(config, family)
	if channels == 0 || family == 0 && channels > 2 {
		return nil, fmt.Errorf("OpusHead of %d channels in family %d: %w", channels, family, errShort)
	}
	if family != 0 {
		if len(b) < fixed+2+channels {
			return nil, fmt.Errorf("OpusHead's channel mapping: %w", errShort)
		}
		config = append(config, b[fixed:fixed+2+channels]...)
	}
	return &Track{
		Codec:           Opus,
		Timescale:       opusRate,
		Config:          config,
		SampleRate:      opusRate,
		Channels:        channels,
		SamplesPerFrame: opusFrame,
		Codecs:          "opus",
	}, nil
}

// OpusPacketSamples returns how long a packet plays, in samples of 48 kHz
// (RFC 6716 3.1), 0 when it is malformed.
func OpusPacketSamples(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	const ms = opusRate / 1000
	config := packet[0] >> 3
	var frame int
	switch {
	case config < 12: // SILK
		frame = [4]int{10 * ms, 20 * ms, 40 * ms, 60 * ms}[config&3]
	case config < 16: // hybrid
		frame = [2]int{10 * ms, 20 * ms}[config&1]
	default: // CELT
		frame = [4]int{5 * ms / 2, 5 * ms, 10 * ms, 20 * ms}[config&3]
	}
	frames := 1
	switch packet[0] & 3 {
	case 1, 2:
		frames = 2
	case 3:
		if len(packet) < 2 {
			return 0
		}
		frames = int(packet[1] & 0x3f)
	}
	if frame*frames > 120*ms { // RFC 6716 3.2.5, R5
		return 0
	}
	return frame * frames
}

// OpusHead returns the identification header (RFC 7845 5.1) that says what a
// track's Config does: the two hold the same fields, in another order of bytes.
func OpusHead(t *Track) []byte {
	const fixed = 11
	c := t.Config
	if len(c) < fixed {
		return nil
	}
	head := append([]byte("OpusHead\x01"), c[1])
	head = binary.LittleEndian.AppendUint16(head, binary.BigEndian.Uint16(c[2:])) // PreSkip
	head = binary.LittleEndian.AppendUint32(head, binary.BigEndian.Uint32(c[4:])) // InputSampleRate
	head = binary.LittleEndian.AppendUint16(head, binary.BigEndian.Uint16(c[8:])) // OutputGain
	return append(head, c[10:]...)                                                // channel mapping
}
