// Package vod keeps what was on air: it writes a broadcast's segments to files
// while they are made, keeps the rows that say which there are, and answers
// requests for recordings, as HLS, as DASH and as MP4 files, from the moment that a
// broadcast is on air.
// It never slows the live path down: it follows the packager and loses, and
// says so, when storage does not keep up.
package vod

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/packager"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Options is what a Library stands on.
type Options struct {
	DB    *store.DB
	Files *blob.Files
	Spool string // folder for segments that are being written, on the disk of Files
	Heads string // folder for what is made for downloads and can be made again
	// TargetDuration is that of recordings made from now on.
	TargetDuration time.Duration
	// Reach returns how far back live playlists of a kind reach, also when they
	// have ended and are answered from the recording; 0 is all. Nil is all of all.
	Reach func(packager.Kind) time.Duration
	// MinFree returns how many bytes of a disk of total bytes must stay free;
	// below that nothing is recorded. Nil is none.
	MinFree func(total uint64) uint64
	Bodies  *bodies.Cache // of media that goes out by TLS or HTTP/2; nil is none
	Log     *slog.Logger
}

// Library holds the recordings of this node. Its methods may be called by any
// number of goroutines.
type Library struct {
	opts     Options
	log      *slog.Logger
	rows     *catalogue
	space    space
	lists    cache[list]
	outlines cache[outline]
	heads    *heads
	lost     atomic.Int64
}

// New opens the library. It lists what the last run of the server had recorded
// and not listed yet, and begins with an empty spool; broadcasts that are
// unfinished in the database must not be on air. Close ends it.
func New(ctx context.Context, o Options) (*Library, error) {
	l := &Library{opts: o, log: o.Log}
	l.rows = newCatalogue(o.DB, o.Files, o.Bodies, &l.lost, o.Log)
	l.space = space{files: o.Files, minFree: o.MinFree, log: o.Log}
	if err := l.prepare(ctx); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func (l *Library) prepare(ctx context.Context) (err error) {
	if err := l.salvage(ctx); err != nil {
		return fmt.Errorf("list what the last run recorded: %w", err)
	}
	if err := os.RemoveAll(l.opts.Spool); err != nil {
		return err
	}
	if l.heads, err = newHeads(l.opts.Heads); err != nil {
		return err
	}
	return os.MkdirAll(l.opts.Spool, 0o700)
}

// Close writes the rows that wait and returns when they are safe. Recorders
// must have ended.
func (l *Library) Close() { l.rows.close() }

// Note writes an event down, soon: it waits while the database does not
// answer. One with the id of another takes its place.
func (l *Library) Note(e store.Event) { l.rows.add(func(b *batch) { b.note(e) }) }

// Stats counts what the library did since it was opened.
type Stats struct {
	LostSegments int64 // not recorded, because storage failed, was full or did not keep up
	Recording    bool  // there is room enough on the disk
}

// Stats returns the counts so far.
func (l *Library) Stats() Stats {
	return Stats{LostSegments: l.lost.Load(), Recording: l.space.enough(time.Now())}
}

func (l *Library) spoolFolder(broadcast, rendition string) string {
	return filepath.Join(l.opts.Spool, broadcast, filepath.FromSlash(rendition))
}
