package rtmp

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

const (
	version       = 3    // of the protocol, C0 and S0 (5.2.2)
	handshakeSize = 1536 // of C1, C2, S1 and S2 (5.2.3, 5.2.4)
)

// The handshake with a digest is Adobe's own and in no specification, but
// Flash, ffmpeg and others check it: an HMAC-SHA256 over the block without the
// digest's own 32 bytes, whose place in the block follows from four bytes of it.
const (
	digestSize = sha256.Size
	playerKey  = "Genuine Adobe Flash Player 001"
	serverKey  = "Genuine Adobe Flash Media Server 001"
	// keyTail is appended to serverKey where S2 is signed.
	keyTail = "\xf0\xee\xc2\x4a\x80\x68\xbe\xe8\x2e\x00\xd0\xd1\x02\x9e\x7e\x57" +
		"\x6e\xec\x5d\x2d\x29\x80\x6f\xab\x93\xb8\xe6\x36\xcf\xeb\x31\xae"
	digestSpan = 728 // places that a digest can take within its half of the block
)

// schemes are where the four bytes lie that give the digest's place.
var schemes = [...]int{8, 772}

// shake takes C0, C1 and C2 from b and gives S0, S1 and S2 to write, which
// flushes them.
func shake(b *buffer, write func([]byte) error) error {
	first, err := b.peek(1)
	if err != nil {
		return err
	}
	if first[0] != version {
		return foreignError(b.ready())
	}
	if _, err := b.next(1); err != nil {
		return err
	}
	c1, err := b.next(handshakeSize)
	if err != nil {
		return err
	}
	if err := write(answerHandshake(c1)); err != nil {
		return err
	}
	// C2 is not compared: several encoders send something else than S1.
	_, err = b.next(handshakeSize)
	return err
}

// answerHandshake returns S0, S1 and S2, with digests when C1 has one.
func answerHandshake(c1 []byte) []byte {
	out := make([]byte, 1+2*handshakeSize)
	out[0] = version
	s1, s2 := out[1:1+handshakeSize], out[1+handshakeSize:]
	_, _ = rand.Read(s1[8:]) // never fails (crypto/rand)
	scheme, at := findDigest(c1)
	if at < 0 {
		copy(s2, c1) // librtmp compares all of it
		return out
	}
	binary.BigEndian.PutUint32(s1[4:], 0x03050101) // a Flash version that had digests
	place := digestPlace(s1, schemes[scheme])
	copy(s1[place:], digest(serverKey, s1, place))

	_, _ = rand.Read(s2)
	signed := handshakeSize - digestSize
	key := mac(serverKey+keyTail, c1[at:at+digestSize])
	copy(s2[signed:], mac(string(key), s2[:signed]))
	return out
}

// findDigest returns the scheme and place of the digest in C1, or a negative
// place when there is none.
func findDigest(c1 []byte) (scheme, place int) {
	if bytes.Equal(c1[4:8], make([]byte, 4)) {
		return 0, -1 // the plain handshake has zeros there (5.2.3)
	}
	for i, base := range schemes {
		at := digestPlace(c1, base)
		if hmac.Equal(c1[at:at+digestSize], digest(playerKey, c1, at)) {
			return i, at
		}
	}
	return 0, -1
}

func digestPlace(block []byte, base int) int {
	sum := 0
	for _, b := range block[base : base+4] {
		sum += int(b)
	}
	return base + 4 + sum%digestSpan
}

// digest signs a block without the digest's place in it.
func digest(key string, block []byte, place int) []byte {
	return mac(key, block[:place], block[place+digestSize:])
}

func mac(key string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

// foreignError says in words what came instead of RTMP.
func foreignError(b []byte) error {
	switch {
	case isHTTP(b):
		return foreign("an HTTP request came to the RTMP port: the site has a port of its own")
	case b[0] == 0x47: // the sync byte of ISO/IEC 13818-1 2.4.3.2
		return foreign("MPEG-TS came to the RTMP port: with ffmpeg use -f flv")
	case b[0] == 0x16: // a TLS record with a handshake (RFC 8446 5.1)
		return foreign("TLS came to the plain RTMP port: rtmps:// has a port of its own")
	case b[0] == 6 || b[0] == 8:
		return foreign("encrypted RTMP (RTMPE) came, which is not supported: use rtmp:// or rtmps://")
	}
	return foreign(fmt.Sprintf("something else than RTMP came: its first byte is 0x%02x", b[0]))
}

// foreign is an error about a peer that speaks another protocol.
type foreign string

func (f foreign) Error() string { return string(f) }

func isHTTP(b []byte) bool {
	for _, method := range []string{"GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "CONNECT ", "PRI * HTTP/2"} {
		if bytes.HasPrefix(b, []byte(method)) {
			return true
		}
	}
	return false
}
