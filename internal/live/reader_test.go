package live

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func frame(i int, key bool) *media.AccessUnit {
	return &media.AccessUnit{Track: h264, DTS: int64(i) * 3600, PTS: int64(i) * 3600, Key: key, Data: make([]byte, 100), Arrived: time.Unix(int64(i), 0)}
}

func TestReaderFollowsRenditionsInOrderOfWriting(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	r := s.Reader()
	video := newFeed(s, "video/source")
	video.Write(frame(0, false)) // before the first key frame
	video.Write(frame(1, true))
	audio := video.publisher.Rendition("audio/source")
	audio.Write(&media.AccessUnit{Track: aac, DTS: 1920, Key: true})
	video.Write(frame(2, false))
	s.Close()
	video.Write(frame(3, false))

	var got []string
	for {
		u, err := r.Next(context.Background())
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		got = append(got, u.Rendition.Name)
	}
	require.Equal(t, []string{"video/source", "audio/source", "video/source"}, got)
	require.Equal(t, Stats{Units: 2, Bytes: 200, Dropped: 2}, video.rendition.Stats())
}

func TestOverrunReaderGoesOnAtTheNewestKeyFrame(t *testing.T) {
	s := NewStream("demo", "b", Limits{Bytes: 1000})
	video := newFeed(s, "video/source")
	r := s.Reader()
	for i := range 26 {
		video.Write(frame(i, i%8 == 0))
	}
	u, err := r.Next(context.Background())
	require.NoError(t, err)
	require.True(t, u.Key)
	require.EqualValues(t, 90000+24*3600, u.DTS)
	require.EqualValues(t, 24, r.Lost())
}

// The newest key frame can be had also when readers cannot any more.
func TestTheNewestKeyStays(t *testing.T) {
	s := NewStream("demo", "b", Limits{Bytes: 1000})
	video := newFeed(s, "video/source")
	require.False(t, s.Closed())
	for i := range 26 {
		video.Write(frame(i, i == 0 || i == 3))
		require.Equal(t, i < 3, video.rendition.NewestKey().DTS == 90000, "after %d", i)
	}
	require.True(t, video.rendition.NewestKey().Key)
	s.Close()
	require.True(t, s.Closed())
}

// newFeed is a publisher's way into a rendition of a stream that had none.
func newFeed(s *Stream, rendition string) *Feed {
	return NewPublisher(s, func(*Publisher, End, error) {}).Rendition(rendition)
}

func TestOverrunReaderWithNoKeyFrameInMemoryWaitsForOne(t *testing.T) {
	s := NewStream("demo", "b", Limits{Bytes: 1000})
	video := newFeed(s, "video/source")
	r := s.Reader()
	for i := range 26 {
		video.Write(frame(i, i == 0))
	}
	_, news, err := r.Poll()
	require.NoError(t, err)
	require.NotNil(t, news)
	video.Write(frame(26, true))
	u, err := r.Next(context.Background())
	require.NoError(t, err)
	require.True(t, u.Key)
	require.EqualValues(t, 26, r.Lost())
}

func TestRingIsBoundedByAge(t *testing.T) {
	s := NewStream("demo", "b", Limits{Age: time.Second})
	video := newFeed(s, "video/source")
	began := time.Now()
	for i := range 1000 {
		u := frame(i, true)
		u.Arrived = began.Add(time.Duration(i) * 40 * time.Millisecond)
		video.Write(u)
	}
	require.EqualValues(t, 26, video.rendition.head-video.rendition.oldest)
	require.Len(t, video.rendition.ring, 64)
	require.Equal(t, 2600, video.rendition.bytes)
}

func TestRingKeepsWhatComesAtOnceAfterAStall(t *testing.T) {
	s := NewStream("demo", "b", Limits{Age: time.Second})
	video := newFeed(s, "video/source")
	r := s.Reader()
	began := time.Now()
	for i := range 500 { // 20 s of media, all of it from the sockets' buffers
		u := frame(i, true)
		u.Arrived = began
		video.Write(u)
	}
	s.Close()
	n := 0
	for ; ; n++ {
		if _, err := r.Next(context.Background()); err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
	}
	require.Equal(t, 500, n)
	require.Zero(t, r.Lost())
}

func TestNextEndsWithItsContext(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.Reader().Next(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestManyReadersMissNothing(t *testing.T) {
	s := NewStream("demo", "b", Limits{Age: time.Hour})
	video := newFeed(s, "video/source")
	var wg sync.WaitGroup
	for range 8 {
		r := s.Reader()
		wg.Go(func() {
			n := 0
			for {
				if _, err := r.Next(context.Background()); err != nil {
					break
				}
				n++
			}
			if n != 2000 || r.Lost() != 0 {
				t.Errorf("read %d units, lost %d", n, r.Lost())
			}
		})
	}
	for i := range 2000 {
		video.Write(frame(i, true))
	}
	s.Close()
	wg.Wait()
}

func TestPublisherEndsOnceAndIsKickedOnce(t *testing.T) {
	var ends []End
	p := NewPublisher(NewStream("demo", "b", Limits{}), func(_ *Publisher, e End, _ error) { ends = append(ends, e) })
	require.Equal(t, "demo", p.Channel())
	p.Kick(&Refusal{Code: "ended", Reason: "The channel was closed."})
	p.Kick(&Refusal{Code: "other"})
	require.Equal(t, "ended", p.Reason().Code)
	require.EqualError(t, p.Reason(), "The channel was closed.")
	p.Close(Stopped, nil)
	p.Close(Lost, io.ErrUnexpectedEOF)
	require.Equal(t, []End{Stopped}, ends)
}

func TestNoticesAndAnnouncementsAreBounded(t *testing.T) {
	s := NewStream("demo", "b", Limits{})
	p := NewPublisher(s, func(*Publisher, End, error) {})
	for i := range 100 {
		p.Notice(media.Notice{Code: media.CodecNotCarried, Kind: media.Video, Name: string(rune('a' + i%26))})
		p.Expect(media.Video, media.Audio)
	}
	require.Len(t, s.Notices(), maxNotices)
	require.Equal(t, []media.Kind{media.Video, media.Audio}, s.Expected())
}

func BenchmarkWriteWithOneReader(b *testing.B) {
	s := NewStream("demo", "b", Limits{})
	video := newFeed(s, "video/source")
	r := s.Reader()
	units := make([]media.AccessUnit, b.N)
	for i := range units {
		units[i] = *frame(i, true)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range units {
		video.Write(&units[i])
		if _, _, err := r.Poll(); err != nil {
			b.Fatal(err)
		}
	}
}
