package live

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/media"
)

// script reads all that there is, a word for each step.
func script(t *testing.T, r *Reader) (steps []string, units []Unit) {
	t.Helper()
	for {
		u, news, err := r.Poll()
		switch {
		case errors.Is(err, ErrInterrupted):
			steps = append(steps, "interrupted")
		case errors.Is(err, io.EOF):
			return append(steps, "end"), units
		case err != nil:
			t.Fatal(err)
		case news != nil:
			return steps, units
		default:
			steps, units = append(steps, u.Rendition.Name[:5]), append(units, u)
		}
	}
}

func TestReaderIsToldWhereThePublisherChanges(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	r := s.Reader()
	first := newFeed(s, "video/source")
	first.Write(frame(0, true))
	first.Write(frame(1, false))
	steps, _ := script(t, r)
	require.Equal(t, []string{"video", "video"}, steps)

	s.Interrupt(first.publisher)
	steps, _ = script(t, r)
	require.Equal(t, []string{"interrupted"}, steps, "told when all is read")
	steps, _ = script(t, r)
	require.Empty(t, steps, "told once")

	second := newFeed(s, "video/source")
	second.Write(frame(0, true))
	late := s.Reader()
	third := newFeed(s, "video/source") // takes over without a word
	second.Write(frame(1, true))        // nobody hears it
	third.Write(frame(0, true))
	steps, _ = script(t, r)
	require.Equal(t, []string{"video", "interrupted", "video"}, steps)
	steps, _ = script(t, late)
	require.Equal(t, []string{"video", "video", "interrupted", "video", "interrupted", "video"}, steps)

	s.Interrupt(first.publisher) // has no say any more
	third.Write(frame(1, false))
	s.Close()
	steps, _ = script(t, r)
	require.Equal(t, []string{"video", "end"}, steps)
	require.EqualValues(t, 1, third.rendition.Stats().Dropped)
}

func TestEachPublisherBeginsAtAKeyFrame(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	newFeed(s, "video/source").Write(frame(0, true))
	second := newFeed(s, "video/source")
	second.Write(frame(1, false)) // of the same track even
	second.Write(frame(2, true))
	require.EqualValues(t, 1, second.rendition.Stats().Dropped)
	require.EqualValues(t, 2, second.rendition.Stats().Units)
}

// TestMediaGoesOnWithoutAHole: whatever the second encoder's clock says, its
// media begins where the first one's ended, sound and picture keep their
// distance, and no rendition's time runs backwards.
func TestMediaGoesOnWithoutAHole(t *testing.T) {
	for _, test := range []struct {
		name       string
		stamp      time.Duration // of the second encoder's first picture
		reordered  time.Duration // presentation less decoding, of both
		audioFirst bool
	}{
		{name: "from zero"},
		{name: "hours on", stamp: 5 * time.Hour},
		{name: "pictures out of order", reordered: 66 * time.Millisecond},
		{name: "sound first", audioFirst: true, reordered: 66 * time.Millisecond},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := NewStream("demo", "b", Limits{Age: time.Hour})
			r := s.Reader()
			at := time.Unix(100, 0)
			publish := func(stamp time.Duration) {
				p := NewPublisher(s, func(*Publisher, End, error) {})
				video, audio := p.Rendition("video/source"), p.Rendition("audio/source")
				track, sound := *h264, *aac
				unit := func(f *Feed, track *media.Track, i int, interval, reordered time.Duration) {
					now := time.Duration(i) * interval
					dts := media.Ticks(stamp+now, track.Timescale)
					f.Write(&media.AccessUnit{
						Track: track, DTS: dts, PTS: dts + media.Ticks(reordered, track.Timescale),
						Key: f == audio || i%30 == 0, Arrived: at.Add(now),
					})
				}
				tone := media.Duration(int64(sound.SamplesPerFrame), sound.Timescale)
				for i, n := 0, 0; i < 90; i++ {
					if !test.audioFirst {
						unit(video, &track, i, time.Second/30, test.reordered)
					}
					for ; time.Duration(n)*tone < time.Duration(i+1)*time.Second/30; n++ {
						unit(audio, &sound, n, tone, 0)
					}
					if test.audioFirst {
						unit(video, &track, i, time.Second/30, test.reordered)
					}
				}
				s.Interrupt(p)
				at = at.Add(40 * time.Second)
			}
			publish(0)
			publish(test.stamp)
			_, units := script(t, r)
			require.Greater(t, len(units), 2*(90+120))
			last, first := map[string]time.Duration{}, map[*media.Track]time.Duration{}
			for i, u := range units {
				dts := media.Duration(u.DTS, u.Track.Timescale)
				if before, ok := last[u.Rendition.Name]; ok {
					require.Greater(t, dts, before, "unit %d", i)
					require.Less(t, dts-before, 150*time.Millisecond, "unit %d", i)
				}
				last[u.Rendition.Name] = dts
				if _, ok := first[u.Track]; !ok {
					first[u.Track] = dts
				}
			}
			// Each encoder's picture and sound begin together.
			require.Len(t, first, 4)
			var apart time.Duration
			for track, at := range first {
				if track.Kind() == media.Video {
					apart += at
				} else {
					apart -= at
				}
			}
			require.InDelta(t, 0, float64(apart), float64(4*time.Millisecond))
		})
	}
}

func TestStreamThatStartsAtATimeGoesOnThere(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	s.StartAt(time.Hour)
	r := s.Reader()
	newFeed(s, "video/source").Write(frame(500, true))
	_, units := script(t, r)
	require.Equal(t, media.Ticks(time.Hour, media.VideoTimescale), units[0].PTS)
}

func TestSilenceIsThatOfWhoFeeds(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	first := newFeed(s, "video/source")
	require.Less(t, first.publisher.Silent(), time.Hour)
	newFeed(s, "video/source")
	require.Greater(t, first.publisher.Silent(), time.Hour)
}
