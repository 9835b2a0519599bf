package flv

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// unitsOf returns the units of a file, their data of their own.
func unitsOf(t testing.TB, file []byte) (units []*media.AccessUnit) {
	t.Helper()
	var d Demuxer
	parsed, err := ParseFile(file)
	require.NoError(t, err)
	for _, tag := range parsed {
		e, err := d.Tag(tag.Type, tag.Timestamp, slices.Clone(tag.Body))
		require.NoError(t, err)
		if e.Unit != nil {
			units = append(units, e.Unit)
		}
	}
	return units
}

// written is a file of units, with headers where a track is new.
func written(units []*media.AccessUnit) []byte {
	tracks := map[media.Kind]*media.Track{}
	b := AppendFileHeader(nil, true, true)
	for _, u := range units {
		if k := u.Track.Kind(); tracks[k] != u.Track {
			tracks[k] = u.Track
			ms := media.Rescale(u.DTS, 1000, u.Track.Timescale)
			b = AppendMetadata(b, ms, tracks[media.Video], tracks[media.Audio])
			b = AppendSequenceHeader(b, u.Track, ms)
		}
		b = AppendUnit(b, u)
	}
	return b
}

// TestWhatIsWrittenIsReadBack: tracks, bytes and times, which are whole
// milliseconds already.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, name := range []string{"h264_aac.flv", "h265_opus.flv", "av1_aac.flv"} {
		t.Run(name, func(t *testing.T) {
			var file []byte
			file = AppendFileHeader(file, true, true)
			for _, tag := range tags(t, name) {
				var start int
				file, start = openTag(file, tag.typ, tag.ms)
				file = closeTag(append(file, tag.body...), start)
			}
			sent := unitsOf(t, file)
			require.Greater(t, len(sent), 20)
			got := unitsOf(t, written(sent))
			if diff := cmp.Diff(sent, got); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

// TestTagsAsWritten shows each form of tag in bytes.
func TestTagsAsWritten(t *testing.T) {
	track := func(c media.Codec) *media.Track {
		t := &media.Track{Codec: c, Timescale: 1000, Config: []byte{0xc0, 0xc1}}
		if c == media.Opus {
			t.Config = []byte{0, 2, 0x01, 0x38, 0, 0, 0xbb, 0x80, 0, 0, 0}
		}
		return t
	}
	unit := func(c media.Codec, key bool, dts, pts int64) []byte {
		u := &media.AccessUnit{Track: track(c), Key: key, DTS: dts, PTS: pts, Data: []byte{0xda}}
		b := AppendUnit(nil, u)
		require.LessOrEqual(t, len(b), UnitBytes(u))
		return b
	}
	for name, c := range map[string]struct {
		got  []byte
		want string
	}{
		"H.264 header":            {AppendSequenceHeader(nil, track(media.H264), 5), "09 000007 000005 00 000000 1700000000c0c1 00000012"},
		"H.264 key":               {unit(media.H264, true, 0x01020304, 0x01020304+66), "09 000006 020304 01 000000 1701000042da 00000011"},
		"H.264 shown before":      {unit(media.H264, false, 40, 39), "09 000006 000028 00 000000 2701ffffffda 00000011"},
		"AAC header":              {AppendSequenceHeader(nil, track(media.AAC), 0), "08 000004 000000 00 000000 af00c0c1 0000000f"},
		"AAC":                     {unit(media.AAC, true, 1, 1), "08 000003 000001 00 000000 af01da 0000000e"},
		"H.265 header":            {AppendSequenceHeader(nil, track(media.H265), 0), "09 000007 000000 00 000000 9068766331c0c1 00000012"},
		"H.265 key":               {unit(media.H265, true, 0, 0), "09 000006 000000 00 000000 9368766331da 00000011"},
		"H.265 out of order":      {unit(media.H265, false, 0, 2), "09 000009 000000 00 000000 a168766331000002da 00000014"},
		"AV1 header":              {AppendSequenceHeader(nil, track(media.AV1), 0), "09 000007 000000 00 000000 9061763031c0c1 00000012"},
		"AV1":                     {unit(media.AV1, false, 0, 0), "09 000006 000000 00 000000 a161763031da 00000011"},
		"Opus header":             {AppendSequenceHeader(nil, track(media.Opus), 0), "08 000018 000000 00 000000 904f7075734f707573486561640102380180bb0000000000 00000023"},
		"Opus":                    {unit(media.Opus, true, 0, 0), "08 000006 000000 00 000000 914f707573da 00000011"},
		"a time beyond 24.8 days": {unit(media.AAC, true, 1<<31+7, 1<<31+7), "08 000003 000007 00 000000 af01da 0000000e"},
		"a file of sound":         {AppendFileHeader(nil, false, true), "464c560104 00000009 00000000"},
		"a file of pictures":      {AppendFileHeader(nil, true, false), "464c560101 00000009 00000000"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, strings.ReplaceAll(c.want, " ", ""), fmt.Sprintf("%x", c.got))
		})
	}
}

