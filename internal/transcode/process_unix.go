//go:build unix

package transcode

import (
	"os/exec"
	"syscall"
)

// apart makes a process the head of a group of its own, which is killed whole.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// calm gives a group a lower priority. A process that has ended needs none.
func calm(pid int, n niceness) { _ = syscall.Setpriority(syscall.PRIO_PGRP, pid, int(n)) }
