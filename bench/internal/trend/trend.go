// Package trend says whether a measure that was sampled over a long run rises:
// a straight line by least squares, how sure its slope is, and a verdict. It
// knows nothing of what was measured.
package trend

import (
	"math"
	"slices"
)

const (
	// small is the share of its level that a measure may change by over the
	// whole time and still count as level.
	small = 0.02
	// much is the share by which the end may lie over the start before it
	// counts as a rise although the line is unsure: one large step.
	much = 0.10
	// leastEffective is the fewest independent samples that a line is held to
	// be made of; below it an interval would be of any width.
	leastEffective = 5
	// leastTenth is the fewest samples that a median is taken of: by chance,
	// four lie over four others once in 70 times.
	leastTenth = 4
)

// Verdict is what became of a measure.
type Verdict string

// The verdicts.
const (
	Level Verdict = "no slope"
	Rises Verdict = "rises"
	Falls Verdict = "falls" // nothing that leaks falls
)

// Trend is a measure over time. Rates are for each unit of the times given.
type Trend struct {
	// Medians of the first, middle and last tenth, of four samples at least.
	Start float64 `json:"start"`
	Mid   float64 `json:"mid"`
	End   float64 `json:"end"`
	// Apart says that every sample of the last tenth lies over every one of
	// the first.
	Apart bool `json:"apart"`
	// The slope, and its 95 % interval.
	Slope float64 `json:"slope"`
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	// Independent is how many independent samples those are worth.
	Independent float64 `json:"independent"`
	Took        float64 `json:"took"` // from the first to the last
}

// Fewest is the least number of samples that Of takes.
const Fewest = 9

// Of fits a line to at least Fewest samples in order of time. Samples of a process
// taken shortly after one another are much the same, so the interval is that
// of fewer, independent ones: n(1−r)/(1+r), with r the residuals' correlation
// from one to the next.
func Of(times, values []float64) Trend {
	tm, vm := mean(times), mean(values)
	var tt, tv float64
	for i, t := range times {
		tt += (t - tm) * (t - tm)
		tv += (t - tm) * (values[i] - vm)
	}
	f := Trend{Slope: tv / tt, Took: times[len(times)-1] - times[0]}
	residuals := make([]float64, len(times))
	for i, t := range times {
		residuals[i] = values[i] - vm - f.Slope*(t-tm)
	}
	squares, r := correlation(residuals)
	f.Independent = max(leastEffective, float64(len(times))*(1-r)/(1+r))
	degrees := f.Independent - 2
	wide := quantile(degrees) * math.Sqrt(squares/degrees/tt)
	f.Least, f.Most = f.Slope-wide, f.Slope+wide
	tenth := max(leastTenth, len(values)/10)
	first, last := values[:tenth], values[len(values)-tenth:]
	f.Start, f.End = median(first), median(last)
	f.Mid = median(values[(len(values)-tenth)/2:][:tenth])
	f.Apart = slices.Min(last) > slices.Max(first)
	return f
}

// Judge says whether the measure rises. It is level when the interval holds
// zero or when it changed by less than floor or 2 % of its level over the
// time; but an end that is apart from the start, and more than floor and 10 %
// over it, is a rise whatever the line says.
func (f Trend) Judge(floor float64) Verdict {
	level := math.Abs(f.Mid)
	if f.Apart && f.End-f.Start > max(floor, much*math.Abs(f.Start)) {
		return Rises
	}
	change := f.Slope * f.Took
	switch {
	case f.Least <= 0 && f.Most >= 0, math.Abs(change) < max(floor, small*level):
		return Level
	case change > 0:
		return Rises
	}
	return Falls
}

// correlation returns the sum of the residuals' squares, and their
// correlation from one to the next, not under zero: samples that swing do not
// make a line surer.
func correlation(residuals []float64) (squares, r float64) {
	var pairs float64
	for i, x := range residuals {
		squares += x * x
		if i > 0 {
			pairs += x * residuals[i-1]
		}
	}
	if squares == 0 {
		return 0, 0
	}
	return squares, min(max(0, pairs/squares), 0.999)
}

// quantile is the 97.5 % point of Student's t, by the expansion of Abramowitz
// and Stegun 26.7.5; within 1 % from three degrees on.
func quantile(degrees float64) float64 {
	const z = 1.959964
	z3, z5 := z*z*z, z*z*z*z*z
	z7 := z5 * z * z
	return z + (z3+z)/(4*degrees) + (5*z5+16*z3+3*z)/(96*degrees*degrees) +
		(3*z7+19*z5+17*z3-15*z)/(384*degrees*degrees*degrees)
}

func mean(values []float64) float64 {
	var sum float64
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}
