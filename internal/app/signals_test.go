package app

import (
	"bytes"
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSecondSignalEndsAtOnce(t *testing.T) {
	var out bytes.Buffer
	codes := make(chan int, 1)
	ctx, stop := untilSignal(context.Background(), newLogger(&out, LogConfig{Format: "text"}), func(code int) { codes <- code })

	require.NoError(t, syscall.Kill(syscall.Getpid(), syscall.SIGTERM))
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("the first signal did not end the context")
	}
	require.Empty(t, codes)

	require.NoError(t, syscall.Kill(syscall.Getpid(), syscall.SIGTERM))
	select {
	case code := <-codes:
		require.Equal(t, exitFailed, code)
	case <-time.After(10 * time.Second):
		t.Fatal("the second signal did not end the process")
	}
	stop()
	stop()
	require.Contains(t, out.String(), "ending at once signal=terminated")
}

func TestStopWithoutSignal(t *testing.T) {
	ctx, stop := untilSignal(context.Background(), newLogger(new(bytes.Buffer), LogConfig{}), func(int) { t.Error("exit called") })
	require.NoError(t, ctx.Err())
	stop()
	require.Error(t, ctx.Err())
}
