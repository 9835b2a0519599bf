package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/png"
	"iter"
	"sync"
	"time"

	"golang.org/x/image/webp"
)

// gifFilm walks the blocks of a GIF (GIF89a) as far as motionFrames goes. Its
// pictures are decoded at once when the first of them is asked for.
func gifFilm(b []byte) (film, error) {
	if len(b) < 13 {
		return film{}, errFilm
	}
	f := film{width: int(binary.LittleEndian.Uint16(b[6:])), height: int(binary.LittleEndian.Uint16(b[8:]))}
	end := 0 // of the last picture that is whole
	all := sync.OnceValues(func() (*gif.GIF, error) {
		const trailer = 0x3b
		return gif.DecodeAll(bytes.NewReader(append(bytes.Clone(b[:end]), trailer)))
	})
	const extension, picture = 0x21, 0x2c
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	var control cel // what is said of the next picture
	for at := 13 + table(b[10]); at < len(b) && len(f.cels) < motionFrames; {
		begun := b[at]
		switch begun {
		case extension: // a label, and blocks
			if at+8 <= len(b) && b[at+1] == 0xf9 && b[at+2] == 4 {
				control.stays = time.Duration(binary.LittleEndian.Uint16(b[at+4:])) * 10 * time.Millisecond
				control.after = map[byte]disposal{gif.DisposalBackground: cleared, gif.DisposalPrevious: undone}[b[at+3]>>2&7]
			}
			at += 2
		case picture: // its place, colours and code size, and blocks
			if at+10 > len(b) {
				return f, nil
			}
			c, n := control, len(f.cels)
			c.place = placed(int(binary.LittleEndian.Uint16(b[at+1:])), int(binary.LittleEndian.Uint16(b[at+3:])),
				int(binary.LittleEndian.Uint16(b[at+5:])), int(binary.LittleEndian.Uint16(b[at+7:])))
			c.read = func() (image.Image, error) {
				g, err := all()
				if err != nil || n >= len(g.Image) {
					return nil, errFilm
				}
				return g.Image[n], nil
			}
			control = c
			at += 11 + table(b[at+9])
		default: // the end
			return f, nil
		}
		for at < len(b) && b[at] != 0 {
			at += 1 + int(b[at])
		}
		if at++; begun == picture && at <= len(b) {
			f.cels, control, end = append(f.cels, control), cel{}, at
		}
	}
	return f, nil
}

const pngHead = "\x89PNG\r\n\x1a\n"

// pngFilm reads the chunks of a PNG after its signature (W3C PNG, third edition,
// 11.3.2): each picture that belongs to the animation becomes a file of its own
// when it is asked for.
func pngFilm(b []byte) (film, error) {
	var (
		f      film
		header []byte
		shared bytes.Buffer // palette, transparency and gamma: they come before all data
		moves  bool
		seen   bool      // data
		data   *[][]byte // of the picture whose chunks come
	)
	for len(b) >= 12 {
		n := uint64(binary.BigEndian.Uint32(b))
		if n+12 > uint64(len(b)) {
			return f, nil
		}
		kind, body := string(b[4:8]), b[8:8+n]
		whole := b[:n+12]
		b = b[n+12:]
		switch kind {
		case "IHDR":
			if n != 13 || header != nil {
				return film{}, errFilm
			}
			header = body
			f.width, f.height = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
		case "PLTE", "tRNS", "gAMA":
			if !seen {
				shared.Write(whole)
			}
		case "acTL":
			moves = n >= 8
		case "fcTL":
			if !moves || header == nil || n != 26 {
				continue
			}
			c := celOfPNG(body)
			mine := [][]byte{}
			data = &mine
			c.read = func() (image.Image, error) { return readPNG(header, body[4:12], shared.Bytes(), mine) }
			f.cels = append(f.cels, c)
		case "IDAT":
			seen = true
			if data != nil {
				*data = append(*data, body)
			} else if len(f.cels) == 0 && !moves {
				return f, nil
			}
		case "fdAT":
			if data != nil && n >= 4 {
				*data = append(*data, body[4:])
			}
		case "IEND":
			return f, nil
		}
	}
	return f, nil
}

