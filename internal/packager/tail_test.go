package packager

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// written is what one who follows a tail has of a rendition.
type written struct {
	segments []*Segment
	data     [][]byte // of each
	lost     int64
}

// follow reads a tail to its end.
func follow(ctx context.Context, tail *Tail) (map[*Window]*written, error) {
	all := map[*Window]*written{}
	open := map[*Window]*bytes.Buffer{}
	for {
		piece, err := tail.Next(ctx)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		w := piece.Window
		if all[w] == nil {
			all[w], open[w] = &written{}, &bytes.Buffer{}
		}
		all[w].lost += piece.Lost
		if piece.Lost > 0 {
			open[w].Reset()
		}
		if piece.Data != nil {
			open[w].Write(piece.Data)
			continue
		}
		all[w].segments = append(all[w].segments, piece.Segment)
		all[w].data = append(all[w].data, bytes.Clone(open[w].Bytes()))
		open[w].Reset()
	}
}

func TestATailHandsOutEverythingInOrder(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		const tails = 8
		var wg sync.WaitGroup
		results := make([]map[*Window]*written, tails)
		for i := range tails {
			tail := s.p.Tail()
			wg.Go(func() {
				var err error
				if results[i], err = follow(context.Background(), tail); err != nil {
					t.Error(err)
				}
			})
		}
		s.play(20 * time.Second)
		s.end()
		wg.Wait()
		for _, all := range results {
			require.Len(t, all, 2)
			for w, got := range all {
				complete := w.snap.Load().complete
				require.Zero(t, got.lost)
				require.Equal(t, complete, got.segments)
				for i, seg := range got.segments {
					require.EqualValues(t, i, seg.Number)
					require.Equal(t, bytes.Join(seg.memory(0, len(seg.Parts)), nil), got.data[i])
					require.EqualValues(t, seg.Size, len(got.data[i]))
				}
			}
		}
	})
}

// Who only wants word of segments gets it of all that the window holds, however
// late, also of those whose bytes are in files by now.
func TestWordOfSegments(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		s.play(20 * time.Second)
		s.end()
		for _, w := range s.p.Windows() {
			for _, seg := range w.snap.Load().complete {
				seg.Stored(nil) // nobody opens it here
			}
		}
		all, err := follow(context.Background(), s.p.Completions())
		require.NoError(t, err)
		require.Len(t, all, 2)
		for w, got := range all {
			require.Zero(t, got.lost)
			require.Equal(t, w.snap.Load().complete, got.segments)
			require.Empty(t, bytes.Join(got.data, nil))
		}
	})
}

// A part is handed out when it is there, not with its segment.
func TestATailIsAsFastAsParts(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		tail := s.p.Tail()
		s.play(3 * time.Second)
		parts := map[*Window]int64{}
		ctx, cancel := context.WithCancel(context.Background())
		stopped := make(chan error)
		go func() {
			for {
				piece, err := tail.Next(ctx)
				if err != nil {
					stopped <- err
					return
				}
				if piece.Data != nil {
					parts[piece.Window]++
				}
			}
		}()
		synctest.Wait()
		for _, w := range s.p.Windows() {
			require.Equal(t, w.snap.Load().nextPart, parts[w])
		}
		cancel()
		require.ErrorIs(t, <-stopped, context.Canceled)
	})
}

func TestATailThatIsOverrunCountsWhatItLost(t *testing.T) {
	const window = 20 * time.Second
	l := newLoop(t, Options{LiveWindow: window})
	tail := l.feed.p.Tail()
	ctx := context.Background()
	l.run(3 * time.Second)
	var last Piece
	for range 8 { // up to the middle of a segment
		piece, err := tail.Next(ctx)
		require.NoError(t, err)
		if piece.Window.Name == "video/source" {
			last = piece
		}
	}
	require.NotNil(t, last.Data)
	l.run(3 * time.Minute)
	l.feed.finish()
	for _, w := range l.feed.p.Windows() {
		w.close(false)
	}
	l.feed.p.setReady(epoch)
	all, err := follow(ctx, tail)
	require.NoError(t, err)
	for w, got := range all {
		if w.Name != "video/source" {
			continue
		}
		require.Equal(t, got.segments[0].Number-last.Segment.Number, got.lost, "with the one that was begun")
		require.Greater(t, got.lost, int64(50))
		for i, seg := range got.segments {
			require.Equal(t, got.segments[0].Number+int64(i), seg.Number)
			require.EqualValues(t, seg.Size, len(got.data[i]), "whole segments only")
		}
	}
}

func TestATailOpensNoFiles(t *testing.T) {
	l := newLoop(t, Options{})
	l.run(10 * time.Second)
	opened := 0
	for _, w := range l.feed.p.Windows() {
		for _, seg := range w.snap.Load().complete {
			seg.Stored(func() (*os.File, error) { opened++; return nil, os.ErrNotExist })
		}
		w.close(false)
	}
	l.feed.p.setReady(epoch)
	all, err := follow(context.Background(), l.feed.p.Tail())
	require.NoError(t, err)
	require.Zero(t, opened)
	for _, got := range all {
		require.Positive(t, got.lost, "they left memory before it came")
	}
}

func TestATailTellsOfGaps(t *testing.T) {
	f := newFeed(t, Options{})
	for _, u := range (program{rate: 30, gop: 2, hz: 48000, seconds: 30}).units() {
		if u.track.Kind().String() == "audio" && u.at > 5.5 && u.at < 15 {
			continue
		}
		f.send(u)
	}
	f.finish()
	for _, w := range f.p.Windows() {
		w.close(false)
	}
	f.p.setReady(epoch)
	all, err := follow(context.Background(), f.p.Tail())
	require.NoError(t, err)
	w := all[f.p.Window("audio/source")]
	gaps := 0
	for i, seg := range w.segments {
		require.EqualValues(t, i, seg.Number)
		if seg.Gap {
			gaps++
			require.Empty(t, w.data[i])
			require.Positive(t, seg.Duration)
		}
	}
	require.Greater(t, gaps, 2)
	require.Zero(t, w.lost)
}

func TestABroadcastWithoutMediaEndsItsTails(t *testing.T) {
	onAir(t, Options{}, func(s *station) {
		done := make(chan error, 1)
		tail := s.p.Tail()
		go func() {
			_, err := tail.Next(context.Background())
			done <- err
		}()
		synctest.Wait()
		require.Empty(t, done)
		s.feed.stream.Close()
		require.ErrorIs(t, <-done, io.EOF)
	})
}
