package mpegts

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// stream is two seconds with sound.
func stream2(t testing.TB) []byte {
	all := tracks(t)
	return bytesOf(t, twoSeconds(all["h264"], all["aac"], 0))
}

// packetOf returns the index of the nth packet of a PID.
func packetOf(b []byte, pid uint16, n int) int {
	for i := range len(b) / packetSize {
		p := b[i*packetSize:]
		if uint16(p[1]&0x1f)<<8|uint16(p[2]) == pid && p[3]&hasPayload != 0 {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return -1
}

func cut(b []byte, packet int) []byte {
	return slices.Delete(slices.Clone(b), packet*packetSize, (packet+1)*packetSize)
}

// TestLostPackets: what they were part of is left out and counted, nothing
// else.
func TestLostPackets(t *testing.T) {
	whole := stream2(t)
	all, _ := demux(t, whole)
	lossy, stats := demux(t, cut(whole, packetOf(whole, pidVideo, 400)))
	require.EqualValues(t, 1, stats.Lost)
	require.EqualValues(t, 1, stats.Damaged)
	require.Len(t, lossy, len(all)-1)
	lossy, stats = demux(t, cut(whole, packetOf(whole, pidAudio, 10)))
	require.EqualValues(t, 1, stats.Lost)
	require.EqualValues(t, 1, stats.Damaged)
	require.Less(t, len(lossy), len(all))
	want := map[int64]bool{}
	for _, u := range of(all, media.Audio) {
		want[u.DTS] = true
	}
	for _, u := range of(lossy, media.Audio) {
		require.True(t, want[u.DTS], "the others keep their time")
	}
}

func TestPacketsSentTwice(t *testing.T) {
	whole := stream2(t)
	var twice []byte
	for at := 0; at < len(whole); at += packetSize {
		twice = append(append(twice, whole[at:at+packetSize]...), whole[at:at+packetSize]...)
	}
	want, _ := demux(t, whole)
	got, stats := demux(t, twice)
	require.Len(t, got, len(want))
	require.Positive(t, stats.Duplicates)
	require.Zero(t, stats.Lost)
	require.Zero(t, stats.Damaged)
}

// TestNoiseBetweenPackets: the beginning of packets is found again.
func TestNoiseBetweenPackets(t *testing.T) {
	whole := stream2(t)
	want, _ := demux(t, whole)
	noise := make([]byte, 1000)
	for i := range noise {
		noise[i] = byte(i * 31)
	}
	noisy := append(slices.Clone(noise), whole...)
	middle := len(noise) + packetOf(whole, pidVideo, 700)*packetSize
	noisy = slices.Insert(noisy, middle, noise...)
	got, stats := demux(t, noisy)
	require.Len(t, got, len(want))
	require.EqualValues(t, 2*len(noise), stats.Skipped)

	joined, stats := demux(t, whole[packetOf(whole, pidVideo, 300)*packetSize+77:])
	require.Empty(t, joined, "no tables came")
	require.Positive(t, stats.Skipped)
}

// TestTheClockWraps: time goes on over the end of a stamp's bits.
func TestTheClockWraps(t *testing.T) {
	track := tracks(t)["h264"]
	s := &Segment{}
	const frames, interval = 40, 3003
	begin := int64(1<<clockBits - epoch - frames/2*interval)
	for i := range int64(frames) {
		s.Video = append(s.Video, picture(track, begin+i*interval, begin+i*interval+2*interval, i == 0, 100))
	}
	b := bytesOf(t, s)
	rules(t, b, 0)
	got, _ := demux(t, b)
	same(t, s.Video, got)
	require.Less(t, got[0].DTS, int64(1<<clockBits))
	require.Greater(t, got[frames-1].DTS, int64(1<<clockBits))
}

// TestTablesThatChange: a sound that comes later joins, another codec takes
// over, and a picture that goes on is not touched.
func TestTablesThatChange(t *testing.T) {
	all := tracks(t)
	silent, spoken, other := twoSeconds(all["h264"], nil, 0), twoSeconds(all["h264"], all["aac"], 1), twoSeconds(all["h264"], all["opus"], 2)
	b := bytesOf(t, silent)
	b = append(b, bytesOf(t, spoken)...)
	b = append(b, bytesOf(t, other)...)
	b = append(b, bytesOf(t, twoSeconds(all["h265"], all["opus"], 3))...)
	got, stats := demux(t, b)
	require.Equal(t, Stats{Packets: int64(len(b) / packetSize)}, stats)
	pictures, sounds := of(got, media.Video), of(got, media.Audio)
	require.Len(t, pictures, 240)
	require.Same(t, pictures[0].Track, pictures[179].Track)
	require.Equal(t, media.H265, pictures[180].Track.Codec)
	require.Len(t, sounds, len(spoken.Audio)+2*len(other.Audio))
	require.Equal(t, media.AAC, sounds[0].Track.Codec)
	require.Equal(t, media.Opus, sounds[len(spoken.Audio)].Track.Codec)
	require.Equal(t, 960, sounds[len(spoken.Audio)].Track.SamplesPerFrame)
}

// TestParameterSetsThatChange make a new track at the next key picture.
func TestParameterSetsThatChange(t *testing.T) {
	old := tracks(t)["h264"]
	config := slices.Clone(old.Config)
	const levels = 3 // of the record, and of the SPS behind it
	config[levels], config[levels+8] = 0x1e, 0x1e
	bigger, err := media.ParseAVCConfig(config)
	require.NoError(t, err)
	b := append(bytesOf(t, twoSeconds(old, nil, 0)), bytesOf(t, twoSeconds(bigger, nil, 1))...)
	got, _ := demux(t, b)
	require.Len(t, got, 120)
	require.Same(t, got[0].Track, got[59].Track)
	require.NotEqual(t, got[59].Track.Codecs, got[60].Track.Codecs)
	require.Same(t, got[60].Track, got[119].Track)
}
