//go:build !linux

package testkit

import "os/exec"

// dieWithParent has no counterpart here: a killed test run may leave children.
func dieWithParent(*exec.Cmd) {}

// asNobody has no counterpart here: run the tests as a user.
func asNobody(*exec.Cmd) {}
