package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
)

// healthyName is the channel of the broadcast that must not be disturbed.
const healthyName = "healthy"

// standstill is how long its playlist may stand still: five segments and
// what a machine that does other work takes. The longest is told.
const standstill = 30 * time.Second

// healthyClip is small, because what is measured here is not the encoder.
var healthyClip = flvclip.Spec{Width: 192, Height: 108, FPS: 25, GOP: 50, VideoKbps: 150, AudioKbps: 48, Seconds: 8, BFrames: 2}

// healthy is an encoder that does nothing wrong, in real time.
type healthy struct {
	http    string
	session *rtmppush.Session
	cancel  context.CancelFunc
	done    chan struct{} // closed once sent and err are set
	sent    rtmppush.Sent
	err     error
	newest  string // address of the newest segment that was seen
}

func startHealthy(ctx context.Context, rtmp, http string) (*healthy, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	clip, err := flvclip.Load(ctx, filepath.Join(cache, "rostrum-bench"), healthyClip)
	if err != nil {
		return nil, err
	}
	session, err := rtmppush.Dial(ctx, rtmp, "live", healthyName)
	if err != nil {
		return nil, fmt.Errorf("publish %s: %w", healthyName, err)
	}
	playing, cancel := context.WithCancel(ctx)
	h := &healthy{http: http, session: session, cancel: cancel, done: make(chan struct{})}
	go func() { // awaited by stop
		defer close(h.done)
		h.sent, h.err = rtmppush.NewLoop(clip).Play(playing, session)
	}()
	return h, nil
}

// moves waits until the playlist has another newest segment than at the call
// before, fetches that segment, and returns how long it took.
func (h *healthy) moves(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, standstill)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		newest, err := h.look(ctx)
		if err == nil && newest != h.newest {
			h.newest = newest
			_, err = reader.Get(ctx, http.DefaultClient, newest, 16<<20)
			return time.Since(began), err
		}
		select {
		case <-h.done:
			return 0, fmt.Errorf("the healthy broadcast was ended: %w", h.err)
		case <-ctx.Done():
			return 0, errors.Join(fmt.Errorf("the healthy playlist stands still at %q", h.newest), err)
		case <-tick.C:
		}
	}
}

// look returns the address of the newest complete segment.
func (h *healthy) look(ctx context.Context) (string, error) {
	list, _, err := reader.Media(ctx, http.DefaultClient, "http://"+h.http+"/live/"+healthyName+"/index.m3u8")
	if err != nil {
		return "", err
	}
	if len(list.Segments) == 0 {
		return "", errors.New("a playlist without segments")
	}
	return list.Segments[len(list.Segments)-1].String(), nil
}

// stop ends the broadcast and returns what it sent.
func (h *healthy) stop() (rtmppush.Sent, error) {
	h.cancel()
	<-h.done
	return h.sent, errors.Join(h.err, h.session.Close())
}
