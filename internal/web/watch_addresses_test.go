package web

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/broadcast"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// mediaAddress is a request for each route of media. The names stand for what
// a test has on air and recorded.
var mediaAddresses = map[string][]string{
	"GET /live/{channel}/index.m3u8":    {"/live/CHANNEL/index.m3u8"},
	"GET /live/{channel}/plain.m3u8":    {"/live/CHANNEL/plain.m3u8"},
	"GET /live/{channel}/rewind.m3u8":   {"/live/CHANNEL/rewind.m3u8"},
	"GET /live/{channel}/ts/index.m3u8": {"/live/CHANNEL/ts/index.m3u8"},
	"GET /live/{channel}/manifest.mpd":  {"/live/CHANNEL/manifest.mpd"},
	"GET /live/{channel}/preview.jpg":   {"/live/CHANNEL/preview.jpg"},
	"GET /live/{channel}/{mpd}":         {"/live/CHANNEL/BROADCAST.mpd"},
	"GET /live/{channel}/{broadcast}/{playlist...}": {
		"/live/CHANNEL/BROADCAST/video/source.m3u8", "/live/CHANNEL/BROADCAST/plain/audio/source.m3u8",
		"/live/CHANNEL/BROADCAST/rewind/video/source.m3u8", "/live/CHANNEL/BROADCAST/ts/video/source.m3u8",
	},
	"GET /live/{file}":                   {"/live/CHANNEL.flv"},
	"GET /media/{broadcast}/{path...}":   {"/media/BROADCAST/video/source/init0.mp4", "/media/BROADCAST/video/source/seg0.m4s", "/media/BROADCAST/video/source/seg0-source.ts"},
	"GET /vod/{broadcast}/download.mp4":  {"/vod/BROADCAST/download.mp4", "/vod/BROADCAST/download.mp4?to=0", "/vod/CLIP/download.mp4"},
	"GET /vod/{broadcast}/{playlist...}": {"/vod/BROADCAST/index.m3u8", "/vod/BROADCAST/video/source.m3u8", "/vod/BROADCAST/manifest.mpd", "/vod/BROADCAST/live.mpd", "/vod/BROADCAST/cover.jpg", "/vod/BROADCAST/storyboard.vtt", "/vod/BROADCAST/storyboard-0.jpg", "/vod/CLIP/index.m3u8", "/vod/CLIP/video/source.m3u8", "/vod/CLIP/cover.jpg"},
}

// notMedia are routes that show nothing to watch. What is added here shows no
// media to whoever asks.
var notMedia = regexp.MustCompile(`^(GET /(healthz|readyz|\{\$\}|\{page\}|v/\{broadcast\}|c/\{clip\}|embed/\{page\}|embed/v/\{broadcast\}|embed/c/\{clip\}|search|category/\{category\}|legal/\{page\}|pictures/\{key\}|emotes/\{file\}|chat/\{page\}|overlay/\{page\}/chat|dashboard/\{channel\}.*|)|GET /live/clock|(GET|OPTIONS) /(live|media|vod)/|(GET|POST) /unsubscribe|[A-Z]+ /api/.*)$`)

// Every route is known here, as one of media that is tried below or as another.
// Who adds one has to say which it is.
func TestEveryRouteIsKnown(t *testing.T) {
	s := newSite(t, nil)
	patterns := s.web.routes().patterns
	require.Greater(t, len(patterns), 40)
	for _, p := range patterns {
		_, media := mediaAddresses[p]
		_, personal := personalPages[strings.TrimPrefix(p, "GET ")]
		require.True(t, media != (personal || notMedia.MatchString(p)), "%s: is it media?", p)
	}
	for p := range mediaAddresses {
		require.Contains(t, patterns, p)
	}
}

// addressesOf are all media addresses of a broadcast, and those of a clip of it
// where there is one.
func addressesOf(channel, id, clip string) (list []string) {
	names := strings.NewReplacer("CHANNEL", channel, "BROADCAST", id, "CLIP", clip)
	for _, addresses := range mediaAddresses {
		for _, a := range addresses {
			if clip != "" || !strings.Contains(a, "CLIP") {
				list = append(list, names.Replace(a))
			}
		}
	}
	slices.Sort(list)
	return list
}

func requireRefused(t *testing.T, a response, sentence, path string) {
	t.Helper()
	require.Equal(t, http.StatusForbidden, a.status, "%s: %.200s", path, a.body)
	require.Equal(t, sentence+"\n", a.body, path)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"), path)
	require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
	require.Empty(t, a.header.Get("Www-Authenticate"), path)
	require.Empty(t, a.header.Get("Set-Cookie"), path)
}

