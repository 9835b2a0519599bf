package e2e

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// vlcAway is how long the encoders of TestVLCOutages are away: longer than
// VLC has in hand of a list of short segments, shorter than its patience.
const vlcAway = 5 * time.Second

// TestVLCOutages: VLC, started once, plays on by itself when the encoder was
// away, however it was lost. What is sent before and after are different
// pictures of one clip, so what VLC wrote down tells which it has met.
func TestVLCOutages(t *testing.T) {
	t.Parallel()
	clip := testkit.Clip{Seconds: 2 * turn.Seconds()}.Path(t)
	tags := testkit.ReadTags(t, clip)
	shown := testkit.Decoded(t, 0, clip, "v")
	sent := hashes(shown[len(shown)/2:]) // after the outage
	s := startOpen(t)
	for name, lose := range map[string]func(*testkit.Encoder) error{
		"fin":     (*testkit.Encoder).Drop,
		"reset":   (*testkit.Encoder).Break,
		"silence": func(*testkit.Encoder) error { return nil }, // the connection stays open
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := outage{t: t, s: s, channel: "vlc-" + name, tags: between(tags, 0, turn)}
			e := o.publish()
			now := onAir(t, s, o.channel)
			watchOnAir(t, s, o.channel)
			vlc, file := startVLC(t, s.URL("/live/"+o.channel+"/plain.m3u8"))
			testkit.Eventually(t, limit, func(context.Context) error {
				if f, err := os.Stat(file); err != nil || f.Size() == 0 {
					return fmt.Errorf("VLC plays nothing yet (%w)", err)
				}
				return nil
			})
			e.finish(t)

			lost := time.Now()
			require.NoError(t, lose(e.Encoder))
			require.NoError(t, testkit.At(t.Context(), lost.Add(vlcAway)))
			o.tags = between(tags, turn, 2*turn)
			e = o.publish()
			back := time.Now()
			testkit.Eventually(t, limit, func(context.Context) error { // while the encoder sends
				played := hashes(testkit.Decoded(t, 0, file, "v"))
				if !slices.ContainsFunc(played, func(h string) bool { return slices.Contains(sent, h) }) {
					return fmt.Errorf("VLC met none of the pictures after the outage, but %d before it", len(played))
				}
				return nil
			})
			t.Logf("%s: VLC met the first picture of after the outage %v after the encoder was back", name, time.Since(back).Round(time.Second/10))
			require.Equal(t, now.Broadcast, onAir(t, s, o.channel).Broadcast, "the same broadcast goes on")
			e.finish(t)
			require.NoError(t, e.Stop())
			// Not with the last picture, though: once one track's list has its end, VLC 3
			// no longer reads the other's.
			require.Zero(t, vlc.Wait(t, limit), "VLC ends with the list")
		})
	}
}

// between cuts tags out of a clip, which begins with its headers and has a key
// picture at from: another encoder sends them from zero.
func between(tags []testkit.Tag, from, to time.Duration) []testkit.Tag {
	var out []testkit.Tag
	for _, tag := range tags {
		switch {
		case tag.Header():
			tag.Time = 0
		case tag.Time < from || tag.Time >= to:
			continue
		default:
			tag.Time -= from
		}
		out = append(out, tag)
	}
	return out
}
