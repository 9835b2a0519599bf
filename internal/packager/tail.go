package packager

import (
	"context"
	"io"
)

// Piece is what a Tail hands out: a part's bytes, or the word that a segment
// is complete.
type Piece struct {
	Window  *Window
	Segment *Segment
	// Data is the bytes of one part of the segment, in order; nil when the
	// piece says that the segment is complete, which is when its Duration,
	// Size and Parts may be read.
	Data []byte
	// Lost is how many segments before this one left the window before they
	// could be handed out.
	Lost int64
}

// Tail follows the media of one broadcast from its beginning, or from where an
// earlier run of the server left it, for one who stores it. It costs the packager nothing: when it is overrun it loses whole
// segments and says so.
type Tail struct {
	p       *Packager
	words   bool
	cursors []tailCursor
}

type tailCursor struct {
	words   bool     // no bytes are handed out
	segment *Segment // being handed out
	number  int64    // of the segment to come
	parts   int      // of segment, that were handed out
	lost    int64
}

// Tail returns a tail at the beginning of what is in memory.
func (p *Packager) Tail() *Tail { return &Tail{p: p} }

// Completions is a tail that hands out no bytes, only the word that a segment is
// complete. It loses a segment when that has left the window.
func (p *Packager) Completions() *Tail { return &Tail{p: p, words: true} }

// Next returns the next piece and waits for it. It returns io.EOF once the
// broadcast has ended, or was suspended, and everything was handed out.
func (t *Tail) Next(ctx context.Context) (Piece, error) {
	for {
		news := t.p.waiter()
		windows := t.p.Windows()
		for i := len(t.cursors); i < len(windows); i++ {
			t.cursors = append(t.cursors, tailCursor{words: t.words, number: windows[i].restored})
		}
		ended := true
		for i, w := range windows {
			s := w.snap.Load()
			if piece, ok := t.cursors[i].next(s); ok {
				piece.Window = w
				return piece, nil
			}
			ended = ended && s.final
		}
		select {
		case <-t.p.ready:
			if ended {
				return Piece{}, io.EOF
			}
		default:
		}
		select {
		case <-news:
		case <-ctx.Done():
			return Piece{}, ctx.Err()
		}
	}
}

func (c *tailCursor) next(s *snapshot) (Piece, bool) {
	for {
		if c.segment == nil && !c.enter(s) {
			return Piece{}, false
		}
		seg, parts, complete := c.segment, s.parts, false
		if s.open != seg {
			complete, parts = true, seg.Parts
		}
		if !c.words && c.parts < len(parts) {
			if data := seg.memory(c.parts, c.parts+1); data != nil {
				c.parts++
				return c.piece(seg, data[0]), true
			}
			c.lost++ // its bytes have left the memory: overrun
			c.leave()
			continue
		}
		if !complete {
			return Piece{}, false
		}
		c.leave()
		return c.piece(seg, nil), true
	}
}

func (c *tailCursor) piece(seg *Segment, data []byte) Piece {
	p := Piece{Segment: seg, Data: data, Lost: c.lost}
	c.lost = 0
	return p
}

func (c *tailCursor) leave() {
	c.number = c.segment.Number + 1
	c.segment, c.parts = nil, 0
}

// enter takes up the next segment, if it is there.
func (c *tailCursor) enter(s *snapshot) bool {
	for _, seg := range s.complete {
		if seg.Number >= c.number {
			if c.number > 0 {
				c.lost += seg.Number - c.number
			}
			c.segment = seg
			return true
		}
	}
	if s.open != nil && s.open.Number >= c.number && len(s.parts) > 0 {
		c.segment = s.open
		return true
	}
	return false
}
