package express

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// small is a body that is copied behind its head, so that both are one
	// write of one piece.
	small = 2 << 10
	// mostUnmeasured bounds a body whose length its handler does not tell: it
	// is gathered first, as an error's sentence is.
	mostUnmeasured = 64 << 10
)

// Conn is what an answer goes to.
type Conn interface {
	io.Writer
	io.ReaderFrom
	// WriteBuffers writes all of them, in one call of the system where it can.
	WriteBuffers(b *net.Buffers) (int64, error)
}

// answer is the response to one request.
type answer struct {
	conn    Conn
	header  http.Header
	status  int   // 0 until the handler chose it
	begun   bool  // the head has gone, or lies in out
	left    int64 // of the body; what the head promised
	out     []byte
	pending bool // out is to be sent
	gather  bool // the length of the body is not known
	err     error
	both    net.Buffers
	pieces  [2][]byte
}

var answers = sync.Pool{New: func() any { return &answer{header: http.Header{}} }}

// Serve has the handler answer a request that Parse read. The connection may
// be used for another afterwards, unless an error says that it is of no more
// use. A panic of the handler is the caller's.
func Serve(c Conn, h http.Handler, r *http.Request) error {
	a := answers.Get().(*answer)
	a.conn = c
	h.ServeHTTP(a, r)
	err := a.finish()
	clear(a.header)
	*a = answer{header: a.header, out: a.out[:0]}
	answers.Put(a)
	return err
}

// Header implements http.ResponseWriter.
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements http.ResponseWriter. Informational answers are left
// out.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
}

// begin puts the head into out, unless the body has to be gathered first.
func (a *answer) begin() {
	if a.begun {
		return
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	a.begun, a.pending = true, true
	if n, err := strconv.ParseInt(a.header.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		a.left = n
		a.head()
		return
	}
	if a.bodiless() {
		a.head()
		return
	}
	a.gather = true
}

// bodiless reports whether the status has no body, and no length (RFC 9110 6.4.1).
func (a *answer) bodiless() bool {
	return a.status == http.StatusNoContent || a.status == http.StatusNotModified
}

// head appends the status line and the header (RFC 9112 4, 5).
func (a *answer) head() {
	b := a.out[:0]
	b = append(b, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(a.status), 10)
	b = append(append(append(b, ' '), http.StatusText(a.status)...), "\r\nDate: "...)
	b = append(append(b, date()...), '\r', '\n')
	for name, values := range a.header {
		for _, v := range values {
			b = append(append(append(b, name...), ": "...), v...)
			b = append(b, '\r', '\n')
		}
	}
	b = append(b, '\r', '\n')
	a.out = b
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.begin()
	switch {
	case a.err != nil:
		return 0, a.err
	case a.gather:
		if len(a.out)+len(b) > mostUnmeasured {
			a.err = http.ErrContentLength
			return 0, a.err
		}
		a.out = append(a.out, b...)
		return len(b), nil
	case int64(len(b)) > a.left:
		a.err = http.ErrContentLength
		return 0, a.err
	}
	a.left -= int64(len(b))
	switch {
	case !a.pending:
		_, a.err = a.conn.Write(b)
	case len(b) <= small:
		a.out = append(a.out, b...)
		if a.left > 0 && len(a.out) <= small {
			return len(b), nil // more comes
		}
		a.flush()
	default:
		a.pending = false
		a.pieces = [2][]byte{a.out, b}
		a.both = a.pieces[:]
		_, a.err = a.conn.WriteBuffers(&a.both)
		a.pieces = [2][]byte{}
	}
	if a.err != nil {
		return 0, a.err
	}
	return len(b), nil
}

// ReadFrom lets a file go to the connection without passing through memory.
func (a *answer) ReadFrom(r io.Reader) (int64, error) {
	a.begin()
	if a.gather || a.err != nil {
		return io.Copy(struct{ io.Writer }{a}, r)
	}
	a.flush()
	if a.err != nil {
		return 0, a.err
	}
	if limited, ok := r.(*io.LimitedReader); ok {
		limited.N = min(limited.N, a.left)
	} else {
		r = io.LimitReader(r, a.left)
	}
	n, err := a.conn.ReadFrom(r)
	a.left -= n
	a.err = err
	return n, err
}

// flush sends what lies in out.
func (a *answer) flush() {
	if a.pending && a.err == nil {
		a.pending = false
		_, a.err = a.conn.Write(a.out)
	}
}

// finish sends what is left. A body that is shorter than its head said leaves
// the connection of no use.
func (a *answer) finish() error {
	a.begin()
	if a.gather && a.err == nil {
		body := append([]byte(nil), a.out...)
		a.header.Set("Content-Length", strconv.Itoa(len(body)))
		a.head()
		a.out = append(a.out, body...)
	}
	a.flush()
	if a.err == nil && a.left > 0 {
		a.err = io.ErrUnexpectedEOF
	}
	return a.err
}

// dated is the Date of one second (RFC 9110 5.6.7).
type dated struct {
	second int64
	text   string
}

var now atomic.Pointer[dated]

func date() string {
	t := time.Now()
	d := now.Load()
	if d == nil || d.second != t.Unix() {
		d = &dated{t.Unix(), t.UTC().Format(http.TimeFormat)}
		now.Store(d)
	}
	return d.text
}
