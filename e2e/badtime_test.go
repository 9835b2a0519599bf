package e2e

import (
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/testkit"
	"github.com/rostrumlive/rostrum/internal/testkit/faults"
)

// TestBadTime: whatever the stamps say, the broadcast goes on at the pace of
// the clock on the wall, no frame is lost, and the recording plays.
func TestBadTime(t *testing.T) {
	t.Parallel()
	s := startOpen(t)
	const (
		at   = 3 * time.Second
		hour = time.Hour
		ms   = time.Millisecond
		w24  = 1 << 24 * ms
		w32  = 1 << 32 * ms
	)
	for name, o := range share(map[string]ordeal{
		"none":          {fault: faults.All()},
		"stray-picture": {fault: faults.From(at, faults.Once(faults.CodedVideo, func(c *faults.Cue) { c.Time += hour }))},
		"stray-sound":   {fault: faults.From(at, faults.Once(faults.CodedAudio, func(c *faults.Cue) { c.Time += hour }))},
		"hour-ahead":    {fault: faults.From(at, faults.Shift(hour))},
		"back-5s":       {fault: faults.From(at, faults.Shift(-5*time.Second))},
		"back-1s":       {fault: faults.From(at, faults.Shift(-time.Second))},
		"to-zero":       {fault: faults.From(at, faults.Shift(-at))},
		"wrap-24":       {fault: faults.All(faults.Shift(w24-at), faults.Wrap(w24))},
		"past-24":       {fault: faults.Shift(w24 - at)},
		"wrap-32":       {fault: faults.Shift(w32 - at)},
		"wrap-31":       {fault: faults.Shift(w32/2 - at)},
		// Time is told by arrival alone: how busy the machine is shows.
		"frozen":               {fault: faults.From(at, faults.Freeze()), holes: true, span: 4 * time.Second, skew: 4 * time.Second},
		"frozen-2s":            {fault: faults.During(at, at+2*time.Second, faults.Freeze()), holes: true, span: 4 * time.Second, skew: 4 * time.Second},
		"all-zero":             {fault: faults.Freeze(), holes: true, span: 4 * time.Second, skew: 4 * time.Second},
		"random":               {fault: faults.From(at, faults.Scatter(10*time.Second, 1)), holes: true, span: 4 * time.Second, skew: 4 * time.Second},
		"random-2s":            {fault: faults.During(at, at+2*time.Second, faults.Scatter(10*time.Second, 1)), holes: true, span: 4 * time.Second, skew: 4 * time.Second},
		"picture-apart":        {fault: faults.From(at, faults.Of(faults.CodedVideo, faults.Shift(hour)))},
		"sound-apart":          {fault: faults.From(at, faults.Of(faults.CodedAudio, faults.Shift(-5*time.Second)))},
		"composition-negative": {fault: faults.From(at, faults.SetComposition(-66*ms))},
		"composition-none":     {clip: testkit.Clip{BFrames: 2}, fault: faults.SetComposition(0)},
		"pts-as-dts":           {clip: testkit.Clip{BFrames: 2}, fault: presentationStamps, holes: true},
		"back-each-gop":        {fault: stepBackEachGOP(40 * ms), holes: true, skew: 250 * ms},
	}) {
		if o.span == 0 {
			o.span = 400 * ms
		}
		if o.skew == 0 {
			o.skew = 150 * ms
		}
		o.clip.Seconds = 8
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.run(t, s, name)
		})
	}
}

// stepBackEachGOP stamps each key frame, and all up to the next, a little
// earlier than it should.
func stepBackEachGOP(by time.Duration) faults.Fault {
	return func(cues []faults.Cue) []faults.Cue {
		back := time.Duration(0)
		for i := range cues {
			if cues[i].Key() && cues[i].At > 0 {
				back += by
			}
			cues[i].Time -= back
		}
		return cues
	}
}

// presentationStamps stamps pictures with the time at which they are to be
// shown, which goes back and forth with B-frames.
func presentationStamps(cues []faults.Cue) []faults.Cue {
	for i := range cues {
		if faults.CodedVideo(cues[i].Tag) {
			b := cues[i].Body
			cues[i].Time += time.Duration(int64(b[2])<<16|int64(b[3])<<8|int64(b[4])) * time.Millisecond
		}
	}
	return faults.SetComposition(0)(cues)
}
