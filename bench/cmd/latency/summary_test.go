package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/browser"
	"github.com/rostrumlive/rostrum/bench/internal/command"
)

func at(ms float64) *float64 { return &ms }

// steady is a viewer whose first picture came at 500 ms and whose latency was
// a second for a second and 400 ms from then on, at 10 pictures a second.
func steady() *browser.Join {
	j := &browser.Join{
		Asked: at(200), Play: at(300), First: at(500), End: 5500, Playlists: 20, Media: 30, Dropped: 2,
		Stalls: [][2]float64{{700, 150}, {900, 250}}, Waiting: []float64{700}, Frozen: [][2]float64{{1000, 120}},
	}
	for ms := 500.0; ms < 5500; ms += 100 {
		age := 400.0
		if ms < 1500 {
			age = 1000
		}
		j.Samples = append(j.Samples, [3]float64{ms, age, age + 16})
	}
	return j
}

func TestSummaryLeavesTheSettlingOut(t *testing.T) {
	r := summary("ours", []*browser.Join{steady()}, 2*time.Second, []float64{8, 9, 30})
	require.Empty(t, r.Fault)
	require.Equal(t, map[string]float64{
		"latency p50": 400, "p95": 400, "p99": 400, "on display p95": 416,
		"play to picture, median": 300, "worst": 300, "navigation to picture, median": 500,
		"settled after": 900, "stalls": 2, "stalled in all": 400, "waiting events": 1,
		"requests a second": 10, "failed requests": 0, "page frozen in all": 120,
		"encoder's delay p50": 9, "encoder's delay p95": 30,
	}, r.Figures)
	require.Equal(t, "1 joins, 30 pictures, 0 unread, 2 dropped", r.Work)
	for column := range r.Figures {
		require.Contains(t, columns, column)
	}
	require.Len(t, columns, len(r.Figures))

	r = summary("ours", []*browser.Join{steady()}, 0, nil)
	require.InDelta(t, 1000, r.Figures["p95"], 0)
	require.NotContains(t, r.Figures, "encoder's delay p50", "there is no figure where nothing was measured")
}

func TestSummaryTellsOfJoinsWithoutAPicture(t *testing.T) {
	dark := &browser.Join{Failed: 2, Failures: []string{"404 /live"}}
	r := summary("ours", []*browser.Join{steady(), dark}, time.Second, nil)
	require.Equal(t, "1 of 2 joins saw no picture", r.Fault)
	require.InDelta(t, 2, r.Figures["failed requests"], 0)
	require.Contains(t, brief(dark, time.Second), "404 /live")
	require.Contains(t, brief(steady(), 2*time.Second), "picture 300 ms after play, latency p50 400 p95 400 ms, 2 stalls, 0 of 50")
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"-parts", "100ms,200ms", "-servers", "rostrum,nginx", "-players", "stock", "-joins", "2"})
	require.NoError(t, err)
	require.Equal(t, []string{"100ms", "200ms"}, o.parts)
	require.Equal(t, []string{"rostrum", "nginx"}, o.servers)
	for _, bad := range [][]string{
		{"-servers", "srs"}, {"-players", "vlc"}, {"-parts", "7"}, {"-joins", "0"}, {"-watch", "2s", "-settle", "2s"}, {"-throttle", "0.5"}, {"extra"}, {"-nonsense"},
	} {
		_, err := parse(bad)
		require.ErrorIs(t, err, command.ErrUse, "%v", bad)
	}
}
