package vod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
)

// Entry is where decoding of a recording's pictures can begin: the first of a
// segment, or a key frame whose place in the segment is told.
type Entry struct {
	At        time.Duration // from the recording's beginning, as its players count; of a clip's, on the media time
	Init      int64         // number of its initialisation section: entries of one share a track
	broadcast string
	rendition string
	number    int64 // of the segment
	offset    int64 // of the key frame in it
	size      int64 // 0: the segment's first
}

// ErrNoPictures says that a recording has none.
var ErrNoPictures = errors.New("the recording has no pictures")

// Entries returns the first place at or after each multiple of every at which
// decoding of a recording's pictures can begin, at most so many.
func (l *Library) Entries(ctx context.Context, broadcast string, every time.Duration, most int) ([]Entry, error) {
	renditions, err := l.opts.DB.Renditions(ctx, broadcast)
	if err != nil {
		return nil, err
	}
	if len(renditions) == 0 || renditions[0].Kind != media.Video.String() { // video comes first
		return nil, ErrNoPictures
	}
	var entries []Entry
	var at, wanted time.Duration
	for from := int64(0); ; {
		rows, err := l.opts.DB.Segments(ctx, broadcast, renditions[0].Name, from, rowsAtOnce)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			row := &rows[i]
			if len(entries) == most {
				return entries, nil
			}
			if at >= wanted && row.Independent && !row.Gap && !row.Passing {
				entries = append(entries, Entry{At: at, Init: row.Init, broadcast: broadcast, rendition: row.Rendition, number: row.Number})
				wanted = (at/every + 1) * every
			}
			at += media.Duration(row.Duration, row.Timescale)
			from = row.Number + 1
		}
		if len(rows) < rowsAtOnce {
			break
		}
	}
	if len(entries) == 0 {
		return nil, ErrNoPictures
	}
	return entries, nil
}

// Track returns what a decoder must know of the pictures behind an entry.
func (l *Library) Track(ctx context.Context, e Entry) (*media.Track, error) {
	b, err := l.bytesOf(ctx, "", initKey(e.broadcast, e.rendition, e.Init))
	if err != nil {
		return nil, err
	}
	return fmp4.ParseInit(b)
}

// KeyFrame reads the first picture behind an entry, as media.AccessUnit has it,
// and nothing else of the segment's media. One of more than most bytes is an
// error.
func (l *Library) KeyFrame(ctx context.Context, e Entry, most int64) ([]byte, error) {
	f, size, err := l.opts.Files.Get(ctx, segmentKey(e.broadcast, e.rendition, e.number))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if e.size == 0 {
		runs, err := fmp4.ReadRuns(f, size)
		if len(runs) == 0 {
			return nil, fmt.Errorf("segment %d: %w", e.number, errors.Join(err, io.ErrUnexpectedEOF))
		}
		first := runs[0].Samples[0]
		if !first.Key {
			return nil, fmt.Errorf("segment %d begins with no key frame", e.number)
		}
		e.offset, e.size = runs[0].Offset, int64(first.Size)
	}
	if e.size == 0 || e.size > most {
		return nil, fmt.Errorf("segment %d: a key frame of %d bytes", e.number, e.size)
	}
	b := make([]byte, e.size)
	if _, err := f.ReadAt(b, e.offset); err != nil {
		return nil, fmt.Errorf("segment %d: %w", e.number, err)
	}
	return b, nil
}