// celOfPNG is what an fcTL chunk says.
func celOfPNG(b []byte) cel {
	at := func(i int) int { return int(binary.BigEndian.Uint32(b[i:])) }
	above, below := time.Duration(binary.BigEndian.Uint16(b[20:])), time.Duration(binary.BigEndian.Uint16(b[22:]))
	if below == 0 {
		below = 100
	}
	c := cel{place: placed(at(12), at(16), at(4), at(8)), stays: above * time.Second / below, bare: b[25] == 0}
	switch b[24] {
	case 1:
		c.after = cleared
	case 2:
		c.after = undone
	}
	return c
}

// readPNG decodes one picture of an animation, whose size and data are its own.
func readPNG(header, size, shared []byte, data [][]byte) (image.Image, error) {
	var b bytes.Buffer
	b.WriteString(pngHead)
	chunk := func(kind string, body []byte) {
		at := b.Len()
		b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(body))))
		b.WriteString(kind)
		b.Write(body)
		b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(b.Bytes()[at+4:])))
	}
	chunk("IHDR", append(bytes.Clone(size), header[8:]...))
	b.Write(shared)
	for _, d := range data {
		chunk("IDAT", d)
	}
	chunk("IEND", nil)
	return png.Decode(&b)
}

// webpFilm reads the chunks of a WebP (RFC 9649, 2.7): each picture becomes a file
// of its own, which the decoder reads.
func webpFilm(b []byte) (film, error) {
	if !webpMoves(b) {
		return film{}, errFilm
	}
	f := film{width: uint24(b[24:]) + 1, height: uint24(b[27:]) + 1}
	for body := range webpPictures(b) {
		c := cel{
			place: placed(2*uint24(body), 2*uint24(body[3:]), uint24(body[6:])+1, uint24(body[9:])+1),
			stays: time.Duration(uint24(body[12:])) * time.Millisecond,
			bare:  body[15]&0x02 != 0,
			read:  func() (image.Image, error) { return webp.Decode(bytes.NewReader(webpFile(body))) },
		}
		if body[15]&0x01 != 0 {
			c.after = cleared
		}
		f.cels = append(f.cels, c)
	}
	return f, nil
}

// webpMoves reports whether a file says that it is an animation.
func webpMoves(b []byte) bool {
	return len(b) >= 30 && string(b[:4]) == "RIFF" && string(b[8:16]) == "WEBPVP8X" && b[20]&0x02 != 0
}

// webpPictures are the ANMF chunks of an animation, as far as they are whole: 16
// bytes of what is said of a picture, and its own chunks.
func webpPictures(b []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for rest := b[30:]; len(rest) >= 8; {
			n := uint64(binary.LittleEndian.Uint32(rest[4:]))
			if n+8 > uint64(len(rest)) {
				return
			}
			kind, body := string(rest[:4]), rest[8:8+n]
			rest = rest[min(uint64(len(rest)), 8+n+n&1):]
			if kind == "ANMF" && n >= 16 && !yield(body) {
				return
			}
		}
	}
}

// firstOfWebP makes a file of the first picture of a WebP that moves, which the
// decoder does not read as it is.
func firstOfWebP(b []byte) (first []byte, ok bool) {
	if !webpMoves(b) {
		return nil, false
	}
	for body := range webpPictures(b) {
		return webpFile(body), true
	}
	return nil, false
}

// webpFile makes a file of a picture of an animation: what an ANMF chunk holds.
func webpFile(anmf []byte) []byte {
	chunks := anmf[16:]
	const alpha = 0x10 // the decoder wants a chunk of it where the head says so, and none else
	flags := byte(0)
	if bytes.HasPrefix(chunks, []byte("ALPH")) {
		flags = alpha
	}
	head := append([]byte("WEBPVP8X\x0a\x00\x00\x00"), flags, 0, 0, 0)
	head = append(append(head, anmf[6:12]...), chunks...) // its size, each less one
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(head))), head...)
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// placed is where a picture lies; nowhere if that cannot be.
func placed(x, y, width, height int) image.Rectangle {
	const most = 1 << 24
	if x > most || y > most || width > most || height > most {
		return image.Rectangle{}
	}
	return image.Rect(x, y, x+width, y+height)
}
