package report

import (
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func sample() *Case {
	c := &Case{Name: "ingest", Base: "peer", Columns: []string{"CPU", "MiB"}}
	for i, x := range []float64{1, 3, 2} {
		c.Rounds = append(c.Rounds,
			Round{Side: "ours", Number: i + 1, Figures: map[string]float64{"CPU": x, "MiB": 10}, Work: "60 of 60"},
			Round{Side: "peer", Number: i + 1, Figures: map[string]float64{"CPU": 2 * x, "MiB": 4}})
	}
	return c
}

func TestSpreadAndPercentile(t *testing.T) {
	require.Equal(t, Spread{Median: 2, Min: 1, Max: 9}, SpreadOf([]float64{9, 1, 2}))
	require.InDelta(t, 2.5, SpreadOf([]float64{4, 1, 3, 2}).Median, 0)
	require.InDelta(t, 95, Percentile(upTo(100), 0.95), 0)
	require.InDelta(t, 20, Percentile(upTo(20), 0.99), 0)
	require.InDelta(t, 1, Percentile(upTo(20), 0), 0)
	require.True(t, math.IsNaN(Percentile(nil, 0.5)))
}

func upTo(n int) (s []float64) {
	for i := n; i > 0; i-- {
		s = append(s, float64(i))
	}
	return s
}

func TestNumberKeepsThreeDigits(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 1234.5: "1234", 12.34: "12.3", 1.234: "1.23", 0.1234: "0.123", 0.01234: "0.0123", math.Inf(1): "–"} {
		require.Equal(t, want, Number(x))
	}
}

func TestRatioIsRoundByRound(t *testing.T) {
	c := sample()
	s, ok := c.Ratio("ours")
	require.True(t, ok)
	require.Equal(t, Spread{Median: 0.5, Min: 0.5, Max: 0.5}, s)
	require.Equal(t, []string{"ours", "2.00 [1.00–3.00]", "0.500", "10.0", "60 of 60"}, c.table()[1])
	require.Equal(t, "1", c.table()[2][2])
}

func TestNoRatioWhenEitherSideLost(t *testing.T) {
	for _, lost := range []int{0, 1} {
		c := sample()
		c.Rounds[lost].Fault = "lost 3 of 60 pictures"
		_, ok := c.Ratio("ours")
		require.False(t, ok)
		var out strings.Builder
		require.NoError(t, c.Print(&out))
		require.Contains(t, out.String(), "lost 3 of 60 pictures")
		require.Contains(t, out.String(), "none")
		require.NotContains(t, out.String(), "0.500")
		side, _ := c.Figure(c.Rounds[lost].Side, "CPU")
		require.NotEqual(t, 1.0, side.Min/float64(1+lost), "the lost round's figure is left out")
	}
}

func TestWriteKeepsBothForms(t *testing.T) {
	r := &Report{Title: "bench", Began: time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), Machine: ThisMachine(t.Context(), map[string][]string{"none": {"/no/such/program"}}), Cases: []*Case{sample()}}
	require.Equal(t, "missing", r.Machine.Versions["none"])
	require.NotEmpty(t, r.Machine.Kernel)
	path, err := r.Write(t.Context(), t.TempDir(), "-x")
	require.NoError(t, err)
	require.Contains(t, path, "2026-01-02-")
	md, err := os.ReadFile(path + ".md")
	require.NoError(t, err)
	require.Contains(t, string(md), "| ours | 2.00 [1.00–3.00] | 0.500 | 10.0 | 60 of 60 |\n")
	b, err := os.ReadFile(path + ".json")
	require.NoError(t, err)
	var back Report
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, *r, back)
}

func TestBusyMachineIsTold(t *testing.T) {
	require.Empty(t, Machine{Others: 0.05}.Busy())
	require.Contains(t, Machine{Others: 0.25}.Busy(), "25 %")
	busy, all := spent("cpu  100 5 50 800 20 3 2 1 0 0\ncpu0 1 2 3\n")
	require.InDelta(t, 161, busy, 0)
	require.InDelta(t, 981, all, 0)
}

func TestManyFiguresTurnTheTable(t *testing.T) {
	c := &Case{Columns: []string{"a", "b", "c", "d", "e"}, Rounds: []Round{
		{Side: "x", Number: 1, Figures: map[string]float64{"a": 1, "e": 5}},
		{Side: "y", Number: 1, Figures: map[string]float64{"a": 2}},
	}}
	table := c.table()
	require.Equal(t, []string{"side", "x", "y"}, table[0])
	require.Equal(t, []string{"a", "1.00", "2.00"}, table[1])
	require.Equal(t, []string{"e", "5.00", "–"}, table[5])
	require.Equal(t, "work", table[6][0])
}

func TestMarkdownCellsStayInTheirTable(t *testing.T) {
	c := sample()
	c.Rounds[0].Fault = "a|b\nc"
	md := (&Report{Cases: []*Case{c}}).Markdown()
	require.Contains(t, md, "a\\|b c")
}
