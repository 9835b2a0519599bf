package report

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
)

// Write keeps the report in the folder as <date>-<commit><suffix>.md and
// .json and returns the path without its ending. What lies there under that
// name stays: a number is added.
func (r *Report) Write(ctx context.Context, folder, suffix string) (string, error) {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encode results: %w", err)
	}
	return keep(ctx, folder, suffix, r.Began, r.Markdown(), b)
}

// commit is the short name of what is checked out, or "nogit".
func commit(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return "nogit"
	}
	return strings.TrimSpace(string(out))
}

// Markdown is the report for people: the summary, then every round.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s. %d cores, %s, kernel %s, memory %s, load before the run %s.\n\n",
		r.Title, r.Began.UTC().Format("2006-01-02 15:04 MST"), r.Machine.Cores, r.Machine.CPU, r.Machine.Kernel, r.Machine.Memory, r.Machine.Load)
	for _, name := range slices.Sorted(maps.Keys(r.Machine.Versions)) {
		fmt.Fprintf(&b, "- %s: %s\n", name, r.Machine.Versions[name])
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	b.WriteString("\nFigures are medians of the rounds with [least–most]. How to read them: bench/README.md.\n")
	for _, c := range r.Cases {
		fmt.Fprintf(&b, "\n## %s\n\n", c.Name)
		markdownTable(&b, c.table())
	}
	b.WriteString("\n## Every round\n")
	for _, c := range r.Cases {
		fmt.Fprintf(&b, "\n%s\n\n", c.Name)
		rows := [][]string{append(append([]string{"round", "side"}, c.Columns...), "work")}
		for _, round := range c.Rounds {
			row := []string{fmt.Sprint(round.Number), round.Side}
			for _, column := range c.Columns {
				cell := "–"
				if x, ok := round.Figures[column]; ok {
					cell = Number(x)
				}
				row = append(row, cell)
			}
			work := round.Work
			if round.Fault != "" {
				work = "does not count: " + round.Fault
			}
			rows = append(rows, append(row, work))
		}
		markdownTable(&b, rows)
	}
	return b.String()
}

// cell keeps a text from breaking out of its table.
var cell = strings.NewReplacer("|", "\\|", "\n", " ")

func markdownTable(b *strings.Builder, rows [][]string) {
	for i, row := range rows {
		for _, text := range row {
			b.WriteString("| " + cell.Replace(text) + " ")
		}
		b.WriteString("|\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
}
