// Package chart draws measured figures over what they grow with, beside the law
// that they should follow, as an SVG that can be read on light and dark pages.
// It is a pure function of its input: the same figures are the same bytes.
package chart

import (
	"cmp"
	"math"
	"slices"
)

// Chart is one picture.
type Chart struct {
	Title  string
	X, Y   Axis
	Series []Series // as they are told in the legend
}

// Axis is one direction. Every value on a logarithmic one is over zero.
type Axis struct {
	Label  string // with its unit
	Log    bool
	Format func(float64) string // of a tick's value; nil is plain digits
}

// Series is one line.
type Series struct {
	Name   string
	Points []Point
	Law    bool // what is expected: a dashed line without marks
}

// Point is one figure, and the least and the most of the rounds it is the
// median of; both zero when there was one.
type Point struct {
	X, Y        float64
	Least, Most float64
}

// scale maps an axis' values to places on the page.
type scale struct {
	Axis
	from, to   float64 // values
	begin, end float64 // places
}

func (s *scale) at(value float64) float64 {
	from, to := s.from, s.to
	if s.Log {
		value, from, to = math.Log(value), math.Log(from), math.Log(to)
	}
	return s.begin + (value-from)/(to-from)*(s.end-s.begin)
}

func (s *scale) text(value float64) string {
	if s.Format != nil {
		return s.Format(value)
	}
	return Plain(value)
}

// values returns what of the series lies along one axis, in order. Laws are
// lines and no figures; they count where a line must stay on the page.
func (c *Chart) values(laws bool, of func(Point) []float64) []float64 {
	var all []float64
	for _, s := range c.Series {
		for _, p := range s.Points {
			if !s.Law || laws {
				all = append(all, of(p)...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// across is the scale of X: as wide as the figures, which are the ticks.
func (c *Chart) across(begin, end float64) (scale, []float64) {
	all := c.values(false, func(p Point) []float64 { return []float64{p.X} })
	s := scale{Axis: c.X, begin: begin, end: end}
	if len(all) == 0 {
		all = []float64{1}
	}
	s.from, s.to = all[0], all[len(all)-1]
	if !s.Log {
		s.from = min(s.from, 0)
	}
	if s.from == s.to {
		s.to = s.from + 1
	}
	return s, s.apart(all)
}

// apart leaves out the ticks whose labels would touch; the first and the last
// stay.
func (s *scale) apart(ticks []float64) []float64 {
	const room = 52
	var kept []float64
	for i, tick := range ticks {
		last := len(ticks) - 1
		if n := len(kept); n > 0 && s.at(tick)-s.at(kept[n-1]) < room {
			if i < last {
				continue
			}
			kept = kept[:n-1]
		}
		kept = append(kept, tick)
	}
	return kept
}

// up is the scale of Y: round values, with all figures between them. A linear
// one begins at zero, so that what is twice as high is twice as much.
func (c *Chart) up(begin, end float64) (scale, []float64) {
	all := c.values(true, func(p Point) []float64 {
		if p.Most > 0 {
			return []float64{p.Y, p.Least, p.Most}
		}
		return []float64{p.Y}
	})
	s := scale{Axis: c.Y, begin: begin, end: end}
	if len(all) == 0 {
		all = []float64{1}
	}
	ticks := linearTicks(all[len(all)-1])
	if s.Log {
		ticks = logTicks(all[0], all[len(all)-1])
	}
	s.from, s.to = ticks[0], ticks[len(ticks)-1]
	return s, ticks
}

// linearTicks are from zero to over most, four to seven of them.
func linearTicks(most float64) []float64 {
	if most <= 0 {
		most = 1
	}
	step := math.Pow(10, math.Floor(math.Log10(most/4)))
	for _, times := range []float64{1, 2, 2.5, 5, 10} {
		if most/(step*times) <= 6 {
			step *= times
			break
		}
	}
	ticks := []float64{0}
	for n := 1.0; ticks[len(ticks)-1] < most; n++ {
		ticks = append(ticks, n*step)
	}
	return ticks
}

// logTicks are 1, 2 and 5 of each power of ten from under least to over most,
// or the powers alone where there are many, at least a power apart: a level
// line is to look level.
func logTicks(least, most float64) []float64 {
	const fewest, many = 10, 3 // times, powers of ten
	if most < least*fewest {
		middle := math.Sqrt(least * most)
		least, most = middle/math.Sqrt(fewest), middle*math.Sqrt(fewest)
	}
	steps := []float64{1, 2, 5}
	if most/least > math.Pow(10, many) {
		steps = steps[:1]
	}
	var all []float64
	for power := math.Floor(math.Log10(least)); power <= math.Ceil(math.Log10(most)); power++ {
		for _, step := range steps {
			all = append(all, step*math.Pow(10, power))
		}
	}
	from, there := slices.BinarySearchFunc(all, least, cmp.Compare)
	if !there {
		from--
	}
	to, _ := slices.BinarySearchFunc(all, most, cmp.Compare)
	return all[max(0, from):min(len(all), to+1)]
}
