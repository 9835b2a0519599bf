package transcode

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// maxOutput bounds what a process may write: MaxKeys pictures are a tenth.
	maxOutput = 16 << 20
	// maxWords bounds what is kept of its complaints.
	maxWords = 300
	// pipeWait is how long the pipes of a process that was killed are waited for.
	pipeWait = 2 * time.Second
)

// niceness is how far a process gives way to others.
type niceness int

const (
	nice   niceness = 5  // a third of what others get: somebody waits for it
	nicest niceness = 19 // what others leave
)

// errTooMuch: a process wrote more than it should.
var errTooMuch = errors.New("it wrote too much")

// start runs ffmpeg to its end, and returns what it wrote and how much
// processor time it used. Its error has its last words. It is killed when ctx
// or the Transcoder ends, or its time is over. It gives way to others by n; zero
// leaves that as it is.
func (t *Transcoder) start(ctx context.Context, n niceness, in []byte, args ...string) (out []byte, used time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, t.limit)
	defer cancel()
	defer context.AfterFunc(t.ctx, cancel)()
	cmd := exec.CommandContext(ctx, t.path, args...)
	cmd.Env = environment()
	cmd.WaitDelay = pipeWait
	apart(cmd)
	stdout, stderr := &bounded{most: maxOutput}, &bounded{most: maxWords, drop: true}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if in != nil {
		cmd.Stdin = bytes.NewReader(in)
	}
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	if n > 0 {
		calm(cmd.Process.Pid, n)
	}
	err = cmd.Wait()
	used = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		err = fmt.Errorf("it was killed after %v", t.limit)
	case err != nil && stderr.Len() > 0:
		err = fmt.Errorf("%w: %s", err, words(stderr.Bytes()))
	case stderr.Len() > 0:
		err = errors.New(words(stderr.Bytes()))
	}
	return stdout.Bytes(), used, err
}

// environment is what a program needs to be found and to begin. What else stands
// in ours, secrets maybe, is none of its business.
func environment() []string {
	env := []string{"LC_ALL=C", "AV_LOG_FORCE_NOCOLOR=1"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// words makes one clean line of what a process complained about.
func words(b []byte) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "")), " ")
}

// bounded keeps what is written to it, up to a bound. What is beyond is
// dropped, or fails the writer.
type bounded struct {
	bytes.Buffer
	most int
	drop bool
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	room := b.most - b.Len()
	if len(p) <= room {
		return b.Buffer.Write(p)
	}
	_, _ = b.Buffer.Write(p[:max(room, 0)]) // it never fails
	if b.drop {
		return len(p), nil
	}
	return max(room, 0), errTooMuch
}

// ReadFrom keeps io.Copy from going past Write.
func (b *bounded) ReadFrom(r io.Reader) (int64, error) {
	return io.Copy(struct{ io.Writer }{b}, r)
}
