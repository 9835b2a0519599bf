package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// samples are pictures of every kind: look at testdata when they change.
func samples() map[string]Chart {
	ours := []Point{{1, 0.5, 0.45, 0.55}, {10, 2.1, 2, 2.6}, {50, 9.6, 9.1, 10.3}, {100, 19.5, 18.8, 21}, {500, 97, 95, 99}}
	peer := []Point{{X: 1, Y: 0.4}, {X: 10, Y: 2.9}, {X: 50, Y: 13.1}, {X: 100, Y: 27}}
	level := []Point{{X: 60, Y: 0.16}, {X: 600, Y: 0.155}, {X: 3600, Y: 0.17}, {X: 43200, Y: 0.162}}
	rising := []Point{{X: 0, Y: 3}, {X: 30, Y: 40}, {X: 60, Y: 75}}
	minutes := func(x float64) string { return fmt.Sprintf("%g min", x/60) }
	return map[string]Chart{
		"streams": {
			Title:  "Processor over the number of streams",
			X:      Axis{Label: "streams", Log: true},
			Y:      Axis{Label: "% of one core", Log: true},
			Series: []Series{{Name: "rostrum: LL-HLS & recording", Points: ours}, {Name: "nginx-rtmp", Points: peer}, Proportional(ours).Line("proportional, 0.24 for each", ours), Proportional(peer).Line("proportional, 0.3 for each", peer)},
		},
		"level": {
			Title:  "Time for a part <and its update>",
			X:      Axis{Label: "window", Log: true, Format: minutes},
			Y:      Axis{Label: "ms", Log: true},
			Series: []Series{{Name: "part", Points: level}, Constant(level).Line("constant", level)},
		},
		"linear": {
			Title:  "First byte",
			X:      Axis{Label: "minutes"},
			Y:      Axis{Label: "ms"},
			Series: []Series{{Name: "cold", Points: rising}, Linear(rising).Line("a fixed share and so much a minute", rising)},
		},
	}
}

func TestPicturesAreAsTheyWere(t *testing.T) {
	for name, c := range samples() {
		path := filepath.Join("testdata", name+".svg")
		got := c.SVG()
		if *update {
			require.NoError(t, os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "run with -update, and look at the picture")
	}
}

func TestPicturesAreXML(t *testing.T) {
	for name, c := range samples() {
		d := xml.NewDecoder(bytes.NewReader(c.SVG()))
		for {
			_, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, name)
		}
	}
	require.NotContains(t, string(Chart{}.SVG()), "NaN", "nothing is a picture, too")
}

func TestLaws(t *testing.T) {
	points := []Point{{X: 1, Y: 2}, {X: 10, Y: 20}, {X: 100, Y: 200}}
	require.InDelta(t, 2, Proportional(points).Each, 1e-9)
	require.InDelta(t, 20, Constant(points).Fixed, 1e-9)
	l := Linear([]Point{{X: 10, Y: 8}, {X: 20, Y: 13}})
	require.InDelta(t, 3, l.Fixed, 1e-9)
	require.InDelta(t, 13, l.At(20), 1e-9)
	line := l.Line("law", []Point{{X: 1}, {X: 100}})
	require.True(t, line.Law)
	require.InDelta(t, l.At(100), line.Points[len(line.Points)-1].Y, 1e-9)
}

func TestTicks(t *testing.T) {
	require.Equal(t, []float64{0, 20, 40, 60, 80, 100}, linearTicks(97))
	require.Equal(t, []float64{0, 0.5, 1, 1.5, 2, 2.5}, linearTicks(2.2))
	require.Equal(t, []float64{1, 2, 5, 10, 20, 50, 100}, logTicks(1, 97))
	require.Equal(t, []float64{0.1, 1, 10, 100, 1000}, logTicks(0.4, 1000))
	level := logTicks(5, 6)
	require.LessOrEqual(t, level[0], 5.0)
	require.GreaterOrEqual(t, level[len(level)-1], 6.0)
	require.GreaterOrEqual(t, level[len(level)-1]/level[0], 10.0)
	for _, most := range []float64{1e-9, 0.003, 1, 7, 999, 1e9} {
		ticks := linearTicks(most)
		require.GreaterOrEqual(t, ticks[len(ticks)-1], most)
		require.Less(t, len(ticks), 9)
		for _, least := range []float64{most, most / 3, most / 1e6} {
			ticks := logTicks(least, most)
			require.LessOrEqual(t, ticks[0], least)
			require.GreaterOrEqual(t, ticks[len(ticks)-1]*(1+1e-9), most)
			require.Less(t, len(ticks), 14)
		}
	}
}

func TestPlain(t *testing.T) {
	for want, x := range map[string]float64{
		"0": 0, "1": 1, "0.05": 0.05, "0.00123": 0.001234, "12.3": 12.34, "100": 100, "1,000": 1000, "43,200": 43200, "1,234,567": 1234567, "-100": -100, "-1,000": -1000,
	} {
		require.Equal(t, want, Plain(x))
	}
	require.NotPanics(t, func() { Plain(math.Inf(1)) })
}
