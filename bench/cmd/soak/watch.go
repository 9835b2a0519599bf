package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rostrumlive/rostrum/bench/internal/reader"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// lookEvery is how often each stream is looked at.
const lookEvery = 2 * time.Second

// maxAnswer bounds what the server may answer.
const maxAnswer = 4 << 20

// watcher looks at one stream from outside.
type watcher struct {
	*stream
	addr   string
	client *http.Client

	now *lists // of the broadcast that the API tells of, or told of last
	old *lists // of one that was stopped, until its lists have ended
	// oldSince is when its encoder was first seen to have left.
	oldSince time.Time
}

// run looks until ctx ends.
func (w *watcher) run(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		w.look(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (w *watcher) look(ctx context.Context) {
	o, ok := w.ask(ctx)
	if !ok {
		return
	}
	w.sees(o)
	w.farewell(ctx, o)
	if o.broadcast == "" || o.state == "opening" {
		return
	}
	if w.now == nil || w.now.id != o.broadcast {
		w.now = newLists(o.broadcast, o.asked)
	}
	if len(w.now.uris) == 0 {
		w.now.uris = w.find(ctx, o.broadcast)
	}
	for _, uri := range w.now.uris {
		asked := time.Now()
		if p := w.read(ctx, uri); p != nil {
			w.now.read(w.stream, uri, p, asked)
		}
	}
	if ctx.Err() == nil {
		w.now.judge(w.stream, o.asked)
	}
}

// fault is for what the server answered; nothing is asked of it once the run
// is over.
func (w *watcher) fault(ctx context.Context, kind, format string, args ...any) {
	if ctx.Err() == nil {
		w.tally.Fault(kind, w.name+": "+format, args...)
	}
}

// ask asks the API what the channel has on air. A channel that nobody ever
// published to does not exist yet.
func (w *watcher) ask(ctx context.Context) (observation, bool) {
	o := observation{asked: time.Now()}
	status, body, err := reader.Fetch(ctx, w.client, fmt.Sprintf("http://%s/api/v1/channels/%s", w.addr, w.name), maxAnswer)
	if err != nil {
		w.fault(ctx, "the API does not answer", "%v", err)
		return o, false
	}
	if status == http.StatusNotFound {
		return o, true
	}
	var answer struct {
		Live *struct {
			Broadcast string `json:"broadcast"`
			State     string `json:"state"`
		} `json:"live"`
	}
	if err := json.Unmarshal(body, &answer); status != http.StatusOK || err != nil {
		w.fault(ctx, "the API answers with a fault", "status %d: %.100s", status, body)
		return o, false
	}
	if answer.Live != nil {
		o.broadcast, o.state = answer.Live.Broadcast, answer.Live.State
	}
	return o, true
}

// find reads the channel's playlist and returns the addresses of the
// broadcast's media lists; none when it tells of another broadcast by now.
func (w *watcher) find(ctx context.Context, id string) []string {
	at := &url.URL{Scheme: "http", Host: w.addr, Path: "/live/" + w.name + "/index.m3u8"}
	status, body, err := reader.Fetch(ctx, w.client, at.String(), maxAnswer)
	if err != nil {
		w.fault(ctx, "a list does not come", "%v", err)
		return nil
	}
	if status == http.StatusNotFound { // went off air meanwhile
		return nil
	}
	m, err := testkit.ParseMultivariant(string(body))
	if err != nil {
		w.fault(ctx, "a list cannot be read", "%s: status %d: %v", at, status, err)
		return nil
	}
	relative := []string{m.Variants[0].URI}
	for _, a := range m.Audio {
		relative = append(relative, a.URI)
	}
	var uris []string
	for _, uri := range relative {
		list, err := at.Parse(uri)
		if err != nil || !strings.Contains(list.Path, "/"+id+"/") {
			return nil
		}
		uris = append(uris, list.String())
	}
	return uris
}

// read reads one media list.
func (w *watcher) read(ctx context.Context, uri string) *testkit.MediaPlaylist {
	status, body, err := reader.Fetch(ctx, w.client, uri, maxAnswer)
	if err != nil {
		w.fault(ctx, "a list does not come", "%v", err)
		return nil
	}
	if status != http.StatusOK {
		w.fault(ctx, fmt.Sprintf("a list is answered with status %d", status), "%s: %.100s", uri, body)
		return nil
	}
	p, err := testkit.ParseMedia(string(body))
	if err != nil {
		w.fault(ctx, "a list cannot be read", "%s: %v", uri, err)
		return nil
	}
	return p
}

// farewell reads the lists of a broadcast that is over until they end.
func (w *watcher) farewell(ctx context.Context, o observation) {
	if w.now != nil && w.now.id != o.broadcast {
		w.old, w.oldSince, w.now = w.now, o.asked, nil
	}
	if w.old == nil {
		return
	}
	var open []string
	for _, uri := range w.old.uris {
		asked := time.Now()
		p := w.read(ctx, uri)
		if p == nil {
			continue
		}
		w.old.read(w.stream, uri, p, asked)
		if !p.EndList {
			open = append(open, uri)
		}
	}
	w.old.uris = open
	if len(open) == 0 {
		w.old = nil
		return
	}
	if o.asked.Sub(w.oldSince) > moveLimit {
		w.fault(ctx, "not ended after its broadcast was over", "%s", open)
		w.old = nil
	}
}
