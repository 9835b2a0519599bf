package flvclip

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// tiny is the least that is a whole number of pictures and of AAC frames.
var tiny = Spec{FPS: 1, Seconds: 8}

func flv(tags ...Tag) []byte {
	b := []byte("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00")
	for _, t := range tags {
		b = append(b, t.Type, byte(len(t.Body)>>16), byte(len(t.Body)>>8), byte(len(t.Body)),
			byte(t.Time>>16), byte(t.Time>>8), byte(t.Time), byte(t.Time>>24), 0, 0, 0)
		b = append(b, t.Body...)
		b = binary.BigEndian.AppendUint32(b, uint32(11+len(t.Body)))
	}
	return b
}

// file is a clip of the tiny spec, with times that are off, as encoders make
// them, and more frames than needed.
func file() []Tag {
	tags := []Tag{
		{Type: Script, Body: []byte{2, 0, 1, 'x'}},
		{Type: Video, Body: []byte{0x17, 0, 0, 0, 0, 1}},
		{Type: Audio, Body: []byte{0xaf, 0, 0x11, 0x90}},
	}
	for i := range 10 {
		first := byte(0x27)
		if i == 0 {
			first = 0x17
		}
		tags = append(tags, Tag{Type: Video, Time: uint32(21 + i*1000), Body: []byte{first, 1, 0, 0, 0, byte(i)}})
	}
	for i := range 400 {
		tags = append(tags, Tag{Type: Audio, Time: uint32(i * 21), Body: []byte{0xaf, 1, byte(i)}})
	}
	return append(tags, Tag{Type: Video, Time: 10000, Body: []byte{0x17, 2, 0, 0, 0}}) // the end-of-sequence mark
}

func TestReadMakesTimesThatLoop(t *testing.T) {
	c, err := Read(bytes.NewReader(flv(file()...)), tiny)
	require.NoError(t, err)
	require.Len(t, c.Headers, 3)
	require.Len(t, c.Media, 8+375)
	require.Equal(t, 8, c.Frames)
	require.EqualValues(t, 8000, c.Millis)
	pictures, sounds, last := 0, 0, uint32(0)
	for _, m := range c.Media {
		require.GreaterOrEqual(t, m.Time, last)
		last = m.Time
		if m.Type == Video {
			require.EqualValues(t, pictures*1000, m.Time)
			require.Equal(t, pictures == 0, m.Key())
			pictures++
		} else {
			require.InDelta(t, float64(sounds)*1024/48, float64(m.Time), 0.5)
			sounds++
		}
	}
	require.Equal(t, 375, sounds)
	require.InDelta(t, 8000-1024.0/48, float64(last), 0.5, "the next round's first frame is one frame on")
}

func TestReadRefuses(t *testing.T) {
	whole := file()
	for name, b := range map[string][]byte{
		"no flv":        []byte("RIFF.........."),
		"cut":           flv(whole...)[:40],
		"too short":     flv(whole[:5]...),
		"no key frame":  flv(append(append([]Tag{}, whole[:3]...), whole[4:]...)...),
		"a huge tag":    append(flv(), Video, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0),
		"half a header": append(flv(), Video, 0),
	} {
		spec := tiny
		_, err := Read(bytes.NewReader(b), spec)
		require.Error(t, err, name)
		require.NotErrorIs(t, err, io.EOF, name)
	}
}

func TestLoadTakesTheClipThatIsThere(t *testing.T) {
	folder := t.TempDir()
	_, err := Load(t.Context(), folder, Spec{Width: 64, Height: 64, FPS: 5, GOP: 5, VideoKbps: 50, AudioKbps: 64, Seconds: 8})
	require.NoError(t, err, "ffmpeg makes it: install the package ffmpeg")
	made, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Len(t, made, 1, "one clip and no half one")
	require.NoError(t, os.WriteFile(made[0], []byte("not an flv file"), 0o600))
	_, err = Load(t.Context(), folder, Spec{Width: 64, Height: 64, FPS: 5, GOP: 5, VideoKbps: 50, AudioKbps: 64, Seconds: 8})
	require.ErrorContains(t, err, "not an flv stream", "it was read, not made again")
}
