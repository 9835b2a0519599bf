package doctor

import "math"

const (
	swing        = 2.5 // from the median block to the largest
	swingAbove   = 1e6 // bit/s: less fits through any connection
	overAnnounce = 1.5
	block        = 4 // seconds, at least
	fewBlocks    = 5
)

// bitrateSwings: peaks that do not fit where the mean does.
func bitrateSwings(v view) (Verdict, bool) {
	if !v.settled() {
		return none()
	}
	size := max(block, int(v.keyEvery(60)+999)/1000) // a key frame in each
	list := v.last(60)
	var rates []float64
	for ; len(list) >= size; list = list[size:] {
		if t := sum(list[:size]); t.advance >= 2e6 {
			rates = append(rates, float64(t.videoBytes)*8e6/float64(t.advance))
		}
	}
	usual := median(rates)
	if len(rates) < fewBlocks || usual == 0 {
		return none()
	}
	peak := rates[len(rates)-1]
	if peak < swingAbove || peak < swing*usual || v.Video != nil && peak < overAnnounce*float64(v.Video.Bitrate) {
		return none()
	}
	return v.say(BitrateSwings, "", Figures{"usual_bps": math.Trunc(usual), "peak_bps": math.Trunc(peak)}, Poor, swingFix, "The bitrate swings: usually %s, at times %s. Viewers whose connection carries the mean stall at the peaks.",
		tellBits(int64(usual)), tellBits(int64(peak)))
}

const (
	dropped    = 0.8  // of the rate before
	overloaded = 0.05 // of the pictures are missing
	breaking   = 0.2
)

// encoderOverload: pictures are missing between others, and the network is not
// to blame.
func encoderOverload(v view) (Verdict, bool) {
	list := v.last(20)
	share, spread := missing(list)
	if !v.settled() || share < overloaded || spread*2 < len(list) || v.starves() > 0 {
		return none()
	}
	severity := Poor
	if share >= breaking {
		severity = Bad
	}
	percent, come := math.Round(share*100), sum(list).frameRate()
	should := come / (1 - share)
	return v.say(EncoderOverload, "", Figures{"percent": percent, "come": math.Round(come), "should": math.Round(should)}, severity, overloadFix,
		"The encoder leaves out %.0f%% of the pictures: %.0f a second come, unevenly, where %.0f should.", percent, come, should)
}

// missing is what part of the pictures is missing between others, and in how
// many seconds some were.
func missing(list []second) (share float64, spread int) {
	for _, s := range list {
		if s.skipped > 0 {
			spread++
		}
	}
	t := sum(list)
	if t.pictures == 0 {
		return 0, 0
	}
	return float64(t.skipped) / float64(t.pictures+t.skipped), spread
}

// frameRateDrop: fewer pictures than there were, or were announced.
func frameRateDrop(v view) (Verdict, bool) {
	const lately = 8
	list := v.last(lately)
	t := sum(list)
	now := t.frameRate()
	if !v.settled() || len(list) < lately || t.pictures == 0 || v.starves() > 0 {
		return none()
	}
	if share, spread := missing(v.last(20)); share >= overloaded && spread*2 >= len(v.last(20)) {
		return none() // that says more
	}
	if t.advance < lately*1e6/2 {
		return none() // they stand still
	}
	before := v.bestRate()
	if v.Video != nil {
		// Some encoders announce fields: twice their pictures.
		if told := v.Video.FrameRate.Float(); math.Abs(now/told-0.5) > 0.02 {
			before = max(before, told)
		}
	}
	if now >= dropped*before {
		return none()
	}
	severity := Poor
	if now < before/2 {
		severity = Bad
	}
	return v.say(FrameRateDrop, "", Figures{"now": tenths(now), "before": tenths(before)}, severity, rateFix,
		"The frame rate fell to %.1f pictures a second; it should be %.1f.", now, before)
}

