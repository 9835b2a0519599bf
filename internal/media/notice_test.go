package media

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNotices: the codes are in programs and in the pages' words, and stay.
func TestNotices(t *testing.T) {
	for _, c := range []struct {
		notice     Notice
		code, says string
	}{
		{Notice{CodecNotCarried, Video, "VP9"}, "codec", "The video codec VP9 cannot be carried; viewers see nothing."},
		{Notice{CodecNotCarried, Audio, "MP3"}, "codec", "The audio codec MP3 cannot be carried; viewers hear nothing."},
		{Notice{CodecNumberNotCarried, Video, "13"}, "codec_number", "The video codec number 13 cannot be carried; viewers see nothing."},
		{Notice{AACProfileNotCarried, Audio, ""}, "aac_profile", "The audio codec AAC of this kind (neither LC nor HE) cannot be carried; viewers hear nothing."},
		{Notice{TracksNotCarried, Video, ""}, "further_tracks", "The encoder sends several video tracks; only the first is carried."},
		{Notice{VODTrackNotCarried, Audio, ""}, "vod_track", "The encoder's second audio track (Twitch VOD track) is not carried."},
		{Notice{FormatNotCarried, 0, "mp4v"}, "format", `A track of the format "mp4v" cannot be carried.`},
	} {
		require.EqualValues(t, c.code, c.notice.Code)
		require.Equal(t, c.says, c.notice.String())
	}
	require.Empty(t, Notice{}.String())

	b, err := json.Marshal([]Notice{{CodecNotCarried, Audio, "MP3"}, {FormatNotCarried, 0, "mp4v"}})
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"code": "codec", "kind": "audio", "name": "MP3", "text": "The audio codec MP3 cannot be carried; viewers hear nothing."},
		{"code": "format", "kind": "", "name": "mp4v", "text": "A track of the format \"mp4v\" cannot be carried."}
	]`, string(b))
}
