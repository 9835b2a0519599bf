package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/chart"
)

// picture is a chart and the file that it is drawn to.
type picture struct {
	file string
	chart.Chart
}

// draw draws what was kept last of each subject, and writes the tables of the
// page. What was not measured yet is left as it is.
func draw(o options) error {
	folder := filepath.Join(o.docs, "growth")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("make the charts' folder: %w", err)
	}
	tables := map[string]string{}
	for _, s := range subjects() {
		k, ok, err := newest(o.results, s.name)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		var figures strings.Builder
		for _, p := range s.draw(k.Samples) {
			path := filepath.Join(folder, p.file+".svg")
			if err := os.WriteFile(path, p.SVG(), 0o644); err != nil {
				return fmt.Errorf("write a chart: %w", err)
			}
			fmt.Println("drawn:", path)
			fmt.Fprintf(&figures, "![%s](growth/%s.svg)\n\n", p.Title, p.file)
		}
		tables[s.name] = figures.String() + k.table() + k.source()
	}
	beside, err := besideNginx(o.results)
	if err != nil {
		return err
	}
	if beside != "" {
		tables["beside"] = beside
	}
	return fill(filepath.Join(o.docs, "performance.md"), tables)
}

// law is one that a figure should follow.
type law struct {
	of   func([]chart.Point) chart.Law
	name func(chart.Law) string
}

func proportional(unit string) law {
	return law{chart.Proportional, func(l chart.Law) string { return "proportional: " + chart.Plain(l.Each) + " " + unit }}
}

func constant(unit string) law {
	return law{chart.Constant, func(l chart.Law) string { return "constant: " + chart.Plain(l.Fixed) + " " + unit }}
}

// curves are the sides' figures and, beside each that has one, its law.
func curves(s samples, figure string, sides []string, names map[string]string, l law) (series []chart.Series) {
	var laws []chart.Series
	for _, side := range sides {
		points := s.points(side, figure)
		if len(points) == 0 {
			continue
		}
		name := names[side]
		if name == "" {
			name = side
		}
		series = append(series, chart.Series{Name: name, Points: points})
		if len(points) > 1 {
			follows := l.of(points)
			laws = append(laws, follows.Line(l.name(follows), points))
		}
	}
	return append(series, laws...)
}

// drawn leaves out the charts that have no figures.
func drawn(all ...picture) (some []picture) {
	for _, p := range all {
		if len(p.Series) > 0 {
			some = append(some, p)
		}
	}
	return some
}

func drawStreams(s samples) []picture {
	x := chart.Axis{Label: "streams", Log: true}
	names := map[string]string{"rostrum": "rostrum: LL-HLS, DASH and a recording", "nginx-rtmp HLS": "nginx-rtmp: HLS alone"}
	sides := []string{"rostrum", "nginx-rtmp HLS"}
	return drawn(
		picture{"streams-cpu", chart.Chart{
			Title: "Processor over the number of streams", X: x, Y: chart.Axis{Label: coreShare, Log: true},
			Series: curves(s, coreShare, sides, names, proportional("a stream")),
		}},
		picture{"streams-memory", chart.Chart{
			Title: "Memory over the number of streams", X: x, Y: chart.Axis{Label: overIdle, Log: true},
			Series: curves(s, overIdle, sides, names, proportional("a stream")),
		}},
	)
}

func drawViewers(s samples) []picture {
	x := chart.Axis{Label: "viewers of one stream", Log: true}
	sides := []string{"rostrum, pictures", "rostrum, MPEG-TS", "nginx-rtmp HLS"}
	names := map[string]string{"rostrum, pictures": "rostrum, fMP4", "nginx-rtmp HLS": "nginx-rtmp"}
	perThousand := law{chart.Proportional, func(l chart.Law) string {
		const thousand = 1000
		return "proportional: " + chart.Plain(l.Each*thousand) + " a thousand"
	}}
	return drawn(
		picture{"viewers-cpu", chart.Chart{
			Title: "Processor over the number of viewers of HLS", X: x, Y: chart.Axis{Label: coreShare, Log: true},
			Series: curves(s, coreShare, sides, names, perThousand),
		}},
		picture{"viewers-memory", chart.Chart{
			Title: "Memory over the number of viewers of HLS", X: x, Y: chart.Axis{Label: serverMiB, Log: true},
			Series: curves(s, serverMiB, sides, names, law{chart.Linear, func(l chart.Law) string {
				return fmt.Sprintf("%s and %s KiB a viewer", chart.Plain(l.Fixed), chart.Plain(l.Each*1024))
			}}),
		}},
	)
}

func drawWindow(s samples) []picture {
	one := curves(s, perPart, []string{"rostrum"}, map[string]string{"rostrum": "one viewer"}, constant("ms"))
	many := curves(s, perPartOf, []string{"rostrum"}, map[string]string{"rostrum": "a hundred viewers"}, constant("ms"))
	return drawn(picture{"window", chart.Chart{
		Title: "One part and its playlist updates over how far back one can rewind",
		X:     chart.Axis{Label: "window", Log: true, Format: length}, Y: chart.Axis{Label: "ms of processor time", Log: true},
		Series: append(one, many...),
	}})
}

func drawRecordings(s samples) []picture {
	number := chart.Axis{Label: "recordings", Log: true}
	long := chart.Axis{Label: "length of the recording", Log: true, Format: length}
	milliseconds := chart.Axis{Label: "ms", Log: true}
	fixedAnd := law{chart.Linear, func(l chart.Law) string {
		return fmt.Sprintf("linear: %s ms and %s ms an hour", chart.Plain(max(0, l.Fixed)), chart.Plain(l.Each*time.Hour.Seconds()))
	}}
	first := curves(s, firstByte, []string{coldHead, warmHead}, nil, fixedAnd)
	return drawn(
		picture{"start", chart.Chart{
			Title: "Start of the server over the number of recordings", X: number, Y: milliseconds,
			Series: curves(s, startMillis, []string{cold, warm}, nil, constant("ms")),
		}},
		picture{"list", chart.Chart{
			Title: "The newest recordings, as the home page asks for them, over their number", X: number, Y: milliseconds,
			Series: curves(s, listMillis, []string{cold, warm}, nil, constant("ms")),
		}},
		picture{"download", chart.Chart{
			Title: "First byte of an MP4 download", X: long, Y: milliseconds,
			Series: append(first, curves(s, firstByte, []string{again}, nil, constant("ms"))...),
		}},
		picture{"start-after-kill", chart.Chart{
			Title: "Start after a kill, with one broadcast on air for so long", X: long, Y: milliseconds,
			Series: curves(s, startMillis, []string{coldKill, warmKill}, nil, fixedAnd),
		}},
	)
}

// length shows seconds as people say them.
func length(seconds float64) string {
	d := time.Duration(seconds) * time.Second
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d h", d/time.Hour)
	}
	if d%time.Minute == 0 {
		return fmt.Sprintf("%d min", d/time.Minute)
	}
	return d.String()
}

// exists reports whether a file is there.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
