package vod

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Why segments are not recorded.
var (
	errFull = errors.New("the disk is full up to recordings.min_free")
	errLate = errors.New("storage does not keep up")
)

// Recorder writes one broadcast down.
type Recorder struct {
	lib  *Library
	p    *packager.Packager
	keep atomic.Int64 // a time.Duration
	log  *slog.Logger

	stops  stops
	spools map[*packager.Window]*spool
	losses losses
}

// Rewindable returns how far rewind playlists may reach back when the window is
// this and only keep of the newest media stays, 0 being all in both: a segment
// must be there for as long as a list is after it has left it (RFC 8216bis
// 6.2.2).
func Rewindable(window, keep, target time.Duration) time.Duration {
	if keep == 0 {
		return window
	}
	most := max((keep-target)/2, time.Second)
	if window == 0 {
		return most
	}
	return min(window, most)
}

// Recorder returns the recorder of a broadcast. keep is how much of its newest
// media stays, at least what live playlists may still ask for; 0 is all of it.
func (l *Library) Recorder(p *packager.Packager, keep time.Duration) *Recorder {
	if keep > 0 {
		keep = max(keep, 2*p.Options().LiveWindow) // viewers are sent the files, as long as the window holds them
	}
	log := l.log.With("channel", p.Channel(), "broadcast", p.Broadcast())
	r := &Recorder{
		lib: l, p: p, log: log, spools: map[*packager.Window]*spool{},
		losses: losses{lib: l, log: log, broadcast: p.Broadcast()},
		stops:  stops{newest: -1},
	}
	r.keep.Store(int64(keep))
	return r
}

// KeepAll has nothing more removed of what is recorded. It may be called while
// Run runs.
func (r *Recorder) KeepAll() { r.keep.Store(0) }

// Run records until the broadcast has ended, or was suspended, and every row is
// written, or ctx aborts it. What an earlier run of the server recorded is gone
// on with. Trouble with storage costs segments, never an error: they are
// listed as gaps, counted and logged. What an abort cuts off is left to the
// next start of the server. Run is called once.
func (r *Recorder) Run(ctx context.Context) error {
	err := r.record(ctx)
	for _, s := range r.spools {
		s.close()
	}
	if err != nil {
		return err
	}
	_ = os.RemoveAll(filepath.Join(r.lib.opts.Spool, r.p.Broadcast())) // the next start clears it
	return nil
}

func (r *Recorder) record(ctx context.Context) error {
	tail := r.p.Tail()
	if err := r.takeUp(ctx); err != nil {
		return err
	}
	for {
		piece, err := tail.Next(ctx)
		if errors.Is(err, io.EOF) {
			for w, s := range r.spools {
				r.storeIndex(ctx, w, &s.index)
			}
			return r.lib.rows.flush(ctx)
		}
		if err != nil {
			return err
		}
		r.take(ctx, piece)
	}
}

// takeUp goes on with renditions of an earlier run.
func (r *Recorder) takeUp(ctx context.Context) error {
	for _, w := range r.p.Windows() {
		next, init, until := w.Restored()
		s := &spool{init: init, stored: -1, next: next, until: until}
		r.spools[w] = s
		r.stops.enter(next - 1)
		if err := r.takeUpPassing(ctx, w.Name, s); err != nil {
			return err
		}
		if r.keep.Load() == 0 {
			continue
		}
		err := r.eachRow(ctx, w.Name, func(row *store.Segment) { s.kept = append(s.kept, held{row.Number, lengthOf(row)}) })
		if err != nil {
			return err
		}
	}
	return nil
}

// eachRow goes through the rows of a rendition.
func (r *Recorder) eachRow(ctx context.Context, rendition string, visit func(*store.Segment)) error {
	for from := int64(0); ; {
		rows, err := r.lib.opts.DB.Segments(ctx, r.p.Broadcast(), rendition, from, rowsAtOnce)
		if err != nil {
			return err
		}
		for i := range rows {
			visit(&rows[i])
			from = rows[i].Number + 1
		}
		if len(rows) < rowsAtOnce {
			return nil
		}
	}
}

