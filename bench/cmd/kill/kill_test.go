package main

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/command"
)

func box(name string, body ...[]byte) []byte {
	b := append([]byte{0, 0, 0, 0}, name...)
	for _, part := range body {
		b = append(b, part...)
	}
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

func words(list ...uint32) (b []byte) {
	for _, w := range list {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

func TestSizesOfSamples(t *testing.T) {
	segment := append(
		box("moof", box("mfhd", words(0, 1)), box("traf",
			box("tfhd", words(0, 1)), box("trun", words(0xf05, 2, 99, 7, 1, 500, 3, 4, 5, 600, 6, 7)))),
		box("mdat", make([]byte, 1100))...)
	segment = append(segment, box("moof", box("traf", box("trun", words(0x200, 1, 700))))...)
	sizes, err := appendSizes([]int{1}, segment)
	require.NoError(t, err)
	require.Equal(t, []int{1, 500, 600, 700}, sizes)
	for name, b := range map[string][]byte{
		"cut":         segment[:len(segment)-2],
		"no sizes":    box("moof", box("traf", box("trun", words(0x100, 1, 1)))),
		"many":        box("trun", words(0x200, 1<<30, 1)),
		"half a trun": box("trun", words(0x200)),
		"no box":      {1, 2, 3},
	} {
		_, err := appendSizes(nil, b)
		require.Error(t, err, name)
	}
}

func TestStints(t *testing.T) {
	at := time.Now()
	s := stint{first: 4, times: []time.Time{at, at.Add(1), at.Add(2)}}
	require.Equal(t, 2, s.before(at.Add(2)))
	require.Equal(t, 3, s.before(at.Add(9)))
	clip := []int{10, 11, 12, 13, 14}
	require.Equal(t, 3, common([]int{14, 10, 11, 12}, clip, s), "it loops, and ends with what was sent")
	require.Equal(t, 1, common([]int{14, 11}, clip, s))
	require.Zero(t, common(nil, clip, s))
}

func TestWrongUse(t *testing.T) {
	for _, args := range [][]string{{"-kills", "0"}, {"-apart", "1ms"}, {"more"}, {"-no"}} {
		_, err := parse(args)
		require.ErrorIs(t, err, command.ErrUse, args)
	}
	_, err := parse([]string{"-kills", "3"})
	require.NoError(t, err)
}
