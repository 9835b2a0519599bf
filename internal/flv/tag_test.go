package flv

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// many is a multitrack packet; each track has its id before its body.
func many(first byte, kind byte, typ packetType, fourCC string, tracks ...[]byte) []byte {
	b := append([]byte{first, kind<<4 | byte(typ)}, fourCC...)
	for _, t := range tracks {
		b = append(b, t...)
	}
	return b
}

func sized(id byte, body []byte) []byte {
	n := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	return slices.Concat([]byte{id}, n[1:], body)
}

func TestMultitrackVideo(t *testing.T) {
	header := headerOf(t, "h264_aac.flv", TagVideo)
	const first = 0x80 | 1<<4 | 6
	frame := append([]byte{0, 0, 40}, units(4, idr)...)
	var d Demuxer
	feed(t, &d, TagVideo, 0, many(first, 0, sequenceStart, "avc1", []byte{0}, header))
	e := feed(t, &d, TagVideo, 0, many(first, 0, codedFrames, "avc1", []byte{0}, frame))
	require.Equal(t, units(4, idr), e.Unit.Data)
	require.Equal(t, int64(3600), e.Unit.PTS)
	require.Empty(t, e.Notice)

	// Track 1 beside the plain form of track 0, as OBS sends it.
	e = feed(t, &d, TagVideo, 40, many(first, 0, sequenceStart, "avc1", []byte{1}, otherAVC(t)))
	require.Equal(t, Event{Notice: media.Notice{Code: media.TracksNotCarried, Kind: media.Video}}, e)
	require.Equal(t, Event{Uncarried: 1}, feed(t, &d, TagVideo, 40, many(first, 0, codedFrames, "avc1", []byte{1}, frame)), "said once")

	e = feed(t, &d, TagVideo, 80, many(first, 1, codedFrames, "avc1", sized(2, []byte{9}), sized(0, slices.Clone(frame))))
	require.Equal(t, units(4, idr), e.Unit.Data)
	require.Equal(t, 1, e.Uncarried)
	e = feed(t, &d, TagVideo, 80, many(first, 2, codedFrames, "", []byte("vp09"), sized(1, []byte{9}), []byte("hvc1"), sized(2, []byte{9}), []byte("avc1"), sized(0, slices.Clone(frame))))
	require.Equal(t, units(4, idr), e.Unit.Data)
	require.Equal(t, 2, e.Uncarried)

	// Each track has a footer.
	for id := range byte(2) {
		require.Equal(t, Event{}, feed(t, &d, TagVideo, 100, many(first, 0, sequenceEnd, "avc1", []byte{id})))
	}

	for name, body := range map[string][]byte{
		"no kind":          {first},
		"no FourCC":        {first, 0x01, 'a'},
		"no id":            many(first, 2, codedFrames, "", []byte("avc1")),
		"no size":          many(first, 1, codedFrames, "avc1", []byte{0, 0, 0}),
		"size over end":    many(first, 1, codedFrames, "avc1", []byte{0, 0, 0, 9, 1}),
		"no FourCC inside": many(first, 2, codedFrames, "", []byte("av")),
	} {
		_, err := d.Tag(TagVideo, 120, body)
		require.ErrorIs(t, err, errShort, name)
	}
}

func TestMultitrackAudio(t *testing.T) {
	header := headerOf(t, "h264_aac.flv", TagAudio)
	var d Demuxer
	const first = 0x95
	feed(t, &d, TagAudio, 0, many(first, 1, sequenceStart, "mp4a", sized(0, header), sized(1, header)))
	e := feed(t, &d, TagAudio, 1000, many(first, 1, codedFrames, "mp4a", sized(0, []byte{0x21, 1}), sized(1, []byte{0x21, 2})))
	require.Equal(t, []byte{0x21, 1}, e.Unit.Data)
	require.Equal(t, int64(48000), e.Unit.DTS)
	require.Equal(t, 1, e.Uncarried)
	require.Equal(t, Event{Uncarried: 1}, feed(t, &d, TagAudio, 0, many(first, 0, codedFrames, "mp4a", []byte{1, 0x21})))
}

