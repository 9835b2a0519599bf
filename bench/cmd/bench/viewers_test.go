package main

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
)

func TestMediaLists(t *testing.T) {
	at, err := url.Parse("http://host/live/c/plain.m3u8")
	require.NoError(t, err)
	const head = "#EXTM3U\n#EXT-X-VERSION:6\n"
	variant := "#EXT-X-STREAM-INF:BANDWIDTH=1,AVERAGE-BANDWIDTH=1,CODECS=\"avc1.64001f,mp4a.40.2\",RESOLUTION=64x64,FRAME-RATE=30.000"
	sound := "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"a\",DEFAULT=YES"
	for text, want := range map[string][]string{
		head + sound + ",URI=\"b1/plain/audio.m3u8\"\n" + variant + ",AUDIO=\"a\"\nb1/plain/video.m3u8\n": {"/live/c/b1/plain/video.m3u8", "/live/c/b1/plain/audio.m3u8"},
		head + variant + "\n../x.m3u8\n":                {"/live/x.m3u8"},
		head + "#EXT-X-TARGETDURATION:4\n":              {"/live/c/plain.m3u8"},
		head + "#EXTINF:2,\na.ts\n#EXTINF:2,\nb.ts\n\n": {"/live/c/plain.m3u8"},
	} {
		lists, err := mediaLists(at, text)
		require.NoError(t, err, text)
		require.Equal(t, want, lists)
	}
	_, err = mediaLists(at, "<html>")
	require.ErrorContains(t, err, "not a playlist")
}

func TestEachSideHasItsList(t *testing.T) {
	for side, list := range map[string]string{
		oursPictures: "/live/bench/plain.m3u8", oursApart: "/live/bench/plain.m3u8", oursTS: "/live/bench/ts/index.m3u8", peerHLS: "/bench.m3u8",
	} {
		require.Equal(t, list, viewersList(side), side)
	}
}

func TestShareIsOfOneCore(t *testing.T) {
	u := usage{Usage: proc.Usage{Wall: 4 * time.Second, CPU: 6 * time.Second}, load: time.Second}
	require.InDelta(t, 150, u.share(u.CPU), 1e-9)
	require.InDelta(t, 25, u.share(u.load), 1e-9)
}
