package web

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/cliptest"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/mpegts"
	"github.com/rostrumlive/rostrum/internal/packager"
)

// addresses are a playlist's, joined to its own.
func addresses(base, playlist string) (list []string) {
	for line := range strings.Lines(playlist) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			list = append(list, join(base, line))
		}
	}
	return list
}

// TestTransport: a television goes from the channel's name to segments with
// picture and sound, which are the frames that were sent; and an address has
// one content, whether the segment lies in memory, in a file or in a recording.
func TestTransport(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("alice")
	const entry = "/live/alice/ts/index.m3u8"
	multi := s.get(entry)
	require.Equal(t, http.StatusOK, multi.status)
	require.Contains(t, multi.body, "#EXT-X-VERSION:3\n")
	require.NotContains(t, multi.body, "EXT-X-MEDIA:")
	require.Regexp(t, `CODECS="avc1\.[0-9a-f]{6},mp4a\.40\.2"`, multi.body)
	list, _, _ := strings.Cut(last(t, entry, multi.body), "?")
	require.Equal(t, "/live/alice/"+b.ID+"/ts/video/source.m3u8", list)

	clip := cliptest.Load(t)
	clip.Between(4*time.Second, 11*time.Second).Send(pub) // tracks of its own: behind a discontinuity
	s.await("four segments", func() bool { return strings.Contains(s.get(list).body, "seg4-source.ts") })
	media1 := s.get(list)
	require.Equal(t, "public, max-age=0, s-maxage=1", media1.header.Get("Cache-Control"))
	for _, absent := range []string{"EXT-X-MAP", "EXT-X-PART", "SERVER-CONTROL", "ENDLIST", "GAP"} {
		require.NotContains(t, media1.body, absent)
	}
	require.True(t, strings.HasPrefix(media1.body, "#EXTM3U\n#EXT-X-VERSION:3\n"))

	// Many ask for one segment at the same time.
	var wg sync.WaitGroup
	bodies := make([]response, 20)
	for i := range bodies {
		wg.Go(func() { bodies[i] = s.get("/media/" + b.ID + "/video/source/seg1-source.ts") })
	}
	wg.Wait()
	first := bodies[0]
	require.Equal(t, http.StatusOK, first.status)
	require.Equal(t, "video/mp2t", first.header.Get("Content-Type"))
	require.Equal(t, "public, max-age=31536000, immutable", first.header.Get("Cache-Control"))
	require.Equal(t, "*", first.header.Get("Access-Control-Allow-Origin"))
	for _, other := range bodies {
		require.Equal(t, first.body, other.body)
	}
	part := s.get("/media/"+b.ID+"/video/source/seg1-source.ts", "Range", "bytes=188-375")
	require.Equal(t, http.StatusPartialContent, part.status)
	require.Equal(t, first.body[188:376], part.body)

	onAir := map[string]string{}
	for _, address := range addresses(list, media1.body) {
		onAir[address] = s.get(address).body
	}
	pub.Close(live.Stopped, nil)
	s.await("the channel is free", func() bool { return s.manager.Live("alice") == nil })
	require.Contains(t, s.get(list).body, "#EXT-X-ENDLIST\n", "from memory")
	require.Equal(t, http.StatusNotFound, s.get(entry).status)
	s.end()

	over := s.get(list)
	require.Contains(t, over.body, "#EXT-X-ENDLIST\n", "from the recording")
	require.Contains(t, over.body, "#EXT-X-VERSION:3\n")
	require.NotContains(t, over.body, "EXT-X-MAP")
	require.Equal(t, 1, strings.Count(over.body, "#EXT-X-DISCONTINUITY\n"))
	require.Equal(t, "public, max-age=3600", over.header.Get("Cache-Control"))
	s.web.ts = packager.NewTransmuxer() // which holds nothing of what was on air
	var stream []byte
	for _, address := range addresses(list, over.body) {
		a := s.get(address)
		require.Equal(t, http.StatusOK, a.status, address)
		if was, ok := onAir[address]; ok {
			require.Equal(t, was, a.body, "an address has one content")
			delete(onAir, address)
		}
		stream = append(stream, a.body...)
	}
	require.Empty(t, onAir, "the recording has all that was listed")

	var demux mpegts.Demuxer
	units, err := demux.Push(stream)
	require.NoError(t, err)
	sent := append(clip.Between(0, 3*time.Second), clip.Between(4*time.Second, 11*time.Second)...)
	for kind, clip := range map[media.Kind]cliptest.Clip{media.Video: sent.Of(media.Video), media.Audio: sent.Of(media.Audio)} {
		i := 0
		for _, u := range units {
			if u.Track.Kind() != kind {
				continue
			}
			require.True(t, bytes.Equal(clip[i].Data, u.Data), "%v %d", kind, i)
			i++
		}
		require.Equal(t, len(clip), i)
	}
	require.Equal(t, mpegts.Stats{Packets: int64(len(stream) / 188)}, demux.Stats(), "counters run on over all joints")

	// The sound alone, and the picture alone.
	sound := "/live/alice/" + b.ID + "/ts/audio/source.m3u8"
	require.Equal(t, http.StatusOK, s.get(last(t, sound, s.get(sound).body)).status)
	require.Equal(t, http.StatusOK, s.get("/media/"+b.ID+"/video/source/seg1.ts").status)
}
