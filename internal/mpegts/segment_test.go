package mpegts

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/rostrumlive/rostrum/internal/media"
)

// TestAnySegmentComesBack writes units of any size and time and reads them
// again, in pieces of any length.
func TestAnySegmentComesBack(t *testing.T) {
	all := tracks(t)
	rapid.Check(t, func(t *rapid.T) {
		video := all[rapid.SampledFrom([]string{"h264", "h265", "none"}).Draw(t, "video")]
		sounds := []string{"aac", "aac48", "opus", "opus6", "none"}
		if video == nil {
			sounds = sounds[:4]
		}
		audio := all[rapid.SampledFrom(sounds).Draw(t, "audio")]
		start := rapid.SampledFrom([]int64{0, 1, 90000 * 3600, 1<<33 - epoch - 45000, 1 << 40}).Draw(t, "start")
		s := &Segment{Number: rapid.Int64Range(0, 1<<40).Draw(t, "number"), Discontinuity: rapid.Bool().Draw(t, "discontinuity")}
		size := rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(1, 400), rapid.IntRange(140, 200), rapid.IntRange(1, 70000))
		if video != nil {
			dts := start
			for i := range rapid.IntRange(1, 20).Draw(t, "pictures") {
				u := picture(video, dts, dts+rapid.Int64Range(0, 9000).Draw(t, "shown"), i == 0 || rapid.Bool().Draw(t, "key"), size.Draw(t, "size"))
				u.Data = append(u.Data, nal([]byte{0x06, 1}, make([]byte, rapid.IntRange(0, 9).Draw(t, "sei")))...)
				if video.Codec == media.H265 {
					u.Data[len(u.Data)-1] = 0x81
				}
				s.Video = append(s.Video, u)
				dts += rapid.SampledFrom([]int64{1, 1500, 3003, 90000}).Draw(t, "interval")
			}
			s.End = dts
		}
		if audio != nil {
			at := media.Rescale(start, audio.Timescale, pcrClock)
			for range rapid.IntRange(1, 100).Draw(t, "frames") {
				s.Audio = append(s.Audio, frame(audio, at, min(size.Draw(t, "size"), maxADTS-adtsSize)))
				at += int64(audio.SamplesPerFrame)
				if rapid.IntRange(0, 20).Draw(t, "hole") == 0 {
					at += int64(audio.Timescale)
				}
			}
			s.End = max(s.End, media.Rescale(at, pcrClock, audio.Timescale))
		}
		b := bytesOf(t, s)
		rules(t, b, s.Number)
		require.Equal(t, b, bytesOf(t, s), "the same units are the same bytes")

		var d Demuxer
		var got []*media.AccessUnit
		for left := b; len(left) > 0; {
			n := min(len(left), rapid.SampledFrom([]int{1, 7, 187, 188, 189, 1316, 1 << 20}).Draw(t, "chunk"))
			units, err := d.Push(left[:n])
			require.NoError(t, err)
			got = append(got, units...)
			left = left[n:]
		}
		units, err := d.Flush()
		require.NoError(t, err)
		got = append(got, units...)
		require.Equal(t, Stats{Packets: int64(len(b) / packetSize)}, d.Stats())
		same(t, s.Video, of(got, media.Video))
		same(t, s.Audio, of(got, media.Audio))
	})
}

func of(units []*media.AccessUnit, k media.Kind) (list []*media.AccessUnit) {
	for _, u := range units {
		if u.Track.Kind() == k {
			list = append(list, u)
		}
	}
	return list
}

// same checks that units came back as they were, their times on one timeline.
func same(t require.TestingT, want []media.AccessUnit, got []*media.AccessUnit) {
	require.Len(t, got, len(want))
	for i := range want {
		w, g := &want[i], got[i]
		require.Equal(t, w.Track.Config[:len(g.Track.Config)], g.Track.Config)
		require.Equal(t, w.Track.Codecs, g.Track.Codecs)
		require.Same(t, got[0].Track, g.Track)
		require.Equal(t, w.Key, g.Key)
		require.True(t, bytes.Equal(w.Data, g.Data), "unit %d", i)
		require.Equal(t, w.PTS-w.DTS, g.PTS-g.DTS, "unit %d", i)
		require.Equal(t, w.DTS-want[0].DTS, g.DTS-got[0].DTS, "unit %d", i)
	}
	if len(want) > 0 {
		scale := want[0].Track.Timescale
		off := distance(media.Rescale(want[0].DTS, pcrClock, scale)+epoch, media.Rescale(got[0].DTS, pcrClock, scale))
		require.InDelta(t, 0, off, 2, "begins by the shared clock")
	}
}

