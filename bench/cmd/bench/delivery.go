package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/httpload"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	// asked is how many of the newest finished segments the load asks for.
	asked = 5
	// fillLimit bounds the wait for the first segments: `asked` of 2 s and the
	// short one that a broadcast begins with.
	fillLimit = 40 * time.Second

	cpuPerGB        = "CPU-s per GB"
	cpuPerPlaylists = "CPU-s per 10,000"
	perSecond       = "per second"
)

func (o options) deliveryTakes() int { return 20 + 4*o.rounds*o.seconds }

// delivery measures what it costs to hand out a live stream's finished
// segments and its media playlist, beside nginx with the same bytes in files.
func (b *bench) delivery(ctx context.Context) (err error) {
	clip, err := flvclip.Load(ctx, b.cache, flvclip.Standard)
	if err != nil {
		return err
	}
	us, _, err := b.start(ctx, ours)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, us.Stop()) }()
	sides := map[string]*servers.Server{ours: us}
	order, www := []string{ours}, ""
	if b.peer {
		files, folder, err := b.start(ctx, peerFiles)
		if err != nil {
			return err
		}
		defer func() { _ = files.Stop() }()
		sides[peerFiles], www = files, filepath.Join(folder, "www")
		order = append(order, peerFiles)
	}
	swarm, err := rtmppush.StartSwarm(ctx, us.RTMP, "live", []string{"bench"}, rtmppush.NewLoop(clip), 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, swarm.Close()) }()
	for _, c := range b.deliveryCases() {
		if b.peer {
			c.Base = peerFiles
		}
		if err := b.interleave(ctx, c, order, func(ctx context.Context, side string) (report.Round, error) {
			return b.deliveryRound(ctx, c, us, sides[side], www)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) deliveryCases() []*report.Case {
	return []*report.Case{
		{
			Name:    fmt.Sprintf("Finished segments over HTTP/1.1, %d connections", b.connections),
			Columns: []string{cpuPerGB, "MB " + perSecond},
		},
		{
			Name:    fmt.Sprintf("Live media playlist over HTTP/1.1, %d connections", b.connections),
			Columns: []string{cpuPerPlaylists, "playlists " + perSecond},
		},
	}
}

func (b *bench) deliveryRound(ctx context.Context, c *report.Case, us, side *servers.Server, www string) (r report.Round, err error) {
	snap, err := b.snapshot(ctx, us, www)
	if err != nil {
		return r, err
	}
	switch segments := c.Columns[0] == cpuPerGB; {
	case segments && side == us:
		return b.segmentsRound(ctx, side, snap.segments)
	case segments:
		return b.segmentsRound(ctx, side, snap.segmentFiles)
	case side == us:
		return b.playlistRound(ctx, side, snap.playlist)
	default:
		return b.playlistRound(ctx, side, snap.playlistFile)
	}
}

// segmentsRound has a side hand out segments.
func (b *bench) segmentsRound(ctx context.Context, side *servers.Server, segments []httpload.Target) (r report.Round, err error) {
	result, used, err := b.load(ctx, side, segments)
	if err != nil {
		return r, err
	}
	gb := float64(result.Bytes) / 1e9
	r.Work = checked(result)
	r.Figures = map[string]float64{cpuPerGB: used.CPU.Seconds() / gb, "MB " + perSecond: gb * 1000 / result.Wall.Seconds()}
	return r, nil
}

// playlistRound has a side hand out a playlist.
func (b *bench) playlistRound(ctx context.Context, side *servers.Server, playlist httpload.Target) (r report.Round, err error) {
	result, used, err := b.load(ctx, side, []httpload.Target{playlist})
	if err != nil {
		return r, err
	}
	n := float64(result.Requests)
	r.Work = checked(result)
	r.Figures = map[string]float64{cpuPerPlaylists: used.CPU.Seconds() / n * 10000, "playlists " + perSecond: n / result.Wall.Seconds()}
	return r, nil
}

func checked(r httpload.Result) string {
	return fmt.Sprintf("%d bodies, %d MB, all checked", r.Requests, r.Bytes/1e6)
}

// load asks a side for the targets as fast as they come.
func (b *bench) load(ctx context.Context, side *servers.Server, targets []httpload.Target) (httpload.Result, proc.Usage, error) {
	plan := httpload.Plan{Addr: side.HTTP, Targets: targets, Connections: b.connections, Length: time.Duration(b.seconds) * time.Second}
	kept := b.profile(ctx, side)
	m, err := side.Measure()
	if err != nil {
		return httpload.Result{}, proc.Usage{}, err
	}
	result, loadErr := httpload.Run(ctx, plan)
	used, err := m.Stop()
	if err = errors.Join(loadErr, err, kept()); err == nil && result.Requests == 0 {
		err = errors.New("nothing was answered")
	}
	return result, used, err
}

// snapshot is what the live stream has to offer now, and the same bytes as
// files for the peer.
type snapshot struct {
	segments, segmentFiles []httpload.Target
	playlist, playlistFile httpload.Target
}

// snapshot waits until enough segments are finished, and writes them and the
// playlist to the folder unless that is "".
func (b *bench) snapshot(ctx context.Context, us *servers.Server, www string) (*snapshot, error) {
	base, segments, err := finished(ctx, us)
	if err != nil {
		return nil, err
	}
	list, err := reader.Get(ctx, http.DefaultClient, base.String(), 4<<20)
	if err != nil {
		return nil, err
	}
	s := &snapshot{playlist: httpload.Target{Path: base.RequestURI(), Size: int64(len(list))}}
	s.playlistFile = target("/live.m3u8", list)
	if err := put(www, s.playlistFile.Path, list); err != nil {
		return nil, err
	}
	for i, u := range segments {
		body, err := reader.Get(ctx, http.DefaultClient, u.String(), 64<<20)
		if err != nil {
			return nil, err
		}
		file := target(fmt.Sprintf("/%d.m4s", i), body)
		s.segments = append(s.segments, target(u.RequestURI(), body))
		s.segmentFiles = append(s.segmentFiles, file)
		if err := put(www, file.Path, body); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// finished returns the media playlist's address and the newest segments.
func finished(ctx context.Context, us *servers.Server) (base *url.URL, segments []*url.URL, err error) {
	err = us.WaitFor(ctx, fillLimit, func(ctx context.Context) error {
		p, at, err := reader.Media(ctx, http.DefaultClient, "http://"+us.HTTP+"/live/bench/index.m3u8")
		if err != nil {
			return err
		}
		if len(p.Segments) <= asked { // the first one is short
			return fmt.Errorf("%d segments so far", len(p.Segments))
		}
		base, segments = at, p.Segments[len(p.Segments)-asked:]
		return nil
	})
	return base, segments, err
}

func target(path string, body []byte) httpload.Target {
	sum := sha256.Sum256(body)
	return httpload.Target{Path: path, Size: int64(len(body)), Hash: &sum}
}

func put(folder, path string, body []byte) error {
	if folder == "" {
		return nil
	}
	if err := os.WriteFile(filepath.Join(folder, path), body, 0o644); err != nil {
		return fmt.Errorf("write the peer's files: %w", err)
	}
	return nil
}
