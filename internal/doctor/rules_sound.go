package doctor

import (
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

const (
	gone      = 8  // seconds without any of a kind
	quiet     = 20 // seconds without a sound
	longQuiet = 60
	driftOver = 60  // seconds
	driftFrom = 120 // ms in them
	driftMin  = 25  // seconds that must have been seen
)

// audioMissing: no sound comes.
func audioMissing(v view) (Verdict, bool) {
	t := sum(v.last(gone))
	if !v.settled() || t.frames > 0 || t.pictures == 0 {
		return none()
	}
	if sum(v.session()).frames > 0 || v.Audio != nil {
		n := v.without(func(s *second) bool { return s.frames > 0 })
		return v.say(AudioMissing, "stopped", Figures{"seconds": float64(n)}, Bad, missingFix, "The sound stopped: pictures come, and no sound for %d s.", n)
	}
	return v.say(AudioMissing, "never", nil, Poor, missingFix, "There is no sound: the encoder sends none.")
}

// videoMissing: no pictures come.
func videoMissing(v view) (Verdict, bool) {
	t := sum(v.last(gone))
	if !v.settled() || t.pictures > 0 || t.frames == 0 || v.Video == nil {
		return none()
	}
	n := v.without(func(s *second) bool { return s.pictures > 0 })
	return v.say(VideoMissing, "", Figures{"seconds": float64(n)}, Bad, frozenFix, "The picture stopped: sound comes, and no picture for %d s.", n)
}

// without is for how long nothing of a kind has come.
func (v view) without(has func(*second) bool) (n int) {
	for i := v.end - 1; i >= 0 && !has(&v.seconds[i]); i-- {
		n++
	}
	return n
}

// audioSilent: sound comes, and there is nothing in it.
func audioSilent(v view) (Verdict, bool) {
	n := 0
	for i := v.end - 1; i >= 0; i-- {
		s := &v.seconds[i]
		if s.silent < s.frames || s.session != v.seconds[v.end-1].session {
			break
		}
		if s.frames > 0 {
			n++
		}
	}
	if v.Away || n < quiet {
		return none()
	}
	severity := Poor
	if n >= longQuiet {
		severity = Bad
	}
	return v.say(AudioSilent, "", Figures{"seconds": float64(n)}, severity, silentFix, "The sound is silent: not the least noise for %d s.", n)
}

// audioDrift: the sound runs away from the picture, or its clock from its
// samples.
func audioDrift(v view) (Verdict, bool) {
	list := v.last(driftOver)
	if !v.settled() || len(list) < driftMin || sum(list).repaired > 0 {
		return none()
	}
	const edge = 5
	skew := edgesOf(list, edge, func(s *second) int64 { return int64(s.skew) / 10 })
	apart := edgesOf(list, edge, func(s *second) int64 { return int64(s.apart) })
	if v.Video == nil {
		apart = 0
	}
	drift := skew
	if abs(apart) > 2*driftFrom && abs(apart) > abs(skew) {
		drift = apart
	}
	if abs(drift) < driftFrom {
		return none()
	}
	span := time.Duration(len(list)-edge) * time.Second
	minute := abs(drift) * int64(time.Minute) / int64(span)
	severity := Poor
	if minute >= 1000 {
		severity = Bad
	}
	figures := Figures{"ms": float64(minute)}
	if drift == skew {
		way := "slower"
		if drift < 0 {
			way = "faster"
		}
		return v.say(AudioDrift, way, figures, severity, driftFix, "The sound drifts: its clock runs %s than its samples, by %d ms a minute, away from the picture.", way, minute)
	}
	as, way := "ahead", "ahead of"
	if drift < 0 {
		as, way = "behind", "behind"
	}
	return v.say(AudioDrift, as, figures, severity, driftFix, "The sound drifts: it runs %s the picture by %d ms more each minute.", way, minute)
}

// edgesOf is how a value changed from the first few seconds that have sound to
// the last few.
func edgesOf(list []second, edge int, value func(*second) int64) int64 {
	var all []int64
	for i := range list {
		if list[i].frames > 0 {
			all = append(all, value(&list[i]))
		}
	}
	if len(all) < 2*edge {
		return 0
	}
	return median(all[len(all)-edge:]) - median(all[:edge])
}

func abs(n int64) int64 { return max(n, -n) }

// codecSupport: what some browsers cannot play.
func codecSupport(v view) (Verdict, bool) {
	if v.Video == nil {
		return none()
	}
	switch v.Video.Codec {
	case media.H265:
		return v.say(CodecSupport, "h265", nil, Poor, codecFix, "The pictures are H.265, which Firefox and many computers without the right hardware cannot play.")
	case media.AV1:
		return v.say(CodecSupport, "av1", nil, Poor, codecFix, "The pictures are AV1, which iPhones and Macs from before 2023 cannot play.")
	case media.H264:
		if as, what := avcBeyondBrowsers(v.Video.Config); what != "" {
			return v.say(CodecSupport, as, nil, Bad, formatFix, "The pictures are H.264 %s, which browsers cannot play.", what)
		}
	}
	return none()
}

// avcBeyondBrowsers names what no browser's decoder does, empty for the rest.
// config is the body of an avcC.
func avcBeyondBrowsers(config []byte) (as, what string) {
	if len(config) < 4 {
		return "", ""
	}
	switch config[1] { // profile_idc (ITU-T H.264 A.2)
	case 110:
		return "ten_bits", "with 10 bits a colour (High 10)"
	case 122:
		return "colour_422", "in 4:2:2 (High 4:2:2)"
	case 244, 44:
		return "colour_444", "in 4:4:4 (High 4:4:4)"
	}
	return "", ""
}
