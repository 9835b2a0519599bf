package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADeltaUpdateSkipsMostOfTwoHours(t *testing.T) {
	n, err := skips([]byte("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-SKIP:SKIPPED-SEGMENTS=3580\n#EXTINF:2,\na.m4s\n"))
	require.NoError(t, err)
	require.Equal(t, 3580, n)
	for list, says := range map[string]string{
		"#EXTM3U\n#EXTINF:2,\na.m4s\n":                    "no delta update",
		"#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=x\n":       "skipped segments",
		"#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=":          "skipped segments",
		"#EXTM3U\n#EXT-X-SKIP:SKIPPED-SEGMENTS=120\n#EXT": "the list is short",
	} {
		_, err := skips([]byte(list))
		require.ErrorContains(t, err, says, strings.TrimSpace(list))
	}
}
