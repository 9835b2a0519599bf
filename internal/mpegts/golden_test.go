package mpegts

import (
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden keeps the bytes of a segment: caches hold them for ever.
func TestGolden(t *testing.T) {
	all := tracks(t)
	for name, s := range map[string]*Segment{
		"h264_aac": {
			Number: 18, Discontinuity: true, End: 6006,
			Video: []media.AccessUnit{picture(all["h264"], 0, 3003, true, 200), picture(all["h264"], 3003, 6006, false, 20)},
			Audio: []media.AccessUnit{frame(all["aac"], 0, 20), frame(all["aac"], 1024, 30)},
		},
		"h265": {Video: []media.AccessUnit{picture(all["h265"], 1<<33, 1<<33, true, 20)}, End: 1<<33 + 20000},
		"opus": {Audio: []media.AccessUnit{frame(all["opus6"], 480000, 300)}, End: 960000},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join("testdata", name+".hex")
			b := bytesOf(t, s)
			rules(t, b, s.Number)
			dump := hex.Dump(b)
			if *update {
				require.NoError(t, os.MkdirAll("testdata", 0o700))
				require.NoError(t, os.WriteFile(path, []byte(dump), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, string(want), dump)
		})
	}
}
