package mpegts

// crcTable is of the polynomial of annex A, most significant bit first, which
// is not how hash/crc32 counts.
var crcTable = func() (t [256]uint32) {
	const polynomial = 0x04c11db7
	for i := range t {
		c := uint32(i) << 24
		for range 8 {
			if c&(1<<31) != 0 {
				c = c<<1 ^ polynomial
			} else {
				c <<= 1
			}
		}
		t[i] = c
	}
	return t
}()

// crc32 is 0 over a section that ends with its own (2.4.4.1).
func crc32(b []byte) uint32 {
	c := ^uint32(0)
	for _, v := range b {
		c = c<<8 ^ crcTable[byte(c>>24)^v]
	}
	return c
}