func TestMetadataTellsOfBothTracks(t *testing.T) {
	video := &media.Track{Codec: media.AV1, Width: 1280, Height: 720, FrameRate: media.Rate{Num: 30, Den: 1}, Bitrate: 2_000_000}
	audio := &media.Track{Codec: media.AAC, SampleRate: 48000, Channels: 2, Bitrate: 96_000}
	for _, c := range []struct {
		tracks []*media.Track
		want   ECMAArray
	}{
		{[]*media.Track{video, audio}, ECMAArray{
			{"videocodecid", float64(fourCCAV1)},
			{"width", 1280.0},
			{"height", 720.0},
			{"framerate", 30.0},
			{"videodatarate", 2000.0},
			{"audiocodecid", 10.0},
			{"audiosamplerate", 48000.0},
			{"stereo", true},
			{"audiodatarate", 96.0},
		}},
		{[]*media.Track{nil, {Codec: media.Opus, SampleRate: 48000, Channels: 1}}, ECMAArray{
			{"audiocodecid", float64(fourCCOpus)}, {"audiosamplerate", 48000.0}, {"stereo", false},
		}},
		{[]*media.Track{{Codec: media.H265}, nil}, ECMAArray{{"videocodecid", float64(fourCCHEVC)}}},
	} {
		file, err := ParseFile(AppendMetadata(AppendFileHeader(nil, true, true), 0, c.tracks...))
		require.NoError(t, err)
		require.Len(t, file, 1)
		values, err := DecodeAMF0(file[0].Body)
		require.NoError(t, err)
		require.Equal(t, []any{"onMetaData", c.want}, values)
		e, err := new(Demuxer).Tag(TagScript, 0, file[0].Body)
		require.NoError(t, err)
		require.NotEmpty(t, e.Expect, "our own reader knows the codecs")
	}
}

// TestAUnitThatNoTagCanHold is left out, and what was written before stays.
func TestAUnitThatNoTagCanHold(t *testing.T) {
	u := &media.AccessUnit{Track: &media.Track{Codec: media.H264, Timescale: 1000}, Data: make([]byte, maxTagBody)}
	require.Equal(t, "before", string(AppendUnit([]byte("before"), u)))
	u.Data = u.Data[:maxTagBody-maxMediaHeader]
	require.Len(t, AppendUnit(nil, u), tagHeaderBytes+5+len(u.Data)+backLinkBytes)
}

// TestWritingAUnitAllocatesNothing: there is room for it.
func TestWritingAUnitAllocatesNothing(t *testing.T) {
	u := &media.AccessUnit{Track: &media.Track{Codec: media.H265, Timescale: 90000}, PTS: 3000, Data: make([]byte, 10_000)}
	b := make([]byte, 0, UnitBytes(u))
	require.Zero(t, testing.AllocsPerRun(100, func() { AppendUnit(b, u) }))
}
