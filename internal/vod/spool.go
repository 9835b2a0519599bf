package vod

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/internal/packager"
)

// spool is the segment of one rendition that is being written.
type spool struct {
	segment *packager.Segment
	file    *os.File
	path    string
	failed  bool
	init    int64 // the newest initialisation section that was stored; -1 before

	next  int64     // number of the segment to come; 0 before the first
	until time.Time // program time at the end of the newest
	kept  []held    // what is there of a recording whose length is bounded
}

// held is a segment that is to be deleted in its time.
type held struct {
	number int64
	length time.Duration
}

// spoolName is the name of the file that a segment is written to. It says what
// the bytes do not, so that a file that a crash left behind can be listed.
func spoolName(s *packager.Segment) string {
	name := fmt.Sprintf("%d-%d-%d", s.Number, s.Init.Number, s.Time.UnixMilli())
	if s.Discontinuity {
		name += "-d"
	}
	return name + segmentSuffix
}

// spooled is what a spoolName tells.
type spooled struct {
	number, init  int64
	time          time.Time
	discontinuity bool
}

func parseSpoolName(name string) (s spooled, ok bool) {
	name, ok = strings.CutSuffix(name, segmentSuffix)
	name, s.discontinuity = strings.CutSuffix(name, "-d")
	fields := strings.Split(name, "-")
	if !ok || len(fields) != 3 {
		return spooled{}, false
	}
	var n [3]int64
	for i, field := range fields {
		v, err := strconv.ParseUint(field, 10, 62)
		if err != nil {
			return spooled{}, false
		}
		n[i] = int64(v)
	}
	s.number, s.init, s.time = n[0], n[1], time.UnixMilli(n[2])
	return s, true
}

// open makes the file, and its folder when that is missing.
func (s *spool) open(path string) error {
	s.path = path
	err := s.create()
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			err = s.create()
		}
	}
	return err
}

func (s *spool) create() (err error) {
	s.file, err = os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	return err
}

// write appends one part, by one write.
func (s *spool) write(b []byte) error {
	if s.file == nil {
		return nil
	}
	_, err := s.file.Write(b)
	return err
}

// store hands the file over to the objects. It is gone from the spool in any
// case.
func (s *spool) store(ctx context.Context, lib *Library, key string) error {
	err := s.file.Close()
	s.file = nil
	if err == nil {
		err = lib.opts.Files.Put(ctx, key, s.path)
	}
	if err != nil {
		_ = os.Remove(s.path) // the error that counts is told
	}
	return err
}

// drop gives up the file that is being written.
func (s *spool) drop() {
	if s.file != nil {
		_ = s.file.Close() // what it says is of no use: the file goes
		_ = os.Remove(s.path)
		s.file = nil
	}
}
