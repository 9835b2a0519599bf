package httpmedia

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/internal/live"
)

// patience is how long one write may take on HTTP/2, where the connection may
// be well while nobody reads this body. The listener sees to HTTP/1.1.
const patience = 20 * time.Second

// Serve answers a request for a stream as FLV until the broadcast ends or the
// viewer leaves: with the group of pictures that is running at once, and then
// with each picture in one write. While the broadcast opens it holds the
// request. It reports false, and has written nothing, when no media comes.
//
// A viewer that does not keep up misses what is older than the newest key
// frame, and nobody else does. One whose encoder is lost waits with the
// broadcast for the next.
func (f *FLV) Serve(w http.ResponseWriter, r *http.Request, s *live.Stream) bool {
	f.viewers.Add(1)
	defer f.viewers.Add(-1)
	fd := f.join(s)
	defer f.leave(fd)
	if !fd.await(r.Context()) {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", "video/x-flv")
	h.Set("Cache-Control", "no-store")
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("X-Accel-Buffering", "no") // nginx would hold it back
	if r.ProtoMajor == 1 {
		// The end of the connection is the end of the body (RFC 9112 6.3), so
		// that net/http writes pictures as they are: with chunks each would
		// take three writes to the connection and a copy.
		h.Set("Transfer-Encoding", "identity")
	}
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return true
	}
	v := &viewer{back: make(chan leftover, 1)}
	if r.ProtoMajor == 1 && f.Direct != nil {
		v.conn = f.Direct(r)
	}
	out := output{w: w, rc: http.NewResponseController(w), timed: r.ProtoMajor > 1}
	_ = fd.send(r.Context(), v, out) // the viewer has gone, or all is said
	if c, ok := w.(counter); ok {
		c.Count(v.sent.Load())
	}
	return true
}

// counter is a response that counts its bytes, and is told of those that went
// past it.
type counter interface{ Count(bytes int64) }

// output is the body of a response.
type output struct {
	w     http.ResponseWriter
	rc    *http.ResponseController
	timed bool
}

// send writes to a viewer what the ring holds, as it comes. It returns io.EOF
// at the broadcast's end.
func (f *feed) send(ctx context.Context, v *viewer, out output) error {
	for {
		headers, tags, news, err := f.ring.next(&v.cursor)
		switch {
		case err != nil:
			return err
		case news == nil:
		case v.conn != nil:
			rest := f.ride(ctx, v)
			if rest.err != nil {
				return rest.err
			}
			headers, tags = rest.headers, rest.tags
		default:
			select {
			case <-news:
				continue
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err := out.write(headers, tags); err != nil {
			return err
		}
		f.stream.Sent(int64(len(headers) + len(tags)))
	}
}

// write sends tags at once.
func (o output) write(headers, tags []byte) error {
	if o.timed {
		if err := o.rc.SetWriteDeadline(time.Now().Add(patience)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
	}
	if len(headers) > 0 {
		if _, err := o.w.Write(headers); err != nil {
			return err
		}
	}
	if _, err := o.w.Write(tags); err != nil {
		return err
	}
	return o.rc.Flush()
}
