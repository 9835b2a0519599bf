package vod

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/store"
)

// source reads what a part's MP4 file is made of: its payload is the segments'
// files as they are, one behind the other, those of one number beside each
// other. It holds a block at a time, and a few numbers of each.
type source struct {
	lib       *Library
	broadcast string
	part      moviePart
	blocks    []sourceBlock
	bytes     int64 // of the payload
	desks     [maxTracks]desk
}

// desk is the memory in which a track's index is read, block after block.
type desk struct {
	data     []byte
	segments []indexed
}

// maxTracks is how many tracks a part has at most: pictures and sound.
const maxTracks = 2

// sourceBlock is a block of each track, nil where a track has none there.
type sourceBlock struct {
	number int64
	offset int64 // in the payload
	rows   []*store.Block
	made   [][]indexed // of tracks whose index is not stored, because it will grow
}

func readRuns(segment []byte) ([]fmp4.Run, error) {
	return fmp4.ReadRuns(bytes.NewReader(segment), int64(len(segment)))
}

// newSource finds the blocks, and makes the indexes that are missing. complete
// says that the recording is over, and so each of its blocks.
func (l *Library) newSource(ctx context.Context, broadcast string, part moviePart, complete bool) (*source, error) {
	s := &source{lib: l, broadcast: broadcast, part: part}
	at := map[int64]int{}
	for i, t := range part.tracks {
		rows, err := l.opts.DB.Blocks(ctx, broadcast, t.rendition, part.first, part.last)
		if err != nil {
			return nil, err
		}
		for j := range rows {
			n := rows[j].Number
			if _, ok := at[n]; !ok {
				at[n] = len(s.blocks)
				s.blocks = append(s.blocks, sourceBlock{
					number: n, rows: make([]*store.Block, len(part.tracks)), made: make([][]indexed, len(part.tracks)),
				})
			}
			s.blocks[at[n]].rows[i] = &rows[j]
		}
	}
	slices.SortFunc(s.blocks, func(a, b sourceBlock) int { return cmp.Compare(a.number, b.number) })
	for i := range s.blocks {
		b := &s.blocks[i]
		b.offset = s.bytes
		for track, row := range b.rows {
			if row == nil {
				continue
			}
			s.bytes += row.Bytes
			if _, err := s.stored(ctx, b, track); err == nil {
				continue
			} else if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err := s.remake(ctx, b, track, complete || i < len(s.blocks)-1); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// segments returns what the index says of a block's segments.
func (s *source) segments(ctx context.Context, b *sourceBlock, track int) ([]indexed, error) {
	switch {
	case b.rows[track] == nil:
		return nil, nil
	case b.made[track] != nil:
		return b.made[track], nil
	}
	return s.stored(ctx, b, track)
}

// stored reads a block's index. What it returns is valid until the track's next.
// One that does not say what the rows do is an error.
func (s *source) stored(ctx context.Context, b *sourceBlock, track int) ([]indexed, error) {
	d := &s.desks[track]
	f, size, err := s.lib.opts.Files.Get(ctx, indexKey(s.broadcast, s.part.tracks[track].rendition, b.number))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d.data = slices.Grow(d.data[:0], int(size))[:size]
	if _, err := io.ReadFull(f, d.data); err != nil {
		return nil, err
	}
	all, err := appendIndex(d.segments, d.data)
	if err != nil {
		return nil, err
	}
	d.segments = all
	segments := s.within(all)
	sum := store.Block{Number: b.number}
	for i := range segments {
		sum.Segments++
		sum.Numbers += segments[i].number
		sum.Inits += segments[i].init
		sum.Bytes += segments[i].bytes
	}
	if sum != *b.rows[track] {
		return nil, fmt.Errorf("%w: not what the rows say", errIndex)
	}
	return segments, nil
}

// within leaves out what is not of the part.
func (s *source) within(segments []indexed) []indexed {
	for len(segments) > 0 && segments[0].number < s.part.first {
		segments = segments[1:]
	}
	for n := len(segments); n > 0 && segments[n-1].number > s.part.last; n-- {
		segments = segments[:n-1]
	}
	return segments
}

// remake makes a block's index of its segments, as far as it is missing. That
// of a block that may not be complete yet is kept in memory; the others are
// stored.
func (s *source) remake(ctx context.Context, b *sourceBlock, track int, complete bool) error {
	rendition := s.part.tracks[track].rendition
	k := indexKey(s.broadcast, rendition, b.number)
	var all []indexed
	if data, err := s.lib.bytesOf(ctx, "", k); err == nil {
		all, _ = parseIndex(data) // nil when it is of no use
		all = slices.DeleteFunc(all, func(e indexed) bool { return blockOf(e.number) != b.number })
	}
	from := max(b.number*store.SegmentsInBlock, s.part.first)
	rows, err := s.lib.opts.DB.Segments(ctx, s.broadcast, rendition, from, store.SegmentsInBlock)
	if err != nil {
		return err
	}
	var kept []indexed
	for i := range rows {
		row := &rows[i]
		if row.Gap || row.Passing || blockOf(row.Number) != b.number || row.Number > s.part.last {
			continue
		}
		entry, err := s.entry(ctx, all, row)
		if err != nil {
			return fmt.Errorf("%s: segment %d: %w", rendition, row.Number, err)
		}
		all, kept = merge(all, entry), append(kept, entry)
	}
	if !complete {
		b.made[track] = kept
		return nil
	}
	if err := s.lib.opts.Files.PutBytes(ctx, k, packIndex(all)); err != nil {
		return err
	}
	_, err = s.stored(ctx, b, track)
	return err
}

// entry is what the index says of a segment, or else the segment.
func (s *source) entry(ctx context.Context, known []indexed, row *store.Segment) (indexed, error) {
	for _, e := range known {
		if e.number == row.Number && e.init == row.Init && e.bytes == row.Bytes {
			return e, nil
		}
	}
	f, size, err := s.lib.opts.Files.Get(ctx, segmentKey(row.BroadcastID, row.Rendition, row.Number))
	if err != nil {
		return indexed{}, err
	}
	defer f.Close()
	if size != row.Bytes {
		return indexed{}, fmt.Errorf("it has %d bytes, not %d", size, row.Bytes)
	}
	runs, err := fmp4.ReadRuns(f, size)
	if errors.Is(err, fmp4.ErrMalformed) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // what comes before it can be played
	}
	return indexed{number: row.Number, init: row.Init, bytes: row.Bytes, runs: packRuns(runs)}, err
}

// piece is where a segment lies in the payload.
type piece struct {
	indexed
	track  int
	offset int64
}

// each goes through the pieces of the payload in order, of all tracks.
func (s *source) each(ctx context.Context, visit func(piece) error) error {
	for i := range s.blocks {
		b := &s.blocks[i]
		var lists [maxTracks][]indexed
		for track := range b.rows {
			var err error
			if lists[track], err = s.segments(ctx, b, track); err != nil {
				return err
			}
		}
		for offset := b.offset; ; {
			track, ok := lowest(lists[:len(b.rows)])
			if !ok {
				break
			}
			p := piece{lists[track][0], track, offset}
			lists[track] = lists[track][1:]
			offset += p.bytes
			if err := visit(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// lowest returns the list that begins with the lowest number.
func lowest(lists [][]indexed) (track int, ok bool) {
	for i, list := range lists {
		if len(list) > 0 && (!ok || list[0].number < lists[track][0].number) {
			track, ok = i, true
		}
	}
	return track, ok
}

// chunks goes through a track's chunks.
func (s *source) chunks(ctx context.Context, track int, visit func(*fmp4.Chunk) error) error {
	var chunk fmp4.Chunk
	return s.each(ctx, func(p piece) error {
		if p.track != track {
			return nil
		}
		var ok bool
		if chunk.Description, ok = s.part.tracks[track].byInit[p.init]; !ok {
			return fmt.Errorf("%w: of an unknown initialisation section", errIndex)
		}
		return unpackRuns(p.runs, p.bytes, &chunk.Run, func() error {
			chunk.Offset += p.offset
			return visit(&chunk)
		})
	})
}

// movie describes the file.
func (s *source) movie(ctx context.Context, b store.Broadcast) *fmp4.Movie {
	m := &fmp4.Movie{PayloadBytes: s.bytes, Created: b.StartedAt}
	for i, t := range s.part.tracks {
		m.Tracks = append(m.Tracks, fmp4.MovieTrack{
			Descriptions: t.descriptions,
			Chunks:       func(visit func(*fmp4.Chunk) error) error { return s.chunks(ctx, i, visit) },
		})
	}
	return m
}
