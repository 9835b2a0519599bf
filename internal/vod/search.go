package vod

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// found is a segment that a process which died had written and not listed:
// in the spool, up to its last whole part, or among the objects.
type found struct {
	spooled
	path string // in the spool; empty for an object
	bare bool   // an object of which nothing but the number is known
}

// search is the search for a broadcast's segments that have no rows.
type search struct {
	lib       *Library
	broadcast string
	last      map[string]int64   // of each rendition the newest number that has a row
	found     map[string][]found // by rendition
	stubs     map[string]spooled // by the keys of the segments that they tell of
}

// search finds a broadcast's segments that have no rows, by rendition and
// sorted by number.
func (l *Library) search(ctx context.Context, broadcast string) (map[string][]found, error) {
	s := &search{
		lib: l, broadcast: broadcast,
		last: map[string]int64{}, found: map[string][]found{}, stubs: map[string]spooled{},
	}
	extents, err := l.opts.DB.Extents(ctx, broadcast)
	if err != nil {
		return nil, err
	}
	for _, e := range extents {
		s.last[e.Rendition] = e.Last
	}
	if err := s.spool(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := s.objects(ctx); err != nil {
		return nil, err
	}
	for _, list := range s.found {
		slices.SortFunc(list, func(a, b found) int { return cmp.Compare(a.number, b.number) })
	}
	return s.found, nil
}

func (s *search) add(rendition string, f found) {
	if n, listed := s.last[rendition]; !listed || f.number > n {
		s.found[rendition] = append(s.found[rendition], f)
	}
}

// spool looks at the files of segments that were being written, and at the
// stubs.
func (s *search) spool() error {
	root := filepath.Join(s.lib.opts.Spool, s.broadcast)
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rendition, name := cutLast(filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator))))
		name, stub := strings.CutSuffix(name, stubSuffix)
		switch told, ok := parseSpoolName(name); {
		case ok && stub:
			s.stubs[segmentKey(s.broadcast, rendition, told.number)] = told
		case ok:
			s.add(rendition, found{spooled: told, path: path})
		}
		return nil
	})
}

// objects looks at the complete segments. The stubs are known.
func (s *search) objects(ctx context.Context) error {
	for k, err := range s.lib.opts.Files.List(ctx, s.broadcast) {
		if err != nil {
			return err
		}
		rendition, name := cutLast(strings.TrimPrefix(k, s.broadcast+"/"))
		n, ok := SegmentNumber(name)
		if !ok {
			continue
		}
		f := found{spooled: spooled{number: n}, bare: true}
		if told, ok := s.stubs[k]; ok {
			f.spooled, f.bare = told, false
		}
		s.add(rendition, f)
	}
	return nil
}
