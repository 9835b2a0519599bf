// Package httpmedia owns long HTTP bodies: a stream as FLV, which goes on for
// as long as the broadcast does. Each stream that somebody watches has one
// feed, which writes every access unit as a tag once; viewers are cursors over
// those bytes. It knows neither accounts nor broadcasts: who routes requests
// hands it a stream.
package httpmedia

import (
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/rostrumlive/rostrum/internal/live"
)

// FLV answers viewers of HTTP-FLV. The zero value is ready. Its methods may be
// called by any number of goroutines.
type FLV struct {
	// Direct returns the connection that the response to a request of HTTP/1.1
	// is written to as it is, past net/http, or nil where there is none, as with
	// TLS: such a viewer has a goroutine that writes to it. So has every viewer
	// when Direct is nil.
	Direct func(*http.Request) Conn

	viewers atomic.Int64
	counts  counts

	mu    sync.Mutex
	feeds map[*live.Stream]*feed // that somebody watches
}

// counts is what happened to viewers.
type counts struct {
	skips        atomic.Int64
	skippedBytes atomic.Int64
}

// Stats counts viewers of all streams.
type Stats struct {
	Viewers      int64 // that are being answered
	Skips        int64 // times that a viewer had fallen behind and went on at a newer key frame
	SkippedBytes int64 // that these viewers missed
}

// Stats returns the counts so far.
func (f *FLV) Stats() Stats {
	return Stats{Viewers: f.viewers.Load(), Skips: f.counts.skips.Load(), SkippedBytes: f.counts.skippedBytes.Load()}
}

// join returns a stream's feed, which the first viewer starts. Who joins leaves.
func (f *FLV) join(s *live.Stream) *feed {
	f.mu.Lock()
	defer f.mu.Unlock()
	fd := f.feeds[s]
	if fd == nil {
		fd = newFeed(s, &f.counts)
		if f.feeds == nil {
			f.feeds = map[*live.Stream]*feed{}
		}
		f.feeds[s] = fd
		fd.start() // ended by the last who leaves
	}
	fd.viewers++
	return fd
}

// leave ends the feed, and awaits its end, when nobody watches any more.
func (f *FLV) leave(fd *feed) {
	f.mu.Lock()
	fd.viewers--
	last := fd.viewers == 0
	if last {
		delete(f.feeds, fd.stream)
	}
	f.mu.Unlock()
	if last {
		fd.end()
	}
}
