// Package media owns the words that every other room speaks: tracks, access
// units and the arithmetic of media time, with the headers of the codecs that
// a track is described by. It does no I/O, starts no goroutine and reads no
// clock.
package media

import "time"

// VideoTimescale is the number of ticks a second of every video track.
const VideoTimescale = 90000

// Kind tells pictures from sound.
type Kind uint8

// The kinds of a track.
const (
	Video Kind = iota + 1
	Audio
)

// String returns "video" or "audio", as in a rendition's name.
func (k Kind) String() string {
	switch k {
	case Video:
		return "video"
	case Audio:
		return "audio"
	}
	return "unknown"
}

// Codec names the coding of a track.
type Codec uint8

// The codecs that can be carried.
const (
	H264 Codec = iota + 1
	H265
	AV1
	AAC
	Opus
)

// String returns the codec's usual name, for people.
func (c Codec) String() string {
	switch c {
	case H264:
		return "H.264"
	case H265:
		return "H.265"
	case AV1:
		return "AV1"
	case AAC:
		return "AAC"
	case Opus:
		return "Opus"
	}
	return "unknown"
}

// Kind returns the kind of track that the codec makes.
func (c Codec) Kind() Kind {
	switch c {
	case H264, H265, AV1:
		return Video
	case AAC, Opus:
		return Audio
	}
	return 0
}

// Rate is a number of frames a second as a fraction. The zero value is
// "not known".
type Rate struct{ Num, Den uint32 }

// Known reports whether the rate is a usable fraction.
func (r Rate) Known() bool { return r.Num > 0 && r.Den > 0 }

// Float returns frames a second, 0 when not known. For display only: time
// goes through Interval and Rescale.
func (r Rate) Float() float64 {
	if !r.Known() {
		return 0
	}
	return float64(r.Num) / float64(r.Den)
}

// Interval returns the time between two frames in ticks of timescale, rounded
// to the nearest, 0 when the rate is not known.
func (r Rate) Interval(timescale uint32) int64 {
	if !r.Known() {
		return 0
	}
	return Rescale(int64(r.Den), timescale, r.Num)
}

// Track describes one coded elementary stream. It is immutable: a change of
// parameters makes a new *Track, so another pointer means a new
// initialisation segment.
type Track struct {
	Codec     Codec
	Timescale uint32 // ticks a second: VideoTimescale, or the sample rate of AAC, or 48000 for Opus
	// Config is the decoder's configuration as the ISO base media file format
	// carries it: the body of avcC (ISO/IEC 14496-15 5.3.3), hvcC (8.3.3),
	// av1C, an AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1), or the body of
	// dOps (Opus in ISOBMFF 4.3.2).
	Config []byte

	Width, Height int    // pixels as shown, cropping applied; video only
	FrameRate     Rate   // as the parameter sets or the encoder say; video only
	Colour        Colour // as the encoder says, else the parameter sets; video only

	SampleRate      int // Hz as played (after SBR); audio only
	Channels        int // as played; audio only
	SamplesPerFrame int // in Timescale ticks: AAC 1024 or 960, Opus of the first packet; audio only

	// Codecs is the value for the CODECS attribute (RFC 6381, RFC 8216 4.3.4.2),
	// such as "avc1.64001f" or "mp4a.40.2".
	Codecs string
	// Bitrate is bits a second as the encoder announced, 0 when it did not.
	Bitrate int
}

// Kind is that of the track's codec.
func (t *Track) Kind() Kind { return t.Codec.Kind() }

// AccessUnit is one coded picture or audio frame. It is read-only once it was
// written to a rendition: every reader shares it.
type AccessUnit struct {
	Track *Track
	// DTS and PTS are in ticks of Track.Timescale since the broadcast's epoch.
	// PTS may lie before DTS by a bounded amount when an encoder says so.
	DTS, PTS int64
	// Key says that decoding can start here. Every audio frame is key.
	Key bool
	// Data is length-prefixed NAL units (four bytes each) with the parameter
	// sets out of band for H.264 and H.265, a temporal unit without its
	// delimiter for AV1, a raw data block for AAC, a packet for Opus.
	Data []byte
	// Arrived is when the unit reached this node.
	Arrived time.Time
}

// Origin is where a broadcast's first unit stands on its timeline: room for a
// track whose first unit is a little older. For people it is where the broadcast
// begins.
const Origin = time.Second

// Rescale converts v from a clock of `from` ticks a second to one of `to`,
// rounded to the nearest, halves away from zero. It does not overflow while
// the result fits. A zero clock gives 0.
func Rescale(v int64, to, from uint32) int64 {
	if from == 0 || to == from {
		if from == 0 {
			return 0
		}
		return v
	}
	q, r := v/int64(from), v%int64(from)
	part := r * int64(to)
	half := int64(from) / 2
	if part >= 0 {
		part += half
	} else {
		part -= half
	}
	return q*int64(to) + part/int64(from)
}

// Duration converts ticks of timescale to wall time, rounded to the nearest nanosecond.
func Duration(ticks int64, timescale uint32) time.Duration {
	return time.Duration(Rescale(ticks, uint32(time.Second), timescale))
}

// Ticks converts wall time to ticks of timescale, rounded to the nearest.
func Ticks(d time.Duration, timescale uint32) int64 {
	return Rescale(int64(d), timescale, uint32(time.Second))
}
