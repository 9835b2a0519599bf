package blob

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"
)

// Object is an object as List finds it.
type Object struct {
	Key   string
	Bytes int64
}

// List goes through the objects whose keys begin with prefix and a slash, or
// all when prefix is empty, in no order that is promised. Objects that come
// or go meanwhile may be among them. An error is the last thing that it
// yields.
func (f *Files) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		dir := f.root
		if prefix != "" {
			var err error
			if dir, err = f.path(ctx, prefix); err != nil {
				yield(Object{}, fmt.Errorf("list objects: %w", err))
				return
			}
		}
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			switch {
			case err == nil && path == f.spare():
				return fs.SkipDir
			case err == nil && path != dir && d.Type().IsRegular():
				var info fs.FileInfo
				if info, err = d.Info(); err == nil && !yield(f.object(path, info), nil) {
					return fs.SkipAll
				}
			}
			if err != nil && !isMissing(err) {
				return err
			}
			return nil // what is missing was deleted meanwhile
		})
		if err != nil {
			yield(Object{}, fmt.Errorf("list objects: %w", err))
		}
	}
}

func (f *Files) object(path string, info fs.FileInfo) Object {
	key := filepath.ToSlash(path[len(f.root)+1:])
	return Object{Key: key, Bytes: info.Size()}
}
