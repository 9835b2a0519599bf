//go:build unix

package transcode

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pids is a file in which the processes of a script note their ids.
type pids string

func newPIDs(t *testing.T) pids { return pids(filepath.Join(t.TempDir(), "pids")) }

func (p pids) list() (list []int) {
	b, _ := os.ReadFile(string(p)) // it may not be there yet
	for word := range strings.FieldsSeq(string(b)) {
		if n, err := strconv.Atoi(word); err == nil {
			list = append(list, n)
		}
	}
	return list
}

// gone waits until none of n processes runs.
func (p pids) gone(t *testing.T, n int) {
	t.Helper()
	eventually(t, "the processes end", func() error {
		all := p.list()
		if len(all) != n {
			return errors.New("they have not begun")
		}
		for _, pid := range all {
			if state(pid) != "" {
				return errors.New(strconv.Itoa(pid) + " runs")
			}
		}
		return nil
	})
}

// state is empty for a process that has ended, whether its parent has heard of
// it or not.
func state(pid int) string {
	if syscall.Kill(pid, 0) != nil {
		return ""
	}
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err == nil && strings.Contains(string(b), ") Z ") {
		return ""
	}
	return "runs"
}

// hangs notes its id and that of a child, which both go on for ever.
func (p pids) hangs() string {
	return "sleep 100000 & echo $! $$ >> '" + string(p) + "'; wait"
}

// A process that hangs is killed when its time is over, with its children.
func TestAHangingProcessIsKilled(t *testing.T) {
	t.Parallel()
	p := newPIDs(t)
	tr := fake(t, time.Second, p.hangs())
	_, err := tr.Pictures(t.Context(), some())
	require.ErrorIs(t, err, ErrUndecodable)
	require.ErrorContains(t, err, "killed after 1s")
	p.gone(t, 2)
}

// So is one for which nobody waits any more.
func TestAnUnwantedProcessIsKilled(t *testing.T) {
	t.Parallel()
	p := newPIDs(t)
	tr := fake(t, wait, p.hangs())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := tr.Pictures(ctx, some())
		done <- err
	}()
	eventually(t, "it begins", func() error {
		if len(p.list()) < 2 {
			return errors.New("it has not")
		}
		return nil
	})
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	p.gone(t, 2)
}

// The end of the server ends them, and whoever waits is told.
func TestCloseKills(t *testing.T) {
	t.Parallel()
	p := newPIDs(t)
	tr := fake(t, wait, p.hangs())
	done := make(chan error, 3)
	for range cap(done) {
		go func() {
			_, err := tr.Pictures(t.Context(), some())
			done <- err
		}()
	}
	eventually(t, "one begins", func() error {
		if len(p.list()) < 2 {
			return errors.New("it has not")
		}
		return nil
	})
	tr.Close()
	for range cap(done) {
		require.ErrorIs(t, <-done, context.Canceled)
	}
	p.gone(t, 2)
	tr.Close()
}

// One process runs at a time, urgent jobs have so many places, and those that
// are not urgent get their turn.
func TestTheQueueIsBounded(t *testing.T) {
	t.Parallel()
	order := filepath.Join(t.TempDir(), "order")
	gate := filepath.Join(t.TempDir(), "gate")
	tr := fake(t, wait, `case "$*" in *"min(100,"*) kind=patient;; *) kind=urgent;; esac
[ -e '`+order+`.now' ] && echo two at once >> '`+order+`'
touch '`+order+`.now'; echo $kind >> '`+order+`'
while [ ! -e '`+gate+`' ]; do sleep 0.01; done
rm '`+order+`.now'`)
	_, err := tr.Version(t.Context())
	require.NoError(t, err)
	urgent, patient := some(), some()
	urgent.Urgent, patient.Width = true, 100
	done := make(chan error)
	ask := func(j Job) {
		_, err := tr.Pictures(t.Context(), j)
		done <- err
	}
	go ask(urgent)
	ran := func() []string {
		b, _ := os.ReadFile(order) // it may not be there yet
		return strings.Fields(string(b))
	}
	eventually(t, "the first runs", func() error {
		if len(ran()) == 0 {
			return errors.New("it does not")
		}
		return nil
	})
	go ask(patient)
	eventually(t, "the patient one waits", func() error {
		if len(tr.patient) == 0 {
			return errors.New("it does not")
		}
		return nil
	})
	for range maxUrgent {
		go ask(urgent)
	}
	eventually(t, "the places are taken", func() error {
		if len(tr.urgent) < maxUrgent {
			return errors.New("they are not")
		}
		return nil
	})
	_, err = tr.Pictures(t.Context(), urgent)
	require.ErrorIs(t, err, ErrBusy)
	require.NoError(t, os.WriteFile(gate, nil, 0o600))
	for range maxUrgent + 2 {
		require.ErrorIs(t, <-done, ErrUndecodable)
	}
	all := ran()
	require.Len(t, all, maxUrgent+2, "%v", all)
	require.Equal(t, "patient", all[maxStreak], "%v", all)
}

