package app

import (
	"net/http"
	"sync"
	"time"
)

// streamPace is what a request of HTTP/2 has to keep up with on the whole, in
// bytes a second: 50 kbit/s. A request holds a body of the cache meanwhile.
const streamPace = 50_000 / 8

// recordPiece is what fits into one record of TLS, of 16 kB (RFC 8446 5.1),
// together with the header of its frame (RFC 9113 4.1). net/http makes frames
// of 16 kB of what it is given, and each would need a second record, with a
// system call of its own, for nine bytes: that costs 1.4 times as much.
const recordPiece = 16<<10 - 9

// paceStreams cuts off requests of HTTP/2 whose viewer does not take the
// answer. There a viewer need not stop reading from the connection to take
// nothing: each stream has a window of its own, and so has the connection
// (RFC 9113 5.2), which the listener cannot see. So a write ends
//
//   - when its connection acknowledged less than pace.least in pace.patience,
//     as it does without HTTP/2,
//   - and in any case when its stream alone stands: after pace.patience and the
//     time that its bytes take at streamPace.
//
// HTTP/1.1 goes on untouched, as its responses know how to send a file.
func paceStreams(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, _ := r.Context().Value(viewerKey{}).(*viewer)
		if r.ProtoMajor < 2 || v == nil {
			next.ServeHTTP(w, r)
			return
		}
		s := &stream{ResponseWriter: w, viewer: v}
		next.ServeHTTP(s, r)
		// What is left is small, and net/http sends it after the handler.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(v.of.pace.patience))
	})
}

// stream is the answer to a request of HTTP/2.
type stream struct {
	http.ResponseWriter
	viewer *viewer
}

// Unwrap lets http.ResponseController through.
func (s *stream) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Write waits for the viewer, while it keeps pace.
func (s *stream) Write(b []byte) (n int, err error) {
	defer s.watch(len(b)).stop()
	for err == nil && len(b)-n > recordPiece {
		var wrote int
		wrote, err = s.ResponseWriter.Write(b[n : n+recordPiece])
		n += wrote
	}
	if err != nil {
		return n, err
	}
	wrote, err := s.ResponseWriter.Write(b[n:])
	return n + wrote, err
}

// FlushError sends what waits in net/http's buffer.
func (s *stream) FlushError() error {
	defer s.watch(0).stop()
	return http.NewResponseController(s.ResponseWriter).Flush()
}

// write is one that waits for its viewer.
type write struct {
	stream *stream
	until  time.Time

	mu    sync.Mutex // net/http does not bear a call once the handler has returned
	over  bool
	timer *time.Timer
	taken int64 // by the connection, when it was looked at last
	known bool
}

// watch looks after a write of so many bytes, until its stop.
func (s *stream) watch(size int) *write {
	p := s.viewer.of.pace
	w := &write{stream: s, until: time.Now().Add(p.patience + time.Duration(size)*time.Second/streamPace)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken, w.known = acknowledged(s.viewer.TCPConn)
	w.timer = time.AfterFunc(p.patience, w.look)
	return w
}

func (w *write) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
}

// look ends the stream when its viewer does not keep pace.
func (w *write) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	p, now, before := w.stream.viewer.of.pace, time.Now(), w.taken
	w.taken, _ = acknowledged(w.stream.viewer.TCPConn)
	if now.Before(w.until) && (!w.known || w.taken-before >= p.least) {
		w.timer.Reset(p.patience)
		return
	}
	w.stream.viewer.of.cutOff.Add(1)
	// A deadline that has passed resets the stream alone.
	_ = http.NewResponseController(w.stream.ResponseWriter).SetWriteDeadline(now)
}
