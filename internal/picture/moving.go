package picture

import (
	"bytes"
	"encoding/binary"
)

// Moves reports whether a GIF, PNG or WebP file has more than one picture. It
// looks at the frame of the file alone.
func Moves(sent []byte) bool {
	switch {
	case bytes.HasPrefix(sent, []byte("GIF8")):
		return gifMoves(sent)
	case bytes.HasPrefix(sent, []byte("\x89PNG\r\n\x1a\n")):
		return pngMoves(sent[8:])
	}
	_, ok := firstOfWebP(sent)
	return ok
}

// gifMoves walks the blocks of a GIF up to its second picture.
func gifMoves(b []byte) bool {
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	if len(b) < 13 {
		return false
	}
	pictures := 0
	for at := 13 + table(b[10]); at < len(b); {
		switch b[at] {
		case 0x21: // an extension: a label, and blocks
			at += 2
		case 0x2c: // a picture: its place, colours and code size, and blocks
			if pictures++; pictures > 1 {
				return true
			}
			if at+10 > len(b) {
				return false
			}
			at += 11 + table(b[at+9])
		default:
			return false
		}
		for at < len(b) && b[at] != 0 {
			at += 1 + int(b[at])
		}
		at++
	}
	return false
}

// pngMoves looks for an acTL chunk with several pictures before the first IDAT.
func pngMoves(b []byte) bool {
	for len(b) >= 12 {
		n := binary.BigEndian.Uint32(b)
		switch string(b[4:8]) {
		case "acTL":
			return n >= 8 && binary.BigEndian.Uint32(b[8:]) > 1
		case "IDAT":
			return false
		}
		if uint64(n)+12 > uint64(len(b)) {
			return false
		}
		b = b[n+12:]
	}
	return false
}

// firstOfWebP makes a file of the first picture of a WebP that moves, which the
// decoder does not read as it is.
func firstOfWebP(b []byte) (first []byte, ok bool) {
	if len(b) < 30 || string(b[:4]) != "RIFF" || string(b[8:16]) != "WEBPVP8X" || b[20]&0x02 == 0 {
		return nil, false
	}
	for rest := b[30:]; len(rest) >= 8; {
		n := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if n+8 > uint64(len(rest)) {
			return nil, false
		}
		body := rest[8 : 8+n]
		if string(rest[:4]) != "ANMF" {
			rest = rest[min(uint64(len(rest)), 8+n+n&1):]
			continue
		}
		if n < 16 {
			return nil, false
		}
		width, height := body[6:9], body[9:12] // each less one
		chunks := body[16:]
		const alpha = 0x10 // the decoder wants a chunk of it where the head says so, and none else
		flags := byte(0)
		if bytes.HasPrefix(chunks, []byte("ALPH")) {
			flags = alpha
		}
		head := append([]byte("WEBPVP8X\x0a\x00\x00\x00"), flags, 0, 0, 0)
		head = append(head, width...)
		head = append(append(head, height...), chunks...)
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(head))), head...), true
	}
	return nil, false
}
