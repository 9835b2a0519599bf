package doctor

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/fmp4"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// Hear decodes the sound of an MP4 file: samples of one channel, rate of them a
// second.
type Hear func(ctx context.Context, mp4 []byte) (samples []int16, rate int, err error)

// listenEvery is how often an Ear listens at most.
const listenEvery = 1500 * time.Millisecond

// Ear finds out how loud a stream is while somebody wants to know. Nobody who
// asks, nothing is decoded.
type Ear struct {
	mu     sync.Mutex // held while it listens
	last   time.Time
	reader *live.Reader
	before *media.AccessUnit // the frame before those that come next: a decoder begins with it
}

// Listen decodes what of the newest sound was not heard yet, and notes its
// levels in the meter. It returns at once when another listens, or has just
// done so.
func (e *Ear) Listen(ctx context.Context, s *live.Stream, m *Meter, hear Hear) error {
	if !e.mu.TryLock() {
		return nil
	}
	defer e.mu.Unlock()
	if time.Since(e.last) < listenEvery {
		return nil
	}
	e.last = time.Now()
	if e.reader == nil {
		e.reader = s.Reader()
	}
	units := e.take()
	if len(units) < 2 {
		return nil
	}
	e.before = units[len(units)-1]
	file, err := excerpt(units)
	if err != nil {
		return err
	}
	samples, rate, err := hear(ctx, file)
	if err != nil {
		return err
	}
	noteLevels(m, units, samples, rate)
	return nil
}

// take returns the frames of one track that came since, behind the one before
// them.
func (e *Ear) take() []*media.AccessUnit {
	var units []*media.AccessUnit
	if e.before != nil {
		units = append(units, e.before)
	}
	for {
		u, ok, err := e.reader.Take()
		if errors.Is(err, live.ErrInterrupted) {
			continue // told once for each
		}
		if !ok || err != nil {
			return units
		}
		if u.Track.Kind() != media.Audio {
			continue
		}
		if len(units) > 0 && units[0].Track != u.Track {
			units = units[:0]
		}
		units = append(units, u.AccessUnit)
	}
}

// excerpt makes a file of frames, one behind the other.
func excerpt(units []*media.AccessUnit) ([]byte, error) {
	t := units[0].Track
	b, err := fmp4.AppendInit(nil, t)
	if err != nil {
		return nil, err
	}
	samples := make([]fmp4.Sample, len(units))
	for i, u := range units {
		samples[i] = fmp4.Sample{Duration: uint32(t.SamplesPerFrame), Key: true, Data: u.Data}
	}
	return fmp4.AppendFragment(b, t, 1, 0, samples), nil
}

// noteLevels tells the meter how loud each second was. The first frame only
// makes the decoder ready.
func noteLevels(m *Meter, units []*media.AccessUnit, samples []int16, rate int) {
	t := units[0].Track
	at := func(frame int) int {
		return min(len(samples), int(media.Rescale(int64(frame*t.SamplesPerFrame), uint32(rate), t.Timescale)))
	}
	for from := 1; from < len(units); {
		to := from + 1
		for to < len(units) && m.sameSecond(units[from].Arrived, units[to].Arrived) {
			to++
		}
		if part := samples[at(from):at(to)]; len(part) > 0 {
			m.Level(units[from].Arrived, level(part))
		}
		from = to
	}
}

// level is the mean power of samples in dB of a full-scale square wave.
func level(samples []int16) float64 {
	power := 0.0
	for _, s := range samples {
		power += float64(s) * float64(s)
	}
	return 10 * math.Log10(power/float64(len(samples))/(1<<30)+1e-12)
}
