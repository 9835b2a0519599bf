package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// lower takes root's rights from the child, which refuses to run with them, and
// lets it end with the thread that started it: no server is left when a test
// run is killed.
func lower(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: fastShutdown}
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := account()
	if err != nil {
		return err
	}
	cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	return nil
}

// give makes files the server's.
func give(paths ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	uid, gid, err := account()
	for _, path := range paths {
		err = errors.Join(err, os.Chown(path, int(uid), int(gid)))
	}
	return err
}

// account is the user that Debian's package makes.
func account() (uid, gid uint32, err error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return 0, 0, fmt.Errorf("PostgreSQL does not run as root, and the user that its package makes is missing: %w", err)
	}
	id, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return 0, 0, fmt.Errorf("user postgres: %w", err)
	}
	group, err := strconv.ParseUint(u.Gid, 10, 32)
	return uint32(id), uint32(group), err
}
