package app

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// newViewerServer answers viewers, in clear text and by TLS. Its bounds:
//
//   - A request's header is there within ReadHeaderTimeout and at most
//     MaxHeaderBytes long; net/http adds 4 kB. A TLS handshake takes no longer.
//   - Between two requests a connection may be idle for IdleTimeout, if nobody
//     else needs its place.
//   - There is no WriteTimeout, as a large file takes a slow viewer minutes:
//     the listener sees to it that it arrives at all (see viewers), and with
//     HTTP/2, where a request can stand while its connection flows, paceStreams.
//   - There is no ReadTimeout: web bounds the bodies of requests.
//   - What one connection of HTTP/2 may hold is in streamBounds.
func newViewerServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           paceStreams(h),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    16 << 10,
		ConnState:         between,
		ConnContext:       withViewer,
		HTTP2:             streamBounds(),
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// streamBounds are the bounds of a connection of HTTP/2.
func streamBounds() *http.HTTP2Config {
	return &http.HTTP2Config{
		// RFC 9113 5.1.2 asks for no less than 100. Each costs a goroutine and
		// some 10 kB while it is answered; a page holds five, a proxy may hold
		// the requests of many viewers.
		MaxConcurrentStreams: 100,
		// What is sent to us and not read yet: bodies are small.
		MaxReceiveBufferPerConnection: 512 << 10,
		MaxReceiveBufferPerStream:     128 << 10,
		// The least that there is (RFC 9113 4.2): a buffer of it is kept for
		// each connection, and net/http's own would be 1 MB.
		MaxReadFrameSize: 16 << 10,
	}
}

// viewerTLS is how viewers are served by TLS. Who comes again within a day or so
// resumes by a ticket, whose keys crypto/tls makes and changes.
func viewerTLS(config *tls.Config) *tls.Config {
	// Serve, which runs beside ServeTLS, sets HTTP/2 up only when it is named.
	config.NextProtos = append([]string{"h2", "http/1.1"}, config.NextProtos...)
	// Records of 16 kB from the beginning. After a second's rest they would begin
	// at the size of a packet, and each that goes out is a write: for the
	// look-out of the listener a viewer that takes so little would keep pace.
	config.DynamicRecordSizingDisabled = true
	return config
}

type viewerKey struct{}

// withViewer lets handlers find the connection; it is net/http's ConnContext.
func withViewer(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, viewerKey{}, viewerOf(c))
}
