package blob

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Free returns how many bytes the store's file system has left for us, and
// how many it has in all.
func (f *Files) Free() (free, total int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(f.root, &s); err != nil {
		return 0, 0, fmt.Errorf("measure disk: %w", err)
	}
	block := int64(s.Bsize) //nolint:unconvert // its type differs between systems
	return int64(s.Bavail) * block, int64(s.Blocks) * block, nil
}
