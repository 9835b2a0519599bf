// Package browser has a real, headless Chromium watch a page whose pictures
// carry a timecode, and tells what a viewer would have seen: how old each
// picture was, when the first came, and every stall. The work in the browser
// is done by the scripts of bench/latency.
package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// maxAnswer bounds one answer of the driver: an hour of samples.
const maxAnswer = 64 << 20

// Join is what one viewer saw. Times are milliseconds since its navigation
// began; nil for what did not happen.
type Join struct {
	Play      *float64     `json:"play"`      // play() was called
	Asked     *float64     `json:"asked"`     // the first playlist was asked for
	First     *float64     `json:"first"`     // the first picture was presented
	FirstWall *int64       `json:"firstWall"` // the same in milliseconds since 1970
	Moving    *float64     `json:"moving"`    // the position first moved
	End       float64      `json:"end"`
	Samples   [][3]float64 `json:"samples"` // when; age in ms as seen; age when expected on the display
	Stalls    [][2]float64 `json:"stalls"`  // when, length in ms
	Frozen    [][2]float64 `json:"frozen"`  // when, length in ms of times in which the page did not run
	Waiting   []float64    `json:"waiting"` // when the element said so
	Unread    int          `json:"unread"`  // pictures without a valid code
	Dropped   int          `json:"dropped"`
	Playlists int          `json:"playlists"` // requests from the first picture on
	Media     int          `json:"media"`
	Failed    int          `json:"failed"` // answers of 400 and more, from the start
	Failures  []string     `json:"failures"`
	Errors    []string     `json:"errors"` // uncaught in the page
	Error     string       `json:"error,omitempty"`
}

// Browser is a running Chromium. Its methods are called by one goroutine.
type Browser struct {
	// PictureLimit is how long a join waits for its first picture; 20 s from
	// Start on.
	PictureLimit time.Duration

	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr strings.Builder
}

// Start runs the driver in the folder bench/latency of the repository that is
// the working directory. The caller owes Close; the end of ctx kills it.
func Start(ctx context.Context) (*Browser, error) {
	modules := filepath.Join("ui", "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "playwright-core")); err != nil {
		return nil, errors.New("playwright-core is missing: run npm ci in ui")
	}
	chromium, err := find("chromium", "chromium-browser", "google-chrome")
	if err != nil {
		return nil, err
	}
	node, err := find("node")
	if err != nil {
		return nil, err
	}
	scripts := filepath.Join("bench", "latency")
	b := &Browser{PictureLimit: 20 * time.Second, cmd: exec.CommandContext(ctx, node, filepath.Join(scripts, "driver.mjs"), modules, chromium, filepath.Join(scripts, "probe.js"))}
	// A group of its own keeps the terminal's ^C from it: Close ends it. Asked
	// to end, the driver takes its browser along.
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	b.cmd.Cancel = func() error { return b.cmd.Process.Signal(syscall.SIGTERM) }
	b.cmd.WaitDelay = 10 * time.Second
	b.cmd.Stderr = &b.stderr
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	b.out = bufio.NewScanner(out)
	b.out.Buffer(nil, maxAnswer)
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the browser: %w", err)
	}
	var ready struct{}
	if err := b.answer(&ready); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func find(names ...string) (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed; scripts/bench-deps.sh installs what is needed", names[0])
}

// Watch opens the page afresh, waits for a picture up to the limit, watches
// for the given time from then on, and tells. A throttle over 1 slows the page's
// processor so many times.
func (b *Browser) Watch(url string, length time.Duration, throttle float64) (*Join, error) {
	return b.join(map[string]any{"op": "join", "url": url, "watch": length.Milliseconds(), "limit": b.PictureLimit.Milliseconds(), "throttle": throttle})
}

// Prepare opens a page that has loadSource and keeps it for Load.
func (b *Browser) Prepare(url string) error {
	_, err := b.join(map[string]any{"op": "prepare", "url": url})
	return err
}

// Load has the prepared page play the source, and then does as Watch.
func (b *Browser) Load(src string, length time.Duration) (*Join, error) {
	return b.join(map[string]any{"op": "load", "src": src, "watch": length.Milliseconds(), "limit": b.PictureLimit.Milliseconds()})
}

func (b *Browser) join(request map[string]any) (*Join, error) {
	line, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("ask the browser: %w", err)
	}
	if _, err := b.in.Write(append(line, '\n')); err != nil {
		return nil, fmt.Errorf("ask the browser: %w: %s", err, b.stderr.String())
	}
	var j Join
	if err := b.answer(&j); err != nil {
		return nil, err
	}
	if j.Error != "" {
		return nil, fmt.Errorf("the browser: %s", j.Error)
	}
	return &j, nil
}

func (b *Browser) answer(v any) error {
	if !b.out.Scan() {
		err := b.out.Err()
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("the browser's answer: %w", err)
	}
	if err := json.Unmarshal(b.out.Bytes(), v); err != nil {
		return fmt.Errorf("the browser's answer: %w", err)
	}
	return nil
}

// Close ends the browser and waits for it.
func (b *Browser) Close() error {
	_ = b.in.Close() // its end is the request to end
	if err := b.cmd.Wait(); err != nil {
		return fmt.Errorf("end the browser: %w: %s", err, b.stderr.String())
	}
	return nil
}
