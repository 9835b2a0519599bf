// Package mpegts writes and reads MPEG transport streams (ISO/IEC 13818-1, the
// same as ITU-T H.222.0) of one program with a picture, sound or both. It does
// no I/O, starts no goroutine, reads no clock, and knows nothing of playlists
// or of how segments are cut.
package mpegts

import "github.com/rostrumlive/rostrum/internal/media"

const (
	packetSize  = 188
	payloadSize = packetSize - headerSize
	headerSize  = 4
	syncByte    = 0x47

	pidPAT  = 0x0000
	pidNull = 0x1fff

	// counters is how many values a continuity counter has (2.4.3.3).
	counters = 16
	// clockBits is the length of a time stamp: at 90 kHz it begins anew after 26.5 hours.
	clockBits = 33
	clockMask = 1<<clockBits - 1
	// pcrClock is the rate of what a time stamp counts.
	pcrClock = 90000
)

// Stream types (table 2-34).
const (
	typePrivate = 0x06 // with an Opus registration: Opus
	typeADTS    = 0x0f
	typeAVC     = 0x1b
	typeHEVC    = 0x24
)

// Stream ids (table 2-22).
const (
	idPrivate = 0xbd
	idAudio   = 0xc0
	idVideo   = 0xe0
)

// Descriptors (table 2-45, ETSI EN 300 468 6.1 for the extension).
const (
	tagRegistration = 0x05
	tagExtension    = 0x7f
	extensionOpus   = 0x80
)

// The identifiers of registration descriptors.
const (
	formatOpus = "Opus"
	formatHEVC = "HEVC"
)

// Carries reports whether a transport stream can carry the track. AV1 it
// cannot: its mapping is a draft that players do not know. Nor can it carry
// AAC in frames of 960 samples, or of a layout or a rate without a number, nor
// Opus in an order of channels that the mapping has no code for.
func Carries(t *media.Track) bool {
	switch t.Codec {
	case media.H264, media.H265:
		return true
	case media.AAC:
		_, err := adtsOf(t)
		return err == nil
	case media.Opus:
		return opusCode(t) > 0
	}
	return false
}