func TestModEx(t *testing.T) {
	var d Demuxer
	feed(t, &d, TagVideo, 0, avcTag(1, 0, 0, headerOf(t, "h264_aac.flv", TagVideo)))
	feed(t, &d, TagAudio, 0, exAudio(sequenceStart, "Opus", headerOf(t, "h265_opus.flv", TagAudio)))
	nanos := []byte{2, 0x07, 0xa1, 0x20, byte(codedFramesX)} // 500000 ns, then coded frames

	e := feed(t, &d, TagVideo, 40, slices.Concat([]byte{0x97}, nanos, []byte("avc1"), units(4, idr)))
	require.Equal(t, []int64{3645, 3645}, []int64{e.Unit.DTS, e.Unit.PTS})
	nanos[4] = byte(codedFrames)
	e = feed(t, &d, TagAudio, 40, slices.Concat([]byte{0x97}, nanos, []byte("Opus"), []byte{0xfc, 1}))
	require.Equal(t, int64(1944), e.Unit.DTS)

	// An unknown modifier of 256 bytes before it is passed over.
	long := append([]byte{0xff, 0x00, 0xff}, make([]byte, 256)...)
	long = append(long, 0x10|byte(modEx))
	e = feed(t, &d, TagAudio, 60, slices.Concat([]byte{0x97}, long, nanos, []byte("Opus"), []byte{0xfc, 1}))
	require.Equal(t, int64(2904), e.Unit.DTS)
	for _, bad := range [][]byte{{0x97}, {0x97, 2, 0, 0}, {0x97, 0xff, 0}, {0x97, 2, 0, 0, 0}} {
		_, err := d.Tag(TagAudio, 80, bad)
		require.ErrorIs(t, err, errShort)
	}
}

func TestAudio(t *testing.T) {
	var d Demuxer
	_, err := d.Tag(TagAudio, 0, []byte{0xaf, 1, 0x21})
	require.ErrorIs(t, err, errNoHeader)
	_, err = d.Tag(TagAudio, 0, []byte{0xaf})
	require.ErrorIs(t, err, errShort)
	_, err = d.Tag(TagAudio, 0, []byte{0xaf, 0, 0x12})
	require.Error(t, err, "header cut short")

	require.Equal(t, []media.Kind{media.Audio}, feed(t, &d, TagAudio, 0, []byte{0xaf, 0, 0x12, 0x10}).Expect)
	e := feed(t, &d, TagAudio, 1000, []byte{0xaf, 1, 0x21, 9})
	require.Equal(t, &media.AccessUnit{Track: d.audio.track, DTS: 44100, PTS: 44100, Key: true, Data: []byte{0x21, 9}}, e.Unit)
	first := e.Unit.Track
	feed(t, &d, TagAudio, 1023, []byte{0xaf, 0, 0x12, 0x10})
	require.Same(t, first, feed(t, &d, TagAudio, 1023, []byte{0xaf, 1, 0x21}).Unit.Track)
	require.Equal(t, Event{}, feed(t, &d, TagAudio, 1046, []byte{0xaf, 1}), "no sound in it")
	require.Equal(t, Event{}, feed(t, &d, TagAudio, 1046, []byte{0xaf, 7, 1}), "a type that is not defined")

	feed(t, &d, TagAudio, 1046, []byte{0xaf, 0, 0x11, 0x90})
	second := feed(t, &d, TagAudio, 1046, []byte{0xaf, 1, 0x21}).Unit.Track
	require.Equal(t, 48000, second.SampleRate)
	require.Equal(t, 44100, first.SampleRate)
}

