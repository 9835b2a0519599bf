// Package transcode decodes and encodes media, by ffmpeg: the one room that
// starts other programs. It makes JPEGs of key frames: one process at a time in
// the whole server, for one stream or recording alone, with the lowest priority
// and for a bounded time, and under a fifth of a core. It decodes sound, whose
// level somebody wants to see, and brings streams of other servers into a form
// that we read. It knows neither what is on air nor where pictures are kept.
package transcode

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What callers branch on.
var (
	// ErrMissing: there is no ffmpeg, or it does not run.
	ErrMissing = errors.New("there is no ffmpeg")
	// ErrUnwanted, which is an ErrMissing: none is wanted.
	ErrUnwanted = fmt.Errorf("%w: it is switched off", ErrMissing)
	// ErrBusy: too many wait already.
	ErrBusy = errors.New("too many pictures are waited for")
	// ErrUndecodable: ffmpeg made nothing of it.
	ErrUndecodable = errors.New("nothing could be decoded")
)

// usualLimit is how long a process may take: hundreds of times of what it needs,
// since it has the lowest priority on a busy machine.
const usualLimit = 30 * time.Second

// Options is what a Transcoder stands on.
type Options struct {
	// FFmpeg is the program's path, or its name in PATH; empty: none is wanted.
	FFmpeg string
	Limit  time.Duration // that a process may take; 0 is 30 s
	Log    *slog.Logger
}

// Transcoder runs ffmpeg. Its methods may be called by any number of
// goroutines.
type Transcoder struct {
	path  string
	limit time.Duration
	log   *slog.Logger

	urgent, patient chan *order
	ctx             context.Context // ends with Close
	stop            context.CancelFunc
	wg              sync.WaitGroup

	checked chan struct{} // closed once the next two are known
	version string
	problem error

	pictures, failed, cpu atomic.Int64
}

// New looks for ffmpeg, and says in the log when there is none. Close ends it.
func New(o Options) *Transcoder {
	t := &Transcoder{
		limit: o.Limit, log: o.Log, checked: make(chan struct{}),
		urgent: make(chan *order, maxUrgent), patient: make(chan *order, 1), // who is patient waits outside
	}
	if t.limit == 0 {
		t.limit = usualLimit
	}
	t.ctx, t.stop = context.WithCancel(context.Background())
	if o.FFmpeg == "" {
		t.problem = ErrUnwanted
		close(t.checked)
		return t
	}
	t.wg.Go(func() {
		t.check(o.FFmpeg)
		close(t.checked)
		if t.problem == nil {
			t.run()
		}
	})
	return t
}

// Close kills what runs, and returns when it has ended. It is idempotent.
func (t *Transcoder) Close() {
	t.stop()
	t.wg.Wait()
}

// check finds out which ffmpeg there is.
func (t *Transcoder) check(name string) {
	path, err := Find(name)
	if err == nil {
		t.path = path
		t.version, err = t.askVersion()
	}
	switch {
	case t.ctx.Err() != nil:
		t.problem = ErrMissing
	case err != nil:
		t.problem = err
		t.log.Warn("ffmpeg is missing: there are no pictures of streams and recordings until it is installed and the server is started again", "path", name, "error", err)
	default:
		t.log.Debug("ffmpeg", "path", path, "version", t.version)
	}
}

func (t *Transcoder) askVersion() (string, error) {
	out, _, err := t.start(t.ctx, 0, nil, "-version") // it is short, and all else waits for it
	if words := strings.Fields(string(out)); len(words) > 2 && words[0] == "ffmpeg" {
		return words[2], nil // whatever else it complains about
	}
	if err == nil {
		err = errors.New("what answers is no ffmpeg")
	}
	return "", fmt.Errorf("%w: %w", ErrMissing, err)
}

// Version is that of the ffmpeg that was found, or why there is none, which
// wraps ErrMissing. It waits for the answer of a server that has just started.
func (t *Transcoder) Version(ctx context.Context) (string, error) {
	select {
	case <-t.checked:
		return t.version, t.problem
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Available reports whether jobs are taken. It does not wait.
func (t *Transcoder) Available() bool {
	select {
	case <-t.checked:
		return t.problem == nil
	default:
		return true // it is asked in a moment
	}
}

// Stats counts what was done so far.
type Stats struct {
	Pictures int64         // made
	Failed   int64         // jobs of which nothing came
	CPU      time.Duration // that the processes used
}

// Stats returns the counts so far.
func (t *Transcoder) Stats() Stats {
	return Stats{Pictures: t.pictures.Load(), Failed: t.failed.Load(), CPU: time.Duration(t.cpu.Load())}
}