func lengthOf(row *store.Segment) time.Duration { return media.Duration(row.Duration, row.Timescale) }

func (r *Recorder) take(ctx context.Context, piece packager.Piece) {
	s := r.spools[piece.Window]
	if s == nil {
		s = &spool{init: -1, stored: -1}
		r.spools[piece.Window] = s
	}
	if piece.Segment != s.segment {
		r.enter(ctx, piece, s)
	}
	if piece.Data != nil {
		if err := s.write(piece.Data); err != nil {
			s.drop()
			s.failed = true
			r.losses.add(1, err)
			return
		}
		if s.file != nil && !s.passes {
			s.index.part(piece.Data)
		}
		if s.due(time.Now()) {
			r.lib.rows.add(func(b *batch) { b.spools = append(b.spools, s.path) })
		}
		return
	}
	r.complete(ctx, piece.Window, s)
}

// enter goes on to the piece's segment, and lists those between as gaps.
func (r *Recorder) enter(ctx context.Context, piece packager.Piece, s *spool) {
	s.drop()
	r.losses.add(piece.Lost, errLate)
	s.segment, s.failed = piece.Segment, false
	s.passes = r.stops.enter(piece.Segment.Number)
	s.index.begin()
	r.bridge(piece.Window, s)
	if err := r.begin(ctx, piece.Window, s); err != nil {
		s.failed = true
		r.losses.add(1, err)
	}
}

// bridge lists gaps for the segments that were lost before the present one.
// They share the time that they took: how long each was is not known any more.
func (r *Recorder) bridge(w *packager.Window, s *spool) {
	missing := s.segment.Number - s.next
	if s.next == 0 || missing <= 0 {
		return
	}
	each := gapLength(s.until, s.segment.Time, missing, r.p.Options().TargetDuration())
	for ; s.next < s.segment.Number; s.next++ {
		row := gapRow(r.p.Broadcast(), w.Name, s.next, s.until, each)
		row.Passing = r.stops.has(row.Number)
		r.list(row)
		s.until = s.until.Add(each)
		r.trim(w, s, held{row.Number, each})
		r.pass(w.Name, s, row.Number, each, false)
	}
}

// gapLength is how long each of n segments was between two times: never so
// short as nothing, never over the target duration.
func gapLength(from, to time.Time, n int64, target time.Duration) time.Duration {
	return max(time.Millisecond, min(target, to.Sub(from)/time.Duration(max(n, 1))))
}

// gapRow is the row of a segment of which nothing is there.
func gapRow(broadcast, rendition string, number int64, at time.Time, length time.Duration) store.Segment {
	return store.Segment{
		BroadcastID: broadcast, Rendition: rendition, Number: number, ProgramTime: at, Gap: true,
		Duration: length.Milliseconds(), Timescale: uint32(time.Second / time.Millisecond),
	}
}

// begin opens the segment's file, and stores its initialisation section first
// when that is new.
func (r *Recorder) begin(ctx context.Context, w *packager.Window, s *spool) error {
	next := s.segment.Number + 1
	r.lib.rows.add(func(b *batch) { b.reserve(r.p.Broadcast(), next) })
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
	return s.open(r.lib.spoolFolder(r.p.Broadcast(), w.Name))
}

func (r *Recorder) storeInit(ctx context.Context, w *packager.Window, i *packager.Init) error {
	k := initKey(r.p.Broadcast(), w.Name, i.Number)
	if err := r.lib.opts.Files.PutBytes(ctx, k, i.Bytes); err != nil {
		return err
	}
	r.lib.rows.add(func(b *batch) {
		b.inits = append(b.inits, initRow(r.p.Broadcast(), w.Name, i.Number, i.Track, len(i.Bytes)))
		b.renditions = append(b.renditions, renditionRow(r.p.Broadcast(), w.Name, i.Track))
	})
	return nil
}

