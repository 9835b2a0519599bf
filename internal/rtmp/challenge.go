package rtmp

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/netip"
	"time"
)

// challengeTurn is how long one challenge is given out. It is good in the next
// turn too: for half a minute at least and a minute at most, where an encoder
// takes a second.
const challengeTurn = 30 * time.Second

// challenger makes the challenges of logins and remembers none of them: a
// challenge follows from the secret, the name, the address and the time, so
// that an answer is worth nothing to somebody else, from elsewhere or later.
type challenger struct {
	secret [32]byte // of this process alone
	now    func() time.Time
}

func newChallenger() challenger {
	c := challenger{now: time.Now}
	_, _ = rand.Read(c.secret[:]) // never fails (crypto/rand)
	return c
}

// challenge is the one for a user at an address now.
func (c *challenger) challenge(user string, from netip.Addr) string {
	return c.of(c.turn(), user, from)
}

func (c *challenger) turn() uint64 { return uint64(c.now().UnixNano() / int64(challengeTurn)) }

func (c *challenger) of(turn uint64, user string, from netip.Addr) string {
	const length = 16 // librtmp has no room for much
	h := hmac.New(sha256.New, c.secret[:])
	h.Write(binary.BigEndian.AppendUint64(nil, turn))
	addr := from.As16()
	h.Write(addr[:])
	h.Write([]byte(user))
	return hex.EncodeToString(h.Sum(nil))[:length]
}

// judge returns what tells whether an answer to one of our challenges fits a
// verifier. It takes the same time whatever the answer.
func (c *challenger) judge(cr credentials, from netip.Addr) func(verifier string) bool {
	turn := c.turn()
	given := [...]string{c.of(turn, cr.user, from), c.of(turn-1, cr.user, from)}
	return func(verifier string) bool {
		fits := 0
		for _, challenge := range given {
			sum := md5.Sum([]byte(verifier + challenge + cr.challenge))
			want := base64.StdEncoding.EncodeToString(sum[:])
			fits |= subtle.ConstantTimeCompare([]byte(want), []byte(cr.response))
		}
		return fits == 1
	}
}
