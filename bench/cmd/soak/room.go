package main

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
)

// need is about how many bytes the recordings will take, with a tenth for
// boxes and rows.
func need(c *flvclip.Clip, o options) int64 {
	var bytes int64
	for _, t := range c.Media {
		bytes += int64(len(t.Body))
	}
	second := float64(bytes) / (float64(c.Millis) / 1000)
	return int64(1.1 * second * float64(o.streams) * o.length.Seconds())
}

// errRoom says that the disk is too small.
var errRoom = errors.New("too little room")

// room says what the run will take, and refuses when less than twice that is
// free beside the twentieth of the disk under which the server stops to
// record.
func room(folder string, need int64) error {
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil {
		return fmt.Errorf("look for room in %s: %w", folder, err)
	}
	free := int64(fs.Bavail)*fs.Bsize - int64(fs.Blocks)*fs.Bsize/20
	fmt.Printf("recordings will take %s in %s, where %s are free for them\n", gigabytes(need), folder, gigabytes(free))
	if free < 2*need {
		return fmt.Errorf("%w: twice %s is wanted; give a shorter -for, fewer -streams or a lower -kbps, or another TMPDIR", errRoom, gigabytes(need))
	}
	return nil
}

func gigabytes(bytes int64) string { return fmt.Sprintf("%.1f GB", float64(bytes)/1e9) }

// brief is a duration without what it does not have: 1h30m0s is 1h30m.
func brief(d time.Duration) string {
	d = d.Round(time.Second)
	h, m, s := d/time.Hour, d%time.Hour/time.Minute, d%time.Minute/time.Second
	text := ""
	for _, unit := range []struct {
		n    time.Duration
		name string
	}{{h, "h"}, {m, "m"}, {s, "s"}} {
		if unit.n > 0 {
			text += fmt.Sprintf("%d%s", unit.n, unit.name)
		}
	}
	if text == "" {
		return "0s"
	}
	return text
}
