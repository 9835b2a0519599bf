package mpegts

import (
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// tracks are one of each codec, configured as ffmpeg's encoders did.
func tracks(t testing.TB) map[string]*media.Track {
	t.Helper()
	config := func(s string) []byte {
		b, err := hex.DecodeString(s)
		require.NoError(t, err)
		return b
	}
	made := func(track *media.Track, err error) *media.Track {
		require.NoError(t, err)
		return track
	}
	return map[string]*media.Track{
		"h264": made(media.ParseAVCConfig(config("0142c00dffe100166742c00dda05067e7c04400000fa40003a9803c50aa801000468ce0fc8"))),
		"h265": made(media.ParseHEVCConfig(config("0101600000009000000000003cf000fcfdf8f800000f03" +
			"a00001001840010c01ffff01600000030090000003000003003c959809" +
			"a10001002942010101600000030090000003000003003ca00a080b9f796566924caf01680800001f480003a98040" +
			"a2000100074401c172b46240"))),
		"av1":   {Codec: media.AV1, Timescale: media.VideoTimescale, Config: config("81000c000a0b000000043cfecc02f80040")},
		"aac":   made(media.ParseAAC(config("1210"))), // 44.1 kHz, stereo
		"aac48": made(media.ParseAAC(config("1188"))), // mono
		"opus":  opusTrack(2),
		"opus6": opusTrack(6),
	}
}

// nal is a NAL unit with its length before it, whose body holds no start code.
func nal(head []byte, body []byte) []byte {
	n := len(head) + len(body) + 1
	b := append([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, head...)
	for _, v := range body {
		b = append(b, v|1)
	}
	return append(b, 0x80)
}

// picture makes a unit of one slice of that many bytes.
func picture(track *media.Track, dts, pts int64, key bool, size int) media.AccessUnit {
	head := []byte{0x41}
	switch {
	case track.Codec == media.H265 && key:
		head = []byte{media.HEVCFirstIRAP + 3<<1, 1}
	case track.Codec == media.H265:
		head = []byte{1 << 1, 1}
	case key:
		head = []byte{0x65}
	}
	body := make([]byte, size)
	for i := range body {
		body[i] = byte(i * 7)
	}
	return media.AccessUnit{Track: track, DTS: dts, PTS: pts, Key: key, Data: nal(head, body)}
}

// frame makes a unit of sound of that many bytes.
func frame(track *media.Track, at int64, size int) media.AccessUnit {
	const celt20ms, silk = 31 << 3, 0x21
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(i*13 + int(at))
	}
	data[0] = silk
	if track.Codec == media.Opus {
		data[0] = celt20ms
	}
	return media.AccessUnit{Track: track, DTS: at, PTS: at, Key: true, Data: data}
}

// twoSeconds is a segment as a channel of 2.5 Mbit/s has them.
func twoSeconds(video, audio *media.Track, number int64) *Segment {
	s := &Segment{Number: number, End: (number + 1) * 2 * pcrClock}
	begin := number * 2 * pcrClock
	for i := range int64(60) {
		size := 9000
		if i == 0 {
			size = 60000
		}
		dts := begin + i*pcrClock/30
		s.Video = append(s.Video, picture(video, dts, dts+6000, i == 0, size))
	}
	if audio != nil {
		scale, length := int64(audio.Timescale), int64(audio.SamplesPerFrame)
		from, to := number*2*scale/length, (number+1)*2*scale/length
		for i := from; i < to; i++ {
			s.Audio = append(s.Audio, frame(audio, i*length, 340))
		}
	}
	return s
}

// bytesOf writes a segment.
func bytesOf(t require.TestingT, s *Segment) []byte {
	b, err := s.AppendTo(nil)
	require.NoError(t, err)
	return b
}

// demux reads a stream at once.
func demux(t require.TestingT, b []byte) ([]*media.AccessUnit, Stats) {
	var d Demuxer
	units, err := d.Push(b)
	require.NoError(t, err)
	all := append([]*media.AccessUnit{}, units...)
	units, err = d.Flush()
	require.NoError(t, err)
	return append(all, units...), d.Stats()
}

// rules checks what holds of every segment of ours, without the demuxer.
func rules(t require.TestingT, b []byte, number int64) {
	require.Zero(t, len(b)%packetSize)
	last := map[uint16]int{}
	clock, clockAt := int64(-1), uint16(0)
	for at := 0; at < len(b); at += packetSize {
		p := b[at : at+packetSize]
		require.EqualValues(t, syncByte, p[0])
		pid := uint16(p[1]&0x1f)<<8 | uint16(p[2])
		counter := int(p[3] & counterMask)
		switch at / packetSize {
		case 0:
			require.EqualValues(t, pidPAT, pid)
			require.EqualValues(t, number%counters, counter)
			continue
		case 1:
			require.EqualValues(t, pidPMT, pid)
			require.EqualValues(t, number%counters, counter)
			continue
		}
		before, seen := last[pid]
		if !seen {
			before = counters - 1
		}
		payload := p[headerSize:]
		if p[3]&hasAdaptation != 0 {
			n := int(payload[0])
			if n > 0 && payload[1]&hasPCR != 0 {
				pcr := int64(payload[2])<<25 | int64(payload[3])<<17 | int64(payload[4])<<9 | int64(payload[5])<<1 | int64(payload[6])>>7
				if clock >= 0 {
					step := distance(clock, pcr)
					require.Positive(t, step, "the clock ticks")
					require.Less(t, step, int64(pcrClock/10), "every 100 ms")
					require.Equal(t, clockAt, pid)
				}
				clock, clockAt = pcr, pid
			}
			payload = payload[1+n:]
		}
		if p[3]&hasPayload == 0 {
			require.Empty(t, payload)
			require.Equal(t, before, counter, "a packet without payload does not count")
			continue
		}
		require.NotEmpty(t, payload)
		require.Equal(t, (before+1)%counters, counter, "packet %d", at/packetSize)
		last[pid] = counter
		if p[1]&unitStart != 0 {
			require.NotEqual(t, int64(-1), clock, "the clock comes first")
			h, _, ok := readPES(payload)
			if len(payload) < pesFixed+pesStamp && len(payload) > 0 {
				continue // a frame of a few bytes, over sixteen packets
			}
			require.True(t, ok)
			require.Positive(t, distance(clock, h.dts), "a unit comes before it is decoded")
			require.GreaterOrEqual(t, distance(h.dts, h.pts), int64(0))
		}
	}
	require.NotEmpty(t, last)
	for pid, counter := range last {
		require.Equal(t, counters-1, counter, "PID %#x ends where the next segment goes on", pid)
	}
}
