package faults

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// cues are of ten pictures and ten frames of sound, a millisecond apart.
func cues() []Cue {
	var tags []testkit.Tag
	for i := range 20 {
		g := testkit.Tag{Type: 9, Time: time.Duration(i) * time.Millisecond, Body: []byte{0x27, 1, 0, 0, 0, 0, 0, 0, 1, 0x41}}
		if i%2 == 1 {
			g.Type, g.Body = 8, []byte{0xaf, 1, 2, 3, 4}
		}
		tags = append(tags, g)
	}
	return Cues(tags)
}

func stamps(cues []Cue) []int {
	var list []int
	for _, c := range cues {
		list = append(list, int(c.Time.Milliseconds()))
	}
	return list
}

func TestFaultsTouchWhatTheyShould(t *testing.T) {
	ms := time.Millisecond
	for name, tc := range map[string]struct {
		fault Fault
		want  []int
	}{
		"shift":  {During(2*ms, 4*ms, Shift(time.Second)), []int{0, 1, 1002, 1003, 4, 5}},
		"of":     {From(2*ms, Of(CodedAudio, Shift(time.Second))), []int{0, 1, 2, 1003, 4, 1005}},
		"once":   {From(2*ms, Once(CodedAudio, func(c *Cue) { c.Time = 0 })), []int{0, 1, 2, 0, 4, 5}},
		"freeze": {From(3*ms, Freeze()), []int{0, 1, 2, 3, 3, 3}},
		"wrap":   {Wrap(4 * ms), []int{0, 1, 2, 3, 0, 1}},
		"cut":    {Cut(1*ms, 4*ms, CodedAudio), []int{0, 2, 4, 5, 6, 7}},
		"insert": {Insert(Cue{At: 2 * ms}), []int{0, 1, 2, 0, 3, 4}},
		"then":   {FollowedBy(3*ms, []testkit.Tag{{}, {Time: ms}, {Time: 2 * ms}}), []int{0, 1, 2, 3, 4, 5}},
	} {
		t.Run(name, func(t *testing.T) {
			list := tc.fault(cues())
			require.Equal(t, tc.want, stamps(list)[:6])
			for i, c := range list[1:] {
				require.GreaterOrEqual(t, c.At, list[i].At, "when it is sent")
			}
		})
	}
}

func TestFrame(t *testing.T) {
	list := cues()
	require.Equal(t, []byte{0, 0, 0, 1, 0x41}, Frame(list[0].Tag))
	require.Equal(t, []byte{2, 3, 4}, Frame(list[1].Tag))
	list = Prepend([]byte{0x67, 1}, []byte{0x68, 2})(EditNALs(func(n [][]byte) [][]byte { return append(n, nil) })(list))
	require.Equal(t, []byte{0, 0, 0, 1, 0x41}, Frame(list[0].Tag), "what is not kept is left out")
	list[0].Body[5] = 1
	require.Nil(t, Frame(list[0].Tag), "a length runs over the end")
}

func TestHeaders(t *testing.T) {
	like := testkit.Tag{Type: 9, Body: []byte{0x17, 0, 0, 0, 0, 1, 66, 0xc0, 30, 0xff}}
	sps, pps := Sets(Header(like, SPS(20, 12), []byte{0x68, 0xce}))
	require.Equal(t, SPS(20, 12), sps)
	require.Equal(t, []byte{0x68, 0xce}, pps)
	// 1 1 011 010, 0 000010100 0001100 1100 1, by hand.
	require.Equal(t, []byte{0x67, 66, 0xc0, 30, 0b1_1_011_010, 0b0_0000101, 0b00_000110, 0b0_1100_1_00}, sps)
}
