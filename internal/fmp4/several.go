package fmp4

import (
	"fmt"

	"github.com/rostrumlive/rostrum/internal/media"
)

// Several reads fragmented files of several tracks, as other programs write
// them: one moov, and fragments whose moof has a traf for each track that it
// holds samples of.
type Several struct {
	// Refused says for each track that cannot be read what its sample entry is,
	// such as "vp09".
	Refused []string

	tracks []severalTrack
}

type severalTrack struct {
	id    uint32
	track *media.Track // nil for one that cannot be read
	trex  defaults
}

// Piece is what a fragment holds of one track.
type Piece struct {
	Track *media.Track
	Fragment
}

// ParseSeveral reads a moov box, header included. One without fragments to come
// is an error that wraps ErrMalformed.
func ParseSeveral(moov []byte) (*Several, error) {
	top, err := nextBox(moov)
	if err != nil {
		return nil, fmt.Errorf("read moov: %w", err)
	}
	if _, err := find(top.body, "mvex"); err != nil {
		return nil, fmt.Errorf("not a fragmented file: %w", err)
	}
	s := &Several{}
	err = children(top.body, func(b box) error {
		if b.name != "trak" {
			return nil
		}
		return s.add(b.body)
	})
	if err == nil {
		err = s.readDefaults(top.body)
	}
	return s, err
}

func (s *Several) add(trak []byte) error {
	tkhd, err := find(trak, "tkhd")
	if err != nil {
		return err
	}
	r := reader{b: tkhd}
	if version, _ := r.fullHeader(); version == 0 {
		r.skip(4 + 4)
	} else {
		r.skip(8 + 8)
	}
	t := severalTrack{id: r.u32()}
	if err := shortIs(&r, "tkhd"); err != nil {
		return err
	}
	if t.track, err = parseTrak(trak); err != nil {
		s.Refused = append(s.Refused, entryName(trak))
	}
	s.tracks = append(s.tracks, t)
	return nil
}

// entryName is the name of a track's sample entry, empty when there is none.
func entryName(trak []byte) string {
	stsd, err := find(trak, "mdia", "minf", "stbl", "stsd")
	if err != nil || len(stsd) < 8 {
		return ""
	}
	entry, err := nextBox(stsd[8:])
	if err != nil {
		return ""
	}
	return entry.name
}

// readDefaults reads each track's trex.
func (s *Several) readDefaults(moov []byte) error {
	mvex, err := find(moov, "mvex")
	if err != nil {
		return err
	}
	return children(mvex, func(b box) error {
		if b.name != "trex" {
			return nil
		}
		r := reader{b: b.body}
		r.fullHeader()
		id := r.u32()
		r.skip(4) // description
		d := defaults{duration: r.u32(), size: r.u32(), flags: r.u32()}
		if t := s.of(id); t != nil {
			t.trex = d
		}
		return shortIs(&r, "trex")
	})
}

func (s *Several) of(id uint32) *severalTrack {
	for i := range s.tracks {
		if s.tracks[i].id == id {
			return &s.tracks[i]
		}
	}
	return nil
}

// Fragment reads one moof and the mdat behind it. Tracks that cannot be read
// are left out. Each Sample.Data aliases b.
func (s *Several) Fragment(b []byte) ([]Piece, error) {
	moof, err := nextBox(b)
	if err != nil {
		return nil, err
	}
	mdat, err := nextBox(b[moof.size:])
	if err != nil {
		return nil, err
	}
	if moof.name != "moof" || mdat.name != "mdat" {
		return nil, fmt.Errorf("%w: %s and %s are no fragment", ErrMalformed, moof.name, mdat.name)
	}
	data := moof.size + mdat.size - len(mdat.body)
	var pieces []Piece
	err = children(moof.body, func(traf box) error {
		if traf.name != "traf" {
			return nil
		}
		tfhd, err := find(traf.body, "tfhd")
		if err != nil {
			return err
		}
		r := reader{b: tfhd}
		r.fullHeader()
		t := s.of(r.u32())
		if t == nil || t.track == nil {
			return shortIs(&r, "tfhd")
		}
		p := fragmentParser{trex: t.trex, whole: b, size: len(b), next: data, first: data}
		if err := p.traf(traf.body); err != nil {
			return err
		}
		pieces = append(pieces, Piece{Track: t.track, Fragment: p.out})
		return nil
	})
	return pieces, err
}
