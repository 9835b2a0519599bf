package restream

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/rtmp"
)

// steady is how long a connection must have lasted for the next to be tried at
// once.
const steady = time.Minute

// relay is one stream's way to one other server.
type relay struct {
	service *Service
	pub     *live.Publisher
	stream  *live.Stream
	target  rtmp.Address
	since   time.Time
	id      int64
	log     *slog.Logger
	cancel  context.CancelFunc
	ended   chan struct{} // closed when it has

	bytes, lost atomic.Int64

	mu        sync.Mutex
	connected bool
	trouble   string // why it is not
}

func (r *relay) state() Relay {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Relay{
		ID: r.id, To: r.target.Public(), Since: r.since, Connected: r.connected, Bytes: r.bytes.Load(), Lost: r.lost.Load(), Trouble: r.trouble,
	}
}

func (r *relay) set(connected bool, trouble string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.connected, r.trouble = connected, trouble
}

// run connects again and again until there is no more to relay.
func (r *relay) run(ctx context.Context) {
	pause := r.service.o.FirstPause
	for told := false; ; {
		began := time.Now()
		err := r.once(ctx)
		if errors.Is(err, errOver) || ctx.Err() != nil {
			r.log.Info("relay ended", "bytes", r.bytes.Load(), "lost_units", r.lost.Load())
			return
		}
		r.service.counts.failed.Add(1)
		if time.Since(began) > steady {
			pause, told = r.service.o.FirstPause, false
		}
		r.set(false, err.Error())
		level := slog.LevelDebug // the log hears of trouble that lasts once
		if !told {
			level, told = slog.LevelWarn, true
		}
		r.log.Log(ctx, level, "relay is down; trying again", "error", err, "in", pause)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		case <-r.over():
		}
		timer.Stop()
		pause = min(2*pause, r.service.o.LastPause)
	}
}

// over is closed when the stream is, or its publisher changes: what waits looks
// again then.
func (r *relay) over() <-chan struct{} { return r.stream.Turn() }

// once relays over one connection.
func (r *relay) once(ctx context.Context) error {
	if r.stream.Closed() {
		return errOver
	}
	up, err := rtmp.Publish(ctx, r.target, rtmp.UpstreamOptions{TLS: r.service.o.TLS, Patience: r.service.o.Patience})
	if err != nil {
		return err
	}
	defer up.Close()
	// What comes after this relay waits for its end, and so does a shutdown.
	defer context.AfterFunc(ctx, up.Hurry)()
	r.service.counts.begun.Add(1)
	reader := r.stream.Reader()
	m := muxer{up: up, expects: r.stream.Expected}
	defer func() { r.count(&m, reader) }()
	if err := r.catchUp(reader, &m); err != nil {
		return err
	}
	r.set(true, "") // all that is published from now on is relayed
	r.log.Info("relay begins")
	for {
		u, news, err := reader.Poll()
		switch {
		case errors.Is(err, live.ErrInterrupted), errors.Is(err, io.EOF):
			_ = up.Flush() // it is over either way
			return errOver
		case err != nil:
			return err
		case news == nil:
			if m.take(u) > flushBytes {
				err = up.Flush()
			}
		default:
			if err = up.Flush(); err == nil {
				r.count(&m, reader)
				select {
				case <-news:
				case <-up.Gone():
					err = up.Err()
				case <-ctx.Done():
					return errOver
				}
			}
		}
		if err != nil {
			select {
			case <-up.Gone(): // it may have said why
				return up.Err()
			default:
				return err
			}
		}
	}
}

// flushBytes is how much is sent at once of what was held up.
const flushBytes = 256 << 10

// catchUp goes through what is in memory, of the publisher and of others before,
// and begins with the newest key picture. Nothing is flushed yet.
func (r *relay) catchUp(reader *live.Reader, m *muxer) error {
	var recent []live.Unit
	for {
		u, ok, err := reader.Take()
		switch {
		case errors.Is(err, live.ErrInterrupted):
			recent = recent[:0]
		case errors.Is(err, io.EOF):
			return errOver
		case err != nil:
			return err
		case !ok:
			for _, u := range recent {
				m.take(u)
			}
			return nil
		default:
			if m.begins(u) {
				recent = recent[:0]
			}
			recent = append(recent, u)
		}
	}
}

// count adds what was sent and lost since it was counted last.
func (r *relay) count(m *muxer, reader *live.Reader) {
	lost := int64(reader.Lost()) - m.lost
	m.lost += lost
	r.lost.Add(lost)
	r.bytes.Add(m.bytes)
	r.service.counts.lost.Add(lost)
	r.service.counts.bytes.Add(m.bytes)
	r.stream.Sent(m.bytes)
	m.bytes = 0
}
