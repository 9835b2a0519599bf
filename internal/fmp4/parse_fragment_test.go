package fmp4

import (
	"encoding/binary"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
)

// fragmentWith returns a fragment of two pictures with the 32-bit field at an
// offset behind the first box of that name changed.
func fragmentWith(t *testing.T, name string, at int, value uint32) []byte {
	t.Helper()
	b := AppendFragment(nil, tracks(t)["h264"], 1, 0, pictures(2))
	for i := range b[:len(b)-4] {
		if string(b[i:i+4]) == name {
			binary.BigEndian.PutUint32(b[i+4+at:], value)
			return b
		}
	}
	t.Fatalf("no %s", name)
	return nil
}

func TestMalformedFragments(t *testing.T) {
	whole := AppendFragment(nil, tracks(t)["h264"], 1, 0, pictures(2))
	moof := whole[:binary.BigEndian.Uint32(whole)]
	for name, b := range map[string][]byte{
		"time over 63 bits":        fragmentWith(t, "tfdt", 4, 0x80000000),
		"base data offset":         fragmentWith(t, "tfhd", 0, tfhdBaseDataOffset),
		"too many samples":         fragmentWith(t, "trun", 4, 1<<31),
		"data offset into moof":    fragmentWith(t, "trun", 8, 8),
		"data offset negative":     fragmentWith(t, "trun", 8, 1<<31),
		"data offset past mdat":    fragmentWith(t, "trun", 8, 1<<20),
		"sample over mdat":         fragmentWith(t, "trun", 16, 1<<30),
		"samples of no size":       fragmentWith(t, "trun", 0, trunDataOffset),
		"child over its parent":    fragmentWith(t, "mfhd", -8, 1<<20),
		"box shorter than header":  fragmentWith(t, "mfhd", -8, 4),
		"mdat alone":               whole[len(moof):],
		"moof after moof":          append(append([]byte{}, moof...), whole...),
		"no samples":               fragmentWith(t, "trun", 4, 0),
		"no run":                   fragmentWith(t, "trun", -4, 0x66726565),
		"no tfhd":                  fragmentWith(t, "tfhd", -4, 0x66726565),
		"no traf":                  fragmentWith(t, "traf", -4, 0x66726565),
		"short tfhd":               fragmentWith(t, "tfhd", 0, 0xffffff&^tfhdBaseDataOffset),
		"moov without its default": {0, 0, 0, 8, 'm', 'o', 'o', 'v'},
	} {
		t.Run(name, func(t *testing.T) {
			good := AppendFragment(nil, tracks(t)["h264"], 1, 0, pictures(1))
			got, err := ParseFragments(append(good, b...))
			require.ErrorIs(t, err, ErrMalformed)
			require.Len(t, got, 1, "what came before is kept")
		})
	}
}

func TestTailThatAFailingPowerLeaves(t *testing.T) {
	track := tracks(t)["h264"]
	good := AppendFragment(nil, track, 1, 0, pictures(3))
	moof := good[:binary.BigEndian.Uint32(good)]
	for name, tail := range map[string][]byte{
		"zeros":         make([]byte, 4096),
		"half a header": {0, 0, 0},
		"moof alone":    moof,
		"half a mdat":   good[:len(good)-1],
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseFragments(append(good[:len(good):len(good)], tail...))
			require.Equal(t, io.ErrUnexpectedEOF, err)
			require.Len(t, got, 1)
			require.Equal(t, len(good), got[0].Offset+got[0].Size)
		})
	}
}

// Others write what we do not: 32-bit times, defaults in trex, several runs,
// boxes between, sizes of 64 bits or up to the end of the file.
func TestFragmentsOfOthers(t *testing.T) {
	w := writer{}
	w.text("\x00\x00\x00\x08styp")
	moov := w.open("moov")
	w.mvex(tracks(t)["h264"])
	w.close(moov)
	at := len(w.b)
	moof := w.open("moof")
	traf := w.open("traf")
	tfhd := w.openFull("tfhd", 0, tfhdDescriptionIndex|tfhdDefaultSize)
	w.words(trackID, 1, 2)
	w.close(tfhd)
	tfdt := w.openFull("tfdt", 0, 0)
	w.u32(0xfffffff0)
	w.close(tfdt)
	first := w.openFull("trun", 0, trunFirstSampleFlags)
	w.words(2, flagsKey)
	w.close(first)
	second := w.openFull("trun", 0, trunSize|trunComposition)
	w.words(1, 3, 7)
	w.close(second)
	w.close(traf)
	w.close(moof)
	w.words(1)
	w.text("mdat")
	w.u64(16 + 7)
	w.text("aabbccc")
	end := len(w.b)
	w.text("\x00\x00\x00\x00free to the end")

	got, err := ParseFragments(w.b)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff([]Fragment{{
		DecodeTime: 0xfffffff0, Offset: at, Size: end - at,
		Samples: []Sample{
			{Duration: 3003, Key: true, Data: []byte("aa")},
			{Duration: 3003, Data: []byte("bb")},
			{Duration: 3003, CompositionOffset: 7, Data: []byte("ccc")},
		},
	}}, got, cmpopts.EquateEmpty()))
}
