package app

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/bodies"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// BenchmarkSegmentByTLS sends segments of 1.5 MB by the product's server to one
// client in the same process, whose share is the same in all.
func BenchmarkSegmentByTLS(b *testing.B) {
	for _, h2 := range []bool{true, false} {
		for _, cached := range []bool{true, false} {
			b.Run(fmt.Sprintf("h2=%t/cached=%t", h2, cached), func(b *testing.B) { sendSegments(b, h2, cached) })
		}
	}
}

func sendSegments(b *testing.B, h2, cached bool) {
	const size = 1_500_000
	dir := b.TempDir()
	path, cert, key := filepath.Join(dir, "seg1.m4s"), filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	content := make([]byte, size)
	_, _ = rand.Read(content) // it does not fail
	require.NoError(b, os.WriteFile(path, content, 0o600))
	issue(b, cert, key, "one.example", time.Now().Add(24*time.Hour))
	log := slog.New(slog.DiscardHandler)
	c, err := newCertificate(cert, key, log)
	require.NoError(b, err)
	var cache *bodies.Cache
	if cached {
		cache = bodies.New(64 << 20)
	}
	segment := packager.File{Key: "b1/video/source/seg1.m4s", Open: func() (*os.File, int64, error) {
		f, err := os.Open(path)
		return f, size, err
	}}
	server := newViewerServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := packager.Send(w, r, cache, segment); err != nil {
			b.Error(err)
		}
	}), log)
	server.TLSConfig = viewerTLS(c.config())
	door, err := newViewers(viewerPace(), 10, log).door(b.Context(), "https.addr", "127.0.0.1:0", true)
	require.NoError(b, err)
	var serving sync.WaitGroup
	serving.Go(func() { _ = serveHTTPS(server, door) })
	defer serving.Wait()
	defer server.Close()
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: h2}
	defer tr.CloseIdleConnections()
	client := &http.Client{Transport: tr}
	buf := make([]byte, 256<<10)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		res, err := client.Get("https://" + door.Addr().String())
		require.NoError(b, err)
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, res.Body, buf)
		_ = res.Body.Close()
		require.NoError(b, err)
		require.EqualValues(b, size, n)
	}
}
