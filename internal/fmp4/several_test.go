package fmp4

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// boxes returns the top boxes of a file, each with its header, by name.
func boxes(t *testing.T, file []byte) (names []string, list [][]byte) {
	t.Helper()
	for len(file) > 0 {
		b, err := nextBox(file)
		require.NoError(t, err)
		names, list = append(names, b.name), append(list, file[:b.size])
		file = file[b.size:]
	}
	return names, list
}

func TestSeveralTracks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "two.mp4")
	testkit.FFmpeg(t, time.Minute, "-f", "lavfi", "-i", "testsrc=s=128x72:r=25:d=2", "-f", "lavfi", "-i", "sine=r=16000:d=2",
		"-map", "0:v", "-map", "1:a", "-map", "0:v", "-c:v:0", "libx264", "-preset", "ultrafast", "-bf", "0", "-pix_fmt", "yuv420p", "-c:v:1", "mpeg4", "-c:a", "aac",
		"-movflags", "empty_moov+default_base_moof+delay_moov", "-frag_duration", "200000", path)
	file, err := os.ReadFile(path)
	require.NoError(t, err)
	names, list := boxes(t, file)
	var s *Several
	samples := map[media.Codec]int{}
	last := map[media.Codec]int64{}
	for i, name := range names {
		switch name {
		case "moov":
			s, err = ParseSeveral(list[i])
			require.NoError(t, err)
			require.Equal(t, []string{"mp4v"}, s.Refused)
		case "moof":
			pieces, err := s.Fragment(append(list[i][:len(list[i]):len(list[i])], list[i+1]...))
			require.NoError(t, err)
			for _, p := range pieces {
				c := p.Track.Codec
				samples[c] += len(p.Samples)
				require.GreaterOrEqual(t, p.DecodeTime, last[c])
				last[c] = p.DecodeTime
				for _, one := range p.Samples {
					require.NotEmpty(t, one.Data)
					if c == media.H264 {
						whole := 0
						for nal := range media.NALUnits(one.Data) {
							whole += 4 + len(nal)
						}
						require.Equal(t, len(one.Data), whole, "whole NAL units")
					}
				}
			}
		}
	}
	require.Equal(t, 50, samples[media.H264])
	require.InDelta(t, 32, samples[media.AAC], 2)

	_, err = ParseSeveral(file[:100])
	require.Error(t, err)
	_, err = s.Fragment(list[0])
	require.Error(t, err)
}

// FuzzSeveral: what another program writes is read or refused.
func FuzzSeveral(f *testing.F) {
	track := &media.Track{Codec: media.AAC, Timescale: 48000, Config: []byte{0x11, 0x90}, SampleRate: 48000, Channels: 2, SamplesPerFrame: 1024}
	init, err := AppendInit(nil, track)
	require.NoError(f, err)
	ftyp, err := nextBox(init)
	require.NoError(f, err)
	f.Add(init[ftyp.size:], AppendFragment(nil, track, 1, 0, []Sample{{Duration: 1024, Key: true, Data: []byte{1, 2, 3}}}))
	f.Fuzz(func(t *testing.T, moov, fragment []byte) {
		s, err := ParseSeveral(moov)
		if err != nil {
			return
		}
		pieces, err := s.Fragment(fragment)
		if err != nil {
			return
		}
		total := 0
		for _, p := range pieces {
			require.NotNil(t, p.Track)
			for _, one := range p.Samples {
				total = max(total, len(one.Data))
			}
		}
		require.LessOrEqual(t, total, len(fragment))
	})
}
