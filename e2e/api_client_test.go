package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// channel is what the API says of one.
type channel struct {
	Name string `json:"name"`
	Live *live  `json:"live"`
}

type live struct {
	Broadcast  string    `json:"broadcast"`
	State      string    `json:"state"`
	StartedAt  time.Time `json:"started_at"`
	HLS        string    `json:"hls"`
	Plain      string    `json:"plain"`
	TS         string    `json:"ts"`
	FLV        string    `json:"flv"`
	Renditions []struct {
		Name   string `json:"name"`
		Kind   string `json:"kind"`
		Codecs string `json:"codecs"`
		Width  int    `json:"width"`
	} `json:"renditions"`
	Notices []string `json:"notices"`
}

type broadcast struct {
	ID         string     `json:"id"`
	Channel    string     `json:"channel"`
	State      string     `json:"state"`
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at"`
	EndReason  string     `json:"end_reason"`
	DurationMS int64      `json:"duration_ms"`
	HLS        string     `json:"hls"`
	DASH       string     `json:"dash"`
}

type page[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

// getJSON reads an API address that must answer 200.
func getJSON(ctx context.Context, s *testkit.Server, path string, value any) error {
	body, err := testkit.Fetch(ctx, s.URL(path))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, value); err != nil {
		return fmt.Errorf("%s: %w: %.200s", path, err, body)
	}
	return nil
}

// logged waits until a server's log has what a pattern looks for, and returns that
// with its groups: some of it is said only after it serves.
func logged(t *testing.T, s *testkit.Server, pattern string) (found []string) {
	t.Helper()
	looked := regexp.MustCompile(pattern)
	testkit.Eventually(t, limit, func(context.Context) error {
		if found = looked.FindStringSubmatch(s.Log()); found == nil {
			return fmt.Errorf("the log has no %s", pattern)
		}
		return nil
	})
	return found
}

// onAir waits until a channel is live and tells what the API says of it.
func onAir(t *testing.T, s *testkit.Server, name string) live {
	t.Helper()
	var c channel
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if err := getJSON(ctx, s, "/api/v1/channels/"+name, &c); err != nil {
			return err
		}
		if c.Live == nil || c.Live.State != "live" {
			return fmt.Errorf("channel %s is not live: %+v", name, c.Live)
		}
		return nil
	})
	return *c.Live
}

// broadcasts lists a channel's broadcasts, newest first.
func broadcasts(ctx context.Context, s *testkit.Server, name string) ([]broadcast, error) {
	var list page[broadcast]
	err := getJSON(ctx, s, "/api/v1/channels/"+name+"/broadcasts", &list)
	return list.Items, err
}

// archived waits until the broadcast of a channel with that id is archived.
func archived(t *testing.T, s *testkit.Server, name, id string) broadcast {
	t.Helper()
	var found broadcast
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		list, err := broadcasts(ctx, s, name)
		if err != nil {
			return err
		}
		for _, b := range list {
			if b.ID == id && b.State == "archived" {
				found = b
				return nil
			}
		}
		return fmt.Errorf("broadcast %s of %s is not archived: %+v", id, name, list)
	})
	return found
}

// get fetches a path of the server, whatever it answers.
func get(t *testing.T, s *testkit.Server, path string, headers ...string) *testkit.Response {
	t.Helper()
	r, err := testkit.Get(t.Context(), s.URL(path), headers...)
	require.NoError(t, err)
	return r
}

// requireOffAir checks the answer of a channel that has nothing to show.
func requireOffAir(t *testing.T, s *testkit.Server, path string) {
	t.Helper()
	r := get(t, s, path)
	require.Equal(t, http.StatusNotFound, r.Status, path)
	require.Equal(t, "2", r.Header.Get("Retry-After"), path)
	require.Equal(t, "no-store", r.Header.Get("Cache-Control"), path)
}
