//go:build unix

package transcode

import (
	"os/exec"
	"syscall"
)

// lowest is the priority that leaves the processor to everybody else.
const lowest = 19

// apart makes a process the head of a group of its own, which is killed whole.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// calm gives a group the lowest priority. A process that has ended needs none.
func calm(pid int) { _ = syscall.Setpriority(syscall.PRIO_PGRP, pid, lowest) }
