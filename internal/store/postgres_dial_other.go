//go:build !linux

package store

import (
	"syscall"
	"time"
)

// boundSilence has no counterpart here: the system's own bound holds.
func boundSilence(syscall.RawConn, time.Duration) error { return nil }
