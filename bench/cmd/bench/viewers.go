package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/crowd"
	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/report"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

const (
	// The ways to watch our server: as many requests as with nginx by the list
	// of pictures alone, and by that of MPEG-TS, where the sound is in it; twice
	// as many by pictures and sound apart, as players do.
	oursPictures = ours + ", pictures"
	oursTS       = ours + ", MPEG-TS"
	oursApart    = ours + ", pictures and sound apart"

	channel = "bench"
	// pollEvery is how often a viewer asks: once in a segment.
	pollEvery = 2 * time.Second
	// polls are how often each does it.
	polls = 10
	// viewersBody is more than a list or a segment of the light clip takes.
	viewersBody = 256 << 10

	cpuShare  = "server's CPU, % of a core"
	listP99   = "playlist p99, ms"
	serverMiB = "server's MiB"
	loadShare = "load's CPU, % of a core"
)

func (o options) viewersTake() int { return 5 * o.rounds * (polls*int(pollEvery.Seconds()) + 15) }

// viewers measures a crowd that watches one live channel by plain HLS, paced
// in real time: most of its work is polls.
func (b *bench) viewers(ctx context.Context) error {
	loop, err := b.light(ctx)
	if err != nil {
		return err
	}
	for _, audience := range []struct {
		n     int
		sides []string
	}{
		{b.polling, []string{oursPictures, oursTS}},
		{(b.polling + 3) / 4, []string{oursApart}}, // what two cores carry beside the load
	} {
		c := &report.Case{
			Name:    fmt.Sprintf("%d viewers of plain HLS: each polls every 2 s and fetches each segment of a clip of 0.15 Mbit/s", audience.n),
			Columns: []string{cpuShare, listP99, serverMiB, loadShare},
		}
		sides := audience.sides
		if b.peer {
			sides = append(sides, peerHLS)
			c.Base = peerHLS
		}
		if err := b.interleave(ctx, c, sides, func(ctx context.Context, side string) (report.Round, error) {
			return b.viewersRound(ctx, side, audience.n, loop)
		}); err != nil {
			return err
		}
	}
	return nil
}

// light is the clip for crowds.
func (b *bench) light(ctx context.Context) (*rtmppush.Loop, error) {
	clip, err := flvclip.Load(ctx, b.cache, flvclip.Light)
	if err != nil {
		return nil, err
	}
	return rtmppush.NewLoop(clip), nil
}

func (b *bench) viewersRound(ctx context.Context, side string, n int, loop *rtmppush.Loop) (r report.Round, err error) {
	onAir, err := b.goLive(ctx, side, loop)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, onAir.Close()) }()
	lists, err := onAir.lists(ctx, viewersList(side))
	if err != nil {
		return r, err
	}
	if side == oursPictures {
		lists = lists[:1]
	}
	crew, err := crowd.Connect(ctx, onAir.HTTP, n, time.Now().Add((polls+20)*pollEvery))
	if err != nil {
		return r, err
	}
	defer crew.Close()
	m, err := startMeters(onAir.Server)
	if err != nil {
		return r, err
	}
	got, pollErr := crew.Poll(ctx, crowd.Poll{Lists: lists, Every: pollEvery, Rounds: polls, MaxBody: viewersBody})
	used, err := m.Stop()
	if err = errors.Join(pollErr, err); err != nil {
		return r, err
	}
	r.Work = fmt.Sprintf("%d lists and %d segments, %d MB, all served; playlist p50 %s, segment p99 %s ms",
		got.Lists, got.Segments, got.Bytes/1e6, report.Number(report.Percentile(got.ListDelays, 0.5)), report.Number(report.Percentile(got.SegmentDelays, 0.99)))
	r.Figures = map[string]float64{
		cpuShare: used.share(used.CPU), listP99: report.Percentile(got.ListDelays, 0.99),
		serverMiB: float64(used.PeakBytes) / bytesPerMiB, loadShare: used.share(used.load),
	}
	if got.Late > lateLimit {
		return r, fmt.Errorf("a viewer was %v late: the machine could not keep up", got.Late.Round(time.Millisecond))
	}
	return r, onAir.check()
}

