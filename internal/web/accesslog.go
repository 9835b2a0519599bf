package web

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// accessLog writes a line for each request, without its query: that is where
// secrets travel.
func accessLog(next http.Handler, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		lw := &loggedWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(lw, r)
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			host = r.RemoteAddr
		}
		log.Info("request", "remote", host, "method", r.Method, "path", r.URL.Path, "proto", r.Proto, "status", lw.status,
			"bytes", lw.bytes, "referer", withoutQuery(r.Referer()), "agent", r.UserAgent(), "duration", time.Since(began).Round(time.Microsecond))
	})
}

func withoutQuery(s string) string {
	for i := range len(s) {
		if s[i] == '?' || s[i] == '#' {
			return s[:i]
		}
	}
	return s
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

// Unwrap lets http.ResponseController through.
func (w *loggedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
