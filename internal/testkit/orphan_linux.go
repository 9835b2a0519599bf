package testkit

import (
	"os/exec"
	"syscall"
)

// dieWithParent lets the kernel end the child when a test run is killed or
// panics, so that no server is left listening.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// nobody is the user and the group that own nothing.
const nobody = 65534

// asNobody takes root's rights from the child.
func asNobody(cmd *exec.Cmd) {
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
}
