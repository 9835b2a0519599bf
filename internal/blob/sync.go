package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// many is from how many files on their whole file system is synced at once. A
// file alone costs its own commit of the file system's journal, so a hundred of
// them are a hundred writes to the disk in a row. For a hundred streams one
// sync of all takes an eighth off what the whole process costs. For a few it
// would wait for whatever else is being written to the disk.
const many = 8

// Sync returns once the objects under these keys survive a loss of power, or
// says why they may not. beside are paths of files that are no objects and are
// to be made safe too, as far as they are there and lie on the same disk.
// Call it with many at a time, before the rows that speak of them are written.
func (f *Files) Sync(ctx context.Context, keys []string, beside ...string) error {
	paths := make([]string, 0, len(keys)+len(beside))
	for _, key := range keys {
		path, err := f.path(ctx, key)
		if err != nil {
			return fmt.Errorf("sync object: %w", err)
		}
		paths = append(paths, path)
	}
	s := syncer{root: f.root, seen: map[string]bool{}}
	if syncsSystem && len(paths)+len(beside) >= many {
		var err error
		if s.device, err = device(f.root); err != nil {
			return fmt.Errorf("sync objects: %w", err)
		}
		s.whole = true
	}
	for _, path := range paths {
		if err := s.file(path); err != nil {
			return fmt.Errorf("sync object: %w", err)
		}
	}
	for _, path := range beside {
		_ = s.file(path) // it may be an object by now
	}
	if err := s.finish(); err != nil {
		return fmt.Errorf("sync objects: %w", err)
	}
	return nil
}

// syncer makes files safe, each alone or all that lie on the root's file system
// at once.
type syncer struct {
	root   string
	whole  bool   // all at once
	device uint64 // of the root's file system, when whole

	later   bool // there are files that finish makes safe
	seen    map[string]bool
	folders []string // of the files that were synced alone, and those above
}

// file makes one file safe, at the latest when finish returns.
func (s *syncer) file(path string) error {
	if s.whole {
		d, err := device(path)
		if err != nil {
			return err
		}
		if d == s.device {
			s.later = true
			return nil
		}
	}
	if err := syncPath(path); err != nil {
		return err
	}
	for dir := filepath.Dir(path); !s.seen[dir]; dir = filepath.Dir(dir) {
		s.seen[dir] = true
		s.folders = append(s.folders, dir)
		if dir == s.root || len(dir) < len(s.root) {
			break
		}
	}
	return nil
}

// finish syncs what was left for the end: the names in folders, and all at once.
func (s *syncer) finish() error {
	for _, dir := range s.folders {
		if err := syncPath(dir); err != nil {
			return err
		}
	}
	if !s.later {
		return nil
	}
	return syncSystem(s.root)
}

// device is the file system that a path lies on.
func device(path string) (uint64, error) {
	var stat syscall.Stat_t
	if err := syscall.Lstat(path, &stat); err != nil {
		return 0, notFound(&os.PathError{Op: "lstat", Path: path, Err: err})
	}
	return uint64(stat.Dev), nil //nolint:unconvert // of another type on other systems
}

// syncPath writes a file's bytes, or a folder's names, through to the disk.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return notFound(err)
	}
	return errors.Join(file.Sync(), file.Close())
}
