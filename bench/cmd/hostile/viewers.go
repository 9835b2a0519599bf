package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
)

const (
	maxAnswer   = 16 << 20
	answerLimit = 20 * time.Second // more than a server may hold a reload
)

// seen is what the viewers met in one measurement. Delays are from the time of
// a part's last picture, by the playlist's own dates, until the list that
// names the part, and the part, are at the viewer: dates are those of the
// pictures' arrival at the server, to a few milliseconds.
type seen struct {
	lists, parts []float64 // ms
	faults       []string
}

// viewers follow a live media playlist by blocking reloads and fetch every
// part, each on a connection of its own.
type viewers struct {
	cancel  context.CancelFunc
	all     sync.WaitGroup
	picture time.Duration // how long one lasts

	mu  sync.Mutex
	now seen
}

// startViewers begins n of them. The caller owes Close.
func startViewers(ctx context.Context, list *url.URL, n int, picture time.Duration) *viewers {
	ctx, cancel := context.WithCancel(ctx)
	v := &viewers{cancel: cancel, picture: picture}
	for range n {
		v.all.Go(func() { v.watch(ctx, list) })
	}
	return v
}

// Close sends them home.
func (v *viewers) Close() {
	v.cancel()
	v.all.Wait()
}

// during returns what they meet in the next d.
func (v *viewers) during(ctx context.Context, d time.Duration) (seen, error) {
	v.take()
	if err := pause(ctx, d); err != nil {
		return seen{}, err
	}
	return v.take(), nil
}

func (v *viewers) take() seen {
	v.mu.Lock()
	defer v.mu.Unlock()
	was := v.now
	v.now = seen{}
	return was
}

// watch is one viewer. One that met a fault tries again after a second.
func (v *viewers) watch(ctx context.Context, list *url.URL) {
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: answerLimit}
	for ctx.Err() == nil {
		err := v.follow(ctx, client, list)
		if ctx.Err() != nil {
			return
		}
		v.mu.Lock()
		v.now.faults = append(v.now.faults, err.Error())
		v.mu.Unlock()
		_ = pause(ctx, time.Second) // the loop looks at ctx
	}
}

func (v *viewers) follow(ctx context.Context, client *http.Client, list *url.URL) error {
	at := *list
	for first := true; ; first = false {
		body, err := reader.Get(ctx, client, at.String(), maxAnswer)
		if err != nil {
			return err
		}
		came := time.Now()
		e, err := readEdge(body)
		if err != nil {
			return err
		}
		part, err := list.Parse(e.part)
		if err != nil {
			return fmt.Errorf("a part's address: %w", err)
		}
		if _, err := reader.Get(ctx, client, part.String(), maxAnswer); err != nil {
			return err
		}
		if !first { // the first list is of any age
			v.note(came.Sub(e.end.Add(-v.picture)), time.Since(e.end.Add(-v.picture)))
		}
		at.RawQuery = fmt.Sprintf("_HLS_msn=%d&_HLS_part=%d", e.msn, e.parts)
	}
}

func (v *viewers) note(list, part time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.now.lists = append(v.now.lists, list.Seconds()*1000)
	v.now.parts = append(v.now.parts, part.Seconds()*1000)
}

// pause waits in real time: the length of a measurement is what it is.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
