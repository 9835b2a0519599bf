//go:build !linux

package postgres

import "os/exec"

// lower has no counterpart here: run the tests as a user.
func lower(*exec.Cmd) error { return nil }

// give has no counterpart here.
func give(...string) error { return nil }
