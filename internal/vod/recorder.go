package vod

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Recorder writes one broadcast down.
type Recorder struct {
	lib  *Library
	p    *packager.Packager
	keep time.Duration
	log  *slog.Logger

	spools map[*packager.Window]*spool
	losses int64
	told   time.Time // when losses were last spoken of
}

// spool is the segment of one rendition that is being written.
type spool struct {
	segment *packager.Segment
	file    *os.File
	path    string
	failed  bool
	init    int64 // the newest initialisation section that was stored; -1 before
	oldest  int64 // number of the oldest segment that was not deleted
	held    []held
}

// held is a segment that is to be deleted in its time.
type held struct {
	number int64
	length time.Duration
}

// Recorder returns the recorder of a broadcast. keep is how much of its newest
// media stays; 0 is all of it.
func (l *Library) Recorder(p *packager.Packager, keep time.Duration) *Recorder {
	return &Recorder{
		lib: l, p: p, keep: keep, log: l.log.With("channel", p.Channel(), "broadcast", p.Broadcast()),
		spools: map[*packager.Window]*spool{},
	}
}

// Run records until the broadcast has ended and every row is written, or ctx
// aborts it. Trouble with storage costs segments, never an error: they are
// listed as gaps, counted and logged.
func (r *Recorder) Run(ctx context.Context) error {
	tail := r.p.Tail()
	defer r.clean()
	for {
		piece, err := tail.Next(ctx)
		if errors.Is(err, io.EOF) {
			return r.lib.rows.flush(ctx)
		}
		if err != nil {
			return err
		}
		r.take(ctx, piece)
	}
}

// clean drops what a broken end left in the spool.
func (r *Recorder) clean() {
	for _, s := range r.spools {
		s.drop()
	}
	_ = os.RemoveAll(filepath.Join(r.lib.opts.Spool, r.p.Broadcast())) // the next start clears it
}

func (r *Recorder) take(ctx context.Context, piece packager.Piece) {
	s := r.spools[piece.Window]
	if s == nil {
		s = &spool{init: -1}
		r.spools[piece.Window] = s
	}
	r.lost(piece.Lost, errors.New("storage does not keep up"))
	if piece.Segment != s.segment {
		s.drop()
		s.segment, s.failed = piece.Segment, false
		if err := r.begin(ctx, piece.Window, s); err != nil {
			s.failed = true
			r.lost(1, err)
		}
	}
	if piece.Data != nil {
		if err := s.write(piece.Data); err != nil {
			s.drop()
			s.failed = true
			r.lost(1, err)
		}
		return
	}
	r.complete(ctx, piece.Window, s)
}

// errFull is why a segment is not begun on a disk that is as good as full.
var errFull = errors.New("the disk is full up to recordings.min_free")

// begin opens the segment's file, and stores its initialisation section first
// when that is new.
func (r *Recorder) begin(ctx context.Context, w *packager.Window, s *spool) error {
	if s.segment.Gap {
		return nil
	}
	if !r.lib.space.enough(time.Now()) {
		return errFull
	}
	if s.segment.Init.Number > s.init {
		if err := r.storeInit(ctx, w, s.segment.Init); err != nil {
			return err
		}
		s.init = s.segment.Init.Number
	}
	s.path = r.lib.spoolPath(r.p.Broadcast(), w.Name, s.segment.Name())
	err := s.create()
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(s.path), 0o700); err == nil {
			err = s.create()
		}
	}
	return err
}

func (s *spool) create() (err error) {
	s.file, err = os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return err
}

func (s *spool) write(b []byte) error {
	if s.file == nil {
		return nil
	}
	_, err := s.file.Write(b)
	return err
}

// drop gives up the file that is being written.
func (s *spool) drop() {
	if s.file != nil {
		_ = s.file.Close() // what it says is of no use: the file goes
		_ = os.Remove(s.path)
		s.file = nil
	}
}

