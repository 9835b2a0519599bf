package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

const (
	// glance is how long a viewer waits: a broadcast that is opening holds
	// requests, and most of these never open.
	glance    = 300 * time.Millisecond
	mostBytes = 16 << 20
)

// view looks at a channel as a player does. What is not there is no fault, an
// answer of a fault of the server's own is.
func view(ctx context.Context, server, channel string, r *rand.Rand) error {
	ctx, cancel := context.WithTimeout(ctx, glance)
	defer cancel()
	address := "http://" + server + "/live/" + channel + "/index.m3u8"
	if r.IntN(4) == 0 {
		return answered(ctx, "http://"+server+"/api/v1/channels/"+channel)
	}
	if err := answered(ctx, address); err != nil {
		return err
	}
	list, at, err := reader.Media(ctx, http.DefaultClient, address)
	if err != nil || len(list.Segments) == 0 {
		return nil // off air by now
	}
	newest := list.Segments[len(list.Segments)-1].String()
	if err := answered(ctx, newest); err != nil {
		return err
	}
	return answered(ctx, fmt.Sprintf("%s?_HLS_msn=%d&_HLS_part=%d", at, r.IntN(4), r.IntN(3)))
}

// answered asks for an address. A broken answer is a fault unless it was cut
// short by ourselves.
func answered(ctx context.Context, address string) error {
	status, _, err := reader.Fetch(ctx, http.DefaultClient, address, mostBytes)
	switch {
	case err != nil && (ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded)):
		return nil
	case err != nil:
		return err
	case status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable:
		return fmt.Errorf("%s: status %d", address, status)
	}
	return nil
}
