package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The figures of a window.
const (
	perPart    = "ms for a part and its update"
	perPartOf  = "ms for a part and updates for 100"
	partAllocs = "allocations for a part"
)

// window has the packager's own benchmark taken, which plays hours of a
// broadcast in seconds.
func (l *lab) window(ctx context.Context) error {
	command := filepath.Join(l.tmp, "packager.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", command, "./internal/packager")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the packager's benchmarks: %w", err)
	}
	for round := range l.rounds {
		run := exec.CommandContext(ctx, command, "-test.run", "^$", "-test.bench", "^BenchmarkWindow$", "-test.benchmem")
		run.Dir, run.Stderr = filepath.Join("internal", "packager"), os.Stderr
		out, err := run.Output()
		if err != nil {
			return fmt.Errorf("run the packager's benchmarks: %w", err)
		}
		taken, err := readBenchmarks(out)
		if err != nil {
			return err
		}
		for _, s := range taken {
			s.Round = round + 1
			l.add(s)
		}
	}
	return nil
}

// readBenchmarks reads lines such as
// "BenchmarkWindow/window=1h0m0s/viewers=100-2  120  160000 ns/op …  143 allocs/op".
func readBenchmarks(out []byte) ([]sample, error) {
	var all []sample
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "BenchmarkWindow/") {
			continue
		}
		window, viewers, err := readName(fields[0])
		if err != nil {
			return nil, err
		}
		s := sample{X: window.Seconds(), Side: "rostrum", Figures: map[string]float64{}}
		for i := 2; i+1 < len(fields); i += 2 {
			v, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("read %q: %w", lines.Text(), err)
			}
			switch fields[i+1] {
			case "ns/op":
				figure := perPart
				if viewers > 1 {
					figure = perPartOf
				}
				s.Figures[figure] = v / float64(time.Millisecond.Nanoseconds())
			case "allocs/op":
				if viewers == 1 {
					s.Figures[partAllocs] = v
				}
			}
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no benchmark was taken: %s", out)
	}
	return all, nil
}

func readName(name string) (window time.Duration, viewers int, err error) {
	name, _, _ = strings.Cut(name, "-") // GOMAXPROCS
	for part := range strings.SplitSeq(name, "/") {
		key, value, _ := strings.Cut(part, "=")
		var bad error
		switch key {
		case "window":
			window, bad = time.ParseDuration(value)
		case "viewers":
			viewers, bad = strconv.Atoi(value)
		}
		if bad != nil {
			return 0, 0, fmt.Errorf("read the benchmark's name %q: %w", name, bad)
		}
	}
	return window, viewers, nil
}
