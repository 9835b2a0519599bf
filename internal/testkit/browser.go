package testkit

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// browserLimit is how long Chromium may take to start, and one command to be
// answered, on a busy machine.
const browserLimit = 90 * time.Second

// maxAnswer bounds one answer of the browser's driver.
const maxAnswer = 16 << 20

// Browser is a headless Chromium, driven by e2e/browser/driver.mjs. Its
// methods may be called by several goroutines.
type Browser struct {
	proc  *Process
	stdin io.WriteCloser

	mu      sync.Mutex
	last    int
	waiting map[int]chan answer
	ended   error // why no answer will come any more
}

type answer struct {
	ID    int             `json:"id"`
	Value json.RawMessage `json:"value"`
	Error string          `json:"error"`
}

// StartBrowser starts Chromium; it ends with the test.
func StartBrowser(t testing.TB) *Browser {
	t.Helper()
	dir := filepath.Join(Root(t), "e2e", "browser")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "playwright-core")); err != nil {
		t.Fatal("this test needs the browser driver's packages: run `npm ci` in e2e/browser")
	}
	commands, stdin := io.Pipe()
	stdout, answers := io.Pipe()
	b := &Browser{stdin: stdin, waiting: map[int]chan answer{}}
	ready := b.expect(0)
	b.proc = Start(t, Command{
		Path: Tool(t, "node"), Args: []string{"driver.mjs", Tool(t, "chromium")},
		Dir: dir, Stdin: commands, Stdout: answers,
	})
	var reading sync.WaitGroup
	reading.Go(func() { b.read(stdout) })
	t.Cleanup(func() {
		_ = stdin.Close() // the driver closes Chromium at the end of its input
		timer := time.NewTimer(browserLimit)
		defer timer.Stop()
		select {
		case <-b.proc.Done():
		case <-timer.C:
			b.proc.Kill()
		}
		_ = answers.Close()
		reading.Wait()
	})
	if _, err := b.wait(ready); err != nil {
		t.Fatalf("start Chromium: %v\n%s", err, b.proc.Log())
	}
	return b
}

// read hands each answer to who waits for it, until the driver's output ends.
func (b *Browser) read(stdout *io.PipeReader) {
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, maxAnswer)
	for lines.Scan() {
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			continue // what a library prints is not for us
		}
		b.mu.Lock()
		if to := b.waiting[a.ID]; to != nil {
			delete(b.waiting, a.ID)
			to <- a
		}
		b.mu.Unlock()
	}
	err := fmt.Errorf("the browser's driver ended: %w", io.ErrUnexpectedEOF)
	if lines.Err() != nil {
		err = fmt.Errorf("read the browser's driver: %w", lines.Err())
	}
	_ = stdout.CloseWithError(err)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = err
}

func (b *Browser) expect(id int) <-chan answer {
	b.mu.Lock()
	defer b.mu.Unlock()
	to := make(chan answer, 1) // its one answer
	b.waiting[id] = to
	return to
}

func (b *Browser) wait(to <-chan answer) (json.RawMessage, error) {
	timer := time.NewTimer(browserLimit)
	defer timer.Stop()
	select {
	case a := <-to:
		if a.Error != "" {
			return nil, fmt.Errorf("browser: %s", a.Error)
		}
		return a.Value, nil
	case <-b.proc.Done():
		return nil, fmt.Errorf("the browser's driver ended")
	case <-timer.C:
		return nil, fmt.Errorf("the browser does not answer")
	}
}

// command sends one command and decodes its answer into value.
func (b *Browser) command(value any, name string, args map[string]any) error {
	b.mu.Lock()
	b.last++
	id, ended := b.last, b.ended
	b.mu.Unlock()
	if ended != nil {
		return ended
	}
	line := map[string]any{"id": id, "do": name}
	for k, v := range args {
		line[k] = v
	}
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("browser command %s: %w", name, err)
	}
	to := b.expect(id)
	if _, err := b.stdin.Write(append(text, '\n')); err != nil { // one Write is one line, also beside others
		return fmt.Errorf("browser command %s: %w", name, err)
	}
	raw, err := b.wait(to)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if value == nil {
		return nil
	}
	return json.Unmarshal(raw, value)
}
