package testkit

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// pipeLimit is how long a dead program's pipes are still read or fed.
const pipeLimit = 2 * time.Second

// Command says what to run.
type Command struct {
	Path   string
	Args   []string
	Dir    string    // working folder; empty is the test's own
	Env    []string  // added to the test's environment, which passes without ROSTRUM_* variables
	Stdin  io.Reader // empty when nil
	Stdout io.Writer // joined with the standard error in the log when nil
	// Nobody runs the program without root's rights where the test has them,
	// for programs that refuse to run as root.
	Nobody bool
}

// Process is a program that a test runs. It is killed when the test ends, and
// its output is told if the test failed.
type Process struct {
	name string
	cmd  *exec.Cmd
	log  Tail
	done chan struct{}
	code int // valid once done is closed
}

// Start runs a command; it fails the test when the program cannot be started.
func Start(t testing.TB, c Command) *Process {
	t.Helper()
	p := &Process{name: filepath.Base(c.Path), done: make(chan struct{})}
	p.cmd = exec.Command(c.Path, c.Args...)
	p.cmd.Dir, p.cmd.Stdin = c.Dir, c.Stdin
	p.cmd.Env = append(cleanEnv(), c.Env...)
	p.cmd.Stderr, p.cmd.Stdout = &p.log, &p.log
	if c.Stdout != nil {
		p.cmd.Stdout = c.Stdout
	}
	p.cmd.WaitDelay = pipeLimit
	dieWithParent(p.cmd)
	if c.Nobody && os.Geteuid() == 0 {
		asNobody(p.cmd)
	}
	started := make(chan error, 1)
	go p.run(started) // Kill, called by the test's cleanup, waits for its end
	if err := <-started; err != nil {
		t.Fatalf("start %s: %v", c.Path, err)
	}
	t.Cleanup(func() {
		p.Kill()
		if t.Failed() {
			t.Logf("output of %s %s\n%s", p.name, strings.Join(c.Args, " "), p.Log())
		}
	})
	return p
}

// run starts the program and waits for it on one thread of its own: the
// kernel ends the child when the thread that made it ends.
func (p *Process) run(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(p.done)
	if err := p.cmd.Start(); err != nil {
		started <- err
		return
	}
	started <- nil
	err := p.cmd.Wait()
	p.code = p.cmd.ProcessState.ExitCode()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintf(&p.log, "\n%s: %v\n", p.name, err)
	}
}

// Done is closed when the program has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Log returns what the program wrote so far, the middle left out when it is long.
func (p *Process) Log() string { return p.log.String() }

// Signal sends a signal; a program that has ended takes none.
func (p *Process) Signal(sig os.Signal) {
	_ = p.cmd.Process.Signal(sig) // the only error is that it is gone
}

// Kill ends the program at once, as power loss would, and waits for its end.
func (p *Process) Kill() {
	p.Signal(syscall.SIGKILL)
	<-p.done
}

// Wait returns the exit code, -1 for a program that a signal ended. It fails
// the test when the program still runs after limit.
func (p *Process) Wait(t testing.TB, limit time.Duration) int {
	t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		t.Fatalf("%s still runs after %v", p.name, limit)
	}
	return p.code
}

// Run runs a command to its end and returns its standard output and its exit
// code. It fails the test when limit passes first.
func Run(t testing.TB, limit time.Duration, c Command) (string, int) {
	t.Helper()
	var out Tail
	if c.Stdout == nil {
		c.Stdout = &out
	}
	p := Start(t, c)
	code := p.Wait(t, limit)
	return out.String(), code
}

// cleanEnv is the environment without what would configure the product.
func cleanEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "ROSTRUM_") {
			env = append(env, v)
		}
	}
	return env
}
