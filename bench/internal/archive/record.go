package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/flvclip"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/bench/internal/rtmppush"
	"github.com/rostrumlive/rostrum/bench/internal/servers"
)

const (
	channel = "seed"
	// archivedLimit bounds the wait for the last row of a broadcast.
	archivedLimit = 30 * time.Second
)

// Record has a server record a broadcast of about that length into a new data
// folder, from a clip in real time, and ends it.
func Record(ctx context.Context, binary, folder string, clip *flvclip.Clip, length time.Duration) (err error) {
	s, err := servers.Rostrum(ctx, binary, folder)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop()) }()
	swarm, err := rtmppush.StartSwarm(ctx, s.RTMP, "live", []string{channel}, rtmppush.NewLoop(clip), 0)
	if err != nil {
		return err
	}
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return errors.Join(context.Cause(ctx), swarm.Close())
	}
	if err := swarm.Close(); err != nil {
		return err
	}
	return s.WaitFor(ctx, archivedLimit, func(ctx context.Context) error { return archived(ctx, s.HTTP) })
}

// archived returns an error until the newest broadcast is complete.
func archived(ctx context.Context, addr string) error {
	b, err := reader.Get(ctx, http.DefaultClient, fmt.Sprintf("http://%s/api/v1/channels/%s/broadcasts", addr, channel), 1<<20)
	if err != nil {
		return err
	}
	var list struct {
		Items []struct {
			State string `json:"state"`
		} `json:"items"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return fmt.Errorf("read the broadcasts: %w", err)
	}
	if len(list.Items) == 0 || list.Items[0].State != "archived" {
		return fmt.Errorf("the broadcasts are %s", b)
	}
	return nil
}
