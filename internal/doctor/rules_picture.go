package doctor

import (
	"math"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
)

// longDelay is a delay by B-frames that viewers notice.
const longDelay = 150 * time.Millisecond

// bFrames: pictures that wait for later ones. Browsers' decoders wait with them.
func bFrames(v view) (Verdict, bool) {
	if v.Delay == 0 || !v.settled() {
		return none()
	}
	severity := Hint
	if v.Delay >= longDelay {
		severity = Poor
	}
	return v.say(BFrames, "", Figures{"ms": float64(v.Delay.Milliseconds())}, severity, bFramesFix, "B-frames delay the picture by %d ms.", v.Delay.Milliseconds())
}

// avcLevel is a row of ITU-T H.264 table A-1.
type avcLevel struct {
	idc     int
	perSec  int // macroblocks a second
	perUnit int // macroblocks a picture
}

var avcLevels = []avcLevel{
	{10, 1485, 99},
	{11, 3000, 396},
	{12, 6000, 396},
	{13, 11880, 396},
	{20, 11880, 396},
	{21, 19800, 792},
	{22, 20250, 1620},
	{30, 40500, 1620},
	{31, 108000, 3600},
	{32, 216000, 5120},
	{40, 245760, 8192},
	{41, 245760, 8192},
	{42, 522240, 8704},
	{50, 589824, 22080},
	{51, 983040, 36864},
	{52, 2073600, 36864},
	{60, 4177920, 139264},
	{61, 8355840, 139264},
	{62, 16711680, 139264},
}

// commonLevel is the highest that phones and television sets of ten years ago
// decode.
const commonLevel = 42

// levelWrong: a level that does not fit what is sent.
func levelWrong(v view) (Verdict, bool) {
	if v.Video == nil || v.Video.Codec != media.H264 || len(v.Video.Config) < 4 || !v.settled() {
		return none()
	}
	said := int(v.Video.Config[3])
	rate := sum(v.last(30)).frameRate()
	needed := neededLevel(v.Video.Width, v.Video.Height, rate)
	text := func(idc int) float64 { return float64(idc) / 10 }
	switch {
	case said == 9: // 1b
		said = 10
	case said == 11 && v.Video.Config[2]&0x10 != 0: // 1b of the older profiles (A.3.1)
		said = 10
	}
	figures := Figures{
		"said": text(said), "needed": text(needed), "rate": math.Round(rate),
		"width": float64(v.Video.Width), "height": float64(v.Video.Height),
	}
	switch {
	case said < needed:
		return v.say(LevelWrong, "low", figures, Poor, levelFix,
			"The stream says H.264 level %.1f, and %d × %d at %.0f pictures a second need level %.1f: some phones and television sets refuse it.",
			text(said), v.Video.Width, v.Video.Height, rate, text(needed))
	case said > commonLevel && needed <= commonLevel:
		return v.say(LevelWrong, "high", figures, Hint, levelFix,
			"The stream says H.264 level %.1f where level %.1f would do: older phones and television sets refuse it.", text(said), text(needed))
	}
	return none()
}

// neededLevel is the lowest that has room for such pictures. A little more a
// second than it allows is the jitter of a measure.
func neededLevel(width, height int, rate float64) int {
	wide, high := (width+15)/16, (height+15)/16
	size := wide * high
	for _, l := range avcLevels {
		longest := int(math.Sqrt(float64(8 * l.perUnit))) // macroblocks of a side (A.3.1)
		if size <= l.perUnit && wide <= longest && high <= longest && float64(size)*rate <= 1.02*float64(l.perSec) {
			return l.idc
		}
	}
	return avcLevels[len(avcLevels)-1].idc
}

// shapes are what screens and phones have, wide by high.
var shapes = [][2]int{{16, 9}, {4, 3}, {16, 10}, {3, 2}, {5, 4}, {1, 1}, {4, 5}, {21, 9}, {64, 27}, {32, 9}, {18, 9}, {17, 9}, {37, 20}, {11, 9}, {22, 15}}

// oddResolution: a size that is nobody's.
func oddResolution(v view) (Verdict, bool) {
	if v.Video == nil || v.Video.Width == 0 || v.Video.Height == 0 {
		return none()
	}
	w, h := v.Video.Width, v.Video.Height
	figures := Figures{"width": float64(w), "height": float64(h)}
	switch {
	case w%2 != 0 || h%2 != 0:
		return v.say(OddResolution, "odd", figures, Poor, sizeFix, "The picture is %d × %d: an odd number of pixels, which many decoders pad with a green edge.", w, h)
	case !usualShape(w, h):
		return v.say(OddResolution, "shape", figures, Hint, sizeFix, "The picture is %d × %d, which is the shape of no usual screen: viewers see bars around it.", w, h)
	case (w%4 != 0 || h%4 != 0) && w != 854 && w != 426 && h != 854 && h != 426: // 480p and 240p of 16:9
		return v.say(OddResolution, "four", figures, Hint, sizeFix, "The picture is %d × %d: numbers that 4 does not divide, which some hardware crops or blurs.", w, h)
	}
	return none()
}

// usualShape allows for the rounding of one side, and for standing on it.
func usualShape(w, h int) bool {
	if w < h {
		w, h = h, w
	}
	for _, s := range shapes {
		a, b := max(s[0], s[1]), min(s[0], s[1])
		if off := float64(w) - float64(h)*float64(a)/float64(b); math.Abs(off) <= 8 {
			return true
		}
	}
	return false
}
