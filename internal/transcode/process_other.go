//go:build !unix

package transcode

import "os/exec"

func apart(*exec.Cmd) {}

func calm(int, niceness) {}
