package main

import (
	"fmt"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/browser"
	"github.com/rostrumlive/rostrum/bench/internal/report"
)

// columns are the figures of a player; milliseconds where nothing else is said.
var columns = []string{
	"latency p50", "p95", "p99", "on display p95",
	"play to picture, median", "worst", "navigation to picture, median",
	"settled after", "stalls", "stalled in all", "waiting events", "requests a second", "failed requests",
	"page frozen in all", "encoder's delay p50", "encoder's delay p95",
}

// summary makes one player's row of all its joins. Latency is of all pictures
// after the settling time; stalls count from the first movement on.
func summary(name string, joins []*browser.Join, settle time.Duration, delays []float64) report.Round {
	var latency, display, play, navigation, settled []float64
	var stalls, waiting, requests, failed, unread, dropped, dark int
	var stalled, frozen, seconds float64
	for _, j := range joins {
		failed += j.Failed
		unread += j.Unread
		dropped += j.Dropped
		if j.First == nil {
			dark++
			continue
		}
		for _, s := range after(j, settle) {
			latency, display = append(latency, s[1]), append(display, s[2])
		}
		play = append(play, *j.First-start(j))
		navigation = append(navigation, *j.First)
		if at, ok := settledAt(j); ok {
			settled = append(settled, at)
		}
		for _, s := range j.Stalls {
			stalls++
			stalled += s[1]
		}
		for _, f := range j.Frozen {
			frozen += f[1]
		}
		waiting += len(j.Waiting)
		requests += j.Playlists + j.Media
		seconds += (j.End - *j.First) / 1000
	}
	r := report.Round{Side: name, Number: 1, Figures: map[string]float64{
		"stalls": float64(stalls), "stalled in all": stalled, "waiting events": float64(waiting),
		"failed requests": float64(failed), "page frozen in all": frozen,
	}}
	put := func(column string, figures []float64, p float64) {
		if len(figures) > 0 {
			r.Figures[column] = report.Percentile(figures, p)
		}
	}
	put("latency p50", latency, 0.5)
	put("p95", latency, 0.95)
	put("p99", latency, 0.99)
	put("on display p95", display, 0.95)
	put("play to picture, median", play, 0.5)
	put("worst", play, 1)
	put("navigation to picture, median", navigation, 0.5)
	put("settled after", settled, 0.5)
	put("encoder's delay p50", delays, 0.5)
	put("encoder's delay p95", delays, 0.95)
	if seconds > 0 {
		r.Figures["requests a second"] = float64(requests) / seconds
	}
	r.Work = fmt.Sprintf("%d joins, %d pictures, %d unread, %d dropped", len(joins), len(latency), unread, dropped)
	if dark > 0 {
		r.Fault = fmt.Sprintf("%d of %d joins saw no picture", dark, len(joins))
	}
	return r
}

// start is when the player began: play() or its first request, whichever was
// earlier, so that asking before play is no head start.
func start(j *browser.Join) float64 {
	began := *j.First
	for _, at := range []*float64{j.Play, j.Asked} {
		if at != nil {
			began = min(began, *at)
		}
	}
	return began
}

// after returns the samples from the settling time after the first picture on.
func after(j *browser.Join, settle time.Duration) [][3]float64 {
	from := *j.First + float64(settle.Milliseconds())
	for i, s := range j.Samples {
		if s[0] >= from {
			return j.Samples[i:]
		}
	}
	return nil
}

// settledAt is when, after the first picture, a second began in which four of
// five pictures were within 15 % of the median latency of the last half of the
// watch.
func settledAt(j *browser.Join) (float64, bool) {
	if len(j.Samples) < 2 {
		return 0, false
	}
	half := make([]float64, 0, len(j.Samples))
	for _, s := range j.Samples[len(j.Samples)/2:] {
		half = append(half, s[1])
	}
	rest := report.Percentile(half, 0.5)
	for i, s := range j.Samples {
		var second []float64
		for _, t := range j.Samples[i:] {
			if t[0] > s[0]+1000 {
				break
			}
			second = append(second, t[1])
		}
		if report.Percentile(second, 0.9) <= rest*1.15 && report.Percentile(second, 0.1) >= rest*0.85 {
			return s[0] - *j.First, true
		}
	}
	return 0, false
}

// brief is one join in a line.
func brief(j *browser.Join, settle time.Duration) string {
	if j.First == nil {
		return fmt.Sprintf("no picture; %v %v", j.Failures, j.Errors)
	}
	var latency []float64
	for _, s := range after(j, settle) {
		latency = append(latency, s[1])
	}
	return fmt.Sprintf("picture %s ms after play, latency p50 %s p95 %s ms, %d stalls, %d of %d pictures unread",
		report.Number(*j.First-start(j)), report.Number(report.Percentile(latency, 0.5)), report.Number(report.Percentile(latency, 0.95)),
		len(j.Stalls), j.Unread, len(j.Samples)+j.Unread)
}
