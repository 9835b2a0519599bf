package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/chart"
	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

func TestParse(t *testing.T) {
	o, err := parse(nil)
	require.NoError(t, err)
	require.Equal(t, []string{"streams", "viewers", "window", "recordings"}, o.only)
	require.Equal(t, []int{1, 100, 1000, 10000, 100000}, o.recordings)
	require.Equal(t, []time.Duration{10 * time.Minute, time.Hour, 10 * time.Hour}, o.lengths)
	for _, bad := range [][]string{
		{"-only", "speed"}, {"-streams", "0"}, {"-streams", "10,1"}, {"-viewers", "x"}, {"-lengths", "1h,1m"}, {"-lengths", "5"}, {"-rounds", "0"}, {"extra"}, {"-nonsense"},
	} {
		_, err := parse(bad)
		require.ErrorIs(t, err, command.ErrUse, "%v", bad)
	}
}

func TestPointsLeaveOutWhatHasAFault(t *testing.T) {
	s := samples{
		{X: 10, Side: "a", Round: 1, Figures: map[string]float64{"ms": 3}},
		{X: 10, Side: "a", Round: 2, Figures: map[string]float64{"ms": 5}},
		{X: 10, Side: "a", Round: 3, Figures: map[string]float64{"ms": 4}},
		{X: 1, Side: "a", Figures: map[string]float64{"ms": 2}},
		{X: 20, Side: "a", Figures: map[string]float64{"ms": 1}},
		{X: 20, Side: "a", Fault: "lost a picture"},
		{X: 1, Side: "b", Figures: map[string]float64{"MiB": 2}},
	}
	require.Equal(t, []chart.Point{{X: 1, Y: 2}, {X: 10, Y: 4, Least: 3, Most: 5}}, s.points("a", "ms"))
	require.Empty(t, s.points("b", "ms"))
	require.Equal(t, []string{"a", "b"}, s.sides())
	k := kept{Title: "t", Samples: s}
	require.Contains(t, k.table(), "| ms: a | 2.00 | 4.00 [3.00–5.00] | – |")
	require.Contains(t, k.markdown(), "does not count: lost a picture")
}

func TestIngestedIsOfAllStreams(t *testing.T) {
	s := ingested(100, report.Round{Side: "rostrum", Number: 2, Figures: map[string]float64{perStreamMinute: 0.12, perStreamMiB: 0.5}})
	require.InDelta(t, 20, s.Figures[coreShare], 1e-9)
	require.InDelta(t, 50, s.Figures[overIdle], 1e-9)
	require.Nil(t, ingested(1, report.Round{Fault: "x"}).Figures)
}

func TestBenchmarksAreRead(t *testing.T) {
	all, err := readBenchmarks([]byte(`goos: linux
BenchmarkWindow/window=1m0s/viewers=1-2         	    7000	    160000 ns/op	   9000 B/op	     143 allocs/op
BenchmarkWindow/window=12h0m0s/viewers=100-2    	    1000	   1500000 ns/op	   9000 B/op	     943 allocs/op
PASS
`))
	require.NoError(t, err)
	require.Equal(t, []sample{
		{X: 60, Side: "rostrum", Figures: map[string]float64{perPart: 0.16, partAllocs: 143}},
		{X: 43200, Side: "rostrum", Figures: map[string]float64{perPartOf: 1.5}},
	}, all)
	for _, bad := range []string{"PASS\n", "BenchmarkWindow/window=x/viewers=1-2 1 2 ns/op\n", "BenchmarkWindow/window=1s/viewers=1-2 1 x ns/op\n"} {
		_, err := readBenchmarks([]byte(bad))
		require.Error(t, err, bad)
	}
}

// TestDrawing keeps the way from results to the page whole: the newest results
// of each subject, beside a report of bench, into charts and tables.
func TestDrawing(t *testing.T) {
	o := options{results: t.TempDir(), docs: t.TempDir()}
	began := time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	store := func(name string, v any) {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(o.results, name), b, 0o600))
	}
	start := func(ms float64) samples {
		return samples{
			{X: 1, Side: cold, Figures: map[string]float64{startMillis: ms}},
			{X: 1000, Side: cold, Figures: map[string]float64{startMillis: ms}},
			{X: 3600, Side: coldHead, Figures: map[string]float64{firstByte: 77}},
		}
	}
	store("b-growth-recordings.json", kept{Subject: "recordings", Began: began, Samples: start(111)})
	store("a-growth-recordings.json", kept{Subject: "recordings", Began: began.Add(time.Hour), Samples: start(222)})
	beside := func(name string, cpu float64) *report.Case {
		return &report.Case{
			Name: name, Base: "nginx files", Columns: []string{"CPU"},
			Rounds: []report.Round{{Side: "rostrum", Number: 1, Figures: map[string]float64{"CPU": cpu}}, {Side: "nginx files", Number: 1, Figures: map[string]float64{"CPU": 2}}},
		}
	}
	store("c.json", report.Report{Title: "Side by side", Began: began.Add(24 * time.Hour), Cases: []*report.Case{beside("Work", 3)}})
	store("e.json", report.Report{Title: "Side by side", Began: began, Cases: []*report.Case{beside("Work", 9), beside("Other work", 5)}})
	store("d-soak.json", []int{1})

	require.NoError(t, draw(o), "a page is not needed")
	page := filepath.Join(o.docs, "performance.md")
	require.NoError(t, os.WriteFile(page, []byte("no place"), 0o600))
	require.ErrorContains(t, draw(o), "has no place")
	docs, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "performance.md"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(page, docs, 0o600))
	for range 2 { // and again over what stands there
		require.NoError(t, draw(o))
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(string(text), "| Work | CPU | 3.00 | 2.00 | 1.50 |"), "of the newest run")
		require.Equal(t, 1, strings.Count(string(text), "| Other work | CPU | 5.00 | 2.00 | 2.50 |"), "of the newest that has it")
		require.NotContains(t, string(text), "9.00")
		require.Equal(t, 1, strings.Count(string(text), "| start, ms: "+cold+" | 222 | 222 |"))
		require.Equal(t, 1, strings.Count(string(text), "| first byte, ms: "+coldHead+" | 77.0 |"))
		require.Equal(t, 1, strings.Count(string(text), "(growth/start.svg)"))
		require.NotContains(t, string(text), "(growth/list.svg)")
	}
	require.FileExists(t, filepath.Join(o.docs, "growth", "start.svg"))
	require.NoFileExists(t, filepath.Join(o.docs, "growth", "list.svg"))
}

func TestLengthsAreToldAsPeopleDo(t *testing.T) {
	for want, seconds := range map[string]float64{"10 min": 600, "1 h": 3600, "10 h": 36000, "1m30s": 90} {
		require.Equal(t, want, length(seconds))
	}
}
