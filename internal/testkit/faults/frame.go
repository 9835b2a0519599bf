package faults

import (
	"slices"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// What a tag's second half byte or byte says it carries (Adobe FLV 10.1,
// E.4.2, E.4.3; Enhanced RTMP v2, "Enhanced Video" and "Enhanced Audio").
const (
	codedFrames  = 1
	codedFramesX = 3 // without a composition time
)

// Frame returns the coded frame that a tag carries, as it is to be kept: nil
// for a tag that carries none, or none that can be read.
func Frame(g testkit.Tag) []byte {
	switch {
	case len(g.Body) < avcHead:
		return nil
	case g.Video():
		return videoFrame(g.Body)
	case !g.Audio():
		return nil
	case g.Body[0]>>4 == 10 && g.Body[1] == codedFrames: // AAC
		return g.Body[2:]
	case g.Body[0]>>4 == 9 && g.Body[0]&15 == codedFrames && string(g.Body[1:5]) == "Opus":
		return g.Body[5:]
	}
	return nil
}

func videoFrame(b []byte) []byte {
	if b[0]&0x80 == 0 {
		switch id := b[0] & 15; {
		case b[1] != codedFrames:
			return nil
		case id == 7:
			return picture(b[avcHead:], apartH264)
		case id == 12: // H.265, as encoders send it that know nothing of FourCC
			return picture(b[avcHead:], apartH265)
		}
		return nil
	}
	switch typ, codec := b[0]&15, string(b[1:5]); {
	case codec == "av01" && typ == codedFrames:
		return b[5:]
	case codec == "hvc1" && typ == codedFramesX:
		return picture(b[5:], apartH265)
	case codec == "hvc1" && typ == codedFrames && len(b) > 8:
		return picture(b[8:], apartH265)
	}
	return nil
}

// Legacy gives video tags of H.265 the form that came before FourCCs: codec id
// 12, in the place of H.264's 7.
func Legacy(tags []testkit.Tag) []testkit.Tag {
	var out []testkit.Tag
	for _, g := range tags {
		if !g.Video() || len(g.Body) < 5 {
			continue
		}
		head := []byte{g.Body[0]&0x70 | 12, g.Body[0] & 15, 0, 0, 0}
		rest := g.Body[5:]
		switch head[1] {
		case codedFrames:
			copy(head[2:], rest)
			rest = rest[3:]
		case codedFramesX:
			head[1] = codedFrames
		}
		g.Body = slices.Concat(head, rest)
		out = append(out, g)
	}
	return out
}
