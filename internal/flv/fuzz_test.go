package flv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// pack and unpack write and read a sequence of tags as the fuzzer sees it:
// type, one byte of milliseconds, two bytes of length, body.
func pack(all []tag) []byte {
	var b []byte
	for _, t := range all {
		b = append(b, byte(t.typ), byte(t.ms), byte(len(t.body)>>8), byte(len(t.body)))
		b = append(b, t.body...)
	}
	return b
}

func unpack(b []byte) []tag {
	var all []tag
	for len(b) >= 4 {
		n := min(int(b[2])<<8|int(b[3]), len(b)-4)
		all = append(all, tag{TagType(b[0]), int64(b[1]), append([]byte{}, b[4:4+n]...)})
		b = b[4+n:]
	}
	return all
}

func FuzzTags(f *testing.F) {
	for _, name := range []string{"h264_aac.flv", "h265_opus.flv", "av1_aac.flv"} {
		f.Add(pack(tags(f, name)[:4]))
	}
	f.Add(pack([]tag{
		{TagVideo, 0, []byte{0x80 | 1<<4 | 6, 0x20, 'a', 'v', 'c', '1', 0, 0, 0, 1, 9}},
		{TagAudio, 0, []byte{0x97, 2, 0x07, 0xa1, 0x20, 1, 'O', 'p', 'u', 's', 0xfc}},
		{TagVideo, 0, []byte{0x1c, 1, 0, 0, 0, 0, 0, 0, 3, 0x26, 1, 0x80}},
		{TagVideo, 0, []byte{0x95, 'a', 'v', '0', '1', 0x80, 4, 0x81, 0, 0x0c, 0}},
	}))
	// Parameters that change: a header of another size, sets within the media,
	// lengths of two bytes, another codec.
	header, sound := headerOf(f, "h264_aac.flv", TagVideo), headerOf(f, "h264_aac.flv", TagAudio)
	short := append([]byte{}, header...)
	short[4] &^= 2
	sets := setsOf(f, media.H264, otherAVC(f))
	f.Add(pack([]tag{
		{TagVideo, 0, avcTag(1, 0, 0, header)},
		{TagAudio, 0, append([]byte{0xaf, 0}, sound...)},
		{TagVideo, 0, avcTag(1, 1, 80, units(4, aud, sei, idr))},
		{TagAudio, 21, []byte{0xaf, 1, 0x21}},
		{TagVideo, 40, avcTag(1, 1, 0, units(4, append(sets, idr)...))},
		{TagVideo, 80, avcTag(1, 0, 0, short)},
		{TagVideo, 80, avcTag(1, 1, 0, units(2, aud, idr, sei))},
		{TagVideo, 120, exVideo(1, sequenceStart, "hvc1", headerOf(f, "h265_opus.flv", TagVideo))},
		{TagVideo, 120, exVideo(1, codedFramesX, "hvc1", units(4, []byte{19 << 1, 1, 0x80}))},
	}))
	f.Add(pack([]tag{
		{TagVideo, 0, exVideo(1, sequenceStart, "hvc1", headerOf(f, "h265_opus.flv", TagVideo))},
		{TagVideo, 0, colourTag("hvc1", hdr10)},
		{TagVideo, 0, exVideo(1, codedFramesX, "hvc1", units(4, []byte{19 << 1, 1, 0x80}))},
		{TagVideo, 40, colourTag("hvc1", Undefined{})},
		{TagVideo, 40, exVideo(1, codedFramesX, "hvc1", units(4, []byte{19 << 1, 1, 0x80}))},
	}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Demuxer
		last := map[media.Kind]*media.Track{}
		bound.Cost(t, 256*len(b), func() {
			for _, tag := range unpack(b) {
				size := len(tag.body)
				e, err := d.Tag(tag.typ, tag.ms, tag.body)
				if e.Unit == nil {
					continue
				}
				require.NoError(t, err)
				requireSound(t, e.Unit, size)
				kind := e.Unit.Track.Kind()
				if old := last[kind]; old != nil && old != e.Unit.Track {
					require.True(t, e.Unit.Key, "a track changes at a key frame")
				}
				last[kind] = e.Unit.Track
			}
		})
		require.LessOrEqual(t, len(d.said), maxCauses)
	})
}

