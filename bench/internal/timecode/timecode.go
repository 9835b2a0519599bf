// Package timecode draws the wall clock into pictures so that a program that
// sees a picture on a screen knows when it was made: a row of black and white
// blocks that survives coding, with a checksum against misreading, above a
// pattern that moves so that the coder has work.
package timecode

import "time"

// The picture. Blocks are of one coding unit (16×16 pixels), so quantisation
// does not smear them into each other.
const (
	Width  = 640
	Height = 360
	block  = 16
	// blocks in the row: 32 bits of time, 8 of checksum, most significant first.
	blocks = 40
	// Size of a picture in bytes: 8 bit 4:2:0, planes in order.
	Size = Width * Height * 3 / 2
)

// Black and white of video range (ITU-R BT.601).
const (
	black = 16
	white = 235
)

// Code is what the blocks of a picture made at t say: the low 32 bits of the
// milliseconds since 1970, which come round every 49 days, and their checksum.
func Code(t time.Time) uint64 {
	ms := uint32(t.UnixMilli())
	return uint64(ms)<<8 | uint64(Check(ms))
}

// Check is CRC-8 with the polynomial x⁸+x²+x+1, beginning with FF so that a
// black picture is no valid code.
func Check(ms uint32) byte {
	crc := byte(0xff)
	for shift := 24; shift >= 0; shift -= 8 {
		crc ^= byte(ms >> shift)
		for range 8 {
			if crc&0x80 != 0 {
				crc = crc<<1 ^ 0x07
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}

// Painter draws pictures into one buffer.
type Painter struct {
	picture []byte
	waves   []byte // one row of luma, three times as long as a row
}

// NewPainter makes a painter.
func NewPainter() *Painter {
	p := &Painter{picture: make([]byte, Size), waves: make([]byte, 3*Width)}
	for i := range p.waves {
		p.waves[i] = byte(64 + i*2%128) // sawteeth of 64 pixels
	}
	for i := Width * Height; i < Size; i++ {
		p.picture[i] = 128 // no colour
	}
	return p
}

// Paint draws picture n, made at t, and returns it. The bytes are good until
// the next call.
func (p *Painter) Paint(n int, t time.Time) []byte {
	code := Code(t)
	row := p.picture[:Width]
	for i := range blocks {
		luma := byte(black)
		if code>>(blocks-1-i)&1 == 1 {
			luma = white
		}
		for x := range block {
			row[i*block+x] = luma
		}
	}
	for y := 1; y < block; y++ {
		copy(p.picture[y*Width:], row)
	}
	for y := block; y < Height; y++ {
		shift := (n*3 + y) % Width
		copy(p.picture[y*Width:(y+1)*Width], p.waves[shift:])
	}
	return p.picture
}

// Read returns the code's time, the low 32 bits of milliseconds, from the
// luma of a picture as Paint draws it; false when its checksum is wrong. The
// page's probe reads in the same way.
func Read(luma []byte) (uint32, bool) {
	var code uint64
	for i := range blocks {
		code <<= 1
		if luma[(block/2)*Width+i*block+block/2] > 128 {
			code |= 1
		}
	}
	ms := uint32(code >> 8)
	return ms, Check(ms) == byte(code)
}
