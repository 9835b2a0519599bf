package vod

import (
	"log/slog"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
)

// spaceCheck is how long a measurement of the disk is believed.
const spaceCheck = time.Second

// space watches the free space of the disk for all recorders.
type space struct {
	files   *blob.Files
	minFree func(total uint64) uint64
	log     *slog.Logger

	mu      sync.Mutex
	checked time.Time
	full    bool
}

// enough reports whether there is room to record.
func (s *space) enough(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.minFree == nil || now.Sub(s.checked) < spaceCheck {
		return !s.full
	}
	s.checked = now
	free, total, err := s.files.Free()
	if err != nil {
		return !s.full // what was known still is the best guess
	}
	least := s.minFree(uint64(total))
	if s.full {
		least += least / 64 // so that a disk at its limit does not come and go
	}
	full := uint64(free) < least
	if full != s.full {
		s.full = full
		if full {
			s.log.Error("recording stops: the disk has less free than recordings.min_free; live goes on", "free_bytes", free, "disk_bytes", total)
		} else {
			s.log.Info("recording goes on: the disk has room again", "free_bytes", free)
		}
	}
	return !s.full
}

// Space is the room on the disk that recordings lie on, in bytes.
type Space struct {
	Free  int64
	Total int64
	Least int64 // below which nothing is recorded
}

// Space measures the disk.
func (l *Library) Space() (Space, error) {
	free, total, err := l.opts.Files.Free()
	if err != nil {
		return Space{}, err
	}
	s := Space{Free: free, Total: total}
	if l.opts.MinFree != nil {
		s.Least = int64(l.opts.MinFree(uint64(total))) //nolint:gosec // a share of total
	}
	return s, nil
}
