package packager

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"net/http"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/mpegts"
)

// TSSource is what an MPEG-TS segment is made of: complete segments of one
// number.
type TSSource struct {
	Number        int64
	Discontinuity bool
	Pieces        []TSPiece // the rendition that the address names, and its sound
}

// TSPiece is a rendition's part of it, as it is stored.
type TSPiece struct {
	Track *media.Track
	Data  [][]byte // fragments in a row, cut between any two
}

// TSSource returns what a segment in the window is made of, and an error that
// wraps fs.ErrNotExist when it, or a part of it, is not there, or is of a
// codec that MPEG-TS cannot carry.
func (p *Packager) TSSource(rendition string, n TSName) (TSSource, error) {
	src := TSSource{Number: n.Number}
	seg, err := p.tsPiece(&src, rendition, n.Number)
	if err != nil {
		return src, err
	}
	src.Discontinuity = seg.Discontinuity
	if n.Sound != "" {
		_, err = p.tsPiece(&src, n.Sound, n.Number)
	}
	return src, err
}

func (p *Packager) tsPiece(src *TSSource, rendition string, number int64) (*Segment, error) {
	w := p.Window(rendition)
	if w == nil {
		return nil, fs.ErrNotExist
	}
	seg := w.snap.Load().segment(number)
	if seg == nil {
		return nil, fs.ErrNotExist
	}
	data, open := seg.source(0, len(seg.Parts))
	if data == nil && open == nil {
		return nil, fs.ErrNotExist // its bytes have left
	}
	if open != nil {
		file, _, err := open()
		if err != nil {
			return nil, err
		}
		defer file.Close()
		b := make([]byte, seg.Size)
		if _, err := io.ReadFull(file, b); err != nil {
			return nil, fmt.Errorf("read segment %d: %w", number, err)
		}
		data = [][]byte{b}
	}
	return seg, src.Add(seg.Init.Track, data...)
}

// Add adds a piece. A second one must be sound to a first that is a picture.
func (s *TSSource) Add(t *media.Track, data ...[]byte) error {
	if !mpegts.Carries(t) || len(s.Pieces) > 0 && (t.Kind() != media.Audio || s.Pieces[0].Track.Kind() != media.Video) {
		return fmt.Errorf("%v in such an MPEG-TS segment: %w", t.Codec, fs.ErrNotExist)
	}
	s.Pieces = append(s.Pieces, TSPiece{Track: t, Data: data})
	return nil
}

// bytes makes the segment.
func (s *TSSource) bytes() ([]byte, error) {
	seg := mpegts.Segment{Number: s.Number, Discontinuity: s.Discontinuity}
	size := 0
	for i := range s.Pieces {
		units, end, err := s.Pieces[i].units()
		if err != nil {
			return nil, fmt.Errorf("segment %d: %w", s.Number, err)
		}
		if s.Pieces[i].Track.Kind() == media.Video {
			seg.Video = units
		} else {
			seg.Audio = units
		}
		if i == 0 {
			seg.End = end
		}
		for _, b := range s.Pieces[i].Data {
			size += len(b)
		}
	}
	const headers = 64 << 10 // of tables, and of counters that are brought round
	return seg.AppendTo(make([]byte, 0, size+size/8+headers))
}

// units returns the access units of a piece, which alias its data, and where
// it ends by a clock of 90 kHz.
func (p *TSPiece) units() (units []media.AccessUnit, end int64, err error) {
	var at int64
	for _, b := range p.Data {
		fragments, err := fmp4.ParseFragments(b)
		if err != nil {
			return nil, 0, err
		}
		for i := range fragments {
			at = fragments[i].DecodeTime
			for _, s := range fragments[i].Samples {
				units = append(units, media.AccessUnit{
					Track: p.Track, DTS: at, PTS: at + int64(s.CompositionOffset), Key: s.Key, Data: s.Data,
				})
				at += int64(s.Duration)
			}
		}
	}
	return units, media.Rescale(at, media.VideoTimescale, p.Track.Timescale), nil
}

// ServeTS answers a request with the bytes of an MPEG-TS segment.
func ServeTS(w http.ResponseWriter, r *http.Request, b []byte) {
	MediaHeader(w.Header(), tsSuffix)
	serveRange(w, r, bytes.NewReader(b))
}
