package doctor

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// rule says whether a fault is there, as far as a view goes.
type rule func(view) (Verdict, bool)

// rules in the order in which verdicts of one severity are read: first what may
// be the cause of others.
var rules = []rule{
	encodersFight, encoderLost, notCarried, videoMissing, uploadStarving, encoderOverload, frameRateDrop,
	clockJumps, keyFrameInterval, audioMissing, audioSilent, audioDrift, bitrateSwings,
	codecSupport, levelWrong, bFrames, keyFramesDense, oddResolution,
}

// none is no verdict.
func none() (Verdict, bool) { return Verdict{}, false }

// say makes a verdict. fix has the words for each kind of encoder.
func (v view) say(code, as string, figures Figures, severity Severity, fix words, seen string, args ...any) (Verdict, bool) {
	if figures == nil {
		figures = Figures{} // in JSON an object always
	}
	return Verdict{
		Code: code, Case: as, Figures: figures, Severity: severity, Encoder: KindOf(v.Encoder),
		Seen: fmt.Sprintf(seen, args...), Fix: fix.of(v.Encoder),
	}, true
}

const (
	// Segments are of 2 s and at most 4 s: key frames that come later make
	// segments that no player can begin with.
	longGOP    = 4100 // ms
	endlessGOP = 6500 // from here on joining takes many seconds
	denseGOP   = 600
)

// keyFrameInterval: key frames that are too far apart.
func keyFrameInterval(v view) (Verdict, bool) {
	if !v.settled() {
		return none()
	}
	every, open := v.keyEvery(60), v.sinceKey()
	rate := v.frameRate()
	fix := keyFrameFix(rate)
	switch {
	case open > max(2*every, 10_000):
		return v.say(KeyFrameInterval, "none", Figures{"ms": float64(open), "rate": float64(rate)}, Bad, fix, "No key frame has come for %s: nobody can begin to watch.", tellSeconds(open))
	case every > endlessGOP:
		return v.say(KeyFrameInterval, "endless", Figures{"ms": float64(every), "rate": float64(rate)}, Bad, fix, "Key frames come every %s: viewers wait for one before they see anything.", tellSeconds(every))
	case every > longGOP:
		return v.say(KeyFrameInterval, "long", Figures{"ms": float64(every), "rate": float64(rate)}, Poor, fix, "Key frames come every %s: viewers start late and are further behind.", tellSeconds(every))
	}
	return none()
}

// keyFramesDense: key frames that cost more than they are good for.
func keyFramesDense(v view) (Verdict, bool) {
	every := v.keyEvery(30)
	if !v.settled() || every == 0 || every >= denseGOP {
		return none()
	}
	rate := v.frameRate()
	return v.say(KeyFramesDense, "", Figures{"ms": float64(every), "rate": float64(rate)}, Hint, keyFrameFix(rate),
		"Key frames come every %s: each takes many times the bits of another picture, and sharpness is lost.", tellSeconds(every))
}

// keyEvery is the median distance of key frames in the newest n seconds, in ms.
func (v view) keyEvery(n int) int64 {
	var list []int64
	for _, s := range v.last(n) {
		if s.keyEvery > 0 {
			list = append(list, int64(s.keyEvery))
		}
	}
	return median(list)
}

// sinceKey is how much media came after the newest key frame, in ms.
func (v view) sinceKey() (ms int64) {
	list := v.session()
	for i := len(list) - 1; i >= 0 && list[i].keys == 0; i-- {
		ms += int64(list[i].advance) / 1000
	}
	return ms
}

// frameRate is what there is of pictures a second, as a whole number; 30 when it
// is not known.
func (v view) frameRate() int {
	if f := sum(v.last(30)).frameRate(); f >= 1 {
		return int(math.Round(f))
	}
	return 30
}

// tellSeconds writes ms for people.
func tellSeconds(ms int64) string {
	if ms%1000 < 50 || ms%1000 >= 950 || ms >= 20_000 {
		return fmt.Sprintf("%d s", (ms+500)/1000)
	}
	return fmt.Sprintf("%.1f s", float64(ms)/1000)
}

// tenths rounds to one digit after the point.
func tenths(n float64) float64 { return math.Round(n*10) / 10 }

// tellBits writes bits a second for people.
func tellBits(bps int64) string {
	if bps >= 1e6 {
		return fmt.Sprintf("%.1f Mbit/s", float64(bps)/1e6)
	}
	return fmt.Sprintf("%d kbit/s", bps/1000)
}

// times writes a count.
func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

const (
	fightWithin = 2 * time.Minute
	fightRounds = 3
	lossWithin  = 10 * time.Minute
	lossRounds  = 3
)

// encodersFight: two encoders take the stream from each other.
func encodersFight(v view) (Verdict, bool) {
	n := v.since(v.Takeovers, fightWithin)
	if n < fightRounds {
		return none()
	}
	return v.say(EncodersFight, "", Figures{"times": float64(n)}, Bad, fightFix, "Two encoders fight for this channel: it changed hands %s in two minutes.", times(n))
}

// encoderLost: an encoder that is lost again and again.
func encoderLost(v view) (Verdict, bool) {
	n := v.since(v.Losses, lossWithin)
	if n < lossRounds {
		return none()
	}
	return v.say(EncoderLost, "", Figures{"times": float64(n)}, Bad, lostFix, "The connection to the encoder broke %s in ten minutes.", times(n))
}

// notCarried: what the encoder sends and viewers do not get.
func notCarried(v view) (Verdict, bool) {
	if len(v.Notices) == 0 {
		return none()
	}
	severity := Bad
	if v.Video != nil && v.Audio != nil {
		severity = Hint // of further tracks
	}
	said := make([]string, len(v.Notices))
	for i, n := range v.Notices {
		said[i] = n.String()
	}
	verdict, ok := v.say(NotCarried, "", nil, severity, notCarriedFix, "%s", strings.Join(said, " "))
	verdict.NotCarried = v.Notices
	return verdict, ok
}
