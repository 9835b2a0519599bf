package vod

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// clipTrack is what some segments of a rendition hold, sample by sample. A clip
// is short enough for that.
type clipTrack struct {
	timescale uint32
	samples   []timed
}

// timed is a sample with its times and its place.
type timed struct {
	fmp4.SampleInfo
	decoded, shown int64 // ticks
	segment        int64 // number
	init           int64
	offset         int64 // in the segment
	run            int   // which fragment of all
}

// readTrack reads what segments hold, in front of what the track has already or
// behind it. Their clock is one.
func (l *Library) readTrack(ctx context.Context, t *clipTrack, rows []store.Segment, front bool) error {
	var read []timed
	for i := range rows {
		row := &rows[i]
		if row.Gap {
			continue
		}
		t.timescale = row.Timescale
		runs, err := l.runsOf(ctx, row)
		if err != nil {
			return err
		}
		for j := range runs {
			read = appendRun(read, &runs[j], row, int(row.Number)<<16|j)
		}
	}
	if front {
		t.samples = slices.Concat(read, t.samples)
		return nil
	}
	t.samples = append(t.samples, read...)
	return nil
}

func appendRun(samples []timed, run *fmp4.Run, row *store.Segment, id int) []timed {
	at, offset := run.DecodeTime, run.Offset
	for _, s := range run.Samples {
		samples = append(samples, timed{
			SampleInfo: s, decoded: at, shown: at + int64(s.CompositionOffset), segment: row.Number, init: row.Init, offset: offset, run: id,
		})
		at += int64(s.Duration)
		offset += int64(s.Size)
	}
	return samples
}

// runsOf reads what a segment says of its samples.
func (l *Library) runsOf(ctx context.Context, row *store.Segment) ([]fmp4.Run, error) {
	f, _, err := l.opts.Files.Get(ctx, segmentKey(row.BroadcastID, row.Rendition, row.Number))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	runs, err := fmp4.ReadRuns(f, row.Bytes)
	if errors.Is(err, fmp4.ErrMalformed) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // what comes before it can be played
	}
	return runs, err
}

// at is when a sample is shown.
func (t *clipTrack) at(i int) time.Duration { return media.Duration(t.samples[i].shown, t.timescale) }

// entry finds the sample that is shown at a moment, and the key frame at which
// decoding it begins; -1 where there is none.
func (t *clipTrack) entry(at time.Duration) (sample, key int) {
	sample = -1
	at = at.Round(time.Millisecond) // of moments: a picture counts as begun with the one that is nearest
	for i := range t.samples {
		s := &t.samples[i]
		if t.at(i).Round(time.Millisecond) <= at && (sample < 0 || s.shown > t.samples[sample].shown) {
			sample = i
		}
	}
	for i := sample; i >= 0; i-- {
		// Pictures that are shown before a key frame and stand behind it need the one before.
		if t.samples[i].Key && t.samples[i].shown <= t.samples[sample].shown {
			return sample, i
		}
	}
	return sample, -1
}

// rise is how long a decoder of sound needs before it is right: that of Opus,
// the slowest (RFC 7845 4.6).
const rise = 80 * time.Millisecond

// cut leaves what a decoder needs to show what lies between two moments.
func (t *clipTrack) cut(from, to time.Duration, kind media.Kind) {
	first, key := t.entry(from)
	switch {
	case first < 0:
		key = 0 // it begins later
	case key < 0:
		key = first
	}
	if kind == media.Audio {
		early := media.Ticks(from-rise, t.timescale)
		for key > 0 && t.samples[key].shown > early {
			key--
		}
	}
	end := key
	for i := key; i < len(t.samples); i++ {
		if t.at(i).Round(time.Millisecond) < to {
			end = i + 1
		}
	}
	t.samples = t.samples[key:end]
}

// chunks are the runs of the samples that are left, where each segment lies in
// a payload.
func (t *clipTrack) chunks(offsets map[int64]int64, description map[int64]int) []fmp4.Chunk {
	var list []fmp4.Chunk
	run := -1
	for i := range t.samples {
		s := &t.samples[i]
		if s.run != run {
			run = s.run
			list = append(list, fmp4.Chunk{
				Description: description[s.init], Run: fmp4.Run{DecodeTime: s.decoded, Offset: offsets[s.segment] + s.offset},
			})
		}
		c := &list[len(list)-1]
		c.Samples = append(c.Samples, s.SampleInfo)
	}
	return list
}
