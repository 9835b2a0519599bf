package vod

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// ErrRemoved is of a piece of media that was there and was deleted.
var ErrRemoved = errors.New("removed from the recording")

// TSSource returns what a recorded MPEG-TS segment is made of. Its error wraps
// fs.ErrNotExist when it never was, and ErrRemoved when it was deleted.
func (l *Library) TSSource(ctx context.Context, broadcast, rendition string, n packager.TSName) (packager.TSSource, error) {
	src := packager.TSSource{Number: n.Number}
	row, err := l.tsPiece(ctx, &src, broadcast, rendition, n.Number)
	if err != nil {
		return src, err
	}
	src.Discontinuity = row.Discontinuity
	if n.Sound != "" {
		_, err = l.tsPiece(ctx, &src, broadcast, n.Sound, n.Number)
	}
	return src, err
}

func (l *Library) tsPiece(ctx context.Context, src *packager.TSSource, broadcast, rendition string, number int64) (store.Segment, error) {
	row, err := l.opts.DB.Segment(ctx, broadcast, rendition, number)
	if errors.Is(err, store.ErrNotFound) {
		if l.removed(ctx, broadcast, rendition, number, true) {
			return row, ErrRemoved
		}
		return row, fs.ErrNotExist
	}
	if err != nil {
		return row, err
	}
	if row.Gap {
		return row, fs.ErrNotExist
	}
	init, err := l.stored(ctx, initKey(broadcast, rendition, row.Init))
	if err != nil {
		return row, err
	}
	track, err := fmp4.ParseInit(init)
	if err != nil {
		return row, err
	}
	data, err := l.stored(ctx, segmentKey(broadcast, rendition, number))
	if err != nil {
		return row, err
	}
	return row, src.Add(track, data)
}

// stored reads an object that a row speaks of.
func (l *Library) stored(ctx context.Context, key string) ([]byte, error) {
	b, err := l.bytesOf(ctx, "", key)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, fmt.Errorf("%s: %w", key, ErrRemoved)
	}
	return b, err
}
