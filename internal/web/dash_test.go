package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/live"
)

// A player goes from a channel's name to media by the MPD too, and is told
// where to go on asking when the channel has nothing on air any more.
func TestFromNameToMediaByDASH(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("alice")
	s.await("a recording", func() bool {
		return strings.Contains(s.get("/vod/"+b.ID+"/manifest.mpd").body, `startNumber="0"`)
	})
	var channel struct {
		Live struct{ DASH string }
	}
	s.json("/api/v1/channels/alice", &channel)
	require.Equal(t, "/live/alice/manifest.mpd", channel.Live.DASH)
	var recording struct{ DASH string }
	s.json("/api/v1/broadcasts/"+b.ID, &recording)
	require.Equal(t, "/vod/"+b.ID+"/manifest.mpd", recording.DASH)

	init := regexp.MustCompile(`initialization="([^"]+)"`)
	media := regexp.MustCompile(`media="([^"]+)\$Number\$([^"]+)"`)
	for entry, cache := range map[string]string{
		channel.Live.DASH: "no-store", "/live/ALICE/manifest.mpd": "no-store", recording.DASH: "public, max-age=0, s-maxage=1",
	} {
		a := s.get(entry)
		require.Equal(t, http.StatusOK, a.status, entry)
		require.Equal(t, "application/dash+xml", a.header.Get("Content-Type"))
		require.Equal(t, cache, a.header.Get("Cache-Control"))
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
		first := init.FindStringSubmatch(a.body)[1]
		piece := s.get(join(entry, first))
		require.Equal(t, http.StatusOK, piece.status, first)
		require.Equal(t, "video/mp4", piece.header.Get("Content-Type"))
		names := media.FindStringSubmatch(a.body)
		piece = s.get(join(entry, names[1]+"0"+names[2]))
		require.Equal(t, http.StatusOK, piece.status)
		require.Equal(t, "video/iso.segment", piece.header.Get("Content-Type"))
		location := regexp.MustCompile(`<Location>([^<]+)</Location>`).FindStringSubmatch(a.body)[1]
		require.Equal(t, http.StatusOK, s.get(join(entry, location)).status, location)
		value := regexp.MustCompile(`http-iso:2014" value="([^"]+)"`).FindStringSubmatch(a.body)[1]
		require.Equal(t, "/live/clock", join(entry, value))
	}
	own := "/live/alice/" + b.ID + ".mpd"
	require.Contains(t, s.get(own).body, `type="dynamic"`)

	pub.Close(live.Stopped, nil)
	s.await("the channel is free", func() bool { return s.manager.Live("alice") == nil })
	require.Contains(t, s.get(own).body, `type="static"`, "from memory")
	off := s.get(channel.Live.DASH)
	require.Equal(t, http.StatusNotFound, off.status)
	require.Equal(t, "2", off.header.Get("Retry-After"))
	s.end()
	for _, address := range []string{own, recording.DASH, "/vod/" + b.ID + "/live.mpd"} {
		a := s.get(address)
		require.Contains(t, a.body, `type="static"`, "from the recording")
		require.Equal(t, "public, max-age=3600", a.header.Get("Cache-Control"))
		require.NotContains(t, a.body, "UTCTiming", "nobody needs the time")
	}
}

func TestMPDsThatAreNotThere(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("bob")
	for _, path := range []string{
		"/live/nobody/manifest.mpd", "/live/alice/manifest.mpd", "/live/alice/" + onAir.ID + ".mpd", "/live/bob/" + over.ID + ".mpd",
		"/live/bob/nosuch.mpd", "/live/bob/.mpd", "/live/bob/" + onAir.ID, "/vod/nosuch/manifest.mpd", "/vod/" + over.ID + "/other.mpd",
		"/vod/" + over.ID + "/video/manifest.mpd", "/live/bob/" + onAir.ID + "/manifest.mpd",
	} {
		a := s.get(path)
		require.Equal(t, http.StatusNotFound, a.status, path)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"), path)
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"), path)
	}
}

// TestClock: pages of any site may ask for the time, no cache answers for the
// server, and what it says is between the question and the answer.
func TestClock(t *testing.T) {
	s := newSite(t, nil)
	before := time.Now().Truncate(time.Millisecond)
	a := s.get("/live/clock")
	after := time.Now()
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
	now, err := time.Parse("2006-01-02T15:04:05.000Z", a.body)
	require.NoError(t, err)
	require.False(t, now.Before(before), "%v %v", before, now)
	require.False(t, now.After(after), "%v %v", now, after)
	head := s.do(http.MethodHead, "/live/clock")
	require.Equal(t, http.StatusOK, head.status)
	require.Empty(t, head.body)
	require.NotEmpty(t, head.header.Get("Date"))
}