func initRow(broadcast, rendition string, number int64, t *media.Track, size int) store.Init {
	return store.Init{
		BroadcastID: broadcast, Rendition: rendition, Number: number, Key: initKey(broadcast, rendition, number),
		Codecs: t.Codecs, Timescale: t.Timescale, Bytes: int64(size),
	}
}

func renditionRow(broadcast, rendition string, t *media.Track) store.Rendition {
	return store.Rendition{
		BroadcastID: broadcast, Name: rendition, Kind: t.Kind().String(), Codecs: t.Codecs, Timescale: t.Timescale,
		Width: t.Width, Height: t.Height, FrameRateNum: t.FrameRate.Num, FrameRateDen: t.FrameRate.Den,
		Transfer:   t.Colour.Transfer,
		SampleRate: t.SampleRate, Channels: t.Channels,
	}
}

// complete hands the segment's file to the object store and lists it, or lists
// a gap.
func (r *Recorder) complete(ctx context.Context, w *packager.Window, s *spool) {
	seg := s.segment
	s.segment, s.next, s.until = nil, seg.Number+1, seg.Time.Add(seg.Duration)
	if s.file != nil && !s.failed {
		k := segmentKey(r.p.Broadcast(), w.Name, seg.Number)
		if err := s.store(ctx, r.lib, k); err != nil {
			s.failed = true
			r.losses.add(1, err)
		} else {
			s.stored = seg.Number
			if !s.passes {
				if index, block := s.index.complete(seg); index != nil {
					r.putIndex(ctx, w, index, block)
				}
			}
			seg.Stored(r.lib.opener(k))
			r.losses.over()
		}
	}
	if seg.Gap || s.failed {
		row := gapRow(r.p.Broadcast(), w.Name, seg.Number, seg.Time, seg.Duration)
		row.Discontinuity, row.Seam, row.Passing = seg.Discontinuity, seg.Seam, s.passes
		r.list(row)
	} else {
		r.list(store.Segment{
			BroadcastID: r.p.Broadcast(), Rendition: w.Name, Number: seg.Number, Init: seg.Init.Number,
			Start: seg.Start, Duration: seg.Ticks, Timescale: seg.Init.Track.Timescale, Bytes: seg.Size,
			ProgramTime: seg.Time, Discontinuity: seg.Discontinuity, Seam: seg.Seam, Independent: seg.Independent, Passing: s.passes,
		})
	}
	r.trim(w, s, held{seg.Number, seg.Duration})
	r.pass(w.Name, s, seg.Number, seg.Duration, s.passes && !seg.Gap && !s.failed)
}

// storeIndex stores the index of the block that the recording ends in.
func (r *Recorder) storeIndex(ctx context.Context, w *packager.Window, x *indexer) {
	if index, block := x.flush(); index != nil {
		r.putIndex(ctx, w, index, block)
	}
}

// putIndex stores an index. It is not missed when it cannot: it can be made of
// the segments.
func (r *Recorder) putIndex(ctx context.Context, w *packager.Window, index []byte, block int64) {
	if err := r.lib.opts.Files.PutBytes(ctx, indexKey(r.p.Broadcast(), w.Name, block), index); err != nil {
		r.log.Warn("the index of a recording is not stored", "rendition", w.Name, "block", block, "error", err)
	}
}

func (r *Recorder) list(row store.Segment) {
	r.lib.rows.add(func(b *batch) { b.segments = append(b.segments, row) })
}

// trim has deleted what is older than the recorder keeps.
func (r *Recorder) trim(w *packager.Window, s *spool, newest held) {
	keep := time.Duration(r.keep.Load())
	if keep == 0 {
		return
	}
	s.kept = append(s.kept, newest)
	var length time.Duration
	for _, h := range s.kept {
		length += h.length
	}
	t := trim{broadcast: r.p.Broadcast(), rendition: w.Name, from: s.kept[0].number, through: -1}
	for len(s.kept) > 1 && length-s.kept[0].length >= keep {
		length -= s.kept[0].length
		t.through = s.kept[0].number
		s.kept = s.kept[1:]
	}
	if t.through >= 0 {
		r.lib.rows.add(func(b *batch) { b.trim(t) })
	}
}
