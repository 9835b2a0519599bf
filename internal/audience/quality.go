package audience

import (
	"slices"
	"time"
)

// The upper bounds, in milliseconds, of the stretches in which start-up times and
// latencies are counted; the last stretch has none.
var (
	StartupBounds = []int64{100, 250, 500, 1000, 2000, 4000, 8000}
	LatencyBounds = []int64{500, 1000, 2000, 4000, 8000, 15000, 30000}
)

const (
	// maxRungs bounds how many heights of pictures are told apart.
	maxRungs = 12
	// reportLapse is how long after a report its player counts: reports come
	// each 20 s, also where a cache answers for playlists.
	reportLapse = 45 * time.Second
)

// Report is what a player tells of how it plays, since it began.
type Report struct {
	Startup time.Duration // from the wish to play to the first picture; 0: there was none yet
	Stalls  int64
	Stalled time.Duration
	Played  time.Duration
	Latency time.Duration // now, behind the encoder; 0: not known
	Height  int           // of the picture now; 0: not known
}

// Quality sums up what the players of a broadcast told. Its JSON is kept.
type Quality struct {
	Players   int64         `json:"players"` // that told of anything
	Startups  []int64       `json:"startups"`
	Latencies []int64       `json:"latencies"` // milliseconds played at each
	Stalls    int64         `json:"stalls"`
	StalledMs int64         `json:"stalled_ms"`
	PlayedMs  int64         `json:"played_ms"`
	Rungs     map[int]int64 `json:"rungs"` // milliseconds played, by the picture's height
}

func (q *Quality) merge(o Quality) {
	q.Players, q.Stalls, q.StalledMs, q.PlayedMs = q.Players+o.Players, q.Stalls+o.Stalls, q.StalledMs+o.StalledMs, q.PlayedMs+o.PlayedMs
	q.Startups, q.Latencies = sum(q.Startups, o.Startups, len(StartupBounds)+1), sum(q.Latencies, o.Latencies, len(LatencyBounds)+1)
	for height, ms := range o.Rungs {
		q.rung(height, ms)
	}
}

// sum adds b to a, both counted in n stretches.
func sum(a, b []int64, n int) []int64 {
	out := make([]int64, n)
	for _, list := range [][]int64{a, b} {
		for i := range min(n, len(list)) {
			out[i] += list[i]
		}
	}
	return out
}

func (q *Quality) rung(height int, ms int64) {
	if q.Rungs == nil {
		q.Rungs = map[int]int64{}
	}
	if _, known := q.Rungs[height]; known || len(q.Rungs) < maxRungs {
		q.Rungs[height] += ms
	}
}

// stretch is that in which a value lies.
func stretch(bounds []int64, ms int64) int {
	i, _ := slices.BinarySearch(bounds, ms)
	return i
}

// Tell takes a player's report, by which its viewing goes on. It returns false
// for a viewing that is not known, whose player has asked for no playlist: a
// stranger's words do not count.
func (r *Room) Tell(id string, rep Report) bool {
	if r == nil {
		return false
	}
	sh := r.shard(id)
	sh.mu.Lock()
	v := sh.viewers[id]
	if v == nil {
		sh.mu.Unlock()
		return false
	}
	first := v.told == nil
	var before Report
	if !first {
		before = *v.told
	}
	v.told = &rep
	sh.mu.Unlock()
	r.extend(id, reportLapse)
	r.learn(before, rep, first)
	return true
}

// learn adds what is new in a report. No player plays, stalls or starts for
// longer than a report goes on for, so that one that lies cannot drown the others.
func (r *Room) learn(before, now Report, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	q := &r.sums
	q.merge(Quality{}) // lists of the right length
	r.pending.told = true
	if first {
		q.Players++
	}
	if before.Startup == 0 && now.Startup > 0 {
		q.Startups[stretch(StartupBounds, now.Startup.Milliseconds())]++
	}
	played := bounded(now.Played - before.Played)
	q.PlayedMs += played
	q.StalledMs += bounded(now.Stalled - before.Stalled)
	q.Stalls += min(max(now.Stalls-before.Stalls, 0), int64(reportLapse/time.Second))
	if now.Latency > 0 {
		q.Latencies[stretch(LatencyBounds, now.Latency.Milliseconds())] += played
	}
	if now.Height > 0 {
		q.rung(now.Height, played)
	}
}

func bounded(d time.Duration) int64 { return min(max(d, 0), reportLapse).Milliseconds() }
