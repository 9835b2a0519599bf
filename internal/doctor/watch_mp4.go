package doctor

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/rostrumlive/rostrum/internal/flv"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
)

// maxBox bounds a box that is read into memory.
const maxBox = 64 << 20

// readMP4 reads fragmented MP4 of any number of tracks.
func (p *patient) readMP4(ctx context.Context, r *bufio.Reader) error {
	var movie *fmp4.Several
	var moof []byte
	for !p.over(ctx) {
		name, size, err := peekBox(r)
		if err != nil {
			return err
		}
		keep := name == "moov" || name == "moof" || name == "mdat" && moof != nil
		if !keep {
			if name == "mdat" {
				return fmt.Errorf("%w: MP4 without fragments", ErrFormat)
			}
			if _, err := io.CopyN(io.Discard, r, size); err != nil {
				return err
			}
			continue
		}
		if size > maxBox {
			return fmt.Errorf("%w: %s of %d bytes", ErrFormat, name, size)
		}
		box := make([]byte, size)
		if _, err := io.ReadFull(r, box); err != nil {
			return err
		}
		switch name {
		case "moov":
			if movie, err = fmp4.ParseSeveral(box); err != nil {
				return fmt.Errorf("%w: %w", ErrFormat, err)
			}
			p.refuse(movie.Refused)
		case "moof":
			moof = box
		default:
			if movie == nil {
				return fmt.Errorf("%w: fragments without an initialisation segment", ErrFormat)
			}
			pieces, err := movie.Fragment(append(moof, box...))
			if err != nil {
				return err
			}
			p.pieces(pieces)
			moof = nil
		}
	}
	return nil
}

// peekBox returns the name and the whole size of the box that comes next.
func peekBox(r *bufio.Reader) (name string, size int64, err error) {
	head, err := r.Peek(16)
	if len(head) < 8 {
		if len(head) == 0 && errors.Is(err, io.EOF) {
			return "", 0, io.EOF
		}
		return "", 0, io.ErrUnexpectedEOF
	}
	size, name = int64(binary.BigEndian.Uint32(head)), string(head[4:8])
	if size == 1 && len(head) == 16 {
		size = int64(binary.BigEndian.Uint64(head[8:]))
	}
	if size < 8 {
		return "", 0, fmt.Errorf("%w: box %q of %d bytes", ErrFormat, name, size)
	}
	return name, size, nil
}

// refuse says of tracks that they cannot be read.
func (p *patient) refuse(entries []string) {
	for _, entry := range entries {
		p.pub.Notice(media.Notice{Code: media.FormatNotCarried, Name: flv.Printable(entry)})
	}
}

// pieces takes the samples of a fragment.
func (p *patient) pieces(pieces []fmp4.Piece) {
	for _, piece := range pieces {
		at := piece.DecodeTime
		for _, s := range piece.Samples {
			p.take(&media.AccessUnit{Track: piece.Track, DTS: at, PTS: at + int64(s.CompositionOffset), Key: s.Key, Data: s.Data})
			at += int64(s.Duration)
		}
	}
}
