package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// segment is one of a list under test, two seconds long.
type segment struct {
	gap bool // a discontinuity stands before it
}

func list(t *testing.T, sequence, discontinuities int, segments []segment, tail string) *testkit.MediaPlaylist {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:%d\n#EXT-X-DISCONTINUITY-SEQUENCE:%d\n", sequence, discontinuities)
	for i, s := range segments {
		if s.gap {
			b.WriteString("#EXT-X-DISCONTINUITY\n")
		}
		if i == 0 || s.gap {
			fmt.Fprintf(&b, "#EXT-X-MAP:URI=\"init.mp4\"\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:%02d:00.000Z\n", sequence+i)
		}
		fmt.Fprintf(&b, "#EXTINF:2.00000,\nseg%d.m4s\n", sequence+i)
	}
	p, err := testkit.ParseMedia(b.String() + tail)
	require.NoError(t, err)
	return p
}

// onAirSince is a stream whose broadcast b1 was seen live that long ago.
func onAirSince(d time.Duration) *story {
	s := begin()
	s.publish()
	s.see("live", "b1")
	s.after(d)
	return s
}

func TestListsThatKeepTheirWord(t *testing.T) {
	s := onAirSince(0)
	l := newLists("b1", s.now)
	l.uris = []string{"video", "audio"}
	three := make([]segment, 3)
	for i := range 20 {
		for _, uri := range l.uris {
			l.read(s.stream, uri, list(t, i, 0, three, ""), s.now)
		}
		l.judge(s.stream, s.after(2*time.Second).now)
	}
	s.leave(fin)
	for range 20 { // stands still, and may
		l.judge(s.stream, s.after(2*time.Second).now)
	}
	s.publish()
	s.see("live", "b1")
	resumed := []segment{{}, {}, {gap: true}}
	for range 8 {
		for _, uri := range l.uris {
			l.read(s.stream, uri, list(t, 20, 0, resumed, ""), s.now)
		}
		l.judge(s.stream, s.after(time.Second).now)
	}
	l.read(s.stream, "video", list(t, 23, 1, three, ""), s.now) // the discontinuity left the window
	s.leave(cleanStop)
	l.read(s.stream, "video", list(t, 23, 1, three, "#EXT-X-ENDLIST\n"), s.after(time.Second).now)
	require.Empty(t, s.tally.Faults())
}

func TestListsThatBreakTheirWordAreTold(t *testing.T) {
	three := make([]segment, 3)
	for want, c := range map[string][]*testkit.MediaPlaylist{
		"a list changed what it had said": {list(t, 5, 0, three, ""), list(t, 4, 0, three, "")},
		"a list breaks RFC 8216bis":       {list(t, 5, 0, three, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\"\n"), list(t, 5, 0, three, "#EXT-X-PRELOAD-HINT:TYPE=PART,URI=\"p\"\n")},
		"ended without a clean stop":      {list(t, 5, 0, three, ""), list(t, 5, 0, three, "#EXT-X-ENDLIST\n")},
		"another number of discontinuities than of interruptions": {
			list(t, 5, 0, []segment{{}, {}, {gap: true}}, ""),
		},
	} {
		s := onAirSince(moveLimit)
		l := newLists("b1", s.now)
		l.uris = []string{"video"}
		for _, p := range c {
			l.read(s.stream, "video", p, s.after(time.Second).now)
		}
		l.judge(s.stream, s.after(time.Second).now)
		require.Equal(t, []string{want}, s.faults())
		require.Equal(t, 1, s.tally.Faults()[0].Count, want)
	}
	// The discontinuity sequence of a list that lost a discontinuity goes on.
	s := onAirSince(0)
	l := newLists("b1", s.now)
	l.read(s.stream, "video", list(t, 5, 2, []segment{{gap: true}, {}, {}}, ""), s.now)
	l.read(s.stream, "video", list(t, 6, 2, three, ""), s.now)
	require.Equal(t, []string{"a list changed what it had said"}, s.faults())
}

func TestStandingStillIsToldOnceAndOnlyWhileAnEncoderSends(t *testing.T) {
	s := onAirSince(0)
	l := newLists("b1", s.now)
	for range 20 {
		l.judge(s.stream, s.after(2*time.Second).now)
	}
	require.Equal(t, []string{"stands still while an encoder sends"}, s.faults())
	require.Equal(t, 1, s.tally.Faults()[0].Count)
}

func TestRenditionsMustAgree(t *testing.T) {
	s := onAirSince(0)
	l := newLists("b1", s.now)
	l.uris = []string{"video", "audio"}
	l.read(s.stream, "video", list(t, 5, 0, []segment{{}, {gap: true}, {}}, ""), s.now)
	l.read(s.stream, "audio", list(t, 4, 0, []segment{{}, {}, {gap: true}}, ""), s.now)
	l.judge(s.stream, s.after(time.Second).now)
	require.Empty(t, s.faults(), "6 is the first after it in both")
	l.read(s.stream, "audio", list(t, 4, 0, []segment{{}, {}, {gap: true}, {gap: true}}, ""), s.now)
	l.judge(s.stream, s.after(time.Second).now)
	require.Equal(t, []string{"renditions disagree about a discontinuity"}, s.faults())
}
