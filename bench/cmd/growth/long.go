package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/archive"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

// The sides of a download, and the start after a kill.
const (
	coldHead = "first download, nothing in the page cache"
	warmHead = "first download, all in the page cache"
	again    = "any later one"
	coldKill = "start after a kill, nothing in the page cache"
	warmKill = "start after a kill, all in the page cache"
)

// The figures of a download.
const (
	firstByte   = "first byte, ms"
	downloadMiB = "MiB of memory more, at most"
)

// lean is the clip of long recordings. What a download's head costs depends on
// how many frames there are, and not on how long those are: there are as many
// as in the standard clip.
func lean() flvclip.Spec {
	s := flvclip.Standard
	s.Width, s.Height, s.VideoKbps, s.AudioKbps = 320, 180, 200, 64
	return s
}

// long measures downloads and starts over the length of a recording.
func (l *lab) long(ctx context.Context) error {
	spec := lean()
	clip, err := flvclip.Load(ctx, l.cache, spec)
	if err != nil {
		return err
	}
	round := time.Duration(spec.Seconds) * time.Second
	seed := filepath.Join(l.tmp, "seed")
	if err := archive.Record(ctx, l.binary, seed, clip, round+5*time.Second); err != nil { // with what is before and after a round
		return err
	}
	for _, length := range l.lengths {
		if err := l.ofLength(ctx, seed, round, length); err != nil {
			return fmt.Errorf("a recording of %v: %w", length, err)
		}
	}
	return nil
}

func (l *lab) ofLength(ctx context.Context, seed string, round, length time.Duration) error {
	folder := filepath.Join(l.tmp, "long")
	defer func() { _ = os.RemoveAll(folder) }()
	if err := os.CopyFS(folder, os.DirFS(seed)); err != nil {
		return fmt.Errorf("copy the seed: %w", err)
	}
	id, err := lengthen(ctx, folder, round, length)
	if err != nil {
		return err
	}
	if err := l.index(ctx, folder, id); err != nil {
		return err
	}
	for n := range l.rounds {
		for _, side := range []string{coldHead, warmHead} {
			if err := l.download(ctx, folder, id, sample{X: length.Seconds(), Side: side, Round: n + 1}); err != nil {
				return err
			}
		}
	}
	for n := range l.rounds {
		for _, side := range []string{coldKill, warmKill} {
			if err := l.startAfterKill(ctx, folder, id, sample{X: length.Seconds(), Side: side, Round: n + 1}); err != nil {
				return err
			}
		}
	}
	return nil
}

// startAfterKill takes the time until the server is ready, and the broadcast
// waits for its encoder.
func (l *lab) startAfterKill(ctx context.Context, folder, id string, s sample) error {
	if err := setLive(ctx, folder, id); err != nil {
		return err
	}
	kind := warm
	if s.Side == coldKill {
		kind = cold
	}
	if err := l.prepare(kind); err != nil {
		return err
	}
	began := time.Now()
	server, err := servers.Rostrum(ctx, l.binary, folder)
	if err != nil {
		return err
	}
	s.Figures = map[string]float64{startMillis: millis(time.Since(began))}
	list, err := reader.Get(ctx, http.DefaultClient, "http://"+server.HTTP+"/api/v1/live", 1<<20)
	if err == nil && !bytes.Contains(list, []byte(id)) {
		err = fmt.Errorf("the broadcast was not taken up: %s", list)
	}
	l.add(s)
	return errors.Join(err, server.Stop())
}

func lengthen(ctx context.Context, folder string, round, length time.Duration) (string, error) {
	a, err := archive.Open(folder)
	if err != nil {
		return "", err
	}
	id, err := a.Newest(ctx)
	if err == nil {
		err = a.Lengthen(ctx, id, round, length)
	}
	return id, errors.Join(err, a.Close())
}

func setLive(ctx context.Context, folder, id string) error {
	a, err := archive.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(a.SetLive(ctx, id), a.Close())
}

// index has the recording's index made of its segments, as at the first
// download of one that has none. A recorder writes it as it goes.
func (l *lab) index(ctx context.Context, folder, id string) error {
	server, err := servers.Rostrum(ctx, l.binary, folder)
	if err != nil {
		return err
	}
	_, err = fetch(ctx, server, id, false)
	return errors.Join(err, server.Stop())
}

// download asks a fresh server for a recording, whose head is not there, and
// once more to the end.
func (l *lab) download(ctx context.Context, folder, id string, s sample) (err error) {
	server, err := servers.Rostrum(ctx, l.binary, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	if s.Side == coldHead {
		if err := l.prepare(cold); err != nil {
			return err
		}
	}
	if s.Figures, err = measured(ctx, server, id, false); err != nil {
		return err
	}
	l.add(s)
	s.Side = again
	if s.Figures, err = measured(ctx, server, id, true); err != nil {
		return err
	}
	l.add(s)
	return err
}

// measured downloads, to the first byte or all, and looks at the server's
// memory: the most that it had meanwhile, over what it had before.
func measured(ctx context.Context, server *servers.Server, id string, whole bool) (map[string]float64, error) {
	if err := server.ForgetPeak(); err != nil {
		return nil, err
	}
	before, err := server.PeakBytes()
	if err != nil {
		return nil, err
	}
	first, err := fetch(ctx, server, id, whole)
	if err != nil {
		return nil, err
	}
	peak, err := server.PeakBytes()
	if err != nil {
		return nil, err
	}
	return map[string]float64{firstByte: millis(first), downloadMiB: float64(peak-before) / bytesPerMiB}, nil
}

// fetch returns how long the first byte of a download took, and reads the rest
// if it is wanted.
func fetch(ctx context.Context, server *servers.Server, id string, whole bool) (time.Duration, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+server.HTTP+"/vod/"+id+"/download.mp4", nil)
	if err != nil {
		return 0, fmt.Errorf("download: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("download: %w", err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("download: %s", res.Status)
	}
	var one [1]byte
	if _, err := io.ReadFull(res.Body, one[:]); err != nil {
		return 0, fmt.Errorf("download: %w", err)
	}
	first := time.Since(began)
	if !whole {
		return first, nil
	}
	n, err := io.Copy(io.Discard, res.Body)
	if err == nil && n+1 != res.ContentLength {
		err = fmt.Errorf("%d bytes of %d came", n+1, res.ContentLength)
	}
	if err != nil {
		return 0, fmt.Errorf("download: %w", err)
	}
	return first, nil
}
