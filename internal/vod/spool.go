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

// syncEvery is how often the segment that is being written is made safe from a
// loss of power: twice that, and a commit, may be lost.
const syncEvery = time.Second

// spool is the segment of one rendition that is being written.
type spool struct {
	segment *packager.Segment
	file    *os.File
	path    string
	synced  time.Time // when the file was made safe last, or made
	failed  bool
	passes  bool // the segment is not of the recording
	index   indexer
	init    int64 // the newest initialisation section that was stored; -1 before
	stored  int64 // number of the newest segment that was stored; -1 before

	next  int64     // number of the segment to come; 0 before the first
	until time.Time // program time at the end of the newest
	kept  []held    // what is there of a recording whose length is bounded

	lasted  time.Duration // what was on air
	passing []passed      // what is there that is not of the recording
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
	switch {
	case s.Seam:
		name += "-s"
	case s.Discontinuity:
		name += "-d"
	}
	return name + segmentSuffix
}

// stubSuffix ends the name of an empty file that is otherwise named like a
// segment's. It stays in the spool when the segment becomes an object, whose
// name and bytes say less.
const stubSuffix = ".stub"

// spooled is what a spoolName tells.
type spooled struct {
	number, init  int64
	time          time.Time
	discontinuity bool
	seam          bool
}

func parseSpoolName(name string) (s spooled, ok bool) {
	name, ok = strings.CutSuffix(name, segmentSuffix)
	if name, s.seam = strings.CutSuffix(name, "-s"); !s.seam {
		name, s.discontinuity = strings.CutSuffix(name, "-d")
	}
	s.discontinuity = s.discontinuity || s.seam
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

// open makes the segment's file in a folder, and the folder when that is
// missing; before it a stub, where what is listed before the segment does not
// tell how this one goes on.
func (s *spool) open(folder string) (err error) {
	s.path = filepath.Join(folder, spoolName(s.segment))
	if s.segment.Discontinuity || s.stored != s.segment.Number-1 {
		stub, err := create(s.path + stubSuffix)
		if err == nil {
			err = stub.Close()
		}
		if err != nil {
			return err
		}
	}
	s.synced = time.Now()
	s.file, err = create(s.path)
	return err
}

// create makes a file, and its folder when that is missing.
func create(path string) (*os.File, error) {
	const how = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := os.OpenFile(path, how, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			f, err = os.OpenFile(path, how, 0o600)
		}
	}
	return f, err
}

// write appends one part, by one write.
func (s *spool) write(b []byte) error {
	if s.file == nil {
		return nil
	}
	_, err := s.file.Write(b)
	return err
}

// due reports, once in syncEvery, that what was written is to be made safe
// though the segment is not complete.
func (s *spool) due(now time.Time) bool {
	if s.file == nil || now.Sub(s.synced) < syncEvery {
		return false
	}
	s.synced = now
	return true
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
		s.close()
		_ = os.Remove(s.path)
	}
}

// close leaves the file as it is.
func (s *spool) close() {
	if s.file != nil {
		_ = s.file.Close() // each write told of its own trouble
		s.file = nil
	}
}
