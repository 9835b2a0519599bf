package media

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNALUnits(t *testing.T) {
	collect := func(data []byte) (nals [][]byte) {
		for nal := range NALUnits(data) {
			nals = append(nals, nal)
		}
		return nals
	}
	data := []byte{0, 0, 0, 2, 0x65, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x06}
	require.Equal(t, [][]byte{{0x65, 1}, {}, {0x06}}, collect(data))
	require.Equal(t, [][]byte{{0x65, 1}, {}}, collect(data[:14]), "the last runs over the end")
	require.Empty(t, collect([]byte{0xff, 0xff, 0xff, 0xff, 1}))
	require.Empty(t, collect([]byte{0, 0, 0}))
	for nal := range NALUnits(data) {
		require.Equal(t, 2, cap(nal), "appending to a unit must not write into the next")
		break
	}
}

func TestUnescape(t *testing.T) {
	for _, c := range []struct{ nal, want []byte }{
		{[]byte{0x67, 0, 0, 3, 1, 0, 0, 3}, []byte{0, 0, 1, 0, 0}},
		{[]byte{0x67, 0, 0, 3, 0, 0, 3, 0}, []byte{0, 0, 0, 0, 0}},
		{[]byte{0x67, 0, 3, 0, 0, 0}, []byte{0, 3, 0, 0, 0}},
		{[]byte{0x67}, nil},
		{nil, nil},
	} {
		require.Equal(t, c.want, unescape(c.nal, 1))
	}
}

func TestParameterSets(t *testing.T) {
	track, err := ParseAVCConfig(record(t, "avc_1080p"))
	require.NoError(t, err)
	other, err := ParseAVCConfig(record(t, "avc_scaling"))
	require.NoError(t, err)
	sets, err := SetsOf(track)
	require.NoError(t, err)
	others, err := SetsOf(other)
	require.NoError(t, err)

	changed, err := sets.Add(sets.of(AVCSPS)[0])
	require.NoError(t, err)
	require.False(t, changed, "the same set again")
	changed, err = sets.Add([]byte{0x65, 1, 2, 3})
	require.NoError(t, err)
	require.False(t, changed, "a picture")

	changed, err = sets.Add(others.of(AVCSPS)[0])
	require.NoError(t, err)
	require.True(t, changed)
	_, err = sets.Add(others.of(AVCPPS)[0])
	require.NoError(t, err)
	got, err := sets.Track()
	require.NoError(t, err)
	require.Equal(t, other, got, "a set of the same id replaces the old one")

	pps := []byte{0x68, 0x4e, 0x3c} // id 1
	changed, err = sets.Add(pps)
	require.NoError(t, err)
	require.True(t, changed)
	require.Len(t, sets.of(AVCPPS), 2, "a set of another id stands beside it")

	for name, bad := range map[string][]byte{
		"SPS":       {0x67, 0x64},
		"PPS":       {0x68},
		"large PPS": append([]byte{0x68, 0xce}, make([]byte, maxParameterSet)...),
	} {
		_, err = sets.Add(bad)
		require.Error(t, err, name)
	}
	_, err = NewParameterSets(H265).Track()
	require.Error(t, err, "nothing collected")
	_, err = SetsOf(&Track{Codec: AV1})
	require.ErrorIs(t, err, ErrUnsupported)
}

func TestHEVCParameterSets(t *testing.T) {
	for _, name := range []string{"hevc_1080p", "hevc_scaling"} {
		track, err := ParseHEVCConfig(record(t, name))
		require.NoError(t, err)
		from, err := SetsOf(track)
		require.NoError(t, err)
		sets := NewParameterSets(H265)
		for _, typ := range []int{HEVCPPS, HEVCSPS, HEVCVPS} { // in any order
			for _, nal := range from.of(typ) {
				changed, err := sets.Add(nal)
				require.NoError(t, err)
				require.True(t, changed)
			}
		}
		got, err := sets.Track()
		require.NoError(t, err)
		require.Equal(t, track, got)
	}
	_, err := NewParameterSets(H265).Add([]byte{HEVCVPS << 1, 1})
	require.Error(t, err)
}

func TestRateOfANumber(t *testing.T) {
	for _, c := range []struct {
		fps  float64
		want Rate
	}{
		{30, Rate{30, 1}},
		{29.97, Rate{30000, 1001}},
		{29.97002997, Rate{30000, 1001}},
		{23.976, Rate{24000, 1001}},
		{59.94, Rate{60000, 1001}},
		{119.88, Rate{120000, 1001}},
		{12.5, Rate{25, 2}},
		{24.0001, Rate{24, 1}},
		{0.5, Rate{1, 2}},
		{0, Rate{}},
		{-30, Rate{}},
		{1000, Rate{}},
		{0.0001, Rate{}},
	} {
		require.Equal(t, c.want, RateFromFloat(c.fps), "%v", c.fps)
	}
	require.Equal(t, Rate{}, NewRate(90000, 1))
	require.Equal(t, Rate{}, NewRate(1<<40+1, 1<<40))
	require.Equal(t, Rate{480, 1}, NewRate(960, 2))
}
