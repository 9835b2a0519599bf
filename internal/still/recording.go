package still

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/vod"
)

const (
	// maxTiles is how many pictures a storyboard has at most.
	maxTiles = 100
	// Tiles lie so far apart at least, in recordings that are short, and in those
	// that are longer; in the longest as far as maxTiles takes.
	shortStep, longStep = 5 * time.Second, 10 * time.Second
	// coverSide is the box of a cover.
	coverSide = 1280
)

// stepOf is how far apart the tiles of a recording lie.
func stepOf(length time.Duration) time.Duration {
	switch {
	case length <= maxTiles*shortStep:
		return shortStep
	case length <= maxTiles*longStep:
		return longStep
	}
	return length / maxTiles
}

// errNone: no picture of a recording can be made, now or later.
var errNone = errors.New("no picture can be made")

// work is what is being made of one recording.
type work struct {
	s       *Service
	b       store.Broadcast
	entries []vod.Entry
	tiles   []tile
	trouble error // why there are not more
}

// make makes the stills of a recording that is complete, and writes down what
// came of it. One that is not complete, or gone, is left alone.
func (s *Service) make(ctx context.Context, broadcast string) error {
	b, err := s.opts.DB.Broadcast(ctx, broadcast)
	if err != nil || b.State != store.StateArchived || !b.Recorded {
		return ignore(err, store.ErrNotFound)
	}
	w := &work{s: s, b: b}
	row := store.Stills{BroadcastID: b.ID}
	err = w.make(ctx, &row)
	switch {
	case errors.Is(err, errNone), errors.Is(err, vod.ErrNoPictures), errors.Is(err, transcode.ErrUndecodable):
		row.Failed = err.Error()
		s.log.Info("no stills of a recording", "broadcast", b.ID, "reason", row.Failed)
	case errors.Is(err, blob.ErrNotFound) && s.gone(ctx, b.ID):
		return s.opts.Files.DeletePrefix(ctx, folder(b.ID))
	case err != nil:
		return err
	}
	row.MadeAt = time.Now()
	err = s.opts.DB.Write(ctx, func(tx *store.Tx) error { return tx.PutStills(ctx, row) })
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		// It was removed meanwhile, and these came too late to go with it.
		return s.opts.Files.DeletePrefix(ctx, folder(b.ID))
	}
	return err
}

// gone reports whether a recording was removed.
func (s *Service) gone(ctx context.Context, broadcast string) bool {
	b, err := s.opts.DB.Broadcast(ctx, broadcast)
	return errors.Is(err, store.ErrNotFound) || err == nil && b.State != store.StateArchived
}

// ignore leaves out an error that is none here.
func ignore(err, none error) error {
	if errors.Is(err, none) {
		return nil
	}
	return err
}

func (w *work) make(ctx context.Context, row *store.Stills) (err error) {
	w.entries, err = w.s.opts.Library.Entries(ctx, w.b.ID, stepOf(w.b.Duration), maxTiles)
	if err != nil {
		return err
	}
	for from := 0; from < len(w.entries); {
		if from, err = w.decode(ctx, from); err != nil {
			return err
		}
	}
	if len(w.tiles) == 0 {
		return fmt.Errorf("%w: %w", errNone, w.trouble)
	}
	if err := w.keepBoard(ctx, row); err != nil {
		return err
	}
	return w.keepCover(ctx, row)
}

// decode makes tiles of the entries from one on: as many as a process takes and
// share a track. It returns where to go on. What cannot be read or decoded
// costs its tile.
func (w *work) decode(ctx context.Context, from int) (next int, err error) {
	job := transcode.Job{Width: tileSide, Height: tileSide}
	var of []int
	for next = from; next < len(w.entries) && len(job.Keys) < transcode.MaxKeys && w.entries[next].Init == w.entries[from].Init; next++ {
		k, err := w.s.opts.Library.KeyFrame(ctx, w.entries[next], transcode.MaxKey)
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		if err != nil {
			w.trouble = err
			continue
		}
		job.Keys, of = append(job.Keys, k), append(of, next)
	}
	if len(job.Keys) == 0 {
		return next, nil
	}
	if job.Track, err = w.s.opts.Library.Track(ctx, w.entries[from]); err != nil {
		w.trouble = err
		return next, ctx.Err()
	}
	pictures, err := w.s.opts.Transcoder.Pictures(ctx, job)
	if errors.Is(err, transcode.ErrUndecodable) {
		w.trouble, err = err, nil
	}
	if err != nil {
		return 0, err
	}
	for i, p := range pictures {
		m, err := jpeg.Decode(bytes.NewReader(p))
		if err != nil {
			continue // there is none
		}
		w.tiles = append(w.tiles, tile{at: w.entries[of[i]].At, picture: m, entry: of[i]})
	}
	return next, nil
}

// keepBoard stores the storyboard.
func (w *work) keepBoard(ctx context.Context, row *store.Stills) error {
	size := place(w.tiles)
	for from := 0; from < len(w.tiles); from += perSheet {
		b, err := sheet(w.tiles[from:min(from+perSheet, len(w.tiles))], size)
		if err != nil {
			return err
		}
		if err := w.keep(ctx, row, sheetName(row.Sheets), b); err != nil {
			return err
		}
		row.Sheets++
	}
	if err := w.keep(ctx, row, listName, storyboard(w.tiles, size, w.b.Duration)); err != nil {
		return err
	}
	row.Tiles = len(w.tiles)
	return nil
}

// keepCover makes the cover of the same key frame as the tile that is best.
func (w *work) keepCover(ctx context.Context, row *store.Stills) error {
	e := w.entries[w.tiles[best(w.tiles)].entry]
	k, err := w.s.opts.Library.KeyFrame(ctx, e, transcode.MaxKey)
	if err != nil {
		return err
	}
	track, err := w.s.opts.Library.Track(ctx, e)
	if err != nil {
		return err
	}
	pictures, err := w.s.opts.Transcoder.Pictures(ctx, transcode.Job{Track: track, Keys: [][]byte{k}, Width: coverSide, Height: coverSide})
	if err != nil {
		return ignore(err, transcode.ErrUndecodable) // the tiles are good without it
	}
	row.Cover = true
	return w.keep(ctx, row, coverName, pictures[0])
}

func (w *work) keep(ctx context.Context, row *store.Stills, name string, b []byte) error {
	row.Bytes += int64(len(b))
	return w.s.opts.Files.PutBytes(ctx, key(w.b.ID, name), b)
}
