package viewing

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"
	"time"
)

// A token is 79 characters of base64url, of which no player, proxy or server
// escapes one. In it are, in bytes:
//
//	 0      version and flags
//	 1..8   the viewing's id, random
//	 9..12  the run of the process that made it
//	13..16  when it was made, seconds since 1970
//	17..29  the channel or the broadcast that it opens
//	30..42  by what: the password's mark, or the sign-in session, covered
//	43..58  the signature: HMAC-SHA256 over all of that, its first half
const (
	tokenBytes  = 59
	tokenLength = 79
	signedBytes = tokenBytes - 16

	version      = 0x10
	flagRecorded = 0x01
	flagSignedIn = 0x02
)

// What the key is used for. Each use has a first byte of its own, so that no
// message of one is a message of another.
const (
	useToken    = 't'
	usePassword = 'p'
	useSession  = 's'
)

// encoding is strict: a token has one spelling.
var encoding = base64.RawURLEncoding.Strict()

// ident is an id of a row, packed.
type ident [13]byte

// crockford is the alphabet of the ids that store makes.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// idLength is that of such an id: 100 bits.
const idLength = 20

// pack packs an id that store made, and reports whether it is one.
func pack(id string) (p ident, ok bool) {
	if len(id) != idLength {
		return p, false
	}
	n, err := crockford.Decode(p[:], []byte(id+"0")) // to whole bytes
	return p, err == nil && n == len(p)
}

func (p ident) String() string { return crockford.EncodeToString(p[:])[:idLength] }

// mark stands for a password: who has it can tell only that a password is
// another one. It is made of the hash, which has a salt of its own each time.
type mark [8]byte

// Grant is what a token says that we signed. Whether it still opens anything is
// for Service.Admit to say.
type Grant struct {
	id       uint64
	run      uint32
	issued   int64 // seconds since 1970
	of       ident
	recorded bool // of is a broadcast, to be watched as a recording; else a channel
	signedIn bool
	password mark  // unless signedIn
	session  ident // when signedIn
}

// signer holds the key with which all nodes sign.
type signer struct{ macs sync.Pool }

func newSigner(key []byte) *signer {
	return &signer{macs: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// sum is the HMAC of a message of one use.
func (s *signer) sum(use byte, message []byte) (sum [sha256.Size]byte) {
	h := s.macs.Get().(hash.Hash)
	h.Reset()
	_, _ = h.Write([]byte{use}) // a hash takes everything
	_, _ = h.Write(message)
	h.Sum(sum[:0])
	s.macs.Put(h)
	return sum
}

func (s *signer) mark(passwordHash string) (m mark) {
	if passwordHash != "" {
		sum := s.sum(usePassword, []byte(passwordHash))
		copy(m[:], sum[:])
	}
	return m
}

// cover hides a session's id, or shows it again: the token lies in addresses
// that people pass on, and is to tell nobody which of them are one person's. A
// viewing's id is random, so no cover is used twice.
func (s *signer) cover(session ident, viewing []byte) ident {
	sum := s.sum(useSession, viewing)
	for i := range session {
		session[i] ^= sum[i]
	}
	return session
}

// token writes a grant.
func (s *signer) token(g Grant) string {
	var b [tokenBytes]byte
	b[0] = version
	if g.recorded {
		b[0] |= flagRecorded
	}
	binary.BigEndian.PutUint64(b[1:], g.id)
	binary.BigEndian.PutUint32(b[9:], g.run)
	binary.BigEndian.PutUint32(b[13:], uint32(g.issued))
	copy(b[17:], g.of[:])
	if g.signedIn {
		b[0] |= flagSignedIn
		session := s.cover(g.session, b[1:9])
		copy(b[30:], session[:])
	} else {
		copy(b[30:], g.password[:])
	}
	sum := s.sum(useToken, b[:signedBytes])
	copy(b[signedBytes:], sum[:])
	return encoding.EncodeToString(b[:])
}

// read returns what a token says, and whether it was signed with our key.
func (s *signer) read(token string) (g Grant, ok bool) {
	if len(token) != tokenLength {
		return g, false
	}
	var text [tokenLength]byte
	var b [tokenBytes]byte
	copy(text[:], token)
	if n, err := encoding.Decode(b[:], text[:]); err != nil || n != tokenBytes {
		return g, false
	}
	sum := s.sum(useToken, b[:signedBytes])
	if !hmac.Equal(sum[:tokenBytes-signedBytes], b[signedBytes:]) || b[0]&^(flagRecorded|flagSignedIn) != version {
		return g, false
	}
	g = Grant{
		id: binary.BigEndian.Uint64(b[1:]), run: binary.BigEndian.Uint32(b[9:]), issued: int64(binary.BigEndian.Uint32(b[13:])),
		of: ident(b[17:30]), recorded: b[0]&flagRecorded != 0, signedIn: b[0]&flagSignedIn != 0,
	}
	if g.signedIn {
		g.session = s.cover(ident(b[30:43]), b[1:9])
	} else {
		g.password = mark(b[30:38])
	}
	return g, true
}

// random returns an id that nobody can guess. crypto/rand does not fail.
func random() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:])
	return binary.BigEndian.Uint64(b[:])
}

// madeAt is when the token was made.
func (g Grant) madeAt() time.Time { return time.Unix(g.issued, 0) }
