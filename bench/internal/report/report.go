package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is one run of measurements.
type Report struct {
	Title   string    `json:"title"`
	Began   time.Time `json:"began"`
	Machine Machine   `json:"machine"`
	Notes   []string  `json:"notes,omitempty"`
	Cases   []*Case   `json:"cases"`
}

// Case is one thing measured on several sides.
type Case struct {
	Name string `json:"name"`
	// Base is the side that ratios are taken to; "" for no ratios.
	Base string `json:"base,omitempty"`
	// Columns are the names of the figures in the order to show; ratios are of
	// the first.
	Columns []string `json:"columns"`
	Rounds  []Round  `json:"rounds"`
	// Detail is what the figures were made of, kept in the JSON alone.
	Detail any `json:"detail,omitempty"`
}

// Round is one side's figures in one round.
type Round struct {
	Side    string             `json:"side"`
	Number  int                `json:"round"` // from 1
	Figures map[string]float64 `json:"figures,omitempty"`
	// Work tells what was checked, such as the pictures sent and read.
	Work string `json:"work,omitempty"`
	// Fault says why the round does not count: what was lost or went wrong.
	Fault string `json:"fault,omitempty"`
}

// Sides returns the names of the sides in the order of their first rounds.
func (c *Case) Sides() []string {
	var sides []string
	for _, r := range c.Rounds {
		if !slices.Contains(sides, r.Side) {
			sides = append(sides, r.Side)
		}
	}
	return sides
}

// Faults returns what went wrong on a side.
func (c *Case) Faults(side string) []string {
	var faults []string
	for _, r := range c.Rounds {
		if r.Side == side && r.Fault != "" {
			faults = append(faults, fmt.Sprintf("round %d: %s", r.Number, r.Fault))
		}
	}
	return faults
}

// Figure returns a side's spread of one column, over the rounds that count.
func (c *Case) Figure(side, column string) (Spread, bool) {
	var all []float64
	for _, r := range c.Rounds {
		if x, ok := r.Figures[column]; ok && r.Side == side && r.Fault == "" {
			all = append(all, x)
		}
	}
	if len(all) == 0 {
		return Spread{}, false
	}
	return SpreadOf(all), true
}

// Ratio returns the spread of a side's first column over the base's, round by
// round. There is none when either side has a fault in any round: half the
// work is not a cheaper way to do it.
func (c *Case) Ratio(side string) (Spread, bool) {
	if c.Base == "" || side == c.Base || len(c.Columns) == 0 || len(c.Faults(side)) > 0 || len(c.Faults(c.Base)) > 0 {
		return Spread{}, false
	}
	base := map[int]float64{}
	for _, r := range c.Rounds {
		if r.Side == c.Base {
			base[r.Number] = r.Figures[c.Columns[0]]
		}
	}
	var all []float64
	for _, r := range c.Rounds {
		if under := base[r.Number]; r.Side == side && under > 0 {
			all = append(all, r.Figures[c.Columns[0]]/under)
		}
	}
	if len(all) == 0 {
		return Spread{}, false
	}
	return SpreadOf(all), true
}

// wide is the number of columns from which a table is turned on its side.
const wide = 5

// table is the case as rows of cells, the head first: a row for each side, or
// a column for each where there are many figures.
func (c *Case) table() [][]string {
	rows := c.bySide()
	if len(c.Columns) < wide {
		return rows
	}
	turned := make([][]string, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			turned[i] = append(turned[i], text)
		}
	}
	return turned
}

// bySide has a row for each side. The ratio stands beside the column that it
// is of.
func (c *Case) bySide() [][]string {
	head := []string{"side"}
	for i, column := range c.Columns {
		head = append(head, column)
		if i == 0 && c.Base != "" {
			head = append(head, "ratio to "+c.Base)
		}
	}
	rows := [][]string{append(head, "work")}
	for _, side := range c.Sides() {
		row := []string{side}
		for i, column := range c.Columns {
			cell := "–"
			if s, ok := c.Figure(side, column); ok {
				cell = s.String()
			}
			row = append(row, cell)
			if i == 0 && c.Base != "" {
				row = append(row, c.ratioCell(side))
			}
		}
		rows = append(rows, append(row, c.work(side)))
	}
	return rows
}

func (c *Case) ratioCell(side string) string {
	if side == c.Base {
		return "1"
	}
	if s, ok := c.Ratio(side); ok {
		return s.String()
	}
	return "none"
}

// work is the last round's, or what was lost.
func (c *Case) work(side string) string {
	if faults := c.Faults(side); len(faults) > 0 {
		return strings.Join(faults, "; ")
	}
	work := ""
	for _, r := range c.Rounds {
		if r.Side == side {
			work = r.Work
		}
	}
	return work
}

// Print writes one case as a table for a terminal.
func (c *Case) Print(w io.Writer) error {
	if _, err := fmt.Fprintf(w, "\n%s\n", c.Name); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range c.table() {
		if _, err := fmt.Fprintln(t, "  "+strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}
