package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestPrivate: a channel with a password is played through a viewing's token by
// ffmpeg, VLC and stock players in Chromium, live in each way and recorded; and
// all that plays ends within a minute of the password's change.
func TestPrivate(t *testing.T) {
	t.Parallel()
	s := startRaced(t)
	b := testkit.StartBrowser(t)
	encoder := testkit.PublishTest(t, "60", s.PublishURL("secret"))
	now := onAir(t, s, "secret")
	setPassword(t, s, "secret", "open sesame")
	refused(t, s.URL("/live/secret/index.m3u8"))
	refused(t, s.URL("/vod/"+now.Broadcast+"/index.m3u8"))
	var list page[channel]
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/live", &list))
	require.Empty(t, list.Items, "no list shows it")
	var told struct {
		channel
		Access string
	}
	require.NoError(t, getJSON(t.Context(), s, "/api/v1/channels/secret", &told))
	require.Equal(t, "password", told.Access)
	require.Equal(t, now.Broadcast, told.Live.Broadcast)
	require.Empty(t, told.Live.HLS)

	v := beginViewing(t, s, "channels/secret", "open sesame")
	t.Run("ffmpeg", func(t *testing.T) {
		for _, address := range []string{v.HLS, v.Rewind, v.Plain, v.TS, v.FLV} {
			file := filepath.Join(t.TempDir(), "played.mkv")
			// ffmpeg takes the metadata of FLV for a subtitle, whose end it would wait for.
			testkit.FFmpeg(t, limit, "-i", s.URL(address), "-t", "6", "-map", "0:v", "-map", "0:a", "-c", "copy", file)
			require.Greater(t, testkit.DecodedFrames(t, file, "v"), 60, address)
			require.Greater(t, testkit.DecodedFrames(t, file, "a"), 60, address)
		}
	})
	t.Run("VLC", func(t *testing.T) {
		for _, address := range []string{v.Plain, v.TS} {
			requireVLCPlays(t, s.URL(address), 60)
		}
	})

	hls, dash := b.OpenStock(t), b.OpenPlayer(t, testkit.DashJS)
	hls.PlayStock(t, s.URL(beginViewing(t, s, "channels/secret", "open sesame").HLS))
	dash.PlayStock(t, s.URL(beginViewing(t, s, "channels/secret", "open sesame").DASH))
	requireMoves(t, hls, 60)
	requireMoves(t, dash, 60)
	for _, tab := range []*testkit.Tab{hls, dash} {
		for _, address := range tab.Requests(t) {
			if strings.Contains(address, s.HTTP) {
				require.Contains(t, address, "/~", "it carries the token on")
			}
		}
	}
	body := testkit.StartFFmpeg(t, "-i", s.URL(beginViewing(t, s, "channels/secret", "open sesame").FLV), "-f", "null", "-")
	recorded := beginViewing(t, s, "broadcasts/"+now.Broadcast, "open sesame")
	file := filepath.Join(t.TempDir(), "growing.mp4")
	testkit.FFmpeg(t, limit, "-i", snapshot(t, s.URL(recorded.Download)), "-c", "copy", file)
	require.Greater(t, testkit.DecodedFrames(t, file, "v"), 60)

	setPassword(t, s, "secret", "another word")
	for _, address := range []string{v.HLS, v.Plain, v.DASH, v.FLV, recorded.HLS, recorded.Download} {
		refused(t, s.URL(address))
	}
	body.Wait(t, limit) // ends by itself
	testkit.Eventually(t, limit, func(context.Context) error {
		var said []string
		hls.Eval(t, "window.playerErrors", &said)
		if !slices.ContainsFunc(said, func(e string) bool { return strings.HasPrefix(e, "fatal ") }) {
			return fmt.Errorf("hls.js goes on: %v", said)
		}
		return nil
	})
	stands(t, hls)
	stands(t, dash)

	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "secret", now.Broadcast)
	recorded = beginViewing(t, s, "broadcasts/"+now.Broadcast, "another word")
	for _, address := range []string{recorded.HLS, recorded.DASH, recorded.Download} {
		file := filepath.Join(t.TempDir(), "recorded.mkv")
		testkit.FFmpeg(t, limit, "-i", s.URL(address), "-t", "5", "-c", "copy", file)
		require.Greater(t, testkit.DecodedFrames(t, file, "v"), 100, address)
	}
	requireVLCPlays(t, s.URL(recorded.HLS), 60)
	tab := b.OpenStock(t)
	tab.PlayStock(t, s.URL(recorded.HLS))
	requireMoves(t, tab, 60)

	// A restart throws nobody out; a password that has changed does.
	s.Stop(t)
	s.Start(t)
	require.Equal(t, http.StatusOK, get(t, s, recorded.HLS).Status)
	setPassword(t, s, "secret", "a third")
	refused(t, s.URL(recorded.HLS))
	refused(t, s.URL(recorded.Download))
}

// watching is a viewing as the API tells of it.
type watching struct {
	Prefix, HLS, Rewind, Plain, TS, DASH, FLV, Download string
}

// beginViewing asks for a viewing by the channel's password.
func beginViewing(t *testing.T, s *testkit.Server, of, password string) (v watching) {
	t.Helper()
	ask, err := json.Marshal(map[string]string{"password": password})
	require.NoError(t, err)
	r, err := http.Post(s.URL("/api/v1/"+of+"/viewings"), "application/json", bytes.NewReader(ask))
	require.NoError(t, err)
	defer r.Body.Close()
	require.Equal(t, http.StatusCreated, r.StatusCode)
	require.NoError(t, json.NewDecoder(r.Body).Decode(&v))
	require.Regexp(t, `^/~[A-Za-z0-9_-]{79}$`, v.Prefix)
	return v
}

// setPassword has a channel ask its viewers for a password.
func setPassword(t *testing.T, s *testkit.Server, channel, password string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "password")
	require.NoError(t, os.WriteFile(file, []byte(password+"\n"), 0o600))
	out, code := s.Command(t, "channel", "set", channel, "--visibility", "password", "--password-file", file)
	require.Zero(t, code, out)
}

// snapshot is where the download of a growing recording is sent on to. ffmpeg
// follows by itself, but asks at the first address again when it seeks, and gets
// another snapshot then.
func snapshot(t *testing.T, address string) string {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := client.Get(address)
	require.NoError(t, err)
	defer r.Body.Close()
	require.Equal(t, http.StatusFound, r.StatusCode)
	to, err := r.Location()
	require.NoError(t, err)
	require.Contains(t, to.Path, "/~", "it stays under the token")
	return to.String()
}

// refused waits until an address is.
func refused(t *testing.T, address string) {
	t.Helper()
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		ctx, leave := context.WithCancel(ctx)
		defer leave()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			return fmt.Errorf("%s answers %s", address, res.Status)
		}
		if cors := res.Header.Get("Access-Control-Allow-Origin"); cors != "*" {
			return fmt.Errorf("pages elsewhere are not told: %q", cors)
		}
		return nil
	})
}

// stands waits until a player shows no more pictures: it has played what it had.
func stands(t *testing.T, tab *testkit.Tab) {
	t.Helper()
	before, same := -1, 0
	testkit.Eventually(t, limit, func(context.Context) error {
		frames := tab.Picture(t).Frames
		if frames != before {
			before, same = frames, 0
		}
		if same++; same < 150 {
			return fmt.Errorf("it plays on, %d frames", frames)
		}
		return nil
	})
}