const (
	refused = "You may not watch this: it is not public."
	revoked = "You may not watch this any longer."
	lapsed  = "This viewing has lapsed. Begin another."
)

// TestEveryAddressAsks: each address of media, of something on air and of a
// recording that is over, for each visibility.
func TestEveryAddressAsks(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("alice")
	s.await("a recording", func() bool {
		return strings.Contains(s.get("/vod/"+onAir.ID+"/video/source.m3u8").body, "seg0.m4s") && s.get("/vod/"+onAir.ID+"/download.mp4?to=0").status == http.StatusOK
	})
	clips := map[*broadcast.Broadcast]string{over: s.clipIn(over.ID, 0, 2*time.Second).ID, onAir: s.clipIn(onAir.ID, 0, time.Second).ID}
	_, _ = s.publish("bob")
	s.set("bob", account.Password)
	foreign := s.watch("channels/bob").Prefix
	_, cookie := s.member("alice", "the-member", account.PlaceMember)

	for _, v := range []account.Visibility{account.Public, account.Unlisted, account.Password, account.Members} {
		s.set("alice", v)
		open := viewing.IsOpen(v)
		channel := s.watch("channels/alice", "Cookie", cookie)
		require.Equal(t, open, channel.Prefix == "")
		require.Equal(t, open, channel.FirstUse == nil)
		for _, b := range []*broadcast.Broadcast{onAir, over} {
			recording := s.watch("broadcasts/"+b.ID, "Cookie", cookie)
			for _, path := range addressesOf("alice", b.ID, clips[b]) {
				plain := s.peek(path)
				if open {
					s.requirePublic(plain, path)
				} else {
					requireRefused(t, plain, refused, path)
				}
				if a := s.peek(foreign + path); open {
					s.requirePublic(a, path)
				} else {
					requireRefused(t, a, refused, "another channel's "+path)
				}
				broken := foreign[:len(foreign)-1] + "."
				requireRefused(t, s.peek(broken+path), refused, "a broken token of "+path)
				if open {
					continue
				}
				s.requirePrivate(s.peek(channel.Prefix+path), path)
				head := s.do(http.MethodHead, channel.Prefix+path)
				s.requirePrivate(head, "HEAD "+path)
				if b == onAir || strings.Contains(path, b.ID) || strings.Contains(path, clips[b]) { // not what the channel has on air by now
					s.requirePrivate(s.peek(recording.Prefix+path), "as a recording: "+path)
				}
				require.Equal(t, http.StatusNoContent, s.do(http.MethodOptions, channel.Prefix+path).status)
			}
		}
	}
}

// isStill reports whether an address is that of a still. The site has no ffmpeg
// to make any, and says so to those alone who may see them.
func isStill(path string) bool {
	return strings.HasSuffix(path, ".jpg") || strings.HasSuffix(path, ".vtt")
}

// beginsViewing are the addresses at which viewings begin.
var beginsViewing = regexp.MustCompile(`^(/~[^/]+)?/live/[^/]+/((index|plain|rewind|ts/index)\.m3u8|manifest\.mpd)$`)

func (s *site) requirePublic(a response, path string) {
	s.t.Helper()
	if isStill(path) {
		require.Equal(s.t, http.StatusNotFound, a.status, path)
		return
	}
	require.Contains(s.t, []int{http.StatusOK, http.StatusFound}, a.status, path)
	switch {
	case strings.HasSuffix(path, ".flv"):
	case beginsViewing.MatchString(path):
		require.Equal(s.t, "no-store", a.header.Get("Cache-Control"), "%s: each has another", path)
	default:
		require.Contains(s.t, a.header.Get("Cache-Control"), "public, max-age=", path)
	}
}

// requirePrivate checks that no shared cache keeps an answer.
func (s *site) requirePrivate(a response, path string) {
	s.t.Helper()
	if !isStill(path) {
		require.Contains(s.t, []int{http.StatusOK, http.StatusFound}, a.status, "%s: %.200s", path, a.body)
	} else {
		require.Equal(s.t, http.StatusNotFound, a.status, path)
	}
	require.Equal(s.t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
	want := "no-store"
	if strings.HasPrefix(a.header.Get("Content-Type"), "video/") && !strings.HasSuffix(path, ".flv") && a.status == http.StatusOK {
		want = "private, max-age=3600"
	}
	require.Equal(s.t, want, a.header.Get("Cache-Control"), path)
	if location := a.header.Get("Location"); location != "" {
		require.Regexp(s.t, `^download\.mp4\?to=[0-9]+$`, location, "relative, so that it stays under the token")
	}
}