func TestOpusFrameLengthComesFromTheFirstPacket(t *testing.T) {
	header := headerOf(t, "h265_opus.flv", TagAudio)
	var d Demuxer
	feed(t, &d, TagAudio, 0, exAudio(sequenceStart, "Opus", header))
	ten := feed(t, &d, TagAudio, 0, exAudio(codedFrames, "Opus", []byte{30 << 3, 1})).Unit.Track
	require.Equal(t, 480, ten.SamplesPerFrame)
	feed(t, &d, TagAudio, 10, exAudio(codedFrames, "Opus", []byte{31 << 3, 1}))
	require.Equal(t, 480, ten.SamplesPerFrame, "a track that went out does not change")
	require.Equal(t, Event{}, feed(t, &d, TagAudio, 20, exAudio(sequenceEnd, "Opus", nil)))
}

func TestNotices(t *testing.T) {
	video := func(name string) media.Notice {
		return media.Notice{Code: media.CodecNotCarried, Kind: media.Video, Name: name}
	}
	audio := func(name string) media.Notice {
		return media.Notice{Code: media.CodecNotCarried, Kind: media.Audio, Name: name}
	}
	for _, c := range []struct {
		typ    TagType
		body   []byte
		notice media.Notice
	}{
		{TagVideo, []byte{0x22, 1, 2}, video("Sorenson H.263")},
		{TagVideo, []byte{0x14, 1, 2}, video("VP6")},
		{TagVideo, []byte{0x13, 1, 2}, video("Screen video")},
		{TagVideo, []byte{0x1d, 1, 2}, media.Notice{Code: media.CodecNumberNotCarried, Kind: media.Video, Name: "13"}},
		{TagVideo, exVideo(1, sequenceStart, "vp09", nil), video("VP9")},
		{TagVideo, exVideo(1, sequenceStart, "vp08", nil), video("VP8")},
		{TagVideo, exVideo(1, sequenceStart, "vvc1", nil), video("H.266")},
		{TagVideo, exVideo(1, codedFrames, "\x00\"<\xff", nil), video(`"\x00\"<\xff"`)},
		{TagAudio, []byte{0x2f, 1}, audio("MP3")},
		{TagAudio, []byte{0xb6, 1}, audio("Speex")},
		{TagAudio, []byte{0x30, 1}, audio("PCM")},
		{TagAudio, []byte{0x10, 1}, audio("ADPCM")},
		{TagAudio, []byte{0x62, 1}, audio("Nellymoser")},
		{TagAudio, []byte{0x82, 1}, audio("G.711")},
		{TagAudio, []byte{0xd2, 1}, media.Notice{Code: media.CodecNumberNotCarried, Kind: media.Audio, Name: "13"}},
		{TagAudio, exAudio(sequenceStart, ".mp3", nil), audio("MP3")},
		{TagAudio, exAudio(sequenceStart, "fLaC", nil), audio("FLAC")},
		{TagAudio, exAudio(sequenceStart, "ac-3", nil), audio("AC-3")},
		{TagAudio, exAudio(sequenceStart, "ec-3", nil), audio("E-AC-3")},
		{TagAudio, []byte{0xaf, 0, 0xf9, 0x46, 0x40, 0}, media.Notice{Code: media.AACProfileNotCarried, Kind: media.Audio}},
	} {
		var d Demuxer
		e := feed(t, &d, c.typ, 0, c.body)
		require.Equal(t, Event{Notice: c.notice, Uncarried: e.Uncarried}, e)
		e = feed(t, &d, c.typ, 0, c.body)
		require.Equal(t, Event{Uncarried: e.Uncarried}, e, "said once: %s", c.notice)
	}

	var d Demuxer
	said, uncarried := 0, 0
	for i := range 100 {
		e := feed(t, &d, TagVideo, 0, exVideo(1, codedFrames, string([]byte{'x', 'y', 'z', byte(i)}), nil))
		if e.Notice.Code != "" {
			said++
		}
		uncarried += e.Uncarried
	}
	require.Equal(t, 100, uncarried)
	require.Equal(t, maxCauses, said, "an encoder cannot make us remember without end")
}
