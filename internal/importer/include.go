package importer

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Include returns the files that the pattern of an include names, in order.
type Include func(pattern string) ([]File, error)

// File is one that was read.
type File struct {
	Name string
	Text []byte
}

// Bounds of includes. A Debian nginx with all its modules includes 30 files.
const (
	maxIncludes     = 200
	maxIncludeDepth = 8
)

// Beside returns an Include that looks in the folder of a configuration, as nginx
// does, and in the one above, since SRS's own configurations are written from
// there. The files that it reads in its life are bounded in number and bytes.
func Beside(path string) Include {
	base, files, bytes := filepath.Dir(path), 0, 0
	return func(pattern string) ([]File, error) {
		var names []string
		for _, p := range []string{filepath.Join(base, pattern), filepath.Join(base, "..", pattern)} {
			if filepath.IsAbs(pattern) {
				p = pattern
			}
			found, err := filepath.Glob(p)
			if err != nil {
				return nil, fmt.Errorf("%s is no pattern", printable(pattern))
			}
			if names = found; names != nil {
				break
			}
		}
		if names == nil && !strings.ContainsAny(pattern, "*?[") {
			return nil, errors.New("there is no such file here")
		}
		var all []File
		for _, name := range names {
			text, err := readRegular(name)
			if err != nil {
				return nil, err
			}
			if files, bytes = files+1, bytes+len(text); files > maxIncludes || bytes > MaxBytes {
				return nil, fmt.Errorf("more than %d files or 1 MiB are included, and the rest is not read", maxIncludes)
			}
			all = append(all, File{Name: relative(base, name), Text: text})
		}
		return all, nil
	}
}

// readRegular reads a file and nothing else: a pipe would never end.
func readRegular(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxBytes+1))
}

// relative is a name as seen from base, where it lies below.
func relative(base, name string) string {
	if rel, err := filepath.Rel(base, name); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return name
}

// expand puts the directives of included files in the places of the includes.
func (d *draft) expand(all []*directive, include Include, depth int) []*directive {
	var out []*directive
	for _, one := range all {
		if one.name != "include" || one.isBlock {
			one.block = d.expand(one.block, include, depth)
			out = append(out, one)
			continue
		}
		for _, pattern := range one.args {
			out = append(out, d.included(one.place(), pattern, include, depth)...)
		}
	}
	return out
}

// included reads the files of one include. What cannot be read is told, and the
// rest goes on without it.
func (d *draft) included(p place, pattern string, include Include, depth int) []*directive {
	p.subject = printable("include " + pattern)
	if include == nil || depth >= maxIncludeDepth {
		d.ignore(p, "this include was not followed")
		return nil
	}
	files, err := include(pattern)
	if err != nil {
		d.ignore(p, printable(err.Error()))
		return nil
	}
	var out []*directive
	for _, f := range files {
		all, err := parse(f.Name, f.Text)
		if err != nil {
			d.ignore(p, printable(err.Error()))
			continue
		}
		out = append(out, d.expand(all, include, depth+1)...)
	}
	return out
}
