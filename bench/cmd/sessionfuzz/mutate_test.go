package main

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixtures are the recordings that need no encoder.
func fixtures(t *testing.T) *recordings {
	t.Helper()
	r := &recordings{raw: [][]byte{[]byte("\x03 an encoder's own bytes for " + spareName)}}
	for _, name := range []string{"h264_aac.flv", "h265_opus.flv", "av1_aac.flv"} {
		tags, err := readTags(filepath.Join("..", "..", "..", "internal", "flv", "testdata", name))
		require.NoError(t, err)
		require.NotEmpty(t, tags)
		r.tags = append(r.tags, tags)
	}
	return r
}

func TestASessionIsMadeOfItsNumber(t *testing.T) {
	rec, untouched := fixtures(t), fixtures(t)
	session := func(i uint64) []byte {
		return rec.session(rand.New(rand.NewPCG(7, i)), "fuzz-00000001")
	}
	seen := map[string]bool{}
	for i := range uint64(3000) {
		b := session(i)
		require.Equal(t, b, session(i), "session %d", i)
		seen[string(b)] = true
	}
	require.Greater(t, len(seen), 2000, "sessions differ")
	require.Equal(t, untouched.tags, rec.tags, "what is changed is a copy")
	require.Equal(t, untouched.raw, rec.raw)
}

// A session that nothing was changed in is what an encoder sends: this holds
// the headers to the bytes of RTMP 1.0 5.3.1.
func TestUnchangedMessages(t *testing.T) {
	long := bytes.Repeat([]byte{7}, 130)
	b := appendSession(nil, []message{
		{csid: 4, kind: 9, stream: 1, time: 0x01020304, body: long},
		setChunkSize(200),
		{csid: 400, kind: 8, time: 5, body: long, format: 1},
	})
	want := append([]byte{3}, make([]byte, 2*handshakeSize)...)
	want = append(want, 4, 0xff, 0xff, 0xff, 0, 0, 130, 9, 1, 0, 0, 0, 1, 2, 3, 4)
	want = append(want, long[:128]...)
	want = append(want, 0xc4, 1, 2, 3, 4, 7, 7)
	want = append(want, 2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 200)
	want = append(want, 0x41, 80, 1, 0, 0, 5, 0, 0, 130, 8)
	want = append(want, long...)
	require.Equal(t, want, b)
}

func TestNamesAreAsLongAsTheRecordedOne(t *testing.T) {
	for _, i := range []int{0, 1, 100, channels, 99_999, 10_000_000} {
		require.Len(t, channelOf(i), len(spareName))
	}
}
