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

// setAside moves the folder of what is unfinished out of the way, if there is
// anything in it.
func (f *Files) setAside() error {
	err := os.Remove(f.spare())
	if err == nil || isMissing(err) {
		return nil
	}
	if err := os.MkdirAll(f.stale(), 0o700); err != nil {
		return err
	}
	bin, err := os.MkdirTemp(f.stale(), "")
	if err != nil {
		return err
	}
	return os.Rename(f.spare(), filepath.Join(bin, "folder"))
}

// Sweep removes what a process that died left unfinished, and nothing that it
// does not know. It takes its time, and ends early with ctx; what is left then
// is for the next.
func (f *Files) Sweep(ctx context.Context) error {
	if err := sweep(ctx, f.stale()); err != nil && !isMissing(err) {
		return fmt.Errorf("clear object store: %w", err)
	}
	return nil
}

func sweep(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		path, remove := filepath.Join(dir, e.Name()), os.Remove
		if e.IsDir() {
			remove = func(path string) error { return sweep(ctx, path) }
		}
		if err := remove(path); err != nil {
			return err
		}
	}
	return os.Remove(dir)
}
