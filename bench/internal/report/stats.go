// Package report keeps the figures of a run and tells them: medians with
// their spread, ratios only where both sides did the whole work, the machine
// they were taken on, and every single round.
package report

import (
	"fmt"
	"math"
	"slices"
)

// Spread is the middle of several figures and how far they lie apart.
type Spread struct {
	Median, Min, Max float64
}

// SpreadOf returns the spread of at least one figure. Of an even number the
// median is the mean of the middle two.
func SpreadOf(figures []float64) Spread {
	s := slices.Sorted(slices.Values(figures))
	n := len(s)
	return Spread{Median: (s[(n-1)/2] + s[n/2]) / 2, Min: s[0], Max: s[n-1]}
}

// String shows the median, and the spread in brackets where there is one.
func (s Spread) String() string {
	if s.Min == s.Max {
		return Number(s.Median)
	}
	return fmt.Sprintf("%s [%s–%s]", Number(s.Median), Number(s.Min), Number(s.Max))
}

// Number shows a figure with three significant digits.
func Number(x float64) string {
	switch size := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case size >= 100 || x == 0:
		return fmt.Sprintf("%.0f", x)
	case size >= 10:
		return fmt.Sprintf("%.1f", x)
	case size >= 1:
		return fmt.Sprintf("%.2f", x)
	case size >= 0.1:
		return fmt.Sprintf("%.3f", x)
	}
	return fmt.Sprintf("%.4f", x)
}

// Percentile returns the figure below which the share p of all lie, by
// nearest rank, and NaN of none.
func Percentile(figures []float64, p float64) float64 {
	if len(figures) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(figures))
	return s[max(0, min(len(s)-1, int(math.Ceil(p*float64(len(s))))-1))]
}
