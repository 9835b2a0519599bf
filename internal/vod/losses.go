package vod

import (
	"errors"
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	// tellLosses is how often trouble that lasts is spoken of.
	tellLosses = time.Minute
	// sameGap is how soon after a gap another counts as the same: a disk at its
	// limit comes and goes.
	sameGap = 30 * time.Second
	// gapKind is the kind of event that tells of what was not recorded.
	gapKind = "recording_gap"
)

// losses tells of what a recorder could not write: to the log, seldom, and to
// the broadcast's owner as an event.
type losses struct {
	lib       *Library
	log       *slog.Logger
	broadcast string

	event  store.Event // the newest gap
	open   bool        // it goes on
	closed time.Time   // when it ended, when it is not open
	count  int64       // segments since the log was told
	told   time.Time
}

// add counts segments that are not recorded.
func (g *losses) add(n int64, why error) {
	if n == 0 {
		return
	}
	now := time.Now()
	g.lib.lost.Add(n)
	g.count += n
	if !g.open {
		if g.event.ID == "" || now.Sub(g.closed) > sameGap {
			g.event = store.Event{ID: g.lib.opts.DB.NewID(), BroadcastID: g.broadcast, At: now, Kind: gapKind}
		}
		g.open = true
		g.event.Text = fmt.Sprintf("Nothing is recorded: %s. Live goes on.", inWords(why))
		g.event.Duration = 0
		g.lib.Note(g.event)
	}
	if now.Sub(g.told) >= tellLosses {
		g.log.Warn("segments are not recorded", "segments", g.count, "error", fmt.Sprint(why))
		g.told, g.count = now, 0
	}
	g.event.Text = fmt.Sprintf("Part of the broadcast is not recorded: %s.", inWords(why))
}

// over says that a segment was recorded.
func (g *losses) over() {
	if !g.open {
		return
	}
	g.open, g.closed = false, time.Now()
	g.event.Duration = g.closed.Sub(g.event.At)
	g.lib.Note(g.event)
	g.log.Info("recording goes on", "after", g.event.Duration.Round(time.Second))
}

// inWords says why something is not recorded, in words that anybody may read.
func inWords(err error) string {
	switch {
	case errors.Is(err, errFull), errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk is full"
	case errors.Is(err, errLate):
		return "storage does not keep up"
	}
	return "storage failed"
}
