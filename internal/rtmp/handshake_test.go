package rtmp

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// sign is the digest handshake's HMAC, written apart from the code under test.
func sign(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(bytes.Join(parts, nil))
	return h.Sum(nil)
}

func placeIn(block []byte, base int) int {
	return (int(block[base])+int(block[base+1])+int(block[base+2])+int(block[base+3]))%728 + base + 4
}

// signedC1 is what Flash and ffmpeg send.
func signedC1(base int) []byte {
	c1 := fill(1536, 77)
	copy(c1, []byte{0, 0, 0, 0, 9, 0, 124, 2})
	at := placeIn(c1, base)
	copy(c1[at:], sign([]byte("Genuine Adobe Flash Player 001"), c1[:at], c1[at+32:]))
	return c1
}

func handshake(t *testing.T, sent []byte) (answer []byte, err error) {
	t.Helper()
	b := newBuffer(bytes.NewReader(sent))
	err = shake(b, func(p []byte) error {
		answer = append(answer, p...)
		return nil
	})
	return answer, err
}

func TestHandshakePlain(t *testing.T) {
	c1 := fill(1536, 9)
	copy(c1, make([]byte, 8))
	answer, err := handshake(t, join([]byte{3}, c1, make([]byte, 1536)))
	require.NoError(t, err)
	require.Len(t, answer, 3073)
	require.Equal(t, byte(3), answer[0])
	require.Equal(t, make([]byte, 8), answer[1:9], "time and version of S1")
	require.Equal(t, c1, answer[1537:], "S2 echoes C1")
}

func TestHandshakeDigest(t *testing.T) {
	for _, base := range []int{8, 772} {
		c1 := signedC1(base)
		answer, err := handshake(t, join([]byte{3}, c1, make([]byte, 1536)))
		require.NoError(t, err)
		require.Len(t, answer, 3073)
		s1, s2 := answer[1:1537], answer[1537:]

		at := placeIn(s1, base)
		server := []byte("Genuine Adobe Flash Media Server 001")
		require.Equal(t, sign(server, s1[:at], s1[at+32:]), s1[at:at+32], "the digest of S1 in scheme %d", base)
		require.GreaterOrEqual(t, s1[4], byte(3), "ffmpeg looks for a digest from version 3 on")

		full := append([]byte("Genuine Adobe Flash Media Server 001"), 0xf0, 0xee, 0xc2, 0x4a, 0x80, 0x68, 0xbe, 0xe8, 0x2e, 0x00, 0xd0, 0xd1, 0x02, 0x9e, 0x7e, 0x57,
			0x6e, 0xec, 0x5d, 0x2d, 0x29, 0x80, 0x6f, 0xab, 0x93, 0xb8, 0xe6, 0x36, 0xcf, 0xeb, 0x31, 0xae)
		place := placeIn(c1, base)
		key := sign(full, c1[place:place+32])
		require.Equal(t, sign(key, s2[:1504]), s2[1504:], "the signature of S2 in scheme %d", base)
	}
}

func TestHandshakeVersionWithoutDigest(t *testing.T) {
	c1 := signedC1(8)
	c1[1000] ^= 1
	answer, err := handshake(t, join([]byte{3}, c1, make([]byte, 1536)))
	require.NoError(t, err)
	require.Equal(t, c1, answer[1537:])
}

func TestHandshakeTellsWhatCame(t *testing.T) {
	cases := []struct{ sent, want string }{
		{"GET / HTTP/1.1\r\n\r\n", "HTTP"},
		{"PRI * HTTP/2.0\r\n\r\n", "HTTP"},
		{"G\x40\x11\x10\x00", "MPEG-TS"},
		{"\x16\x03\x01\x02\x00", "rtmps://"},
		{"\x06\x00", "RTMPE"},
		{"\xff\x00", "0xff"},
	}
	for _, tc := range cases {
		answer, err := handshake(t, []byte(tc.sent))
		require.ErrorContains(t, err, tc.want, "%q", tc.sent)
		require.Empty(t, answer)
	}
}

func TestHandshakeCutShort(t *testing.T) {
	whole := join([]byte{3}, signedC1(8), make([]byte, 1536))
	for _, n := range []int{0, 1, 2, 1536, 1537, 1538, 3072} {
		_, err := handshake(t, whole[:n])
		require.ErrorIs(t, err, io.EOF, "%d bytes", n)
	}
}

func FuzzHandshake(f *testing.F) {
	f.Add(join([]byte{3}, signedC1(8), make([]byte, 1536)))
	f.Add(join([]byte{3}, signedC1(772), make([]byte, 1536)))
	f.Add([]byte("GET / HTTP/1.0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		answer, err := handshake(t, sent)
		if len(answer) > 0 {
			require.Len(t, answer, 3073)
		}
		if err == nil {
			require.GreaterOrEqual(t, len(sent), 3073)
		}
	})
}
