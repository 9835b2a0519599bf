package httpmedia

import (
	"context"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// from returns a clip's units from its key frame at a time on.
func from(c cliptest.Clip, at time.Duration) cliptest.Clip {
	i := slices.IndexFunc(c, func(u cliptest.Unit) bool {
		return u.Track.Kind() == media.Video && u.Key && u.At >= at
	})
	return c[i:]
}

// TestAViewerBeginsWithTheNewestKeyFrame and gets all from there to a clean end.
func TestAViewerBeginsWithTheNewestKeyFrame(t *testing.T) {
	s := newStudio(t).start()
	clip := cliptest.Load(t)
	clip.Between(0, 3*time.Second).Send(s.pub)
	first := s.reader()
	first.await(20)
	clip.Between(3*time.Second, 5*time.Second).Send(s.pub)
	first.await(len(from(clip.Between(0, 5*time.Second), 2*time.Second)) - 10)
	second := s.reader()
	second.await(20)
	clip.Between(5*time.Second, 7*time.Second).Send(s.pub)
	s.stream.Close()

	all := clip.Between(0, 7*time.Second)
	requireSame(t, from(all, 2*time.Second), first.end())
	requireSame(t, from(all, 4*time.Second), second.end())
}

func TestHowItIsAnswered(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			s := newStudio(t)
			s.server.EnableHTTP2 = http2
			if http2 {
				s.server.StartTLS()
			} else {
				s.server.Start()
			}
			clip := cliptest.Load(t).Between(0, time.Second)
			clip.Send(s.pub)
			res := s.watch()
			defer res.Body.Close()
			head, err := s.server.Client().Head(s.server.URL)
			require.NoError(t, err)
			require.NoError(t, head.Body.Close())
			for _, r := range []*http.Response{res, head} {
				require.Equal(t, http.StatusOK, r.StatusCode)
				require.Equal(t, http2, r.ProtoMajor == 2)
				require.Equal(t, "video/x-flv", r.Header.Get("Content-Type"))
				require.Equal(t, "no-store", r.Header.Get("Cache-Control"))
				require.Equal(t, "*", r.Header.Get("Access-Control-Allow-Origin"))
				require.Empty(t, r.TransferEncoding)
			}
			s.stream.Close()
			b, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			file, kinds := parseWhole(b)
			require.EqualValues(t, 5, kinds)
			requireSame(t, clip, unitsOf(t, file))
		})
	}
}

// TestARequestWaitsWhileTheBroadcastOpens: for the first key frame.
func TestARequestWaitsWhileTheBroadcastOpens(t *testing.T) {
	s := newStudio(t).start()
	clip := cliptest.Load(t).Between(0, time.Second)
	go func() {
		for s.flv.Stats().Viewers == 0 {
			time.Sleep(time.Millisecond)
		}
		clip.Send(s.pub)
		s.stream.Close()
	}()
	requireSame(t, clip, s.reader().end())
}

func TestNothingComes(t *testing.T) {
	s := newStudio(t).start()
	get := func(ctx context.Context) (int, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.server.URL, http.NoBody)
		require.NoError(t, err)
		res, err := s.server.Client().Do(req)
		if err != nil {
			return 0, err
		}
		return res.StatusCode, res.Body.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.flv.Stats().Viewers == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	_, err := get(ctx)
	require.ErrorIs(t, err, context.Canceled, "the viewer leaves before anything has come")
	s.stream.Close()
	status, err := get(t.Context())
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, status, "the broadcast ended before anything had come")
}

