// Package vitals reads what a running server holds: memory, goroutines,
// descriptors, threads, and the files of its data folder. It reads from
// outside, from /proc and /metrics, and costs the server one scrape.
package vitals

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// mib is the unit of sizes.
const mib = 1 << 20

// maxMetrics bounds what a scrape may be.
const maxMetrics = 4 << 20

// Server is the process to look at.
type Server struct {
	PID     int
	Metrics string // address of /metrics
	Data    string // its data folder
}

// Sample is what it held at one moment.
type Sample map[Name]float64

// Read takes a sample. It fails when the process is gone or does not answer.
func (s Server) Read(ctx context.Context) (Sample, error) {
	sample := Sample{}
	err := errors.Join(s.process(sample), s.scrape(ctx, sample), s.files(sample))
	if err != nil {
		return nil, fmt.Errorf("look at the server: %w", err)
	}
	return sample, nil
}

// process reads what Linux tells (proc_pid_status(5), proc_pid_fd(5)).
func (s Server) process(sample Sample) error {
	dir := filepath.Join("/proc", strconv.Itoa(s.PID))
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return err
	}
	descriptors, err := os.ReadDir(filepath.Join(dir, "fd"))
	if err != nil {
		return err
	}
	sample[Descriptors] = float64(len(descriptors))
	for line := range strings.Lines(string(status)) {
		key, value, _ := strings.Cut(line, ":")
		var n float64
		if key == "VmRSS" || key == "Threads" {
			if _, err := fmt.Sscan(value, &n); err != nil {
				return fmt.Errorf("%s: %w", key, err)
			}
		}
		switch key {
		case "VmRSS": // in kB, which are KiB
			sample[Resident] = n * 1024 / mib
		case "Threads":
			sample[Threads] = n
		}
	}
	if sample[Resident] == 0 || sample[Threads] == 0 {
		return errors.New("process status tells no memory: it has ended")
	}
	return nil
}

func (s Server) scrape(ctx context.Context, sample Sample) error {
	status, text, err := reader.Fetch(ctx, http.DefaultClient, "http://"+s.Metrics+"/metrics", maxMetrics)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("metrics: status %d", status)
	}
	all := parse(string(text))
	for name, m := range scraped {
		v, ok := all[m.metric]
		if !ok {
			return fmt.Errorf("metrics: no %s", m.metric)
		}
		sample[name] = v / m.per
	}
	return nil
}

// parse reads the samples without labels of Prometheus' text format 0.0.4.
func parse(text string) map[string]float64 {
	all := map[string]float64{}
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 2 || strings.HasPrefix(line, "#") || strings.Contains(fields[0], "{") {
			continue
		}
		if v, err := strconv.ParseFloat(fields[1], 64); err == nil {
			all[fields[0]] = v
		}
	}
	return all
}

func (s Server) files(sample Sample) error {
	database := filepath.Join(s.Data, "rostrum.db")
	info, err := os.Stat(database)
	if err != nil {
		return err
	}
	sample[Database] = float64(info.Size()) / mib
	sample[Log] = 0
	if info, err := os.Stat(database + "-wal"); err == nil { // not there while nothing was written
		sample[Log] = float64(info.Size()) / mib
	}
	n, err := count(filepath.Join(s.Data, "spool"))
	sample[Spool] = float64(n)
	return err
}

// count returns the number of files in a tree from which others take files
// meanwhile.
func count(root string) (files int, err error) {
	err = filepath.WalkDir(root, func(_ string, d os.DirEntry, err error) error {
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil
		case err != nil:
			return err
		case !d.IsDir():
			files++
		}
		return nil
	})
	return files, err
}