// requireSound checks what the next room relies on.
func requireSound(t *testing.T, u *media.AccessUnit, tagSize int) {
	t.Helper()
	require.NotNil(t, u.Track)
	require.NotZero(t, u.Track.Timescale)
	require.NotEmpty(t, u.Data)
	require.LessOrEqual(t, len(u.Data), 4*tagSize)
	require.Equal(t, len(u.Data), cap(u.Data), "appending must not write behind the unit")
	limit := media.Rescale(maxComposition, u.Track.Timescale, 1000)
	require.LessOrEqual(t, max(u.PTS-u.DTS, u.DTS-u.PTS), limit)
	switch u.Track.Codec {
	case media.H264, media.H265:
		total := 0
		for nal := range media.NALUnits(u.Data) {
			require.NotEmpty(t, nal)
			total += 4 + len(nal)
		}
		require.Equal(t, len(u.Data), total)
		require.Positive(t, u.Track.Width)
	case media.AAC, media.Opus:
		require.True(t, u.Key)
		require.Equal(t, u.DTS, u.PTS)
		require.Positive(t, u.Track.SamplesPerFrame)
	}
}

// FuzzNALUnits compares what becomes of the NAL units of a picture, which are
// moved in place, with the plain way of copying those that are kept.
func FuzzNALUnits(f *testing.F) {
	f.Add(units(4, aud, sei, idr, aud, slice), byte(4), false)
	f.Add(units(2, aud, idr, nil, slice), byte(2), false)
	f.Add(units(4, []byte{35 << 1, 1, 0x50}, []byte{19 << 1, 1, 0x80}, []byte{38 << 1, 1, 0xff}), byte(4), true)
	f.Add(units(4, append(setsOf(f, media.H265, headerOf(f, "h265_opus.flv", TagVideo)), []byte{19 << 1, 1})...), byte(4), true)
	f.Fuzz(func(t *testing.T, body []byte, size byte, hevc bool) {
		codec := fourCCAVC
		if hevc {
			codec = fourCCHEVC
		}
		lengthSize := int(size)%4 + 1
		var want []byte
		wantKey, whole := false, true
		for rest := body; len(rest) > 0; {
			n, err := unitLength(rest, lengthSize)
			if err != nil {
				whole = false
				break
			}
			nal := rest[lengthSize : lengthSize+n]
			rest = rest[lengthSize+n:]
			role := nalRole(codec, nal)
			wantKey = wantKey || role == randomAccess
			if role == content || role == randomAccess {
				want = append(want, units(4, nal)...)
			}
		}

		var d Demuxer
		d.video.lengthSize, d.video.sets = lengthSize, media.NewParameterSets(codec.codec())
		got, key, err := d.nalUnits(codec, append([]byte{}, body...))
		if !whole {
			require.ErrorIs(t, err, errShort)
			return
		}
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
		require.Equal(t, wantKey, key)
	})
}

// FuzzTemporalUnit does the same for the OBUs of AV1.
func FuzzTemporalUnit(f *testing.F) {
	for _, tag := range tags(f, "av1_aac.flv") {
		if tag.typ == TagVideo && len(tag.body) < 2000 {
			f.Add(tag.body[5:], true)
		}
	}
	f.Add([]byte{0x32, 1, 9, 0x12, 0, 0x32, 1, 8, 0x12, 0}, false)
	f.Fuzz(func(t *testing.T, body []byte, key bool) {
		var want []byte
		read := 0
		for o := range media.OBUs(body) {
			read += len(o.Raw)
			if o.Type != media.AV1TemporalDelimiter {
				want = append(want, o.Raw...)
			}
		}
		var d Demuxer
		got, err := d.temporalUnit(append([]byte{}, body...), key)
		if read != len(body) {
			require.ErrorIs(t, err, errOBU)
			return
		}
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
		if v := d.video.track; v != nil {
			require.Equal(t, media.AV1, v.Codec)
			require.Positive(t, v.Width)
		}
	})
}
