package media

import (
	"encoding/json"
	"fmt"
)

// NoticeCode says what kind of thing cannot be carried. The codes are stable:
// programs look for them, and pages have words for them.
type NoticeCode string

// The codes of notices.
const (
	CodecNotCarried       NoticeCode = "codec"          // of Kind; Name is the codec's
	CodecNumberNotCarried NoticeCode = "codec_number"   // likewise, of one that has no name: Name is its number in FLV
	AACProfileNotCarried  NoticeCode = "aac_profile"    // an object type of AAC other than LC and HE
	TracksNotCarried      NoticeCode = "further_tracks" // of Kind, behind the first
	VODTrackNotCarried    NoticeCode = "vod_track"      // OBS's second sound, for Twitch's archive
	FormatNotCarried      NoticeCode = "format"         // a track in MP4 whose sample entry is Name
)

// Notice tells a channel's owner of something that the encoder sends and that
// cannot be carried. The zero value tells nothing.
type Notice struct {
	Code NoticeCode
	Kind Kind   // 0 where it is not known
	Name string // printable, and of bounded length; empty for codes without one
}

// String says it in a sentence.
func (n Notice) String() string {
	loss := "viewers see nothing"
	if n.Kind == Audio {
		loss = "viewers hear nothing"
	}
	switch n.Code {
	case CodecNotCarried:
		return fmt.Sprintf("The %v codec %s cannot be carried; %s.", n.Kind, n.Name, loss)
	case CodecNumberNotCarried:
		return fmt.Sprintf("The %v codec number %s cannot be carried; %s.", n.Kind, n.Name, loss)
	case AACProfileNotCarried:
		return fmt.Sprintf("The audio codec AAC of this kind (neither LC nor HE) cannot be carried; %s.", loss)
	case TracksNotCarried:
		return fmt.Sprintf("The encoder sends several %v tracks; only the first is carried.", n.Kind)
	case VODTrackNotCarried:
		return "The encoder's second audio track (Twitch VOD track) is not carried."
	case FormatNotCarried:
		return fmt.Sprintf("A track of the format %q cannot be carried.", n.Name)
	}
	return ""
}

// MarshalJSON writes the code, what it is of, and the sentence.
func (n Notice) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code NoticeCode `json:"code"`
		Kind string     `json:"kind"` // empty where it is not known
		Name string     `json:"name"`
		Text string     `json:"text"`
	}{n.Code, n.KindName(), n.Name, n.String()})
}

// KindName is "video" or "audio", empty where the kind is not known.
func (n Notice) KindName() string {
	if n.Kind == 0 {
		return ""
	}
	return n.Kind.String()
}