// What the processes used is at most a fifth of the time that passes.
func TestItRests(t *testing.T) {
	t.Parallel()
	tr := fake(t, wait, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done")
	_, err := tr.Version(t.Context())
	require.NoError(t, err)
	began := time.Now()
	const jobs = 4
	var last time.Duration
	for range jobs {
		before := tr.Stats().CPU
		_, err := tr.Pictures(t.Context(), some())
		require.ErrorIs(t, err, ErrUndecodable)
		last = tr.Stats().CPU - before
	}
	used := tr.Stats().CPU
	require.Positive(t, last)
	// The last one's rest is still to come.
	require.GreaterOrEqual(t, time.Since(began), restTimes*(used-last))
	require.EqualValues(t, jobs, tr.Stats().Failed)
}

// A process may not write without end, and its complaints are kept short.
func TestOutputIsBounded(t *testing.T) {
	t.Parallel()
	tr := fake(t, wait, "head -c 100000 /dev/zero | tr '\\0' x >&2; exec cat /dev/zero")
	_, err := tr.Pictures(t.Context(), some())
	require.ErrorIs(t, err, ErrUndecodable)
	require.Less(t, len(err.Error()), 2*maxWords)
}

// A program learns nothing of our environment that it does not need.
func TestSecretsStayHere(t *testing.T) {
	t.Setenv("ROSTRUM_DB_URL", "postgres://secret")
	tr := fake(t, wait, "env >&2; exit 1")
	_, err := tr.Pictures(t.Context(), some())
	require.ErrorContains(t, err, "LC_ALL=C")
	require.NotContains(t, err.Error(), "secret")
}

// Who asked before it turned out that there is no ffmpeg is told so.
func TestItIsMissingAfterAll(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, known := filepath.Join(dir, "ffmpeg"), filepath.Join(dir, "known")
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\nwhile [ ! -e '"+known+"' ]; do sleep 0.01; done; exit 1"), 0o755))
	tr := start(t, Options{FFmpeg: path, Limit: wait})
	urgent := some()
	urgent.Urgent = true
	told := make(chan error)
	jobs := []Job{some(), some(), some(), urgent}
	asking := make(chan struct{})
	for _, j := range jobs {
		go func() {
			asking <- struct{}{}
			_, err := tr.Pictures(t.Context(), j)
			told <- err
		}()
	}
	for range jobs {
		<-asking
	}
	require.True(t, tr.Available(), "it is not known yet")
	require.NoError(t, os.WriteFile(known, nil, 0o600))
	for range jobs {
		require.ErrorIs(t, <-told, ErrMissing)
	}
	require.False(t, tr.Available())
}

// It has the lowest priority, but for what all else waits for.
func TestItIsCalm(t *testing.T) {
	t.Parallel()
	tr := fake(t, wait, "for i in $(seq 300); do n=$(nice); [ $n = 19 ] && break; sleep 0.1; done; echo nice $n >&2; exit 1")
	version, err := tr.Version(t.Context())
	require.NoError(t, err)
	own, err := exec.CommandContext(t.Context(), "nice").Output()
	require.NoError(t, err)
	require.Equal(t, "9."+strings.TrimSpace(string(own)), version)
	_, err = tr.Pictures(t.Context(), some())
	require.ErrorContains(t, err, "nice 19")
}
