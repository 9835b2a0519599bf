package chart

import (
	"math"
	"strconv"
	"strings"
)

// Law is how a figure should grow: its fixed share, and what each unit of X adds.
type Law struct {
	Fixed, Each float64
}

// Constant is the law of a figure that does not grow: their geometric mean.
func Constant(points []Point) Law {
	var sum float64
	for _, p := range points {
		sum += math.Log(p.Y)
	}
	return Law{Fixed: math.Exp(sum / float64(len(points)))}
}

// Proportional is the law through the origin and the last figure: so much for
// each. Figures over it tell of a fixed share, and those under it of a cost
// that grows faster.
func Proportional(points []Point) Law {
	last := points[len(points)-1]
	return Law{Each: last.Y / last.X}
}

// Linear is the line through the first figure and the last: a fixed share, and
// so much for each.
func Linear(points []Point) Law {
	first, last := points[0], points[len(points)-1]
	each := (last.Y - first.Y) / (last.X - first.X)
	return Law{Fixed: first.Y - each*first.X, Each: each}
}

// At is what the law says.
func (l Law) At(x float64) float64 { return l.Fixed + l.Each*x }

// Line is the law as a series over the range of the points, fine enough to be
// a curve where one axis is logarithmic.
func (l Law) Line(name string, points []Point) Series {
	const steps = 64
	s := Series{Name: name, Law: true}
	from, to := points[0].X, points[len(points)-1].X
	if l.Fixed == 0 || l.Each == 0 { // straight, on axes of one kind
		return Series{Name: name, Law: true, Points: []Point{{X: from, Y: l.At(from)}, {X: to, Y: l.At(to)}}}
	}
	for i := range steps + 1 {
		x := from + (to-from)*float64(i)/steps
		if from > 0 {
			x = from * math.Pow(to/from, float64(i)/steps)
		}
		s.Points = append(s.Points, Point{X: x, Y: l.At(x)})
	}
	return s
}

// Plain shows a value with the digits that it has, at most three, and groups
// of thousands.
func Plain(x float64) string {
	digits := 2
	if size := math.Abs(x); size >= 1 {
		digits = max(0, 2-int(math.Log10(size)))
	} else if size > 0 {
		digits = 2 - int(math.Floor(math.Log10(size)))
	}
	text := strconv.FormatFloat(x, 'f', digits, 64)
	whole, part, _ := strings.Cut(text, ".")
	if part = strings.TrimRight(part, "0"); part != "" {
		return whole + "." + part
	}
	const group = 3
	for i := len(whole) - group; i > 0 && whole[i-1] != '-'; i -= group {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole
}
