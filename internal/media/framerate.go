package media

import "math"

// maxFrameRate is the highest rate that is believed. Encoders without a fixed
// rate write their clock's ticks where the rate belongs (90000, 1000).
const maxFrameRate = 480

// NewRate returns the reduced fraction num/den, or the zero Rate when it is
// not a believable number of frames a second (above 0, at most 480).
func NewRate(num, den uint64) Rate {
	if num == 0 || den == 0 || num > maxFrameRate*den {
		return Rate{}
	}
	a, b := num, den
	for b != 0 {
		a, b = b, a%b
	}
	num, den = num/a, den/a
	if num > math.MaxUint32 || den > math.MaxUint32 {
		return Rate{}
	}
	return Rate{Num: uint32(num), Den: uint32(den)}
}

// RateFromFloat finds the fraction that an encoder meant by a decimal number:
// 29.97 is 30000/1001, 25 is 25/1, 12.5 is 25/2. What is not believable gives
// the zero Rate.
func RateFromFloat(fps float64) Rate {
	if !(fps > 0 && fps <= maxFrameRate) { // also refuses NaN
		return Rate{}
	}
	whole := math.Round(fps)
	if whole > 0 && math.Abs(fps-whole) < 0.001 {
		return NewRate(uint64(whole), 1)
	}
	if ntsc := math.Ceil(fps); math.Abs(fps-ntsc*1000/1001) < 0.01 {
		return NewRate(uint64(ntsc)*1000, 1001)
	}
	return NewRate(uint64(math.Round(fps*1000)), 1000)
}
