package proc

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, script string) *Process {
	t.Helper()
	p, err := Start("/bin/sh", "-c", script)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Stop(0) })
	return p
}

func TestMeterTellsThatTheProcessIsGone(t *testing.T) {
	p := start(t, "while :; do :; done")
	m, err := p.Measure()
	require.NoError(t, err)
	require.NoError(t, p.Stop(30*time.Second))
	_, err = m.Stop()
	require.ErrorContains(t, err, "gone")
}

func TestMeterSeesWorkAndMemory(t *testing.T) {
	p := start(t, "(while :; do :; done) & while :; do :; done")
	m, err := p.Measure()
	require.NoError(t, err)
	const enough = 50 * time.Millisecond
	require.Eventually(t, func() bool {
		pids, err := tree(p.PID())
		if err != nil || len(pids) != 2 {
			return false
		}
		for _, pid := range pids {
			if cpu, err := cpuTime(pid); err != nil || cpu < enough {
				return false
			}
		}
		return true
	}, 30*time.Second, 5*time.Millisecond)
	u, err := m.Stop()
	require.NoError(t, err)
	require.Positive(t, u.CPU)
	require.Positive(t, u.FirstBytes)
	require.GreaterOrEqual(t, u.PeakBytes, u.FirstBytes)
	pids, err := tree(p.PID())
	require.NoError(t, err)
	for _, pid := range pids {
		require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	}
}

func TestStopInsists(t *testing.T) {
	p := start(t, "trap '' TERM; echo armed; while :; do sleep 1; done")
	require.NoError(t, p.WaitFor(context.Background(), 30*time.Second, func(context.Context) error {
		if p.Log() != "armed\n" {
			return errors.New("not armed")
		}
		return nil
	}))
	require.ErrorContains(t, p.Stop(10*time.Millisecond), "was killed")
	require.NoError(t, p.Stop(0), "idempotent")
}

func TestWaitForTellsTheProcessEnd(t *testing.T) {
	p := start(t, "echo no such door; exit 3")
	err := p.WaitFor(context.Background(), 30*time.Second, func(context.Context) error { return errors.New("closed") })
	require.ErrorContains(t, err, "no such door")
	require.ErrorContains(t, err, "exit status 3")
}

func TestTailIsBounded(t *testing.T) {
	var tl tail
	for range 100 {
		_, _ = tl.Write(make([]byte, 1000))
	}
	_, _ = tl.Write([]byte("end"))
	require.Len(t, tl.String(), logKept)
	require.Equal(t, "end", tl.String()[logKept-3:])
}

func TestFreePortsAreDistinctAndFree(t *testing.T) {
	addrs, err := FreePorts(3)
	require.NoError(t, err)
	require.Len(t, addrs, 3)
	for _, a := range addrs {
		l, err := net.Listen("tcp", a)
		require.NoError(t, err)
		defer func() { _ = l.Close() }()
	}
}

func TestPeakIsTheKernels(t *testing.T) {
	p := start(t, "x=$(head -c 20000000 /dev/zero | tr '\\0' x); unset x; echo done; while :; do :; done")
	require.NoError(t, p.WaitFor(context.Background(), 30*time.Second, func(context.Context) error {
		if p.Log() != "done\n" {
			return errors.New("not done")
		}
		return nil
	}))
	was, err := p.PeakBytes()
	require.NoError(t, err)
	require.Greater(t, was, int64(20_000_000))
	require.NoError(t, p.ForgetPeak())
	now, err := p.PeakBytes()
	require.NoError(t, err)
	require.Less(t, now, was)
}
