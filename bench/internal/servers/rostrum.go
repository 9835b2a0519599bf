package servers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"

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
		"--ffmpeg-path", "off", // its work on recordings would be in every figure
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

// RostrumTLS starts it with a door for viewers by TLS, too.
func RostrumTLS(ctx context.Context, binary, folder string) (*Server, error) {
	roots, err := WriteCertificate(folder)
	if err != nil {
		return nil, err
	}
	addrs, err := proc.FreePorts(1)
	if err != nil {
		return nil, err
	}
	s, err := Rostrum(ctx, binary, folder, "--https-addr", addrs[0],
		"--https-cert", filepath.Join(folder, certName), "--https-key", filepath.Join(folder, keyName))
	if err != nil {
		return nil, err
	}
	s.HTTPS, s.Roots = addrs[0], roots
	return s, nil
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
