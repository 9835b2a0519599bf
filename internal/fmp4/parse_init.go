package fmp4

import (
	"fmt"
	"io"

	"github.com/rostrumlive/rostrum/internal/media"
)

// ParseInit reads the initialisation segment that b begins with, of one track
// of a codec that media knows. Config is as it stands in the file; the rest
// of the track comes from it where it tells, else from the boxes around it.
// The track owns its memory. A b that ends inside the moov is
// io.ErrUnexpectedEOF; so is one without moov. NAL units behind lengths of
// other than four bytes are an error: no access unit of ours has them.
func ParseInit(b []byte) (*media.Track, error) {
	for at := 0; at < len(b); {
		top, err := nextBox(b[at:])
		if err != nil {
			return nil, fmt.Errorf("read init segment: %w", err)
		}
		if top.name == "moov" {
			t, err := parseMoov(top.body)
			if err != nil {
				return nil, fmt.Errorf("read init segment: %w", err)
			}
			return t, nil
		}
		at += top.size
	}
	return nil, fmt.Errorf("read init segment: %w", io.ErrUnexpectedEOF)
}

func parseMoov(moov []byte) (*media.Track, error) {
	trak, err := find(moov, "trak")
	if err != nil {
		return nil, err
	}
	t, err := parseTrak(trak)
	if err != nil {
		return nil, err
	}
	var p fragmentParser
	if err := p.readDefaults(moov); err != nil {
		return nil, err
	}
	applyDuration(t, p.trex.duration)
	return t, nil
}

func parseTrak(trak []byte) (*media.Track, error) {
	mdia, err := find(trak, "mdia")
	if err != nil {
		return nil, err
	}
	timescale, err := readTimescale(mdia)
	if err != nil {
		return nil, err
	}
	stsd, err := find(mdia, "minf", "stbl", "stsd")
	if err != nil {
		return nil, err
	}
	r := reader{b: stsd}
	r.fullHeader()
	r.skip(4) // entries: the first counts
	entry, err := nextBox(r.b)
	if err != nil {
		return nil, inside(err)
	}
	t, err := parseEntry(entry)
	if err != nil {
		return nil, err
	}
	t.Timescale = timescale
	return t, nil
}

func readTimescale(mdia []byte) (uint32, error) {
	mdhd, err := find(mdia, "mdhd")
	if err != nil {
		return 0, err
	}
	r := reader{b: mdhd}
	if version, _ := r.fullHeader(); version == 0 {
		r.skip(4 + 4)
	} else {
		r.skip(8 + 8)
	}
	timescale := r.u32()
	if timescale == 0 { // also when short
		return 0, fmt.Errorf("%w: no timescale", ErrMalformed)
	}
	return timescale, nil
}

// applyDuration takes an audio frame's length, or the rate of pictures whose
// parameter sets do not tell it, from the duration that trex gives samples.
func applyDuration(t *media.Track, ticks uint32) {
	switch {
	case ticks == 0:
	case t.Kind() == media.Audio:
		t.SamplesPerFrame = int(ticks)
	case !t.FrameRate.Known():
		t.FrameRate = media.NewRate(uint64(t.Timescale), uint64(ticks))
	}
}