// viewersList is the path of the list that a viewer of a side begins with.
func viewersList(side string) string {
	switch side {
	case peerHLS:
		return "/" + channel + ".m3u8"
	case oursTS:
		return "/live/" + channel + "/ts/index.m3u8"
	}
	return "/live/" + channel + "/plain.m3u8"
}

// onAir is a fresh server with one channel that is live.
type onAir struct {
	*servers.Server
	folder string
	swarm  *rtmppush.Swarm
}

// goLive starts a side's server and an encoder. The caller owes Close.
func (b *bench) goLive(ctx context.Context, side string, loop *rtmppush.Loop) (*onAir, error) {
	s, folder, err := b.start(ctx, side)
	if err != nil {
		return nil, err
	}
	o := &onAir{Server: s, folder: folder}
	if o.swarm, err = rtmppush.StartSwarm(ctx, s.RTMP, "live", []string{channel}, loop, 0); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return o, nil
}

// check halts the encoder and tells whether it kept up.
func (o *onAir) check() error {
	sent, err := o.swarm.Halt()
	if err != nil {
		return err
	}
	if sent[0].Behind > lateLimit {
		return fmt.Errorf("the encoder was %v late: the machine could not keep up", sent[0].Behind.Round(time.Millisecond))
	}
	return nil
}

// Close ends the broadcast and the server.
func (o *onAir) Close() (err error) {
	if o.swarm != nil {
		err = o.swarm.Close()
	}
	err = errors.Join(err, o.Stop())
	_ = os.RemoveAll(o.folder)
	return err
}

// lists waits until the playlist at the path, or each that it lists, has
// segments, and returns the paths of media playlists, pictures first.
func (o *onAir) lists(ctx context.Context, path string) (lists []string, err error) {
	const enough = 3 // the first one is short
	at := &url.URL{Scheme: "http", Host: o.HTTP, Path: path}
	err = o.WaitFor(ctx, fillLimit, func(ctx context.Context) error {
		body, err := reader.Get(ctx, http.DefaultClient, at.String(), 1<<20)
		if err != nil {
			return err
		}
		if lists, err = mediaLists(at, string(body)); err != nil {
			return err
		}
		for _, list := range lists {
			p, _, err := reader.Media(ctx, http.DefaultClient, at.ResolveReference(&url.URL{Path: list}).String())
			if err != nil {
				return err
			}
			if len(p.Segments) < enough {
				return fmt.Errorf("%d segments so far", len(p.Segments))
			}
		}
		return nil
	})
	return lists, err
}

// mediaLists are the paths of what a multivariant playlist lists, or of the
// playlist itself.
func mediaLists(at *url.URL, text string) ([]string, error) {
	p, err := reader.ParsePlaylist([]byte(text), at)
	if err != nil {
		return nil, err
	}
	if len(p.Variants) == 0 {
		return []string{at.Path}, nil
	}
	m, err := testkit.ParseMultivariant(text)
	if err != nil {
		return nil, err
	}
	lists := []string{p.Variants[0].Path}
	for _, a := range m.Audio {
		if a.URI == "" {
			continue // it is in the variant's own
		}
		u, err := at.Parse(a.URI)
		if err != nil {
			return nil, fmt.Errorf("playlist address: %w", err)
		}
		lists = append(lists, u.Path)
	}
	return lists, nil
}

// meters count what a server used, and the load that runs in this process.
type meters struct {
	*proc.Meter
	before time.Duration
}

func startMeters(s *servers.Server) (*meters, error) {
	before, err := proc.OwnCPU()
	if err != nil {
		return nil, err
	}
	m, err := s.Measure()
	return &meters{m, before}, err
}

// usage is that of both.
type usage struct {
	proc.Usage
	load time.Duration
}

func (m *meters) Stop() (usage, error) {
	u, err := m.Meter.Stop()
	if err != nil {
		return usage{}, err
	}
	now, err := proc.OwnCPU()
	return usage{u, now - m.before}, err
}

// share is processor time as a percentage of one core over the same time.
func (u usage) share(cpu time.Duration) float64 { return 100 * cpu.Seconds() / u.Wall.Seconds() }
