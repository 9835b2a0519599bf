// Package still owns the pictures of streams and recordings that stand still:
// the newest of what is on air, of each recording a cover and a storyboard, of
// each clip a cover. It says which key frames they are made of and when;
// transcode makes them. It must not know who may see them.
package still

import (
	"context"
	"image/jpeg"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/transcode"
	"github.com/rostrumlive/rostrum/internal/vod"
)

// Options is what a Service stands on.
type Options struct {
	DB         *store.DB
	Files      *blob.Files
	Library    *vod.Library
	Transcoder *transcode.Transcoder
	Log        *slog.Logger
}

// Service makes stills. Its methods may be called by any number of goroutines.
type Service struct {
	opts Options
	log  *slog.Logger
	ctx  context.Context // ends with Close
	stop context.CancelFunc
	wg   sync.WaitGroup // one for each still of what is on air that is being made

	ended *queue // broadcasts
	clips *queue // that were made

	mu     sync.Mutex
	closed bool
	frames map[string]*frame // of what is on air, by broadcast
}

// New makes a service. Run does its work on recordings and clips; Close ends the rest.
func New(o Options) *Service {
	s := &Service{opts: o, log: o.Log, frames: map[string]*frame{}, ended: newQueue(), clips: newQueue()}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Close gives up what is being made of what is on air, and waits for that. It is
// idempotent.
func (s *Service) Close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.wg.Wait()
}

// Available reports whether stills can be made, as far as is known.
func (s *Service) Available() bool { return s.opts.Transcoder.Available() }

// Ended says that a broadcast is over: its still is forgotten, and Run looks at
// its recording. It does not wait.
func (s *Service) Ended(broadcast string) {
	s.mu.Lock()
	delete(s.frames, broadcast)
	s.mu.Unlock()
	s.ended.put(broadcast)
}

// Clipped says that a clip was made: Run looks at it. It does not wait.
func (s *Service) Clipped(clip string) { s.clips.put(clip) }

// Names of what is made of a recording, in addresses and among the objects.
const (
	coverName   = "cover.jpg"
	listName    = "storyboard.vtt"
	sheetPrefix = "storyboard-"
	sheetSuffix = ".jpg"
)

func sheetName(n int) string { return sheetPrefix + strconv.Itoa(n) + sheetSuffix }

// folder is where a recording's stills lie, so that they go with it.
func folder(broadcast string) string { return vod.Beside(broadcast) }

func key(broadcast, name string) string { return folder(broadcast) + "/" + name }

// CoverObject is the object key of a recording's cover.
func CoverObject(broadcast string) string { return key(broadcast, coverName) }

// StoryboardObjects are the object keys of a recording's storyboard, which lies
// on so many sheets.
func StoryboardObjects(broadcast string, sheets int) []string {
	keys := []string{key(broadcast, listName)}
	for n := range sheets {
		keys = append(keys, key(broadcast, sheetName(n)))
	}
	return keys
}

// Object returns under which key a still of a recording lies, and its type, by
// the last element of its address. It reports false for what is no name of one.
func Object(broadcast, name string) (object, contentType string, ok bool) {
	switch name {
	case coverName:
		return key(broadcast, name), "image/jpeg", true
	case listName:
		return key(broadcast, name), "text/vtt; charset=utf-8", true
	}
	digits, begins := strings.CutPrefix(name, sheetPrefix)
	digits, ends := strings.CutSuffix(digits, sheetSuffix)
	n, err := strconv.ParseUint(digits, 10, 16)
	if !begins || !ends || err != nil || sheetName(int(n)) != name {
		return "", "", false
	}
	return key(broadcast, name), "image/jpeg", true
}

// Size returns how wide and high a picture is that was kept; 0 where there is
// none.
func (s *Service) Size(ctx context.Context, object string) (width, height int) {
	f, _, err := s.opts.Files.Get(ctx, object)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	c, err := jpeg.DecodeConfig(f)
	if err != nil {
		return 0, 0
	}
	return c.Width, c.Height
}
