package archive

// alphabet is that of the product's ids: Crockford's base32, which sorts.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// newID makes an id as of a moment, in milliseconds since 1970: the last of 20
// characters stand for it in the upper 48 bits, and for a number in the lower.
func newID(ms int64, number int) string {
	var b [20]byte
	upper, lower := uint64(ms)<<2, uint64(number)
	for i := range 10 {
		b[i] = alphabet[upper>>(45-5*i)&31]
		b[10+i] = alphabet[lower>>(45-5*i)&31]
	}
	return string(b[:])
}
