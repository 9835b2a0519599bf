package trend

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// hours are n times, ten seconds apart.
func hours(n int) []float64 {
	t := make([]float64, n)
	for i := range t {
		t[i] = float64(i) / 360
	}
	return t
}

// values are level + slope·t + noise(i).
func values(times []float64, level, slope float64, noise func(i int) float64) []float64 {
	v := make([]float64, len(times))
	for i, t := range times {
		v[i] = level + slope*t + noise(i)
	}
	return v
}

func none(int) float64 { return 0 }

func white(size float64) func(int) float64 {
	r := rand.New(rand.NewPCG(1, 2))
	return func(int) float64 { return size * r.NormFloat64() }
}

func TestLineOfKnownFigures(t *testing.T) {
	// Worked by hand: Stt 60, Stv 30, Svv 20, so the residuals' squares are 5.
	times := []float64{0, 1, 2, 3, 4, 5, 6, 7, 8}
	v := []float64{1, 3, 2, 4, 3, 5, 4, 6, 5}
	f := Of(times, v)
	require.InDelta(t, 0.5, f.Slope, 1e-12)
	// Residuals swing, so all nine samples count.
	require.InDelta(t, 9, f.Independent, 1e-12)
	wide := 2.365 * math.Sqrt(5.0/7/60) // t of 7 degrees is 2.365
	require.InDelta(t, 0.5-wide, f.Least, 2e-3)
	require.InDelta(t, 0.5+wide, f.Most, 2e-3)
	require.Equal(t, []float64{2.5, 3.5, 5}, []float64{f.Start, f.Mid, f.End})
	require.False(t, f.Apart, "4 is in the first tenth and in the last")
	require.InDelta(t, 8, f.Took, 0)
}

func TestQuantile(t *testing.T) {
	for degrees, want := range map[float64]float64{3: 3.182, 5: 2.571, 10: 2.228, 30: 2.042, 1000: 1.962} {
		require.InEpsilon(t, want, quantile(degrees), 0.01, "%v degrees", degrees)
	}
}

func TestVerdicts(t *testing.T) {
	step := func(at int, size float64) func(int) float64 {
		return func(i int) float64 {
			if i < at {
				return 0
			}
			return size
		}
	}
	half := hours(180) // half an hour
	for name, c := range map[string]struct {
		values []float64
		floor  float64
		want   Verdict
	}{
		"nothing moves":                        {values(half, 100, 0, none), 0, Level},
		"nothing is there":                     {values(half, 0, 0, none), 0, Level},
		"noise alone":                          {values(half, 100, 0, white(5)), 0, Level},
		"a leak under noise":                   {values(half, 100, 12, white(3)), 0, Rises},
		"a leak without noise":                 {values(half, 100, 5, none), 0, Rises},
		"a rise under 2 %":                     {values(half, 100, 3, none), 0, Level},
		"a fall":                               {values(half, 100, -30, white(1)), 0, Falls},
		"noise in few samples":                 {values(hours(12), 100, 0, white(20)), 0, Level},
		"a large step":                         {values(half, 100, 0, step(90, 50)), 0, Rises},
		"a small step":                         {values(half, 100, 0, step(90, 1)), 0, Level},
		"one thread more, of which a few may":  {values(half, 10, 0, step(90, 1)), 4, Level},
		"five threads more, of which four may": {values(half, 10, 0, step(90, 5)), 4, Rises},
		"from nothing":                         {values(half, 0, 20, none), 1, Rises},
	} {
		f := Of(hours(len(c.values)), c.values)
		require.Equal(t, c.want, f.Judge(c.floor), "%s: %+v", name, f)
	}
}

// What wanders is not called a leak as often as a line through independent
// samples would call it: its neighbours are alike.
func TestWanderingWidensTheInterval(t *testing.T) {
	times := hours(180)
	r := rand.New(rand.NewPCG(3, 4))
	sure, x := 0, 0.0
	const runs = 400
	for range runs {
		v := values(times, 100, 0, func(int) float64 {
			x = 0.8*x + r.NormFloat64()
			return x
		})
		if f := Of(times, v); f.Least > 0 || f.Most < 0 {
			sure++
		}
	}
	require.Less(t, sure, runs/10, "5 %% is promised; a plain fit says so of a third")
	require.Positive(t, sure, "an interval that always holds zero tells nothing")
}
