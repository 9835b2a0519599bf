package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/tally"
	"github.com/rostrumlive/rostrum/bench/internal/trend"
	"github.com/rostrumlive/rostrum/bench/internal/vitals"
)

// page is what the run found.
type page struct {
	Title    string         `json:"title"`
	Began    time.Time      `json:"began"`
	Machine  report.Machine `json:"machine"`
	Notes    []string       `json:"notes"`
	Failed   bool           `json:"failed"`
	Measures []measured     `json:"measures"`
	Faults   []tally.Kind   `json:"faults"`
	Events   []tally.Kind   `json:"events"`
	// Seconds are the times of the samples, Samples their values by measure.
	Seconds []float64                 `json:"seconds"`
	Samples map[vitals.Name][]float64 `json:"samples"`
}

// measured is one measure over the run. Rates are by the hour.
type measured struct {
	Name    vitals.Name   `json:"name"`
	Before  float64       `json:"before"`
	After   *float64      `json:"after"`
	Trend   *trend.Trend  `json:"trend"` // nil when there were too few samples
	Verdict trend.Verdict `json:"verdict"`
	Judged  bool          `json:"judged"`
}

// page judges the samples. cut says why the run was shorter than it was to be.
func (s *soak) page(cut error) *page {
	last := s.samples[len(s.samples)-1]
	for _, name := range []vitals.Name{vitals.Panics, vitals.Lost, vitals.Unread} {
		if n := last.Sample[name]; n > 0 {
			s.tally.Fault(string(name), "%.0f, as the server counts", n)
		}
	}
	p := &page{Title: "Soak", Began: s.began, Machine: s.machine, Faults: s.tally.Faults(), Events: s.tally.Events()}
	p.Failed = len(p.Faults) > 0
	p.notes(s, cut)
	settled := slices.IndexFunc(s.samples, func(x sample) bool { return x.at >= s.settle() })
	for _, m := range vitals.Measures {
		row := measured{Name: m.Name, Judged: m.Judged, Before: s.before[m.Name], Verdict: "too few samples"}
		if s.after != nil {
			after := s.after[m.Name]
			row.After = &after
		}
		if settled >= 0 && len(s.samples)-settled >= trend.Fewest {
			hours, values := series(s.samples[settled:], m.Name)
			f := trend.Of(hours, values)
			row.Trend, row.Verdict = &f, f.Judge(m.Floor)
		}
		p.Failed = p.Failed || m.Judged && row.Verdict == trend.Rises
		p.Measures = append(p.Measures, row)
	}
	p.keep(s.samples)
	return p
}

func series(samples []sample, name vitals.Name) (hours, values []float64) {
	for _, x := range samples {
		hours, values = append(hours, x.at.Hours()), append(values, x.Sample[name])
	}
	return hours, values
}

func (p *page) notes(s *soak, cut error) {
	first, last := s.samples[0], s.samples[len(s.samples)-1]
	took := last.at - first.at
	breaks := "encoders never break"
	if s.reconnect > 0 {
		breaks = fmt.Sprintf("each encoder breaks once in %s, by FIN, RST, silence and a clean stop in turn, and comes back after 1–10 s", brief(s.reconnect))
	}
	p.Notes = append(p.Notes,
		fmt.Sprintf("%s; %d streams of 320×180, %d + 32 kbit/s, all recorded; %s.", brief(took), s.streams, s.kbps, breaks),
		fmt.Sprintf("%d viewers at any one time, for 20–90 s each: of ten, seven follow LL-HLS by blocking reloads, two poll plain lists, one never reads; half leave by RST.", s.viewers),
		fmt.Sprintf("Samples every %s; the first %s are left out of the table.", brief(s.every), brief(s.settle())))
	if took > 0 {
		busy := last.Sample[vitals.Processor] - first.Sample[vitals.Processor]
		p.Notes = append(p.Notes, fmt.Sprintf("The server used %s of one core; the load ran on the same machine.", report.Number(busy/took.Seconds())))
	}
	if busy := s.machine.Busy(); busy != "" {
		p.Notes = append(p.Notes, busy)
	}
	if cut != nil {
		p.Notes = append(p.Notes, "The run was cut short: "+cut.Error())
	}
}

// most is how many samples are kept for each measure.
const most = 600

// keep thins the samples out to at most as many as that.
func (p *page) keep(samples []sample) {
	step := (len(samples) + most - 1) / most
	p.Samples = map[vitals.Name][]float64{}
	for i := 0; i < len(samples); i += step {
		p.Seconds = append(p.Seconds, float64(samples[i].at.Milliseconds())/1000)
		for _, m := range vitals.Measures {
			p.Samples[m.Name] = append(p.Samples[m.Name], float64(int64(samples[i].Sample[m.Name]*100))/100)
		}
	}
}

// Markdown is the page for people.
func (p *page) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s. %d cores, %s, kernel %s, memory %s, load before the run %s.\n\n",
		p.Title, p.Began.UTC().Format("2006-01-02 15:04 MST"), p.Machine.Cores, p.Machine.CPU, p.Machine.Kernel, p.Machine.Memory, p.Machine.Load)
	for _, name := range slices.Sorted(maps.Keys(p.Machine.Versions)) {
		fmt.Fprintf(&b, "- %s: %s\n", name, p.Machine.Versions[name])
	}
	for _, note := range p.Notes {
		fmt.Fprintf(&b, "- %s\n", note)
	}
	b.WriteString("\nHow to read it: docs/endurance.md.\n\n## What the server held\n\n")
	b.WriteString(report.Table(p.table()))
	b.WriteString("\n## Faults\n\n")
	if len(p.Faults) == 0 {
		b.WriteString("None.\n")
	}
	for _, k := range p.Faults {
		fmt.Fprintf(&b, "- %d × %s\n", k.Count, k.Name)
		for _, example := range k.Examples {
			fmt.Fprintf(&b, "  - %s\n", strings.ReplaceAll(example, "\n", "; "))
		}
	}
	b.WriteString("\n## What happened\n\n")
	rows := [][]string{{"event", "times"}}
	for _, k := range p.Events {
		rows = append(rows, []string{k.Name, fmt.Sprint(k.Count)})
	}
	b.WriteString(report.Table(rows))
	return b.String()
}

func (p *page) table() [][]string {
	rows := [][]string{{"measure", "idle before", "start", "mid", "end", "slope an hour [95 %]", "verdict", "idle after"}}
	for _, m := range p.Measures {
		row := []string{string(m.Name), report.Number(m.Before), "–", "–", "–", "–", string(m.Verdict), "–"}
		if f := m.Trend; f != nil {
			row[2], row[3], row[4] = report.Number(f.Start), report.Number(f.Mid), report.Number(f.End)
			row[5] = fmt.Sprintf("%s [%s … %s]", report.Number(f.Slope), report.Number(f.Least), report.Number(f.Most))
		}
		if !m.Judged {
			row[6] += ", not judged"
		}
		if m.After != nil {
			row[7] = report.Number(*m.After)
		}
		rows = append(rows, row)
	}
	return rows
}
