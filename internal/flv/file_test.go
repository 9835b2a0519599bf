package flv

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fileOf is an FLV file of one script tag at 0x01020304 ms.
func fileOf(size byte, body string) []byte {
	b := []byte("FLV\x01\x05\x00\x00\x00\x09\x00\x00\x00\x00\x12\x00\x00")
	b = append(b, size, 2, 3, 4, 1, 0, 0, 0)
	b = append(b, body...)
	return append(b, 0, 0, 0, 11+size)
}

func TestParseFile(t *testing.T) {
	tags, err := ParseFile(fileOf(3, "abc"))
	require.NoError(t, err)
	require.Equal(t, []FileTag{{Type: TagScript, Timestamp: 0x01020304, Body: []byte("abc")}}, tags)

	for name, b := range map[string][]byte{
		"empty":              nil,
		"another format":     []byte("ID3\x04 and some more bytes"),
		"a long header":      []byte("FLV\x01\x05\xff\xff\xff\xff\x00\x00\x00\x00"),
		"a body cut short":   fileOf(9, "abc"),
		"a header cut short": fileOf(3, "abc")[:20],
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseFile(b)
			require.Error(t, err)
		})
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add(fileOf(3, "abc"))
	b, err := os.ReadFile(filepath.Join("testdata", "av1_aac.flv"))
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		tags, err := ParseFile(b)
		if err != nil {
			return
		}
		held := 0
		for _, tag := range tags {
			held += len(tag.Body) + tagHeaderBytes
		}
		require.LessOrEqual(t, held, len(b))
	})
}
