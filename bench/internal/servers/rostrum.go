package servers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

// Rostrum starts the binary with its data in the folder. Anyone on loopback
// may publish to any channel. More flags may be given.
func Rostrum(ctx context.Context, binary, folder string, flags ...string) (*Server, error) {
	addrs, err := proc.FreePorts(3)
	if err != nil {
		return nil, err
	}
	s := &Server{Name: "rostrum", HTTP: addrs[0], RTMP: addrs[1], Metrics: addrs[2]}
	args := append([]string{
		"serve", "--open", "--data", folder,
		"--http-addr", s.HTTP, "--rtmp-addr", s.RTMP, "--metrics-addr", s.Metrics,
	}, flags...)
	if s.Process, err = proc.Start(binary, args...); err != nil {
		return nil, err
	}
	s.recording = func(ctx context.Context, client *http.Client, channel string) (string, error) {
		id, err := broadcast(ctx, client, s.HTTP, channel)
		return fmt.Sprintf("http://%s/vod/%s/index.m3u8", s.HTTP, id), err
	}
	return s.ready(ctx, func(ctx context.Context) error {
		_, err := reader.Get(ctx, http.DefaultClient, "http://"+s.HTTP+"/readyz", 1<<16)
		return err
	})
}

// broadcast asks for the id of a channel's newest broadcast.
func broadcast(ctx context.Context, client *http.Client, addr, channel string) (string, error) {
	b, err := reader.Get(ctx, client, fmt.Sprintf("http://%s/api/v1/channels/%s/broadcasts", addr, channel), 1<<20)
	if err != nil {
		return "", err
	}
	var list struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return "", fmt.Errorf("read the broadcasts of %s: %w", channel, err)
	}
	if len(list.Items) == 0 {
		return "", errors.New("channel " + channel + " has no broadcast")
	}
	return list.Items[0].ID, nil
}
