package rtmp

import (
	"bytes"
	"encoding/binary"
)

// The headers of chunks, written by hand from 5.3.1.

func basic(format, id int) []byte {
	switch {
	case id < 64:
		return []byte{byte(format<<6 | id)}
	case id < 320:
		return []byte{byte(format << 6), byte(id - 64)}
	}
	return []byte{byte(format<<6 | 1), byte(id - 64), byte((id - 64) >> 8)}
}

// far returns the four bytes of an extended timestamp when ms needs them.
func far(ms uint32) []byte {
	if ms < 0xffffff {
		return nil
	}
	return binary.BigEndian.AppendUint32(nil, ms)
}

func near(ms uint32) []byte {
	ms = min(ms, 0xffffff)
	return []byte{byte(ms >> 16), byte(ms >> 8), byte(ms)}
}

func size24(n int) []byte { return []byte{byte(n >> 16), byte(n >> 8), byte(n)} }

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func type0(id int, ms uint32, length int, typ, stream byte) []byte {
	return join(basic(0, id), near(ms), size24(length), []byte{typ, stream, 0, 0, 0}, far(ms))
}

func type1(id int, delta uint32, length int, typ byte) []byte {
	return join(basic(1, id), near(delta), size24(length), []byte{typ}, far(delta))
}

func type2(id int, delta uint32) []byte { return join(basic(2, id), near(delta), far(delta)) }

func type3(id int) []byte { return basic(3, id) }

func fill(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = seed + byte(i*7)
	}
	return b
}

func setChunkSize(n uint32) []byte {
	return join(type0(2, 0, 4, 1, 0), binary.BigEndian.AppendUint32(nil, n))
}
