package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/chart"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

// kept is one subject's run, as it is kept.
type kept struct {
	Subject string         `json:"subject"`
	Title   string         `json:"title"`
	Began   time.Time      `json:"began"`
	Machine report.Machine `json:"machine"`
	Notes   []string       `json:"notes,omitempty"`
	Samples samples        `json:"samples"`
}

// sample is what one round found.
type sample struct {
	X       float64            `json:"x"`
	Side    string             `json:"side"`
	Round   int                `json:"round"`
	Figures map[string]float64 `json:"figures,omitempty"`
	Work    string             `json:"work,omitempty"`
	// Fault says why the round does not count.
	Fault string `json:"fault,omitempty"`
}

// samples are those of a run, in the order in which they were taken.
type samples []sample

// sides are in the order of their first samples.
func (s samples) sides() (sides []string) {
	for i := range s {
		if !slices.Contains(sides, s[i].Side) {
			sides = append(sides, s[i].Side)
		}
	}
	return sides
}

// points are a side's medians of a figure, over what it grows with. Where a
// round has a fault there is none: half the work is not a cheaper way.
func (s samples) points(side, figure string) (points []chart.Point) {
	at, bad := map[float64][]float64{}, map[float64]bool{}
	for i := range s {
		one := &s[i]
		if one.Side != side {
			continue
		}
		bad[one.X] = bad[one.X] || one.Fault != ""
		if v, ok := one.Figures[figure]; ok {
			at[one.X] = append(at[one.X], v)
		}
	}
	for x, values := range at {
		if bad[x] {
			continue
		}
		spread := report.SpreadOf(values)
		p := chart.Point{X: x, Y: spread.Median}
		if spread.Max > spread.Min {
			p.Least, p.Most = spread.Min, spread.Max
		}
		points = append(points, p)
	}
	slices.SortFunc(points, func(a, b chart.Point) int { return cmp.Compare(a.X, b.X) })
	return points
}

// lab is one subject's run.
type lab struct {
	options
	binary string
	tmp    string
	kept   kept
}

// note tells something now and in the results.
func (l *lab) note(sentence string) {
	fmt.Println("  " + sentence)
	l.kept.Notes = append(l.kept.Notes, sentence)
}

// add takes a sample, and tells it.
func (l *lab) add(s sample) {
	l.kept.Samples = append(l.kept.Samples, s)
	fmt.Fprintf(os.Stderr, "  %s at %s, round %d: %s %s\n", s.Side, l.kept.size(s.Side, s.X), s.Round, figures(s.Figures), s.Fault)
}

func figures(f map[string]float64) (text string) {
	var names []string
	for name := range f {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text += fmt.Sprintf("%s %s; ", name, report.Number(f[name]))
	}
	return text
}

func (l *lab) keep(ctx context.Context) error {
	path, err := report.Keep(ctx, l.results, suffix(l.kept.Subject), l.kept.Began, l.kept.markdown(), l.kept)
	if err == nil {
		fmt.Printf("kept in %s.md and .json\n", path)
	}
	return err
}

func suffix(subject string) string { return "-growth-" + subject }

// newest reads the newest run of a subject that was kept; ok is false when
// there is none. The date stands in the file, too: of one day, the later counts.
func newest(folder, subject string) (k kept, ok bool, err error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*"+suffix(subject)+".json"))
	if err != nil {
		return k, false, fmt.Errorf("find results: %w", err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return k, false, fmt.Errorf("read results: %w", err)
		}
		var one kept
		if err := json.Unmarshal(b, &one); err != nil {
			return k, false, fmt.Errorf("read results of %s: %w", path, err)
		}
		if !ok || one.Began.After(k.Began) {
			k, ok = one, true
		}
	}
	return k, ok, nil
}