// TestSegmentsInARow: nothing jumps from one segment to the next, for whoever
// takes them as one stream.
func TestSegmentsInARow(t *testing.T) {
	all := tracks(t)
	var b []byte
	var want [2][]media.AccessUnit
	for number := range int64(20) {
		s := twoSeconds(all["h264"], all["aac"], number)
		one := bytesOf(t, s)
		rules(t, one, number)
		b = append(b, one...)
		want[0], want[1] = append(want[0], s.Video...), append(want[1], s.Audio...)
	}
	got, stats := demux(t, b)
	require.Equal(t, Stats{Packets: int64(len(b) / packetSize)}, stats)
	same(t, want[0], of(got, media.Video))
	same(t, want[1], of(got, media.Audio))
}

// TestAPictureShownBeforeItIsDecoded cannot be told: it is decoded sooner, and
// shown when it should be.
func TestAPictureShownBeforeItIsDecoded(t *testing.T) {
	track := tracks(t)["h264"]
	s := &Segment{Video: []media.AccessUnit{
		picture(track, 9000, 9000, true, 10), picture(track, 12000, 21000, false, 10),
		picture(track, 15000, 12000, false, 10), picture(track, 18000, 15000, false, 10),
	}}
	b := bytesOf(t, s)
	rules(t, b, 0)
	got, _ := demux(t, b)
	for i, u := range got {
		require.Equal(t, s.Video[i].PTS+epoch, u.PTS)
		require.LessOrEqual(t, u.DTS, u.PTS)
		require.True(t, i == 0 || u.DTS > got[i-1].DTS)
	}
}

func TestADiscontinuityIsToldOnce(t *testing.T) {
	all := tracks(t)
	s := twoSeconds(all["h264"], all["aac"], 3)
	s.Discontinuity = true
	b := bytesOf(t, s)
	told := map[uint16]int{}
	for at := 0; at < len(b); at += packetSize {
		if p := b[at:]; p[3]&hasAdaptation != 0 && p[4] > 0 && p[5]&discontinuity != 0 {
			told[uint16(p[1]&0x1f)<<8|uint16(p[2])]++
		}
	}
	require.Equal(t, map[uint16]int{pidVideo: 1, pidAudio: 1}, told)
}

// TestWhatASegmentBeginsWith: tables, the clock and a key picture with all
// that a decoder needs, though sound of an earlier time is there.
func TestWhatASegmentBeginsWith(t *testing.T) {
	all := tracks(t)
	for _, codec := range []string{"h264", "h265"} {
		s := twoSeconds(all[codec], all["aac48"], 0)
		s.Audio[0].DTS, s.Audio[0].PTS = -1000, -1000
		b := bytesOf(t, s)
		rules(t, b, 0)
		p := b[2*packetSize:]
		require.EqualValues(t, pidVideo, uint16(p[1]&0x1f)<<8|uint16(p[2]))
		require.EqualValues(t, randomAccess|hasPCR, p[5])
		pes := p[headerSize+1+int(p[4]):]
		var types []int
		for nal := range annexB(pes[pesFixed+2*pesStamp : 140]) {
			if codec == "h264" {
				types = append(types, media.AVCType(nal))
			} else {
				types = append(types, media.HEVCType(nal))
			}
		}
		if codec == "h264" {
			require.Equal(t, []int{9, 7, 8, 5}, types)
		} else {
			require.Equal(t, []int{35, 32, 33, 34}, types[:4])
		}
	}
}

func TestWhatCannotBeCarried(t *testing.T) {
	all := tracks(t)
	for name, want := range map[string]bool{"h264": true, "h265": true, "av1": false, "aac": true, "aac48": true, "opus": true, "opus6": true} {
		require.Equal(t, want, Carries(all[name]), name)
	}
	short := *all["aac"]
	short.SamplesPerFrame = 960
	require.False(t, Carries(&short))
	ambisonics := *all["opus"]
	ambisonics.Config = append([]byte{}, ambisonics.Config...)
	ambisonics.Config[10] = 255
	require.False(t, Carries(&ambisonics))
	for _, s := range []*Segment{
		{Video: []media.AccessUnit{{Track: all["av1"]}}},
		{Video: []media.AccessUnit{frame(all["aac"], 0, 9)}},
		{Audio: []media.AccessUnit{frame(&short, 0, 9)}},
		{Audio: []media.AccessUnit{picture(all["h264"], 0, 0, true, 9)}},
	} {
		_, err := s.AppendTo(nil)
		require.ErrorIs(t, err, media.ErrUnsupported)
	}
	for _, s := range []*Segment{{}, {Audio: []media.AccessUnit{frame(all["aac"], 0, 9000)}}} {
		_, err := s.AppendTo(nil)
		require.ErrorContains(t, err, "without media")
	}
	// HE-AAC is told by its core; a decoder finds the rest.
	he, err := media.ParseAAC([]byte{0x2b, 0x92, 0x08, 0x00})
	require.NoError(t, err)
	a, err := adtsOf(he)
	require.NoError(t, err)
	require.Equal(t, adts{profile: 1, rate: 7, channels: 2}, a)
}
