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

// outages are how long an encoder is away, one after the other. Of a usual run
// each kind of loss has its share; with -all, and a minute more, each has all.
var outages = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 59 * time.Second}

// turn is how long an encoder sends between two of them, or a multiple.
const turn = 6 * time.Second

// TestOutages: an encoder that is lost and comes back goes on with its
// broadcast, however it was lost and for however long: who plays it with hls.js
// or with ffmpeg plays on, all that is listed keeps the rules, and what was
// sent is in one recording.
func TestOutages(t *testing.T) {
	t.Parallel()
	s := startRaced(t)
	b := testkit.StartBrowser(t)
	for name, how := range map[string]struct {
		lose func(*testkit.Encoder) error
		away []time.Duration
	}{
		"fin":     {(*testkit.Encoder).Drop, outages[:3]},
		"reset":   {(*testkit.Encoder).Break, outages[3:]},
		"silence": {func(*testkit.Encoder) error { return nil }, outages[1:3]}, // the connection stays open
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if *all {
				how.away = outages
			}
			o := outage{t: t, s: s, channel: name, away: how.away, tags: testkit.ReadTags(t, testkit.Clip{Seconds: turn.Seconds()}.Path(t))}
			o.run(b, how.lose)
		})
	}
}

type outage struct {
	t       *testing.T
	s       *testkit.Server
	channel string
	away    []time.Duration
	tags    []testkit.Tag
	sent    int // pictures, by all encoders
}

// encoder is one that was started just now and sends the clip over and over.
type encoder struct {
	*testkit.Encoder
	enough  chan struct{}
	sending errgroup.Group
}

func (o *outage) publish() *encoder {
	o.t.Helper()
	conn, err := testkit.DialEncoder(o.t.Context(), o.s.RTMP, "live", o.channel)
	require.NoError(o.t, err)
	e := &encoder{Encoder: conn, enough: make(chan struct{})}
	e.sending.Go(func() error { return o.loop(e) })
	return e
}

// loop sends whole turns until there were enough, one at least.
func (o *outage) loop(e *encoder) error {
	began := time.Now()
	for lap := time.Duration(0); ; lap++ {
		for _, tag := range o.tags {
			if lap > 0 && tag.Header() {
				continue // it was said
			}
			tag.Time += lap * turn
			if err := testkit.At(o.t.Context(), began.Add(tag.Time)); err != nil {
				return err
			}
			if err := e.Send(tag); err != nil {
				return err
			}
			if tag.Video() && !tag.Header() {
				o.sent++
			}
		}
		select {
		case <-e.enough:
			return nil
		default:
		}
	}
}

// finish waits for the end of a turn.
func (e *encoder) finish(t *testing.T) {
	t.Helper()
	close(e.enough)
	require.NoError(t, e.sending.Wait())
}

func (o *outage) run(b *testkit.Browser, lose func(*testkit.Encoder) error) {
	t, index := o.t, o.s.URL("/live/"+o.channel+"/index.m3u8")
	var watching errgroup.Group
	var lists []*watcher
	tab := b.OpenStock(t)
	tab.Eval(t, "window.sameDocument = true", nil)

	e := o.publish()
	now := onAir(t, o.s, o.channel)
	watching.Go(func() (err error) {
		lists, err = watchAll(t.Context(), index)
		return err
	})
	played := filepath.Join(t.TempDir(), "played.nut")
	player := testkit.StartFFmpeg(t, "-i", index, "-map", "0:v", "-c", "copy", "-f", "nut", "-y", played)
	tab.PlayStock(t, index)
	requireMoves(t, tab, 30)
	e.finish(t)
	first := o.sent

	for _, away := range o.away {
		left := time.Now()
		require.NoError(t, lose(e.Encoder))
		require.NoError(t, testkit.At(t.Context(), left.Add(away)))
		from := tab.Picture(t).Frames
		began := time.Now()
		e = o.publish()
		tab.WaitPicture(t, limit, fmt.Sprintf("the picture moves after %v without an encoder", away), func(p testkit.Picture) bool {
			return p.Frames >= from+leftToPlay(away)
		})
		t.Logf("%s, %v away: hls.js plays on %v after the encoder is back", o.channel, away, time.Since(began).Round(10*time.Millisecond))
		require.Equal(t, now.Broadcast, onAir(t, o.s, o.channel).Broadcast, "the same broadcast goes on")
		e.finish(t)
	}
	require.NoError(t, e.Stop())
	require.NoError(t, watching.Wait())
	require.Zero(t, player.Wait(t, limit), player.Log())
	archived(t, o.s, o.channel, now.Broadcast)
	o.check(tab, lists, played, now.Broadcast, o.sent-first)
}

// leftToPlay is how many pictures more prove that new ones are played: hls.js
// has up to three seconds of the old when the outage is short.
func leftToPlay(away time.Duration) int {
	if away < 5*time.Second {
		return 90
	}
	return 10
}

// check looks at what players met and at what is left. afterFirst is how many
// pictures were sent since the first outage.
func (o *outage) check(tab *testkit.Tab, lists []*watcher, played, id string, afterFirst int) {
	t := o.t
	var errs []string
	tab.Eval(t, "window.playerErrors", &errs)
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
		require.Equal(t, len(o.away), cuts+int(w.last.DiscontinuitySequence), "one cut for each outage in %s", w.address)
	}
	require.Equal(t, o.sent, testkit.DecodedFrames(t, o.s.URL("/vod/"+id+"/index.m3u8"), "v"), "every picture is recorded")
	// ffmpeg joined late and may have left out pictures of the first encoder.
	require.GreaterOrEqual(t, testkit.DecodedFrames(t, played, "v"), afterFirst)
	var events struct {
		Items []struct{ Kind string }
	}
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		if err := getJSON(ctx, o.s, "/api/v1/broadcasts/"+id+"/events", &events); err != nil {
			return err
		}
		if len(events.Items) < len(o.away) {
			return fmt.Errorf("the owner is told %v", events.Items)
		}
		return nil
	})
}
