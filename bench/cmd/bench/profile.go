package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// profile begins to take a profile of a side for the length of a measurement.
// What it returns waits until the profile is kept. It does nothing unless
// profiles are asked for and the side has a profiler.
func (b *bench) profile(ctx context.Context, s *servers.Server) (kept func() error) {
	if b.profiles == "" || s.Metrics == "" {
		return func() error { return nil }
	}
	b.profiled++
	path := filepath.Join(b.profiles, fmt.Sprintf("%02d.pprof", b.profiled))
	done := make(chan error, 1)
	go func() { done <- keepProfile(ctx, s.Metrics, b.seconds, path) }()
	return func() error { return <-done }
}

func keepProfile(ctx context.Context, addr string, seconds int, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", addr, seconds), nil)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("profile: status %d", res.StatusCode)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("keep a profile: %w", err)
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("keep a profile: %w", err)
	}
	_, err = io.Copy(file, res.Body)
	return errors.Join(err, file.Close())
}