// bestRate is the frame rate that the encoder kept up for ten seconds, twice.
func (v view) bestRate() float64 {
	const span = 10
	best, second := 0.0, 0.0
	for list := v.session(); len(list) >= span; list = list[span:] {
		f := sum(list[:span]).frameRate()
		if f > best {
			best, second = f, best
		} else if f > second {
			second = f
		}
	}
	return second
}

const (
	behind     = 2000 // ms after its time, against the best of two minutes
	farBehind  = 4000
	stall      = 400 // ms more than a second before
	manyStalls = 3
)

// uploadStarving: media comes later and later, or in bursts.
func uploadStarving(v view) (Verdict, bool) {
	if !v.settled() || v.Unpaced {
		return none()
	}
	late := v.starves()
	stalls, rising := 0, false
	lags := v.lags(60)
	for i := 1; i < len(lags); i++ {
		was := rising
		if rising = lags[i]-lags[i-1] >= stall; rising && !was {
			stalls++
		}
	}
	severity := Poor
	if late >= farBehind {
		severity = Bad
	}
	switch {
	case late > 0:
		return v.say(UploadStarving, "late", Figures{"ms": float64(late)}, severity, starvingFix, "The stream arrives %s late: the upload does not keep up with the encoder.", tellSeconds(late))
	case stalls >= manyStalls:
		return v.say(UploadStarving, "stalls", Figures{"times": float64(stalls)}, severity, starvingFix, "The stream stalled on its way here %s in a minute, and then came in bursts.", times(stalls))
	}
	return none()
}

// starves is how late the newest media is, in ms; 0 when that is within bounds,
// or cannot be told.
func (v view) starves() int64 {
	if v.Unpaced {
		return 0
	}
	lags := v.lags(8)
	if len(lags) == 0 {
		return 0
	}
	worst := lags[0]
	for _, l := range lags {
		worst = max(worst, l)
	}
	if worst < behind {
		return 0
	}
	return worst
}

// lags is for each of the newest n seconds how late media came, at most, against
// the best of two minutes. In a second in which nothing comes it is a second
// more.
func (v view) lags(n int) []int64 {
	list := v.last(120)
	best := int64(math.MaxInt64)
	for _, s := range list {
		if s.early != math.MaxInt32 {
			best = min(best, int64(s.early))
		}
	}
	lags := make([]int64, 0, len(list))
	lag := int64(0)
	for _, s := range list {
		if s.late != math.MinInt32 {
			lag = int64(s.late) - best
		} else {
			lag += 1000
		}
		lags = append(lags, lag)
	}
	return lags[max(0, len(lags)-n):]
}

const (
	jumpWithin = 120 // seconds
	leapFrom   = 200 // ms
	oftenFrom  = 5   // seconds with repairs
)

// clockJumps: the encoder's clock is set, or stands still.
func clockJumps(v view) (Verdict, bool) {
	n, worst := 0, int64(0)
	for _, s := range v.last(jumpWithin) {
		if s.repaired > 0 {
			n++
		}
		if leap := int64(s.leap); leap*leap > worst*worst {
			worst = leap
		}
	}
	leapt := worst >= leapFrom || worst <= -leapFrom
	if v.Away || n == 0 || !leapt && n < oftenFrom {
		return none()
	}
	severity := Poor
	if n >= oftenFrom {
		severity = Bad
	}
	if !leapt {
		span := len(v.last(jumpWithin))
		return v.say(ClockJumps, "uneven", Figures{"seconds": float64(n), "of": float64(span)}, severity, jumpFix,
			"The encoder's clock runs unevenly: in %d of the last %d seconds its times had to be put right.", n, span)
	}
	way := "forward"
	if worst < 0 {
		way, worst = "back", -worst
	}
	return v.say(ClockJumps, way, Figures{"ms": float64(worst), "times": float64(n)}, severity, jumpFix,
		"The encoder's clock jumped %s by %s (%s in two minutes).", way, tellSeconds(worst), times(n))
}
