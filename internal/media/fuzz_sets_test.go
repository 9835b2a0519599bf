package media

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/bound"
)

// setsIn returns the parameter sets of one type that a record holds.
func setsIn(f *testing.F, codec Codec, record []byte, typ int) [][]byte {
	f.Helper()
	parse := avcSets
	if codec == H265 {
		parse = hevcSets
	}
	sets, err := parse(record)
	require.NoError(f, err)
	return sets.of(typ)
}

// FuzzAVCSPS: what an SPS gives is what a record that is made of it gives.
func FuzzAVCSPS(f *testing.F) {
	for _, b := range records(f, "avc_*") {
		f.Add(setsIn(f, H264, b, AVCSPS)[0])
	}
	pps := [][]byte{{AVCPPS, 0xce, 0x3c, 0x80}}
	f.Fuzz(func(t *testing.T, nal []byte) {
		s, err := parseAVCSPS(nal)
		if err != nil {
			require.Equal(t, avcSPS{}, s)
			return
		}
		record, err := AVCConfig([][]byte{nal}, pps)
		if err != nil {
			require.Greater(t, len(nal), maxParameterSet)
			return
		}
		track, err := ParseAVCConfig(record)
		require.NoError(t, err)
		requireSoundVideo(t, track)
		require.Equal(t, []any{s.width, s.height, s.rate}, []any{track.Width, track.Height, track.FrameRate})
		require.Equal(t, record, track.Config)
	})
}

func FuzzHEVCSPS(f *testing.F) {
	var vps, pps [][]byte
	for _, b := range records(f, "hevc_*") {
		f.Add(setsIn(f, H265, b, HEVCSPS)[0])
		vps, pps = setsIn(f, H265, b, HEVCVPS), setsIn(f, H265, b, HEVCPPS)
	}
	f.Fuzz(func(t *testing.T, nal []byte) {
		s, err := parseHEVCSPS(nal)
		if err != nil {
			require.Equal(t, hevcSPS{}, s)
			return
		}
		record, err := HEVCConfig(vps, [][]byte{nal}, pps)
		if err != nil {
			require.Greater(t, len(nal), maxParameterSet)
			return
		}
		track, err := ParseHEVCConfig(record)
		require.NoError(t, err)
		requireSoundVideo(t, track)
		require.Equal(t, []any{s.width, s.height}, []any{track.Width, track.Height})
		require.Equal(t, record, track.Config)
	})
}

func FuzzHEVCVPSRate(f *testing.F) {
	for _, b := range records(f, "hevc_*") {
		f.Add(setsIn(f, H265, b, HEVCVPS)[0])
	}
	f.Fuzz(func(t *testing.T, nal []byte) {
		rate := hevcVPSRate(nal)
		require.True(t, rate == Rate{} || rate.Known())
		require.LessOrEqual(t, rate.Float(), float64(maxFrameRate))
	})
}

// FuzzAV1Sequence: a record that is written around a sequence header tells
// the same as the header.
func FuzzAV1Sequence(f *testing.F) {
	for _, b := range records(f, "av1_*") {
		for o := range OBUs(b[4:]) {
			f.Add(o.Payload)
		}
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		s, err := parseAV1Sequence(payload)
		record, recordErr := AV1Config(payload)
		if err != nil {
			require.Error(t, recordErr)
			return
		}
		require.Positive(t, s.width)
		require.Positive(t, s.height)
		if recordErr != nil {
			require.Greater(t, len(payload), maxParameterSet-16)
			return
		}
		track, err := ParseAV1Config(record)
		require.NoError(t, err)
		requireSoundVideo(t, track)
		require.Equal(t, []any{s.width, s.height, s.rate}, []any{track.Width, track.Height, track.FrameRate})
	})
}

// FuzzParameterSets collects NAL units as they come in media: what is kept is
// bounded however long an encoder goes on, and a track is described by its
// own Config.
func FuzzParameterSets(f *testing.F) {
	join := func(codec Codec, types ...int) (b []byte) {
		pattern := "avc_*"
		if codec == H265 {
			pattern = "hevc_*"
		}
		for _, record := range records(f, pattern) {
			for _, typ := range types {
				for _, nal := range setsIn(f, codec, record, typ) {
					b = append(b, 0, 0, byte(len(nal)>>8), byte(len(nal)))
					b = append(b, nal...)
				}
			}
		}
		return b
	}
	f.Add(join(H264, AVCSPS, AVCPPS), false)
	f.Add(join(H265, HEVCVPS, HEVCSPS, HEVCPPS), true)
	f.Add([]byte{0, 0, 0, 2, 0x68, 0xff, 0, 0, 0, 2, 0x68, 0x40}, false)
	f.Fuzz(func(t *testing.T, data []byte, hevc bool) {
		codec, most := H264, 32+256 // SPS and PPS (ITU-T H.264 7.4.2.1.1, 7.4.2.2)
		parse := ParseAVCConfig
		if hevc {
			codec, most = H265, 16+16+64 // VPS, SPS and PPS (ITU-T H.265 7.4.3.1 to 7.4.3.3)
			parse = ParseHEVCConfig
		}
		sets := NewParameterSets(codec)
		bound.Cost(t, 1<<20+64*len(data), func() {
			for nal := range NALUnits(data) {
				if _, err := sets.Add(nal); err != nil {
					continue
				}
				changed, err := sets.Add(nal)
				require.NoError(t, err)
				require.False(t, changed, "the same set again")
			}
		})
		require.LessOrEqual(t, len(sets.sets), most)
		track, err := sets.Track()
		if err != nil {
			return
		}
		requireSoundVideo(t, track)
		again, err := parse(track.Config)
		require.NoError(t, err)
		require.Equal(t, track, again)
	})
}