// TestOneKind: of streams that have pictures or sound alone all arrives, and
// the file's header says so.
func TestOneKind(t *testing.T) {
	for kind, flags := range map[media.Kind]byte{media.Video: 1, media.Audio: 4} {
		t.Run(kind.String(), func(t *testing.T) {
			s := newStudio(t).start()
			s.pub = live.NewPublisher(s.stream, func(*live.Publisher, live.End, error) {})
			s.pub.Expect(kind)
			clip := cliptest.Load(t).Of(kind)
			clip.Between(0, 3*time.Second).Send(s.pub)
			viewer := s.reader()
			viewer.await(20)
			clip.Between(3*time.Second, 7*time.Second).Send(s.pub)
			s.stream.Close()
			got := viewer.end()
			_, header := parseWhole(viewer.read)
			require.Equal(t, flags, header)
			all := clip.Between(0, 7*time.Second)
			require.LessOrEqual(t, len(all.Between(2*time.Second+50*time.Millisecond, 7*time.Second)), len(got))
			require.Less(t, len(got), len(all), "it begins near the newest")
			requireSame(t, all[len(all)-len(got):], got)
		})
	}
}

// TestSoundThatComesLate is in the body, though its header does not tell of it.
func TestSoundThatComesLate(t *testing.T) {
	s := newStudio(t).start()
	s.pub = live.NewPublisher(s.stream, func(*live.Publisher, live.End, error) {})
	s.pub.Expect(media.Video)
	clip := cliptest.Load(t)
	silent := clip.Between(0, time.Second).Of(media.Video)
	silent.Send(s.pub)
	viewer := s.reader()
	viewer.await(len(silent))
	rest := clip.Between(time.Second, 1900*time.Millisecond)
	rest.Send(s.pub)
	viewer.await(len(silent) + len(rest) - 5)
	late := s.reader()
	late.await(1)
	s.stream.Close()
	requireSame(t, slices.Concat(silent, rest), viewer.end())
	_, header := parseWhole(viewer.read)
	require.EqualValues(t, 1, header)
	requireSame(t, slices.Concat(silent, rest), late.end())
	_, header = parseWhole(late.read)
	require.EqualValues(t, 5, header, "who comes later is told")
}

// TestAnotherEncoder goes on in the same body, with headers of its own, and
// its time goes on where that of the first ended.
func TestAnotherEncoder(t *testing.T) {
	s := newStudio(t).start()
	clip := cliptest.Load(t)
	first := clip.Between(0, 3*time.Second)
	first.Send(s.pub)
	viewer := s.reader()
	viewer.await(20)
	s.stream.Interrupt(s.pub)
	before := from(first, 2*time.Second)
	viewer.await(len(before)) // all that there was, though sound was waiting for a picture
	meanwhile := s.reader()
	meanwhile.await(len(before))
	s.connect()
	second := cliptest.Load(t).Between(10*time.Second, 11*time.Second)
	second.Send(s.pub)
	s.stream.Close()

	again := from(second, 0)
	for _, b := range []*body{viewer, meanwhile} {
		got := b.end()
		requireSame(t, before, got[:len(before)])
		rest := got[len(before):]
		rest = rest[len(rest)-len(again):]
		requireSame(t, again, rest)
		require.Less(t, got[len(before)-1].DTS, media.Rescale(rest[0].DTS, got[len(before)-1].Track.Timescale, rest[0].Track.Timescale)+1)
		file, _ := parseWhole(b.read)
		headers := 0
		for _, tag := range file {
			if tag.Type == 9 && tag.Body[0] == 0x17 && tag.Body[1] == 0 {
				headers++
			}
		}
		require.Equal(t, 2, headers, "of video")
	}
}

// TestWhoLeavesEndsTheFeed while others still watch, and when nobody does.
func TestWhoLeavesEndsTheFeed(t *testing.T) {
	s := newStudio(t).start()
	clip := cliptest.Load(t)
	clip.Between(0, time.Second).Send(s.pub)
	a, b := s.watch(), s.watch()
	watching := func(n int) {
		require.Eventually(t, func() bool { return s.flv.Stats().Viewers == int64(n) }, limit, time.Millisecond)
	}
	watching(2)
	require.NoError(t, a.Body.Close())
	watching(1)
	s.flv.mu.Lock()
	require.Len(t, s.flv.feeds, 1)
	s.flv.mu.Unlock()
	require.NoError(t, b.Body.Close())
	watching(0)
	s.flv.mu.Lock()
	require.Empty(t, s.flv.feeds)
	s.flv.mu.Unlock()
	require.Positive(t, len(s.reader().await(20)), "another comes")
}
