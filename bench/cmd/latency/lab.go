package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/browser"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// The names of servers and players.
const (
	rostrum = "rostrum"
	nginx   = "nginx"
	page    = "page"
	stock   = "stock"
)

// playableLimit bounds the wait for a stream to become playable: nginx-rtmp
// needs a whole segment, and hls.js asks in its own time.
const playableLimit = 30 * time.Second

// lab is one run.
type lab struct {
	options
	binary  string
	report  *report.Report
	browser *browser.Browser
	source  *source
	stock   string // address of the stock player's page

	watched  *report.Case // what viewers saw
	detail   map[string][]*browser.Join
	playable *report.Case // how long they waited for a new broadcast
}

// measure sets up what all servers share and takes them one by one.
func (l *lab) measure(ctx context.Context) (err error) {
	// The stock page is served from another origin than the media, as it
	// would be on somebody's own site.
	files, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the stock page: %w", err)
	}
	l.stock = "http://" + files.Addr().String() + "/"
	server := &http.Server{Handler: stockPage(), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(files) // returns when it is closed
	}()
	defer func() {
		_ = server.Close()
		<-served
	}()
	if l.browser, err = browser.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.browser.Close()) }()
	if l.source, err = startSource(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.source.Close()) }()
	l.detail = map[string][]*browser.Join{}
	l.watched = &report.Case{Name: "What viewers saw; milliseconds where nothing else is said", Columns: columns, Detail: l.detail}
	l.playable = &report.Case{Name: "First playable", Columns: []string{sinceFirst}}
	l.report.Cases = append(l.report.Cases, l.watched, l.playable)
	defer func() {
		for _, c := range l.report.Cases {
			err = errors.Join(err, c.Print(os.Stdout))
		}
	}()
	for _, kind := range l.servers {
		parts := l.parts
		if kind == nginx {
			parts = []string{""}
		}
		for _, part := range parts {
			if err := l.site(ctx, kind, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func stockPage() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join("bench", "latency", "stock.html"))
	})
	mux.HandleFunc("GET /hls.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join("ui", "node_modules", "hls.js", "dist", "hls.min.js"))
	})
	return mux
}

// site measures one server.
func (l *lab) site(ctx context.Context, kind, part string) (err error) {
	folder, err := os.MkdirTemp("", "rostrum-latency-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s := &site{kind: kind, part: part}
	switch {
	case kind == nginx:
		s.Server, err = servers.Nginx(ctx, servers.NginxHLS, folder)
	case part == "":
		s.Server, err = servers.Rostrum(ctx, l.binary, folder)
	default:
		s.Server, err = servers.Rostrum(ctx, l.binary, folder, "--hls-part", part)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	if err := l.watchAll(ctx, s); err != nil {
		return err
	}
	return l.firstPlayable(ctx, s)
}

// pause waits in real time.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
