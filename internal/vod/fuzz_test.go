package vod

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/packager"
)

// FuzzSpoolName: what the name of a file in the spool tells is what it was
// named for.
func FuzzSpoolName(f *testing.F) {
	for _, name := range []string{
		"0-0-1700000000000.m4s", "12-1-1700000000000-d.m4s", "1-2.m4s", "1-2-3-4.m4s", "-1-0-0.m4s", "00-0-0.m4s",
		"4611686018427387903-0-4611686018427387903.m4s", "4611686018427387904-0-0.m4s", "1-1-1-d-d.m4s", ".m4s",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		s, ok := parseSpoolName(name)
		if !ok {
			return
		}
		require.GreaterOrEqual(t, s.number, int64(0))
		require.GreaterOrEqual(t, s.init, int64(0))
		again, ok := parseSpoolName(spoolName(&packager.Segment{
			Number: s.number, Init: &packager.Init{Number: s.init}, Time: s.time, Discontinuity: s.discontinuity,
		}))
		require.True(t, ok)
		require.Equal(t, s, again)
	})
}

// FuzzObjectName: a name that is asked for has one number, and a number one
// name, so that no address has two forms.
func FuzzObjectName(f *testing.F) {
	for _, name := range []string{"seg0.m4s", "init12.mp4", "seg00.m4s", "seg+1.m4s", "init.mp4", "seg9223372036854775807.m4s"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		n, segment := SegmentNumber(name)
		if segment {
			require.Equal(t, "b/r/"+name, segmentKey("b", "r", n))
		}
		i, init := initNumber(name)
		if init {
			require.Equal(t, "b/r/"+name, initKey("b", "r", i))
		}
		require.False(t, segment && init)
		folder, last := cutLast(name)
		require.NotContains(t, last, "/")
		require.Equal(t, strings.Trim(name, "/"), strings.Trim(folder+"/"+last, "/"))
	})
}
