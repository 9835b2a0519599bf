package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// viewers is how many the API says watch a channel.
func (s *site) viewers(channel string) int {
	s.t.Helper()
	var c struct{ Live struct{ Viewers int } }
	s.json("/api/v1/channels/"+channel, &c)
	return c.Live.Viewers
}

// Players of every protocol are one viewer each, from the list that they were
// given on, however many lists they ask for; who looks at the list alone is none.
func TestViewersAreCounted(t *testing.T) {
	s := newSite(t, nil)
	_, b := s.publish("alice")
	require.Zero(t, s.viewers("alice"))
	for range 3 {
		s.get("/live/alice/index.m3u8")
	}
	require.Zero(t, s.viewers("alice"), "none has asked for media")

	for i, entry := range []string{"/live/alice/index.m3u8", "/live/alice/plain.m3u8", "/live/alice/ts/index.m3u8", "/live/alice/rewind.m3u8"} {
		multi := s.get(entry)
		lists := regexp.MustCompile(`[^\s"]+\.m3u8\?v=[A-Z2-7]{26}`).FindAllString(multi.body, -1)
		require.NotEmpty(t, lists, multi.body)
		for _, list := range append(lists, lists...) {
			require.Equal(t, http.StatusOK, s.get(join(entry, list)).status, list)
		}
		require.Equal(t, i+1, s.viewers("alice"), entry)
	}

	mpd := s.get("/live/alice/manifest.mpd")
	location := regexp.MustCompile(`<Location>([^<]+\?v=[A-Z2-7]{26})</Location>`).FindStringSubmatch(mpd.body)
	require.NotEmpty(t, location, mpd.body)
	for range 3 {
		require.Equal(t, http.StatusOK, s.get("/live/alice/"+location[1]).status)
	}
	require.Equal(t, 5, s.viewers("alice"), "DASH")

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/live/alice.flv", http.NoBody)
	require.NoError(t, err)
	flv, err := s.client.Do(req)
	require.NoError(t, err)
	_, err = io.ReadFull(flv.Body, make([]byte, 100))
	require.NoError(t, err)
	require.Equal(t, 6, s.viewers("alice"), "FLV")
	require.NoError(t, flv.Body.Close())
	s.await("the viewer by FLV has gone", func() bool { return s.viewers("alice") == 5 })

	var multi response
	// A player that writes its question behind a viewing's is understood.
	multi = s.get("/live/alice/index.m3u8?v=a-player-of-its-own-way")
	asked := last(t, "/live/alice/index.m3u8", multi.body) + "?_HLS_msn=0&_HLS_part=0"
	require.Equal(t, http.StatusOK, s.get(asked).status)
	require.Equal(t, 6, s.viewers("alice"))
	s.call(http.MethodPost, "/api/v1/broadcasts/"+b.ID+"/beacon", "", `{"viewing":"a-player-of-its-own-way","ended":true}`)

	// The page names its viewing, tells of it, and says good-bye.
	const mine = "a-viewing-of-the-page"
	multi = s.get("/live/alice/index.m3u8?v=" + mine)
	require.Equal(t, http.StatusOK, s.get(last(t, "/live/alice/index.m3u8", multi.body)).status)
	multi = s.get("/live/alice/rewind.m3u8?v=" + mine)
	require.Contains(t, multi.body, ".m3u8?v="+mine)
	require.Equal(t, http.StatusOK, s.get(last(t, "/live/alice/rewind.m3u8", multi.body)).status)
	require.Equal(t, 6, s.viewers("alice"), "the same viewing")
	beacon := "/api/v1/broadcasts/" + b.ID + "/beacon"
	for _, body := range []string{
		`{"viewing":"` + mine + `","startup_ms":240,"played_ms":9000,"latency_ms":700,"height":720}`,
		`{"viewing":"` + mine + `","startup_ms":240,"played_ms":12000,"stalls":1,"stalled_ms":400,"latency_ms":700,"height":720,"ended":true}`,
		`{"viewing":"somebody-who-is-not-there","played_ms":12000}`, `{"viewing":"\u0000"}`,
	} {
		require.Equal(t, http.StatusNoContent, s.call(http.MethodPost, beacon, "", body).status, body)
	}
	require.Equal(t, 5, s.viewers("alice"), "it said good-bye")
	require.Equal(t, http.StatusNoContent, s.call(http.MethodPost, "/api/v1/broadcasts/none/beacon", "", `{"viewing":"`+mine+`"}`).status)

	var audience Audience
	a := s.call(http.MethodGet, "/api/v1/broadcasts/"+b.ID+"/audience", s.user("chief", account.RoleAdmin), "")
	require.NoError(t, json.Unmarshal([]byte(a.body), &audience), a.body)
	require.Equal(t, 5, *audience.Now)
	require.EqualValues(t, 8, audience.Viewings)
	require.EqualValues(t, 6, audience.Peak)
	require.EqualValues(t, 2, audience.Quality.Players)
	require.EqualValues(t, 12000, audience.Quality.Heights["720"])
	require.EqualValues(t, 1, audience.Quality.Startup[1].Value)

	// The list of all begins with what most watch.
	s.publish("bob")
	var live struct{ Items []struct{ Name string } }
	s.json("/api/v1/live", &live)
	require.Equal(t, "alice", live.Items[0].Name)
	require.Equal(t, "bob", live.Items[1].Name)
}

// What a stranger sends in place of an id is no viewing, and is not repeated.
func TestViewingsHaveBoundedNames(t *testing.T) {
	s := newSite(t, nil)
	s.publish("alice")
	for _, v := range []string{"", "short", strings.Repeat("x", 65), "0123456789abcdef%0A", `0123456789"abcdef`, "0123456789abcde%22"} {
		multi := s.get("/live/alice/index.m3u8?v=" + v)
		require.Equal(t, http.StatusOK, multi.status)
		require.Regexp(t, `\.m3u8\?v=[A-Z2-7]{26}\b`, multi.body, v)
		list, _, _ := strings.Cut(last(t, "/live/alice/index.m3u8", multi.body), "?")
		require.Equal(t, http.StatusOK, s.get(list+"?v="+v).status, v)
	}
	require.Zero(t, s.viewers("alice"))
}

// Two thousand who watch by every protocol are two thousand.
func TestTwoThousandViewings(t *testing.T) {
	s := newSite(t, nil)
	s.publish("alice")
	list := regexp.MustCompile(`[^\s"<>]+\?v=[A-Z2-7]{26}`)
	for n := range 1800 {
		entry := []string{"/live/alice/index.m3u8", "/live/alice/plain.m3u8", "/live/alice/manifest.mpd"}[n%3]
		for _, address := range list.FindAllString(s.call(http.MethodGet, entry, "", "").body, -1) {
			require.Equal(t, http.StatusOK, s.call(http.MethodGet, join(entry, address), "", "").status)
		}
	}
	ctx, leave := context.WithCancel(t.Context())
	var bodies sync.WaitGroup
	defer bodies.Wait()
	defer leave()
	for range 200 {
		bodies.Go(func() {
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/live/alice.flv", http.NoBody)
			s.handler.ServeHTTP(httptest.NewRecorder(), r)
		})
	}
	s.await("all are counted", func() bool { return s.viewers("alice") == 2000 })
}
