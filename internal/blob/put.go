package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Put takes the file at src as the object under key, in place of one that is
// there. The file must be closed or no longer written; it is moved, so that
// afterwards it is nowhere else. That costs no copy when src lies on the
// store's file system. After an error the file is still at src.
func (f *Files) Put(ctx context.Context, key, src string) error {
	path, err := f.path(ctx, key)
	if err != nil {
		return fmt.Errorf("put object: %w", err)
	}
	err = place(src, path)
	if errors.Is(err, syscall.EXDEV) {
		err = f.copyFrom(src, path)
	}
	if err != nil {
		return fmt.Errorf("put object: %w", err)
	}
	return nil
}

// PutBytes makes an object of b under key, in place of one that is there.
func (f *Files) PutBytes(ctx context.Context, key string, b []byte) error {
	path, err := f.path(ctx, key)
	if err != nil {
		return fmt.Errorf("put object: %w", err)
	}
	err = f.build(path, func(file *os.File) error {
		_, err := file.Write(b)
		return err
	})
	if err != nil {
		return fmt.Errorf("put object: %w", err)
	}
	return nil
}

// copyFrom does for a file on another file system what place does for one on
// this.
func (f *Files) copyFrom(src, path string) error {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	err = f.build(path, func(file *os.File) error {
		if _, err := io.Copy(file, in); err != nil {
			return err
		}
		return file.Sync() // before the original goes, so that one of the two is whole
	})
	if err := errors.Join(err, in.Close()); err != nil {
		return err
	}
	return os.Remove(src)
}

// build writes a file beside the objects and, once it is whole, places it.
func (f *Files) build(path string, fill func(*os.File) error) error {
	file, err := os.CreateTemp(f.spare(), "put-*")
	if err != nil {
		return err
	}
	err = errors.Join(fill(file), file.Close())
	if err == nil {
		err = place(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}

// place moves a file to its path and makes the folders on the way.
func place(src, path string) error {
	err := os.Rename(src, path)
	// The folders are there most times. When not, another goroutine may be
	// deleting them while they are made: then it is tried again.
	for range 3 {
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			err = os.Rename(src, path)
		}
	}
	return err
}
