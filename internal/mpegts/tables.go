package mpegts

import (
	"encoding/binary"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Tables (2.4.4.4).
const (
	tablePAT = 0x00
	tablePMT = 0x02
)

// Where our program's pieces are. They never change, so that a player who goes
// from one segment to the next finds all in its place.
const (
	ourProgram = 1
	pidPMT     = 0x1000
	pidVideo   = 0x0100
	pidAudio   = 0x0101
)

// appendTables appends a PAT and a PMT of the tracks, either of which may be
// nil, in a packet each with that continuity counter.
func appendTables(dst []byte, video, audio *media.Track, counter byte) []byte {
	pat := beginSection(tablePAT, ourProgram, 0)
	pat = binary.BigEndian.AppendUint16(pat, ourProgram)
	pat = binary.BigEndian.AppendUint16(pat, 0xe000|pidPMT)
	dst = appendSection(dst, pidPAT, counter, pat)

	clock := uint16(pidVideo)
	if video == nil {
		clock = pidAudio
	}
	pmt := beginSection(tablePMT, ourProgram, version(video, audio))
	pmt = binary.BigEndian.AppendUint16(pmt, 0xe000|clock)
	pmt = append(pmt, 0xf0, 0) // no descriptors of the program
	if video != nil {
		kind, descriptors := byte(typeAVC), []byte(nil)
		if video.Codec == media.H265 {
			kind, descriptors = typeHEVC, registration(formatHEVC)
		}
		pmt = appendStream(pmt, kind, pidVideo, descriptors)
	}
	if audio != nil {
		kind, descriptors := byte(typeADTS), []byte(nil)
		if audio.Codec == media.Opus {
			kind = typePrivate
			descriptors = append(registration(formatOpus), tagExtension, 2, extensionOpus, opusCode(audio))
		}
		pmt = appendStream(pmt, kind, pidAudio, descriptors)
	}
	return appendSection(dst, pidPMT, counter, pmt)
}

// version tells PMTs apart by what they say, so that whoever makes one need
// not know of the ones before: below 32, and another for other tracks.
func version(video, audio *media.Track) byte {
	const sounds = 10 // none, AAC, Opus of one to eight channels
	var v byte
	if video != nil {
		v = sounds
		if video.Codec == media.H265 {
			v = 2 * sounds
		}
	}
	switch {
	case audio == nil:
	case audio.Codec == media.Opus:
		v += 1 + opusCode(audio)
	default:
		v++
	}
	return v
}

func registration(format string) []byte {
	return append([]byte{tagRegistration, byte(len(format))}, format...)
}

func appendStream(pmt []byte, kind byte, pid uint16, descriptors []byte) []byte {
	pmt = append(pmt, kind)
	pmt = binary.BigEndian.AppendUint16(pmt, 0xe000|pid)
	pmt = binary.BigEndian.AppendUint16(pmt, 0xf000|uint16(len(descriptors)))
	return append(pmt, descriptors...)
}

// beginSection writes what PAT and PMT have in common (2.4.4.5, 2.4.4.9).
func beginSection(table byte, id uint16, version byte) []byte {
	s := append(make([]byte, 0, payloadSize), table, 0, 0) // the length is written at the end
	s = binary.BigEndian.AppendUint16(s, id)
	return append(s, 0xc0|version<<1|1, 0, 0) // in force; section 0 of 0
}

// appendSection completes a section and puts it in one packet.
func appendSection(dst []byte, pid uint16, counter byte, s []byte) []byte {
	const crc, lengthAt = 4, 3
	binary.BigEndian.PutUint16(s[1:], 0xb000|uint16(len(s)-lengthAt+crc))
	s = binary.BigEndian.AppendUint32(s, crc32(s))
	dst = append(dst, syncByte, unitStart|byte(pid>>8), byte(pid), hasPayload|counter, 0) // pointer_field
	dst = append(dst, s...)
	for range payloadSize - 1 - len(s) {
		dst = append(dst, 0xff)
	}
	return dst
}
