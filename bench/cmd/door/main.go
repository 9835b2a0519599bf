// Command door is rostrum's door for encoders alone: what comes by RTMP is
// demultiplexed, put on the timeline and kept in the ring that readers follow,
// and nobody reads. It has no database and makes nothing, so that what it costs
// to take streams in can be measured beside a server that makes nothing either.
// GET /stat answers with the pictures that each channel sent so far.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/command"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/rtmp"
)

const grace = 5 * time.Second

// options are what the command line says.
type options struct{ rtmp, http string }

func main() { command.Main("door", parse, run) }

func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("door", flag.ContinueOnError)
	f.StringVar(&o.rtmp, "rtmp-addr", "127.0.0.1:1935", "where encoders come")
	f.StringVar(&o.http, "http-addr", "127.0.0.1:8080", "where /stat answers")
	if err := command.Flags(f, args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%w: nothing follows the flags", command.ErrUse)
	}
	return o, nil
}

func run(ctx context.Context, o options) (err error) {
	var lc net.ListenConfig
	encoders, err := lc.Listen(ctx, "tcp", o.rtmp)
	if err != nil {
		return fmt.Errorf("listen for encoders: %w", err)
	}
	readers, err := lc.Listen(ctx, "tcp", o.http)
	if err != nil {
		return errors.Join(fmt.Errorf("listen for questions: %w", err), encoders.Close())
	}
	g := &gate{streams: map[string]*live.Stream{}}
	door := rtmp.New(rtmp.Options{Gate: g})
	stat := &http.Server{Handler: g, ReadHeaderTimeout: grace}
	ended := make(chan error, 2)
	go func() { ended <- door.Serve(encoders) }()
	go func() { ended <- stat.Serve(readers) }()
	select {
	case <-ctx.Done():
	case err = <-ended:
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return errors.Join(err, door.Shutdown(closing), stat.Shutdown(closing))
}

// gate lets everybody in, each to a stream of its own.
type gate struct {
	mu      sync.Mutex
	streams map[string]*live.Stream
}

// Publish lets the encoder in.
func (g *gate) Publish(_ context.Context, req live.Request) (*live.Publisher, error) {
	s := live.NewStream(req.Name, req.Name, live.DefaultLimits)
	g.mu.Lock()
	g.streams[req.Name] = s
	g.mu.Unlock()
	return live.NewPublisher(s, func(*live.Publisher, live.End, error) { s.Close() }), nil
}

func (g *gate) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	pictures := map[string]uint64{}
	g.mu.Lock()
	for name, s := range g.streams {
		pictures[name] = 0
		for _, r := range s.Renditions() {
			if t := r.Track(); t != nil && t.Kind() == media.Video {
				pictures[name] += r.Stats().Units
			}
		}
	}
	g.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(pictures) // the reader has gone
}
