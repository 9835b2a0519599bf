package fmp4

import (
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares bytes with a dump of them under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".hex")
	dump := hex.Dump(got)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(dump), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), dump)
}

func TestInitGolden(t *testing.T) {
	tracks := tracks(t)
	bright := *tracks["h265"]
	bright.Colour = hdr10
	tracks["hdr10"] = &bright
	for name, track := range tracks {
		t.Run(name, func(t *testing.T) {
			got, err := AppendInit(nil, track)
			require.NoError(t, err)
			golden(t, "init_"+name, got)
		})
	}
}

func TestFragmentGolden(t *testing.T) {
	tracks := tracks(t)
	last := pictures(3)
	last[2].Duration = 2970
	intra := pictures(2)
	intra[1].Key = true
	late := pictures(3)
	late[0].Key, late[1].Key = false, true
	for name, c := range map[string]struct {
		track   string
		at      int64
		samples []Sample
	}{
		"key_first":     {"h264", 90000, pictures(3)},
		"b_frames":      {"h264", 1 << 33, pictures(4, 6006, 15015, 0, -3003)},
		"duration_last": {"h265", 0, last},
		"all_key":       {"av1", 0, intra},
		"no_key":        {"h264", 0, pictures(3)[1:]},
		"key_inside":    {"h264", 0, late},
		"one_key":       {"h264", 0, pictures(1)},
		"audio":         {"aac", 44100, sounds(3)},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, "fragment_"+name, AppendFragment(nil, tracks[c.track], 7, c.at, c.samples))
		})
	}
}
