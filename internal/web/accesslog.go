package web

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// clf is the time of the combined log format.
const clf = "02/Jan/2006:15:04:05 -0700"

// accessLog writes a line for each request to out, in the combined log format
// of Apache's with the seconds that the answer took at its end. Queries are
// left out, and so are the tokens of viewings: that is where secrets travel.
func accessLog(next http.Handler, out io.Writer) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		lw := &loggedWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() { // also when the answer is broken off by a panic
			line := accessLine(r, lw, began)
			mu.Lock()
			defer mu.Unlock()
			_, _ = io.WriteString(out, line) // a log that is full stops no viewer
		}()
		next.ServeHTTP(lw, r)
	})
}

func accessLine(r *http.Request, w *loggedWriter, began time.Time) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	request := r.Method + " " + withoutToken(r.URL.EscapedPath()) + " " + r.Proto
	return fmt.Sprintf("%s - - [%s] %s %d %d %s %s %.6f\n", host, began.Format(clf), quote(request), w.status, w.bytes,
		quote(withoutToken(withoutQuery(r.Referer()))), quote(r.UserAgent()), time.Since(began).Seconds())
}

// quote keeps what a client sent on its line and between its quotes.
func quote(s string) string {
	if s == "" {
		return `"-"`
	}
	return strconv.QuoteToASCII(s)
}

func withoutQuery(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		return address[:i]
	}
	return address
}

// shortestToken is what may be the token of a viewing, or most of one. What is
// shorter in such a place of an address is somebody's home page.
const shortestToken = 32

// tildes are the same character (RFC 3986 2.3).
var tildes = strings.NewReplacer("%7E", "~", "%7e", "~")

// withoutToken hides the token that an address may have in its path, whatever
// comes before that.
func withoutToken(address string) string {
	address = tildes.Replace(address)
	before, token, _ := strings.Cut(address, tokenMark)
	token, _, _ = strings.Cut(token, "/")
	if len(token) < shortestToken {
		return address
	}
	return before + tokenMark + "*" + address[len(before)+len(tokenMark)+len(token):]
}

// loggedWriter counts what is written. It keeps the way by which a file goes
// to the connection without passing through memory.
type loggedWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status.
func (w *loggedWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (w *loggedWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom hands a file on to the connection.
func (w *loggedWriter) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, r)
	w.bytes += n
	return n, err
}

// Count adds what was written past it.
func (w *loggedWriter) Count(bytes int64) { w.bytes += bytes }

// Unwrap lets http.ResponseController through.
func (w *loggedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
