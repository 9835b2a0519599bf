package flv

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/rostrumlive/rostrum/internal/media"
)

// cause tells notices apart: a FourCC, or one of the values below, which no
// FourCC can have.
type cause uint32

const (
	causeVideoTracks cause = iota + 1
	causeAudioTracks
	causeArchiveAudio

	causeLegacyVideo cause = 0x100 // plus the codec id
	causeLegacyAudio cause = 0x200 // plus the sound format
	causeAACObject   cause = 0x300
)

// maxCauses bounds what an encoder can make us remember.
const maxCauses = 16

// first reports whether a cause comes up for the first time, and remembers it.
func (d *Demuxer) first(c cause) bool {
	if len(d.said) == maxCauses || slices.Contains(d.said, c) {
		return false
	}
	d.said = append(d.said, c)
	return true
}

// legacyNotice is that a codec of plain FLV cannot be carried, by its name where
// it has one.
func legacyNotice(k media.Kind, name string, id byte) media.Notice {
	if name == "" {
		return media.Notice{Code: media.CodecNumberNotCarried, Kind: k, Name: strconv.Itoa(int(id))}
	}
	return media.Notice{Code: media.CodecNotCarried, Kind: k, Name: name}
}

// otherTracks says that only one track of a kind is carried.
func (d *Demuxer) otherTracks(e *Event, k media.Kind) {
	c := causeVideoTracks
	if k == media.Audio {
		c = causeAudioTracks
	}
	if d.first(c) {
		e.Notice = media.Notice{Code: media.TracksNotCarried, Kind: k}
	}
}

// legacyVideo names the codec ids of Adobe FLV 10.1, E.4.3.1; others have none.
func legacyVideo(id byte) string {
	switch id {
	case 2:
		return "Sorenson H.263"
	case 3, 6:
		return "Screen video"
	case 4, 5:
		return "VP6"
	}
	return ""
}

// legacyAudio names the sound formats of Adobe FLV 10.1, E.4.2.1; others have
// none.
func legacyAudio(format byte) string {
	switch format {
	case 0, 3:
		return "PCM"
	case 1:
		return "ADPCM"
	case 2, 14:
		return "MP3"
	case 4, 5, 6:
		return "Nellymoser"
	case 7, 8:
		return "G.711"
	case 11:
		return "Speex"
	}
	return ""
}

// name is a codec's usual name, or its FourCC in a form that is safe to show.
func (c fourCC) name() string {
	switch c {
	case makeFourCC("vp08"):
		return "VP8"
	case makeFourCC("vp09"):
		return "VP9"
	case makeFourCC("vvc1"):
		return "H.266"
	case makeFourCC(".mp3"):
		return "MP3"
	case makeFourCC("fLaC"):
		return "FLAC"
	case makeFourCC("ac-3"):
		return "AC-3"
	case makeFourCC("ec-3"):
		return "E-AC-3"
	}
	return fmt.Sprintf("%+q", []byte{byte(c >> 24), byte(c >> 16), byte(c >> 8), byte(c)})
}
