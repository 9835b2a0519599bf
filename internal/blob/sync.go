package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Sync returns once the objects under these keys survive a loss of power, or
// says why they may not. Call it with many keys at a time, before the rows
// that speak of them are written: folders that they share are synced once.
func (f *Files) Sync(ctx context.Context, keys ...string) error {
	var folders []string
	seen := map[string]bool{}
	for _, key := range keys {
		path, err := f.path(ctx, key)
		if err != nil {
			return fmt.Errorf("sync object: %w", err)
		}
		if err := syncPath(path); err != nil {
			return fmt.Errorf("sync object: %w", err)
		}
		for dir := filepath.Dir(path); !seen[dir]; dir = filepath.Dir(dir) {
			seen[dir] = true
			folders = append(folders, dir)
			if dir == f.root {
				break
			}
		}
	}
	for _, dir := range folders {
		if err := syncPath(dir); err != nil {
			return fmt.Errorf("sync folder of objects: %w", err)
		}
	}
	return nil
}

// syncPath writes a file's bytes, or a folder's names, through to the disk.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return notFound(err)
	}
	return errors.Join(file.Sync(), file.Close())
}
