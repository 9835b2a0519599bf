package e2e

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// outages are how long an encoder is away, one after the other.
var outages = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 59 * time.Second}

// turn is how long an encoder sends between two of them.
const turn = 6 * time.Second

// TestOutages: an encoder that is lost and comes back goes on with its
// broadcast, however it was lost and for however long: who plays it with hls.js
// or with ffmpeg plays on, all that is listed keeps the rules, and what was
// sent is in one recording.
func TestOutages(t *testing.T) {
	s := startOpen(t)
	b := testkit.StartBrowser(t)
	for name, lose := range map[string]func(*testkit.Encoder) error{
		"fin":     (*testkit.Encoder).Drop,
		"reset":   (*testkit.Encoder).Break,
		"silence": func(*testkit.Encoder) error { return nil }, // the connection stays open
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := outage{t: t, s: s, channel: name, tags: testkit.ReadTags(t, testkit.Clip{Seconds: turn.Seconds()}.Path(t))}
			o.run(b, lose)
		})
	}
}

type outage struct {
	t       *testing.T
	s       *testkit.Server
	channel string
	tags    []testkit.Tag
}

// publish sends the whole clip from an encoder that was started just now.
func (o *outage) publish() *testkit.Encoder {
	o.t.Helper()
	e, err := testkit.DialEncoder(o.t.Context(), o.s.RTMP, "live", o.channel)
	require.NoError(o.t, err)
	require.NoError(o.t, e.Play(o.t.Context(), time.Now(), o.tags))
	return e
}

func (o *outage) run(b *testkit.Browser, lose func(*testkit.Encoder) error) {
	t, index := o.t, o.s.URL("/live/"+o.channel+"/index.m3u8")
	var watching errgroup.Group
	var lists []*watcher
	tab := b.OpenStock(t)
	tab.Eval(t, "window.sameDocument = true", nil)

	var e *testkit.Encoder
	var sending errgroup.Group
	sending.Go(func() error { e = o.publish(); return nil })
	now := onAir(t, o.s, o.channel)
	watching.Go(func() (err error) {
		lists, err = watchAll(t.Context(), index)
		return err
	})
	played := filepath.Join(t.TempDir(), "played.nut")
	player := testkit.StartFFmpeg(t, "-i", index, "-map", "0:v", "-c", "copy", "-f", "nut", "-y", played)
	tab.PlayStock(t, index)
	_ = sending.Wait() // publish fails the test by itself
	requireMoves(t, tab, 30)

	for i, away := range outages {
		left := time.Now()
		require.NoError(t, lose(e))
		require.NoError(t, testkit.At(t.Context(), left.Add(away)))
		from := tab.Picture(t).Frames
		began := time.Now()
		sending.Go(func() error { e = o.publish(); return nil })
		tab.WaitPicture(t, limit, fmt.Sprintf("the picture moves after %v without an encoder", away), func(p testkit.Picture) bool {
			return p.Frames >= from+leftToPlay(away)
		})
		t.Logf("%s, %v away: hls.js plays on %v after the encoder is back", o.channel, away, time.Since(began).Round(10*time.Millisecond))
		_ = sending.Wait()
		require.Equal(t, now.Broadcast, onAir(t, o.s, o.channel).Broadcast, "outage %d", i)
	}
	require.NoError(t, e.Stop())
	require.NoError(t, watching.Wait())
	require.Zero(t, player.Wait(t, limit), player.Log())
	archived(t, o.s, o.channel, now.Broadcast)
	o.check(tab, lists, played, now.Broadcast)
}

// leftToPlay is how many pictures more prove that new ones are played: hls.js
// has up to three seconds of the old when the outage is short.
func leftToPlay(away time.Duration) int {
	if away < 5*time.Second {
		return 90
	}
	return 10
}

// check looks at what players met and at what is left.
func (o *outage) check(tab *testkit.Tab, lists []*watcher, played, id string) {
	t := o.t
	var errs []string
	tab.Eval(t, "window.hlsErrors", &errs)
	require.False(t, slices.ContainsFunc(errs, func(e string) bool { return strings.HasPrefix(e, "fatal") }), errs)
	var same bool
	tab.Eval(t, "window.sameDocument === true", &same)
	require.True(t, same, "nobody reloaded the page")

	require.Len(t, lists, 2)
	for _, w := range lists {
		cuts := 0
		for _, s := range w.last.Segments {
			if s.Discontinuity {
				cuts++
			}
		}
		require.Equal(t, len(outages), cuts+int(w.last.DiscontinuitySequence), "one cut for each outage in %s", w.address)
	}
	turns := len(outages) + 1
	require.Equal(t, turns*len(testkit.Packets(t, testkit.Clip{Seconds: turn.Seconds()}.Path(t), "v")),
		testkit.DecodedFrames(t, o.s.URL("/vod/"+id+"/index.m3u8"), "v"), "every picture is recorded")
	// ffmpeg joined late and may have left out pictures of the first turn.
	whole := len(testkit.Packets(t, testkit.Clip{Seconds: turn.Seconds()}.Path(t), "v"))
	require.GreaterOrEqual(t, testkit.DecodedFrames(t, played, "v"), len(outages)*whole)
	var events struct {
		Items []struct{ Kind string }
	}
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if err := getJSON(ctx, o.s, "/api/v1/broadcasts/"+id+"/events", &events); err != nil {
			return err
		}
		if len(events.Items) < len(outages) {
			return fmt.Errorf("the owner is told %v", events.Items)
		}
		return nil
	})
}
