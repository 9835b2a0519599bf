package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/chart"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

// Marks in a page: what stands between them is written anew from the results.
const (
	markBegin = "<!-- figures: %s -->\n"
	markEnd   = "<!-- end of figures -->"
)

// fill writes tables to their places in a page. A table without a place, or
// marks that do not match, are an error.
func fill(path string, tables map[string]string) error {
	there, err := exists(path)
	if err != nil || !there {
		return err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read the page: %w", err)
	}
	page := string(b)
	for name, table := range tables {
		mark := fmt.Sprintf(markBegin, name)
		before, rest, ok := strings.Cut(page, mark)
		_, after, closed := strings.Cut(rest, markEnd)
		if !ok || !closed {
			return fmt.Errorf("%s has no place for the figures of %q", path, name)
		}
		page = before + mark + "\n" + table + "\n" + markEnd + after
	}
	if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	return nil
}

// figureNames are those of all samples, in order.
func (s samples) figureNames() (names []string) {
	for i := range s {
		for name := range s[i].Figures {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// table is a subject's figures: a row for each side and figure, a column for
// each size.
func (k *kept) table() string {
	var sizes []float64
	for i := range k.Samples {
		if x := k.Samples[i].X; !slices.Contains(sizes, x) {
			sizes = append(sizes, x)
		}
	}
	slices.Sort(sizes)
	var tables []string
	for _, group := range k.groups(sizes) {
		head := []string{""}
		for _, x := range group.sizes {
			head = append(head, k.size(group.sides[0], x))
		}
		rows := [][]string{head}
		for _, figure := range k.Samples.figureNames() {
			for _, side := range group.sides {
				points := k.Samples.points(side, figure)
				if len(points) == 0 {
					continue
				}
				row := []string{figure + ": " + side}
				for _, x := range group.sizes {
					row = append(row, cellOf(points, x))
				}
				rows = append(rows, row)
			}
		}
		tables = append(tables, report.Table(rows))
	}
	return strings.Join(tables, "\n")
}

// group is sides that were measured at the same sizes.
type group struct {
	sizes []float64
	sides []string
}

func (k *kept) groups(sizes []float64) (groups []group) {
	for _, side := range k.Samples.sides() {
		var of []float64
		for _, x := range sizes {
			if slices.ContainsFunc(k.Samples, func(s sample) bool { return s.Side == side && s.X == x }) {
				of = append(of, x)
			}
		}
		i := slices.IndexFunc(groups, func(g group) bool { return slices.Equal(g.sizes, of) })
		if i < 0 {
			i, groups = len(groups), append(groups, group{sizes: of})
		}
		groups[i].sides = append(groups[i].sides, side)
	}
	return groups
}

// size shows what X is of a side: seconds, or a number.
func (k *kept) size(side string, x float64) string {
	if k.Subject == "window" || k.Subject == "recordings" && side != cold && side != warm {
		return length(x)
	}
	return chart.Plain(x)
}

func cellOf(points []chart.Point, x float64) string {
	i := slices.IndexFunc(points, func(p chart.Point) bool { return p.X == x })
	if i < 0 {
		return "–"
	}
	p := points[i]
	s := report.Spread{Median: p.Y, Min: p.Least, Max: p.Most}
	if p.Most == 0 {
		s.Min, s.Max = p.Y, p.Y
	}
	return s.String()
}

// source says where and when the figures were taken.
func (k *kept) source() string {
	text := fmt.Sprintf("\n%s, %d cores (%s), medians with [least–most].", k.Began.UTC().Format(time.DateOnly), k.Machine.Cores, k.Machine.CPU)
	for _, note := range k.Notes {
		text += " " + note
	}
	return text + "\n"
}

// markdown is the run for people: the table, and each round.
func (k *kept) markdown() string {
	rows := [][]string{{"at", "side", "round", "figures", "work"}}
	for i := range k.Samples {
		s := &k.Samples[i]
		work := s.Work
		if s.Fault != "" {
			work = "does not count: " + s.Fault
		}
		rows = append(rows, []string{k.size(s.Side, s.X), s.Side, fmt.Sprint(s.Round), figures(s.Figures), work})
	}
	return "# " + k.Title + "\n\n" + k.table() + k.source() + "\n## Every round\n\n" + report.Table(rows)
}

// together is how long before the newest run another may have been taken for both
// to tell of the same version.
const together = 3 * 24 * time.Hour

// besideNginx is one table of the cases of bench, each from the newest kept run
// that has it: a run may be of one case alone. It is "" when there is none.
func besideNginx(results string) (string, error) {
	runs, err := sideBySide(results)
	if err != nil || len(runs) == 0 {
		return "", err
	}
	rows := [][]string{{"work", "figure", "rostrum", "nginx", "ratio", "taken"}}
	seen := map[string]bool{}
	for _, r := range runs {
		if runs[0].Began.Sub(r.Began) > together {
			break // of another version
		}
		for _, c := range r.Cases {
			if seen[c.Name] {
				continue
			}
			seen[c.Name] = true
			for _, row := range besideRows(c) {
				rows = append(rows, append(row, r.Began.UTC().Format(time.DateOnly)))
			}
		}
	}
	slices.SortStableFunc(rows[1:], func(a, b []string) int { return cmp.Compare(a[0], b[0]) })
	last := runs[0]
	return report.Table(rows) + fmt.Sprintf("\n%d cores (%s), medians with [least–most]; ratios are taken round by round.\n",
		last.Machine.Cores, last.Machine.CPU), nil
}

// sideBySide are the kept runs of bench, the newest first.
func sideBySide(results string) (runs []report.Report, err error) {
	paths, err := filepath.Glob(filepath.Join(results, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("find results: %w", err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read results: %w", err)
		}
		var r report.Report
		if json.Unmarshal(b, &r) == nil && r.Title == "Side by side" { // others have other forms
			runs = append(runs, r)
		}
	}
	slices.SortFunc(runs, func(a, b report.Report) int { return b.Began.Compare(a.Began) })
	return runs, nil
}

// besideRows are the first figure of each of our sides beside the peer's that
// ratios are taken to.
func besideRows(c *report.Case) (rows [][]string) {
	if len(c.Columns) == 0 {
		return nil
	}
	const ours = "rostrum"
	for _, side := range c.Sides() {
		if !strings.HasPrefix(side, ours) {
			continue
		}
		row := []string{c.Name + strings.TrimPrefix(side, ours), c.Columns[0]}
		for _, s := range []string{side, c.Base} {
			text := "–"
			if f, ok := c.Figure(s, c.Columns[0]); ok {
				text = f.String()
			}
			row = append(row, text)
		}
		ratio := "–"
		if r, ok := c.Ratio(side); ok {
			ratio = r.String()
		}
		rows = append(rows, append(row, ratio))
	}
	return rows
}
