package httpmedia

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
)

// standing is a viewer whose connection takes nothing until it is told.
type standing struct {
	*httptest.ResponseRecorder
	went chan struct{}

	mu      sync.Mutex
	held    bool // a write waits
	written bytes.Buffer
}

func (s *standing) Write(b []byte) (int, error) {
	s.mu.Lock()
	s.held = true
	s.mu.Unlock()
	<-s.went
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = false
	return s.written.Write(b)
}

func (s *standing) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held
}

// TestOneStandsAndTheOthersDoNotNotice: the others get every unit; the one
// goes on at a key frame, having lost its own alone.
func TestOneStandsAndTheOthersDoNotNotice(t *testing.T) {
	s := newStudio(t).start()
	clip := cliptest.Load(t)
	sent := func(from, to time.Duration) cliptest.Clip {
		part := clip.Between(from, to)
		arrived := time.Unix(1000, 0)
		for i := range part {
			part[i].Arrived = arrived.Add(part[i].At)
		}
		return part
	}
	sent(0, time.Second).Send(s.pub)
	var others []*body
	for range 8 {
		others = append(others, s.reader())
	}
	slow := &standing{ResponseRecorder: httptest.NewRecorder(), went: make(chan struct{})}
	var serving sync.WaitGroup
	serving.Go(func() {
		req := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", http.NoBody)
		require.True(t, s.flv.Serve(slow, req, s.stream))
	})
	require.Eventually(t, slow.waits, limit, time.Millisecond)

	var all cliptest.Clip
	all = append(all, sent(0, time.Second)...)
	for at := time.Second; at < 13*time.Second; at += time.Second / 2 {
		part := sent(at, at+time.Second/2)
		part.Send(s.pub)
		all = append(all, part...)
		for _, b := range others { // nobody can lose anything
			b.await(len(all) - 5) // sound that waits for its picture
		}
	}
	require.True(t, slow.waits())
	require.Zero(t, s.flv.Stats().Skips)
	close(slow.went)
	require.Eventually(t, func() bool { return s.flv.Stats().Skips == 1 }, limit, time.Millisecond)
	s.stream.Close()
	serving.Wait()
	for _, b := range others {
		requireSame(t, all, b.end())
	}
	file, _ := parseWhole(slow.written.Bytes())
	got := unitsOf(t, file)
	back := 0
	for i := 1; i < len(got) && back == 0; i++ {
		if ahead := ms(got[i]) - ms(got[i-1]); ahead > 1000 {
			back = i
		}
	}
	require.Positive(t, back, "it lost something")
	require.True(t, got[back].Key && got[back].Track.Kind() == media.Video)
	requireSame(t, from(all, 12*time.Second), got[back:])
	require.Positive(t, s.flv.Stats().SkippedBytes)
}

func ms(u *media.AccessUnit) int64 { return media.Rescale(u.DTS, 1000, u.Track.Timescale) }

// TestAGroupOfPicturesThatIsTooLong: memory stays bounded, who comes waits for
// the next key frame, and who was overrun goes on there.
func TestAGroupOfPicturesThatIsTooLong(t *testing.T) {
	track := &media.Track{Codec: media.H264, Timescale: 1000, Config: []byte{1, 2, 3}}
	var c counts
	r := ring{counts: &c}
	m := muxer{ring: &r, expects: func(media.Kind) bool { return true }}
	rendition := &live.Rendition{Name: videoRendition}
	now := time.Unix(1000, 0)
	write := func(key bool) {
		now = now.Add(40 * time.Millisecond)
		m.take(live.Unit{Rendition: rendition, AccessUnit: &media.AccessUnit{
			Track: track, Key: key, DTS: now.UnixMilli(), PTS: now.UnixMilli(), Data: make([]byte, 100<<10), Arrived: now,
		}})
		m.publish()
	}
	write(true)
	var old, late cursor
	_, tags, _, err := r.next(&old)
	require.NoError(t, err)
	require.NotEmpty(t, tags)
	for range 400 {
		write(false)
	}
	require.LessOrEqual(t, len(r.slabs)*slabBytes, 2*maxBytes)
	for _, cur := range []*cursor{&old, &late} {
		_, tags, news, err := r.next(cur)
		require.NoError(t, err)
		require.Empty(t, tags)
		require.NotNil(t, news)
	}
	write(true)
	for _, cur := range []*cursor{&old, &late} {
		headers, tags, _, err := r.next(cur)
		require.NoError(t, err)
		require.Equal(t, cur == &late, len(headers) > 0, "who knows the track is not told again")
		require.Greater(t, len(tags), 100<<10)
		require.EqualValues(t, 9, tags[0])
	}
	require.EqualValues(t, 1, c.skips.Load())
}
