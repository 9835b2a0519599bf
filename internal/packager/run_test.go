package packager

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
)

func TestTheEndOfTheStreamFlushesEverything(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3*time.Second + 70*time.Millisecond)
		open := s.now().open
		require.NotNil(t, open)
		s.end()
		require.NoError(t, <-s.done)
		frames := 0
		for _, w := range s.p.Windows() {
			snap := w.snap.Load()
			require.True(t, snap.ended)
			require.Nil(t, snap.open)
			for _, seg := range snap.complete {
				if w.Kind == media.Video {
					frames += len(s.feed.frames(w, seg))
				}
			}
		}
		require.Equal(t, open, s.now().segment(open.Number), "the open segment is complete")
		require.EqualValues(t, s.next[0], frames, "every frame that was sent")
	})
}

func TestAnAbortEndsTheWindows(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		s.stop()
		require.ErrorIs(t, <-s.done, context.Canceled)
		for _, w := range s.p.Windows() {
			require.True(t, w.snap.Load().ended)
			require.Nil(t, w.snap.Load().open)
		}
		require.False(t, s.p.Playable().IsZero())
	})
}

// An abort is heeded also while units never cease to come.
func TestAnAbortDoesNotWaitForUnits(t *testing.T) {
	l := newLoop(t, Options{})
	l.write(time.Second)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, l.feed.p.Run(ctx), context.Canceled)
	require.True(t, l.feed.p.Playable().IsZero())
}

func TestATrackThatCannotBeDescribedEndsWithAnError(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3 * time.Second)
		before := s.now().nextPart
		s.tracks[0] = &media.Track{Codec: media.H264, Timescale: media.VideoTimescale}
		s.play(3 * time.Second)
		err := <-s.done
		require.ErrorContains(t, err, "video/source")
		require.True(t, s.now().ended)
		require.GreaterOrEqual(t, s.now().nextPart, before, "what came before it stays")
	})
}

func TestReadyIsClosedByAStreamWithoutMedia(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed(t, Options{})
		f.stream.Close()
		require.NoError(t, f.p.Run(context.Background()))
		<-f.p.Ready()
		require.True(t, f.p.Playable().IsZero())
		require.Empty(t, f.p.Windows())
	})
}

// TestTheLastFrameOfAPartIsNotWaitedFor: with an even pace a part is there
// when its last frame came; one that is not full waits for the encoder.
func TestTheLastFrameOfAPartIsNotWaitedFor(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(3*time.Second + 180*time.Millisecond) // the frame of 3.167 is a part's last
		at := s.now().nextPart
		require.EqualValues(t, 16, at)
		s.play(50 * time.Millisecond) // one frame of the next
		require.Equal(t, at, s.now().nextPart)
		time.Sleep(205 * time.Millisecond)
		synctest.Wait()
		require.Equal(t, at, s.now().nextPart, "a short part would break PART-TARGET's rule")
	})
}

func TestOptionsHaveDefaultsAndBounds(t *testing.T) {
	o := New(newFeed(t, Options{}).stream, Options{}).Options()
	require.Equal(t, Options{Segment: 2 * time.Second, Part: 200 * time.Millisecond, LiveWindow: time.Minute}, o)
	o = Options{Segment: 6 * time.Second, LiveWindow: time.Second}.withDefaults()
	require.Equal(t, 48*time.Second, o.LiveWindow)
}
