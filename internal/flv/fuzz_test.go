package flv

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

func FuzzDecodeAMF0(f *testing.F) {
	f.Add(AppendAMF0(nil, "connect", 1.0, Object{{"app", "live"}, {"fourCcList", []any{"av01"}}}, nil, Undefined{}, Date(1)))
	f.Add([]byte("\x11\x0a\x0b\x01\x03k\x04\x07\x01\x11\x09\x05\x01\x06\x05hi\x06\x00"))
	f.Add([]byte("\x0a\xff\xff\xff\xff\x05\x10\x00\x01C\x00\x01a\x01\x01\x00\x00\x09"))
	f.Fuzz(func(t *testing.T, b []byte) {
		values, err := DecodeAMF0(b)
		if err != nil {
			return
		}
		again, err := DecodeAMF0(AppendAMF0(nil, values...))
		require.NoError(t, err)
		require.Len(t, again, len(values))
	})
}

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
	f.Fuzz(func(t *testing.T, b []byte) {
		var d Demuxer
		for _, tag := range unpack(b) {
			size := len(tag.body)
			e, err := d.Tag(tag.typ, tag.ms, tag.body)
			if e.Unit == nil {
				continue
			}
			require.NoError(t, err)
			requireSound(t, e.Unit, size)
		}
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
	}
}
