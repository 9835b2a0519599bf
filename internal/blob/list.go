package blob

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
	"strings"
)

// List goes through the keys that begin with prefix and a slash, or all when
// prefix is empty, in no order that is promised. Objects that come or go
// meanwhile may be among them. An error is the last thing that it yields.
//
// It reads folders and looks at no file: what the size of each would cost is
// most of the time that a long recording takes.
func (f *Files) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		dir := f.root
		if prefix != "" {
			var err error
			if dir, err = f.path(ctx, prefix); err != nil {
				yield("", fmt.Errorf("list objects: %w", err))
				return
			}
		}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			switch {
			case err == nil && path != dir && d.IsDir() && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir // no objects: see spare
			case err == nil && path != dir && d.Type().IsRegular() && !yield(f.key(path), nil):
				return fs.SkipAll
			case err != nil && !isMissing(err):
				return err
			}
			return nil // what is missing was deleted meanwhile
		})
		if err != nil {
			yield("", fmt.Errorf("list objects: %w", err))
		}
	}
}

// key is that of the object in a file.
func (f *Files) key(path string) string { return filepath.ToSlash(path[len(f.root)+1:]) }
