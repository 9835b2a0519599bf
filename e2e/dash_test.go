package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestDASH: dash.js and Shaka Player, as they are, play a channel, go on with
// it after its encoder was cut off and came back, and play the recording; they
// ask nobody but this server.
func TestDASH(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	tags := testkit.ReadTags(t, testkit.Clip{Seconds: turn.Seconds()}.Path(t))
	for _, player := range []string{testkit.DashJS, testkit.Shaka} {
		t.Run(player, func(t *testing.T) {
			t.Parallel()
			o := outage{t: t, s: s, channel: player, tags: tags}
			o.watchByDASH(b, player)
		})
	}
}

func (o *outage) watchByDASH(b *testkit.Browser, player string) {
	t := o.t
	e := o.publish()
	now := onAir(t, o.s, o.channel)
	tab := b.OpenPlayer(t, player)
	tab.PlayStock(t, o.s.URL("/live/"+o.channel+"/manifest.mpd"))
	tab.Eval(t, "window.sameDocument = true", nil)
	requireMoves(t, tab, 60)
	e.finish(t)
	require.NoError(t, e.Break())
	left := time.Now()
	require.NoError(t, testkit.At(t.Context(), left.Add(5*time.Second)))

	began := time.Now()
	from := tab.Picture(t).Frames
	e = o.publish()
	// More than what it may have had left of the first encoder.
	tab.WaitPicture(t, limit, "the picture moves after the encoder is back", func(p testkit.Picture) bool {
		return p.Frames >= from+300
	})
	t.Logf("%s: ten seconds of pictures %v after the encoder is back", player, time.Since(began).Round(10*time.Millisecond))
	var same bool
	tab.Eval(t, "window.sameDocument === true", &same)
	require.True(t, same, "nobody reloaded the page")
	o.requireCalm(tab, player)
	e.finish(t)
	require.NoError(t, e.Stop())
	archived(t, o.s, o.channel, now.Broadcast)

	tab = b.OpenPlayer(t, player)
	tab.PlayStock(t, o.s.URL("/vod/"+now.Broadcast+"/manifest.mpd"))
	requireMoves(t, tab, 30)
	// To what came after the outage.
	tab.Eval(t, "document.querySelector('video').currentTime = document.querySelector('video').duration - 4", nil)
	p := tab.WaitPicture(t, limit, "the end of the recording", func(p testkit.Picture) bool {
		return p.Ended || p.Paused && p.CurrentTime > p.Duration-1 // dash.js may stop a little before
	})
	require.InDelta(t, float64(o.sent)/30, p.Duration, 1, "as long as what was sent")
	o.requireCalm(tab, player)
}

// requireCalm looks at what a player said, and whom it asked.
func (o *outage) requireCalm(tab *testkit.Tab, player string) {
	t := o.t
	var errs []string
	tab.Eval(t, "window.playerErrors", &errs)
	require.Empty(t, errs, player)
	home, err := url.Parse(o.s.URL("/"))
	require.NoError(t, err)
	for i, address := range tab.Requests(t) {
		u, err := url.Parse(address)
		require.NoError(t, err)
		own := strings.HasPrefix(address, "blob:") || u.Hostname() == home.Hostname()
		require.True(t, own, fmt.Sprintf("%s asks a stranger, request %d: %s", player, i, address))
	}
}
