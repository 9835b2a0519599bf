package doctor

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/rostrumlive/rostrum/internal/flv"
)

// readFLV reads a file or an endless body of FLV (Adobe FLV 10.1, E.2 to E.4.1).
func (p *patient) readFLV(ctx context.Context, r *bufio.Reader) error {
	const header, link, tagHeader = 9, 4, 11
	var head [tagHeader]byte
	if _, err := io.ReadFull(r, head[:header]); err != nil {
		return err
	}
	rest := int64(binary.BigEndian.Uint32(head[5:])) - header + link
	if rest < 0 || rest > 1<<16 {
		return fmt.Errorf("%w: FLV header of %d bytes", ErrFormat, rest)
	}
	if _, err := r.Discard(int(rest)); err != nil {
		return err
	}
	var demux flv.Demuxer
	for !p.over(ctx) {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return err
		}
		body := make([]byte, int(head[1])<<16|int(head[2])<<8|int(head[3]))
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		if _, err := r.Discard(link); err != nil && err != io.EOF {
			return err
		}
		ms := int32(uint32(head[7])<<24 | uint32(head[4])<<16 | uint32(head[5])<<8 | uint32(head[6]))
		p.event(demux.Tag(flv.TagType(head[0]&0x1f), int64(ms), body))
	}
	return nil
}

// event takes what a tag told. One that cannot be read is left out.
func (p *patient) event(e flv.Event, err error) {
	if e.Encoder != "" {
		p.pub.Name(e.Encoder)
	}
	if e.Notice.Code != "" {
		p.pub.Notice(e.Notice)
	}
	p.pub.Expect(e.Expect...)
	if err == nil && e.Unit != nil {
		p.take(e.Unit)
	}
}
