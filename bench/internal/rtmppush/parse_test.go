package rtmppush

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAMFRoundTrip(t *testing.T) {
	b := appendAMF(nil, "connect", 1.0, nil, true, []pair{{"app", "live"}, {"more", []pair{{"n", 2.5}}}})
	values, err := parseAMF(b)
	require.NoError(t, err)
	require.Equal(t, []any{"connect", 1.0, nil, true, map[string]any{"app": "live", "more": map[string]any{"n": 2.5}}}, values)
	for n := range b {
		if _, err := parseAMF(b[:n]); err == nil { // whole values alone may be read
			require.Contains(t, []int{0, 10, 19, 20, 22}, n)
		}
	}
	deep := bytes.Repeat([]byte{amfObject, 0, 1, 'a'}, maxDepth+2)
	_, err = parseAMF(deep)
	require.ErrorIs(t, err, errAMF)
}

func TestChunksRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var wire []byte
		var sent []message
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			m := message{
				kind:   typeCommand,
				stream: rapid.Uint32().Draw(t, "stream"),
				time:   rapid.SampledFrom([]uint32{0, 40, extended - 1, extended, extended + 1, 1<<32 - 1}).Draw(t, "time"),
				body:   make([]byte, rapid.SampledFrom([]int{0, 1, chunkSize - 1, chunkSize, chunkSize + 1, 3 * chunkSize}).Draw(t, "size")),
			}
			sent = append(sent, m)
			wire = appendMessage(wire, csidCommand, m)
		}
		r := newChunkReader(bufio.NewReader(bytes.NewReader(wire)))
		r.size = chunkSize
		for i, want := range sent {
			got, err := r.next()
			if err != nil {
				t.Fatalf("message %d: %v", i, err)
			}
			if got.kind != want.kind || got.stream != want.stream || len(got.body) != len(want.body) {
				t.Fatalf("message %d: got %d bytes of kind %d", i, len(got.body), got.kind)
			}
		}
	})
}

func TestChunkReaderIsBounded(t *testing.T) {
	for name, wire := range map[string][]byte{
		"long message":    {3, 0, 0, 0, 0xff, 0xff, 0xff, typeCommand, 0, 0, 0, 0},
		"no first header": {0xc3, 1, 2, 3},
		"no chunk size":   append([]byte{2, 0, 0, 0, 0, 0, 4, typeSetChunkSize, 0, 0, 0, 0}, 0, 0, 0, 0),
	} {
		_, err := newChunkReader(bufio.NewReader(bytes.NewReader(wire))).next()
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "EOF", name)
	}
}

func FuzzServer(f *testing.F) {
	f.Add(appendMessage(nil, csidCommand, message{kind: typeCommand, body: appendAMF(nil, "_result", 1.0, []pair{{"code", "x"}})}))
	f.Add([]byte{0, 1, 0x41, 2, 3})
	f.Fuzz(func(t *testing.T, wire []byte) {
		r := newChunkReader(bufio.NewReader(bytes.NewReader(wire)))
		for {
			m, err := r.next()
			if err != nil {
				return
			}
			if len(m.body) > maxMessage {
				t.Fatalf("a message of %d bytes", len(m.body))
			}
			_, _ = parseAMF(m.body)
		}
	})
}
