package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/httpload"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// past is how long the channel has been on air: hls.window, which is how far
	// back viewers can rewind.
	past = 2 * time.Hour
	// pastWithin is how long it takes to send it: some 120 segments a second,
	// which the recorder stores without leaving one out.
	pastWithin = time.Minute
)

func (o options) rewindTakes() int { return 80 + 2*o.rounds*o.seconds }

// rewind measures what it costs to hand out the delta update of a list that
// reaches two hours back. The two hours are sent within a minute, and the channel
// is live after that.
func (b *bench) rewind(ctx context.Context) (err error) {
	loop, err := b.light(ctx)
	if err != nil {
		return err
	}
	us, _, err := b.start(ctx, ours)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, us.Stop()) }()
	c := &report.Case{
		Name:    fmt.Sprintf("Delta update of the rewind playlist after %.0f hours, over HTTP/1.1, %d connections", past.Hours(), b.connections),
		Columns: []string{cpuPerPlaylists, "playlists " + perSecond},
	}
	sides, www := map[string]*servers.Server{ours: us}, ""
	order := []string{ours}
	if b.peer {
		files, folder, err := b.start(ctx, peerFiles)
		if err != nil {
			return err
		}
		defer func() { _ = files.Stop() }()
		sides[peerFiles], www = files, filepath.Join(folder, "www")
		order, c.Base = append(order, peerFiles), peerFiles
	}
	stop, err := sendPast(ctx, us, loop)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	list, err := awaitPast(ctx, us)
	if err != nil {
		return err
	}
	return b.interleave(ctx, c, order, func(ctx context.Context, side string) (report.Round, error) {
		return b.rewindRound(ctx, list, sides[side], side, www)
	})
}

// sendPast publishes, and is two hours ahead after a minute. The caller owes stop.
func sendPast(ctx context.Context, us *servers.Server, loop *rtmppush.Loop) (stop func() error, err error) {
	ctx, cancel := context.WithCancel(ctx)
	s, err := rtmppush.Dial(ctx, us.RTMP, "live", channel)
	if err != nil {
		cancel()
		return nil, err
	}
	var (
		playing sync.WaitGroup
		playErr error
	)
	playing.Go(func() { _, playErr = loop.PlayPast(ctx, s, past, pastWithin) })
	return func() error {
		cancel()
		playing.Wait()
		return errors.Join(playErr, s.Close())
	}, nil
}

// awaitPast waits until the past is there, and returns the address of the
// delta update.
func awaitPast(ctx context.Context, us *servers.Server) (*url.URL, error) {
	segments := int64(past / pollEvery)
	var list *url.URL
	err := us.WaitFor(ctx, pastWithin+fillLimit, func(ctx context.Context) error {
		_, live, err := reader.Media(ctx, http.DefaultClient, "http://"+us.HTTP+"/live/"+channel+"/index.m3u8")
		if err != nil {
			return err
		}
		body, err := reader.Get(ctx, http.DefaultClient, live.String(), 1<<20)
		if err != nil {
			return err
		}
		m, err := testkit.ParseMedia(string(body))
		if err != nil {
			return err
		}
		if msn, _ := m.Next(); msn < segments {
			return fmt.Errorf("%d of %d segments so far", msn, segments)
		}
		_, list, err = reader.Media(ctx, http.DefaultClient, "http://"+us.HTTP+"/live/"+channel+"/rewind.m3u8")
		return err
	})
	if err != nil {
		return nil, err
	}
	whole, err := reader.Get(ctx, http.DefaultClient, list.String(), 4<<20)
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(whole, []byte("\n#EXT-X-GAP")); n > 0 {
		return nil, fmt.Errorf("%d segments of the past were not stored: the machine could not keep up", n)
	}
	list.RawQuery = "_HLS_skip=YES"
	return list, nil
}

func (b *bench) rewindRound(ctx context.Context, list *url.URL, side *servers.Server, name, www string) (r report.Round, err error) {
	body, err := reader.Get(ctx, http.DefaultClient, list.String(), 1<<20)
	if err != nil {
		return r, err
	}
	skipped, err := skips(body)
	if err != nil {
		return r, err
	}
	t := httpload.Target{Path: list.RequestURI(), Size: int64(len(body))}
	if name != ours {
		t = target("/rewind.m3u8", body)
		if err := put(www, t.Path, body); err != nil {
			return r, err
		}
	}
	r, err = b.playlistRound(ctx, side, t)
	r.Work += fmt.Sprintf(", each skips %d segments", skipped)
	return r, err
}

// skips is how many segments a delta update leaves out (RFC 8216bis 4.4.5.2).
func skips(list []byte) (n int, err error) {
	_, after, ok := bytes.Cut(list, []byte("\n#EXT-X-SKIP:SKIPPED-SEGMENTS="))
	if !ok {
		return 0, errors.New("the answer is no delta update")
	}
	if _, err := fmt.Sscan(string(after[:min(len(after), 20)]), &n); err != nil {
		return 0, fmt.Errorf("skipped segments: %w", err)
	}
	if n < int(past/pollEvery)/2 {
		return 0, fmt.Errorf("the update skips %d segments: the list is short", n)
	}
	return n, nil
}
