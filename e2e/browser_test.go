package e2e

import (
	"context"
	"fmt"
	"math"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// frameSlack is how much later than a key frame's own time its picture may be
// dated by a player: hls.js moves a timeline by a few frames to fit sound and
// picture together.
const frameSlack = 0.12

// TestStockHLSJoins: a page of another site with stock hls.js, which joins
// shortly after the start, shows a picture by the second key frame: it needs
// no more than what is in the list.
func TestStockHLSJoins(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	const gop = 2.0
	for _, offset := range []float64{0.3, 1, 1.9} {
		t.Run(fmt.Sprint(offset), func(t *testing.T) {
			name := strings.ReplaceAll(fmt.Sprintf("join-%v", offset), ".", "_")
			tab := b.OpenStock(t)
			testkit.Publish(t, testkit.Clip{Seconds: 40, GOP: 60}.Path(t), s.PublishURL(name))
			onAir(t, s, name)
			list, err := testkit.FetchMedia(t.Context(), mediaAddress(t, s.URL("/live/"+name+"/index.m3u8"), "/video/"))
			require.NoError(t, err)
			require.Zero(t, list.MediaSequence)
			began := list.Segments[0].ProgramDateTime

			require.NoError(t, testkit.At(t.Context(), began.Add(time.Duration(offset*float64(time.Second)))))
			joined := tab.PlayStock(t, s.URL("/live/"+name+"/index.m3u8")).Sub(began).Seconds()
			p := tab.WaitPicture(t, limit, "a picture is shown", func(p testkit.Picture) bool { return p.First != nil })
			// A machine too busy to join in time meets a later key frame.
			next := max(gop, math.Ceil(joined/gop)*gop)
			require.LessOrEqual(t, p.First.MediaTime, next+frameSlack, "joined at %.2f s", joined)
			requireMoves(t, tab, 30)
		})
	}
}

// TestOwnPages: the channel's page, the embedded player and the recording's
// page play by themselves, with sound decoded and nothing thrown.
func TestOwnPages(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	encoder := testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL("stage"))
	now := onAir(t, s, "stage")
	for _, path := range []string{"/@stage", "/embed/@stage", "/v/" + now.Broadcast} {
		t.Run(strings.Trim(strings.ReplaceAll(path, "/", " "), " "), func(t *testing.T) {
			tab := b.Open(t, s.URL(path))
			requireMoves(t, tab, 30)
			p := tab.Picture(t)
			require.Equal(t, 320, p.Last.Width)
			require.Empty(t, p.Errors)
			require.True(t, p.DecodedAudioBytes > 0, "sound is decoded")
		})
	}
	t.Run("home", func(t *testing.T) {
		tab := b.Open(t, s.URL("/"))
		testkit.Eventually(t, limit, func(context.Context) error {
			var there bool
			tab.Eval(t, `Boolean(document.querySelector('a[href$="/@stage"]'))`, &there)
			if !there {
				return fmt.Errorf("the home page does not link to the channel that is live")
			}
			return nil
		})
	})
	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "stage", now.Broadcast)
	t.Run("recording", func(t *testing.T) {
		tab := b.Open(t, s.URL("/v/"+now.Broadcast))
		requireMoves(t, tab, 30)
		p := tab.Picture(t)
		require.Positive(t, p.Duration, "a recording has an end")
		require.Less(t, p.First.MediaTime, 1.0, "it begins at its beginning")
	})
}

// requireMoves waits until so many more pictures were presented.
func requireMoves(t *testing.T, tab *testkit.Tab, frames int) {
	t.Helper()
	from := tab.Picture(t).Frames
	tab.WaitPicture(t, limit, fmt.Sprintf("%d more frames are shown", frames), func(p testkit.Picture) bool { return p.Frames >= from+frames })
}

// TestFourTabs: one person's four tabs on HTTP/1.1, where a browser opens six
// connections to a host: all play, and something is left for the rest.
func TestFourTabs(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL("tabs"))
	onAir(t, s, "tabs")
	var tabs []*testkit.Tab
	for range 4 {
		tabs = append(tabs, b.OpenBeside(t, "viewer", s.URL("/@tabs")))
	}
	for _, tab := range tabs {
		requireMoves(t, tab, 3) // who is not in front draws one a second
	}
	from := make([]testkit.Picture, len(tabs))
	for i, tab := range tabs {
		from[i] = tab.Picture(t)
	}
	// All together play five more seconds of the broadcast.
	for i, tab := range tabs {
		tab.WaitPicture(t, limit, "five more seconds are played", func(p testkit.Picture) bool {
			return p.CurrentTime >= from[i].CurrentTime+5 && p.Frames > from[i].Frames
		})
	}
	var status int
	tabs[0].Eval(t, `fetch('/api/v1/live').then((r) => r.status)`, &status)
	require.Equal(t, 200, status)
}

// TestReconnect: the page comes back by itself when the server was restarted
// and the encoder returned.
func TestReconnect(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	first := testkit.PublishTest(t, "60", s.PublishURL("again"))
	before := onAir(t, s, "again")
	tab := b.Open(t, s.URL("/@again"))
	requireMoves(t, tab, 30)
	tab.Eval(t, "window.sameDocument = true", nil)

	s.Stop(t)
	first.Wait(t, limit)
	s.Start(t)
	testkit.PublishTest(t, "60", s.PublishURL("again"))
	require.Equal(t, before.Broadcast, onAir(t, s, "again").Broadcast, "the broadcast goes on")
	requireMoves(t, tab, 30)
	var same bool
	tab.Eval(t, "window.sameDocument === true", &same)
	require.True(t, same, "nobody reloaded the page")
}
