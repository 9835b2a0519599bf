package app

import (
	"log/slog"
	"net/http"
	"time"
)

// newViewerServer answers viewers. Its bounds:
//
//   - A request's header is there within ReadHeaderTimeout and at most
//     MaxHeaderBytes long; net/http adds 4 kB.
//   - Between two requests a connection may be idle for IdleTimeout, if nobody
//     else needs its place.
//   - There is no WriteTimeout, as a large file takes a slow viewer minutes:
//     the listener sees to it that it arrives at all (see viewers).
//   - There is no ReadTimeout: web bounds the bodies of requests.
func newViewerServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ConnState:         between,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
