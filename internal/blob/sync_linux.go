package blob

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// syncsSystem says that syncSystem can be had.
const syncsSystem = true

// syncSystem writes all that waits to be written to a path's file system
// through to the disk: bytes and names (syncfs(2)).
func syncSystem(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(unix.Syncfs(int(file.Fd())), file.Close())
}
