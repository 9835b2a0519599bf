package flv

import "github.com/rostrumlive/rostrum/internal/media"

// AppendFileHeader appends the header of a file, which says what kinds of tag
// to expect, and the link before its first tag (Adobe FLV 10.1, E.2 and E.3).
// Players wait at the start for every kind that is told, and most take one that
// comes later, too.
func AppendFileHeader(dst []byte, video, audio bool) []byte {
	var flags byte
	if video {
		flags |= 1
	}
	if audio {
		flags |= 4
	}
	return append(dst, 'F', 'L', 'V', 1, flags, 0, 0, 0, fileHeaderBytes, 0, 0, 0, 0)
}

// AppendMetadata appends a tag of onMetaData (Adobe FLV 10.1, E.5) that tells
// of the tracks, at a time in milliseconds; nil ones are left out.
func AppendMetadata(dst []byte, ms int64, tracks ...*media.Track) []byte {
	dst, start := openTag(dst, TagScript, ms)
	var about ECMAArray
	for _, t := range tracks {
		switch {
		case t == nil:
		case t.Kind() == media.Video:
			about = append(about, videoMetadataOf(t)...)
		default:
			about = append(about, audioMetadataOf(t)...)
		}
	}
	return closeTag(AppendAMF0(dst, "onMetaData", about), start)
}

func videoMetadataOf(t *media.Track) []Property {
	list := []Property{{"videocodecid", codecID(t.Codec)}}
	if t.Width > 0 && t.Height > 0 {
		list = append(list, Property{"width", t.Width}, Property{"height", t.Height})
	}
	if t.FrameRate.Known() {
		list = append(list, Property{"framerate", t.FrameRate.Float()})
	}
	return withRate(list, "videodatarate", t)
}

func audioMetadataOf(t *media.Track) []Property {
	list := []Property{{"audiocodecid", codecID(t.Codec)}, {"audiosamplerate", t.SampleRate}, {"stereo", t.Channels > 1}}
	return withRate(list, "audiodatarate", t)
}

func withRate(list []Property, name string, t *media.Track) []Property {
	if t.Bitrate > 0 {
		list = append(list, Property{name, float64(t.Bitrate) / 1000})
	}
	return list
}

// codecID is a codec's number in onMetaData: that of its tags, or its FourCC
// (Enhanced RTMP v2, "Enhancing onMetaData").
func codecID(c media.Codec) int {
	switch c {
	case media.H264:
		return 7
	case media.H265:
		return int(fourCCHEVC)
	case media.AV1:
		return int(fourCCAV1)
	case media.AAC:
		return 10
	case media.Opus:
		return int(fourCCOpus)
	}
	return 0
}