func (r *Recorder) storeInit(ctx context.Context, w *packager.Window, i *packager.Init) error {
	k := key(r.p.Broadcast(), w.Name, i.Name())
	if err := r.lib.opts.Files.PutBytes(ctx, k, i.Bytes); err != nil {
		return err
	}
	t := i.Track
	r.lib.rows.add(func(b *batch) {
		b.keys = append(b.keys, k)
		b.inits = append(b.inits, store.Init{
			BroadcastID: r.p.Broadcast(), Rendition: w.Name, Number: i.Number, Key: k,
			Codecs: t.Codecs, Timescale: t.Timescale, Bytes: int64(len(i.Bytes)),
		})
		b.renditions = append(b.renditions, store.Rendition{
			BroadcastID: r.p.Broadcast(), Name: w.Name, Kind: w.Kind.String(), Codecs: t.Codecs, Timescale: t.Timescale,
			Width: t.Width, Height: t.Height, FrameRateNum: t.FrameRate.Num, FrameRateDen: t.FrameRate.Den,
			SampleRate: t.SampleRate, Channels: t.Channels,
		})
	})
	return nil
}

// complete hands the segment's file to the object store and lists it, or lists
// a gap.
func (r *Recorder) complete(ctx context.Context, w *packager.Window, s *spool) {
	seg, k := s.segment, key(r.p.Broadcast(), w.Name, s.segment.Name())
	s.segment = nil
	row := store.Segment{
		BroadcastID: r.p.Broadcast(), Rendition: w.Name, Number: seg.Number, Init: max(0, s.init),
		Start: seg.Start, Duration: seg.Ticks, Timescale: uint32(time.Second / time.Millisecond), Bytes: seg.Size,
		ProgramTime: seg.Time, Discontinuity: seg.Discontinuity, Gap: true, Independent: seg.Independent,
	}
	if s.file != nil && !s.failed {
		if err := s.store(ctx, r.lib, k); err != nil {
			r.lost(1, err)
		} else {
			row.Gap = false
			seg.Stored(func() (*os.File, error) {
				f, _, err := r.lib.opts.Files.Get(context.Background(), k)
				return f, err
			})
		}
	}
	if seg.Init != nil {
		row.Timescale, row.Init = seg.Init.Track.Timescale, seg.Init.Number
	} else {
		row.Duration = media.Ticks(seg.Duration, row.Timescale)
	}
	if row.Gap {
		row.Bytes = 0
	}
	r.lib.rows.add(func(b *batch) {
		b.segments = append(b.segments, row)
		if !row.Gap {
			b.keys = append(b.keys, k)
		}
	})
	r.trim(ctx, w, s, held{seg.Number, seg.Duration})
}

func (s *spool) store(ctx context.Context, lib *Library, k string) error {
	err := s.file.Close()
	s.file = nil
	if err == nil {
		err = lib.opts.Files.Put(ctx, k, s.path)
	}
	if err != nil {
		_ = os.Remove(s.path) // the error that counts is told
	}
	return err
}

// trim deletes what is older than the recorder keeps.
func (r *Recorder) trim(ctx context.Context, w *packager.Window, s *spool, newest held) {
	if r.keep == 0 {
		return
	}
	s.held = append(s.held, newest)
	var length time.Duration
	for _, h := range s.held {
		length += h.length
	}
	through := int64(-1)
	for len(s.held) > 1 && length-s.held[0].length >= r.keep {
		length -= s.held[0].length
		through = s.held[0].number
		s.held = s.held[1:]
	}
	if through < 0 {
		return
	}
	err := r.lib.opts.DB.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.DeleteSegments(ctx, r.p.Broadcast(), w.Name, through)
		return err
	})
	for n := s.oldest; err == nil && n <= through; n++ {
		err = r.lib.opts.Files.Delete(ctx, key(r.p.Broadcast(), w.Name, (&packager.Segment{Number: n}).Name()))
		s.oldest = n + 1
	}
	if err != nil {
		r.log.Warn("old segments cannot be deleted", "rendition", w.Name, "error", err)
	}
}

// lost counts segments that are not recorded, and tells of them once a second.
func (r *Recorder) lost(n int64, why error) {
	if n == 0 {
		return
	}
	r.lib.lost.Add(n)
	r.losses += n
	if now := time.Now(); now.Sub(r.told) >= time.Second {
		r.log.Warn("segments are not recorded", "segments", r.losses, "error", fmt.Sprint(why))
		r.told, r.losses = now, 0
	}
}
