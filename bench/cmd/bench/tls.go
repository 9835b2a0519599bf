package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/h2load"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	peerTLS      = string(servers.NginxTLS)
	peerTLSLarge = string(servers.NginxTLSLarge)
	// A viewer has one connection, and more than one request on it.
	tlsConnections = 4
	tlsStreams     = 4
	// tlsUsed is what both sides have to use: most of the cost is the cipher.
	tlsUsed = "TLS 1.3 TLS_AES_128_GCM_SHA256"
)

func (o options) tlsTakes() int { return 20 + 3*o.rounds*o.seconds }

// tls measures what finished segments of a live stream cost by HTTP/2 and TLS,
// beside nginx with the same bytes in files.
func (b *bench) tls(ctx context.Context) (err error) {
	clip, err := flvclip.Load(ctx, b.cache, flvclip.Standard)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp(b.tmp, "side-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	us, err := servers.RostrumTLS(ctx, b.binary, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, us.Stop()) }()
	c := &report.Case{
		Name:    fmt.Sprintf("Finished segments over HTTP/2 and TLS 1.3 with AES-128-GCM, %d connections with %d streams", tlsConnections, tlsStreams),
		Columns: []string{cpuPerGB, "MB " + perSecond},
	}
	sides, www := map[string]*servers.Server{ours: us}, map[string]string{}
	order := []string{ours}
	if b.peer {
		c.Base = peerTLS
		for _, side := range []string{peerTLS, peerTLSLarge} {
			files, folder, err := b.start(ctx, side)
			if err != nil {
				return err
			}
			defer func() { _ = files.Stop() }()
			sides[side], www[side] = files, filepath.Join(folder, "www")
			order = append(order, side)
		}
	}
	swarm, err := rtmppush.StartSwarm(ctx, us.RTMP, "live", []string{channel}, rtmppush.NewLoop(clip), 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, swarm.Close()) }()
	return b.interleave(ctx, c, order, func(ctx context.Context, side string) (report.Round, error) {
		return b.tlsRound(ctx, us, sides[side], www[side])
	})
}

func (b *bench) tlsRound(ctx context.Context, us, side *servers.Server, www string) (r report.Round, err error) {
	snap, err := b.snapshot(ctx, us, www)
	if err != nil {
		return r, err
	}
	plan := h2load.Plan{
		Addr: side.HTTPS, Roots: side.Roots, Targets: snap.segmentFiles,
		Connections: tlsConnections, Streams: tlsStreams, Length: time.Duration(b.seconds) * time.Second,
	}
	if side == us {
		plan.Targets = snap.segments
	}
	m, err := side.Measure()
	if err != nil {
		return r, err
	}
	got, loadErr := h2load.Run(ctx, plan)
	used, err := m.Stop()
	if err = errors.Join(loadErr, err); err != nil {
		return r, err
	}
	r.Work = fmt.Sprintf("%d bodies, %d MB, all checked, by %s", got.Requests, got.Bytes/1e6, got.TLS)
	gb := float64(got.Bytes) / 1e9
	r.Figures = map[string]float64{cpuPerGB: used.CPU.Seconds() / gb, "MB " + perSecond: gb * 1000 / got.Wall.Seconds()}
	if got.TLS != tlsUsed {
		return r, fmt.Errorf("the connections used %s", got.TLS)
	}
	return r, nil
}
