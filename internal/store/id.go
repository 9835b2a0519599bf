package store

import (
	"crypto/rand"
	"encoding/binary"
	"strings"
	"sync"
	"time"
)

const (
	// crockford is Crockford's base32 in lower case: no i, l, o or u.
	crockford = "0123456789abcdefghjkmnpqrstvwxyz"

	idLength   = 20
	idRandBits = 52
	idRandMask = 1<<idRandBits - 1
	// newestID sorts after every id, by bytes and by any language's order.
	newestID = "zzzzzzzzzzzzzzzzzzzzz"
)

// idMaker makes ids that grow, even when the clock stands or goes back.
type idMaker struct {
	now func() time.Time

	mu   sync.Mutex
	ms   uint64 // of the last id
	rand uint64 // of the last id
}

func (m *idMaker) next() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if ms := uint64(m.now().UnixMilli()); ms > m.ms {
		m.ms, m.rand = ms, randomBits()&idRandMask
		return encodeID(m.ms, m.rand)
	}
	// A step of at least one and up to 2^32 keeps the next id hard to guess
	// and leaves room for about a million ids in a millisecond.
	m.rand += 1 + randomBits()>>32
	if m.rand > idRandMask {
		m.ms, m.rand = m.ms+1, m.rand&idRandMask
	}
	return encodeID(m.ms, m.rand)
}

func randomBits() uint64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends when there is no randomness
	return binary.BigEndian.Uint64(b[:])
}

// encodeID writes 48 bits of time and 52 of randomness, five bits a character.
func encodeID(ms, random uint64) string {
	var b [idLength]byte
	halves := [2]uint64{ms<<2 | random>>50, random & (1<<50 - 1)} // 50 bits each
	for i := range b {
		b[i] = crockford[halves[i/10]>>(45-5*(i%10))&31]
	}
	return string(b[:])
}

// decodeID reads the time of an id.
func decodeID(id string) (ms uint64, ok bool) {
	if len(id) != idLength {
		return 0, false
	}
	for i := range idLength {
		at := strings.IndexByte(crockford, id[i])
		if at < 0 {
			return 0, false
		}
		if i < 10 {
			ms = ms<<5 | uint64(at)
		}
	}
	return ms >> 2, true
}
