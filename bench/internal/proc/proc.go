// Package proc starts the servers that are measured, ends them by their own
// id, and counts what they and their children cost: processor time and
// memory, as Linux tells them. It knows nothing of what the servers do.
package proc

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// logKept bounds what is remembered of a process's output.
const logKept = 16 << 10

// Process is a server that was started here.
type Process struct {
	cmd  *exec.Cmd
	tail *tail
	done chan struct{} // closed once err is set
	err  error
}

// Start runs a program in a process group of its own, so that a ^C at the
// terminal reaches it only through Stop. The caller owes Stop.
func Start(name string, args ...string) (*Process, error) {
	p := &Process{cmd: exec.Command(name, args...), tail: &tail{}, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.tail, p.tail
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// PID is the process's id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// end says how the process ended, once done is closed.
func (p *Process) end() error {
	if p.err == nil {
		return errors.New("without an error")
	}
	return p.err
}

// Log returns the end of what the process wrote.
func (p *Process) Log() string { return p.tail.String() }

// Stop asks the process to end, insists after grace, and returns when it is
// gone. It is idempotent. The error says that it had to be killed.
func (p *Process) Stop(grace time.Duration) error {
	select {
	case <-p.done:
		return nil
	default:
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("ask process %d to end: %w", p.PID(), err)
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.done:
		return nil
	case <-timer.C:
	}
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill process %d: %w", p.PID(), err)
	}
	<-p.done
	return fmt.Errorf("process %d did not end within %v and was killed", p.PID(), grace)
}

// tail keeps the last logKept bytes that were written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

var _ io.Writer = (*tail)(nil)

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if over := len(t.buf) - logKept; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}
