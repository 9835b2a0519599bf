package blob

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Delete removes an object. That there is none is no error.
func (f *Files) Delete(ctx context.Context, key string) error {
	path, err := f.path(ctx, key)
	if err != nil {
		return fmt.Errorf("delete object: %w", err)
	}
	info, err := os.Lstat(path)
	if err == nil && !info.IsDir() {
		err = os.Remove(path)
	}
	if err != nil && !isMissing(err) {
		return fmt.Errorf("delete object: %w", err)
	}
	return nil
}

// DeletePrefix removes all objects whose keys begin with prefix and a slash.
// They go all at once, and what is put there meanwhile stays. That there is
// none is no error.
func (f *Files) DeletePrefix(ctx context.Context, prefix string) error {
	path, err := f.path(ctx, prefix)
	if err != nil {
		return fmt.Errorf("delete objects: %w", err)
	}
	info, err := os.Lstat(path)
	if err == nil && info.IsDir() {
		err = f.deleteFolder(path)
	}
	if err != nil && !isMissing(err) {
		return fmt.Errorf("delete objects: %w", err)
	}
	return nil
}

// deleteFolder moves a folder out of sight before it takes its time.
func (f *Files) deleteFolder(path string) error {
	bin, err := os.MkdirTemp(f.spare(), "delete-*")
	if err != nil {
		return err
	}
	err = os.Rename(path, filepath.Join(bin, "folder"))
	return errors.Join(err, removeAll(bin))
}

// removeAll removes a folder that was moved out of sight. Who had found its way
// into it before that may still place a file or make a folder there: then it is
// tried again.
func removeAll(bin string) error {
	err := os.RemoveAll(bin)
	for range 10 {
		if !errors.Is(err, syscall.ENOTEMPTY) {
			return err
		}
		err = os.RemoveAll(bin)
	}
	return err
}
