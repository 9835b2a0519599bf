// Package blob keeps objects by key: media, pictures, whatever is written
// once and read often. It must not know what the bytes are or which row
// speaks of them.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// What callers branch on.
var (
	// ErrNotFound: there is no object under that key.
	ErrNotFound = errors.New("object not found")
	// ErrBadKey: the key is not one: see Files.
	ErrBadKey = errors.New("bad object key")
)

// Folders under the root that hold no objects: no key begins with a dot.
const (
	spare = ".tmp" // what is not an object yet, or no longer
	stale = ".old" // what a process that died had there
)

// Files keeps objects in a folder of the file system, each a file whose path
// is its key. Its methods may be called by any number of goroutines, but one
// process at a time owns the folder.
//
// A key is 1 to 512 characters of a-z, 0-9, _, -, . and /; the elements
// between slashes are 1 to 200 characters and do not begin with a dot. A key
// that is an object cannot also be the folder of others.
//
// What holds: an object appears whole or not at all, and once Put or PutBytes
// returned it outlives the process, even killed. That it survives a loss of
// power holds from the next Sync that names it: syncing each object alone
// would cost more than writing it, and what is deleted within a minute needs
// none.
type Files struct {
	root string // absolute, without symbolic links
}

// Open returns the store in a folder, which it makes (mode 0700) when it is
// missing. What a process that died left unfinished is moved out of the way,
// and Sweep removes it: it may be a long recording that was being deleted.
func Open(dir string) (*Files, error) {
	root, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	f := &Files{root}
	if err := f.setAside(); err != nil {
		return nil, fmt.Errorf("clear object store: %w", err)
	}
	if err := os.Mkdir(f.spare(), 0o700); err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	return f, nil
}

// OpenToRead returns the store in a folder that another process may own. Only
// Get and List may be used. Nothing is made or moved; a folder that is not there
// has no objects.
func OpenToRead(dir string) (*Files, error) {
	root, err := filepath.Abs(dir)
	if err == nil {
		var real string
		if real, err = filepath.EvalSymlinks(root); err == nil {
			root = real
		} else if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	return &Files{root}, nil
}

func (f *Files) spare() string { return filepath.Join(f.root, spare) }
func (f *Files) stale() string { return filepath.Join(f.root, stale) }

// Get opens an object for reading and returns its size in bytes, or
// ErrNotFound. It is a plain file, so that a server can send it without
// copying; the caller closes it. A deleted object can be read to its end by
// who had it open.
func (f *Files) Get(ctx context.Context, key string) (*os.File, int64, error) {
	path, err := f.path(ctx, key)
	if err != nil {
		return nil, 0, fmt.Errorf("get object: %w", err)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("get object: %w", notFound(err))
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotFound // a folder of objects is none
	}
	if err != nil {
		return nil, 0, fmt.Errorf("get object: %w", errors.Join(err, file.Close()))
	}
	return file, info.Size(), nil
}

// path is the file of a key, while ctx lasts.
func (f *Files) path(ctx context.Context, key string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if !ValidKey(key) {
		return "", ErrBadKey
	}
	return filepath.Join(f.root, filepath.FromSlash(key)), nil
}

// notFound names the errors of the system that mean that there is no object.
func notFound(err error) error {
	if isMissing(err) {
		return fmt.Errorf("%w (%w)", ErrNotFound, err)
	}
	return err
}

// isMissing reports whether err says that nothing is there. ENOTDIR comes for
// a key below another that is an object.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
