package packager

import "strings"

// tsSuffix is that of MPEG-TS segments, of which picture and sound may share
// one. Its name tells what it holds, so that an address never has another
// content: seg7.ts is the rendition's seventh segment alone, seg7-source.ts
// with that of audio/source.
const tsSuffix = ".ts"

const soundFolder = "audio/"

// TSName is a name of an MPEG-TS segment read.
type TSName struct {
	Number int64
	Sound  string // the rendition that it holds beside its own, "" when there is none
}

// ParseTSName reads the last part of the address of an MPEG-TS segment. ok is
// false for all else.
func ParseTSName(name string) (n TSName, ok bool) {
	base, ok := strings.CutSuffix(name, tsSuffix)
	if !ok {
		return n, false
	}
	base, sound, with := strings.Cut(base, "-")
	if with {
		if sound == "" || strings.ContainsAny(sound, "/\\") {
			return n, false
		}
		n.Sound = soundFolder + sound
	}
	n.Number, ok = number(base, segmentPrefix, "")
	return n, ok
}

// TSAddress is the address of a rendition's MPEG-TS segment, which holds that
// of a sound too where there is one. folder is that of the broadcast's media.
func TSAddress(folder, rendition, sound string, number int64) string {
	suffix := tsSuffix
	if sound != "" {
		suffix = "-" + strings.TrimPrefix(sound, soundFolder) + tsSuffix
	}
	return address(folder+rendition+"/", segmentPrefix, number, suffix)
}
