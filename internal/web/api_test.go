package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/media"
	"github.com/rostrumlive/rostrum/internal/store"
)

// problem is an error of the API (RFC 9457).
type problem struct {
	Title  string
	Status int
	Detail string
}

// requireProblem checks that a request is answered by an error of that status.
func (s *site) requireProblem(status int, method, path string) problem {
	s.t.Helper()
	a := s.do(method, path)
	require.Equal(s.t, status, a.status, path)
	require.Equal(s.t, "application/problem+json", a.header.Get("Content-Type"))
	require.Equal(s.t, "no-store", a.header.Get("Cache-Control"))
	require.Empty(s.t, a.header.Get("Access-Control-Allow-Origin"), "the API is closed to other sites")
	var p problem
	require.NoError(s.t, json.Unmarshal([]byte(a.body), &p), a.body)
	require.Equal(s.t, status, p.Status)
	require.Equal(s.t, http.StatusText(status), p.Title)
	require.NotEmpty(s.t, p.Detail)
	return p
}

func TestProblems(t *testing.T) {
	s := newSite(t, nil)
	long := strings.Repeat("x", 5000)
	for _, path := range []string{
		"/api/", "/api/v1", "/api/v1/", "/api/v2/live", "/api/v1/channels/", "/api/v1/live/x",
		"/api/v1/channels/nobody", "/api/v1/channels/nobody/broadcasts", "/api/v1/broadcasts/nosuch",
		"/api/v1/channels/" + long, "/api/v1/broadcasts/" + long, "/api/v1/channels/%00", "/api/v1/broadcasts/a%2Fb", "/api/v1/channels/a%20b",
	} {
		s.requireProblem(http.StatusNotFound, http.MethodGet, path)
	}
	for _, query := range []string{"limit=0", "limit=101", "limit=x", "limit=-1", "limit=99999999999999999999", "cursor=" + long} {
		s.requireProblem(http.StatusUnprocessableEntity, http.MethodGet, "/api/v1/broadcasts?"+query)
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		s.requireProblem(http.StatusMethodNotAllowed, method, "/api/v1/live")
		require.Equal(t, "GET, HEAD", s.do(method, "/api/v1/live").header.Get("Allow"))
	}
}

func TestServerInfo(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Open, o.Demo, o.RTMPPort = "private", true, "1936" })
	var info struct {
		Name, Version, Open string
		Demo                bool
		Now                 int64
		RTMP                *struct{ URL string }
	}
	before := time.Now().UnixMilli()
	require.Equal(t, http.StatusOK, s.json("/api/v1/server", &info).status)
	require.Equal(t, "Test & Site", info.Name)
	require.Equal(t, "v1", info.Version)
	require.Equal(t, "private", info.Open)
	require.True(t, info.Demo)
	require.GreaterOrEqual(t, info.Now, before)
	require.Equal(t, "rtmp://127.0.0.1:1936/live", info.RTMP.URL)

	s = newSite(t, func(o *Options) { o.RTMPPort = "" })
	s.json("/api/v1/server", &info)
	require.Nil(t, info.RTMP)
}

func TestRTMPURL(t *testing.T) {
	for _, tc := range []struct{ host, port, want string }{
		{"example.org", "1935", "rtmp://example.org/live"},
		{"example.org:8080", "1935", "rtmp://example.org/live"},
		{"example.org:8080", "1936", "rtmp://example.org:1936/live"},
		{"[2001:db8::1]:8080", "1935", "rtmp://[2001:db8::1]/live"},
		{"[2001:db8::1]", "1936", "rtmp://[2001:db8::1]:1936/live"},
		{"127.0.0.1:8080", "1935", "rtmp://127.0.0.1/live"},
	} {
		require.Equal(t, tc.want, rtmpURL(tc.host, tc.port))
	}
}

// channelAnswer is a channel as a client reads it.
type channelAnswer struct {
	Name, Title string
	Live        *struct {
		Broadcast, State, HLS, Plain, TS, Recording string
		StartedAt                                   *time.Time `json:"started_at"`
		Notices                                     []string
		NotCarried                                  []map[string]string `json:"not_carried"`
		Renditions                                  []struct {
			Name, Kind, Codecs      string
			Width, Height, Channels int
			Bitrate                 int
			FrameRate               float64 `json:"frame_rate"`
			SampleRate              int     `json:"sample_rate"`
		}
	}
}

func TestChannel(t *testing.T) {
	s := newSite(t, nil)
	_, err := s.accounts.AddChannel(t.Context(), account.CommandLine(), "Alice")
	require.NoError(t, err)
	var c channelAnswer
	s.json("/api/v1/channels/ALICE", &c)
	require.Equal(t, "alice", c.Name)
	require.Equal(t, "Alice", c.Title)
	require.Nil(t, c.Live)

	pub, err := s.manager.Publish(t.Context(), live.Request{Name: "alice"})
	require.NoError(t, err)
	s.json("/api/v1/channels/alice", &c)
	require.Equal(t, "opening", c.Live.State)
	require.Nil(t, c.Live.StartedAt)
	require.NotNil(t, c.Live.Renditions)
	require.NotNil(t, c.Live.Notices)
	require.NotNil(t, c.Live.NotCarried)
	var list struct {
		Items []channelAnswer
		Next  *string
	}
	s.json("/api/v1/live", &list)
	require.NotNil(t, list.Items)
	require.Empty(t, list.Items, "what opens is not on air")
	pub.Close(live.Stopped, nil)
	s.await("the channel is free", func() bool { return s.manager.Live("alice") == nil })

	pub, b := s.publish("alice")
	pub.Notice(media.Notice{Code: media.CodecNotCarried, Kind: media.Audio, Name: "MP3"})
	s.json("/api/v1/channels/alice", &c)
	require.Equal(t, "live", c.Live.State)
	require.Equal(t, b.ID, c.Live.Broadcast)
	require.WithinDuration(t, b.StartedAt(), *c.Live.StartedAt, 0)
	const said = "The audio codec MP3 cannot be carried; viewers hear nothing."
	require.Equal(t, []string{said}, c.Live.Notices)
	require.Equal(t, []map[string]string{{"code": "codec", "kind": "audio", "name": "MP3", "text": said}}, c.Live.NotCarried)
	require.Len(t, c.Live.Renditions, 2)
	video, audio := c.Live.Renditions[0], c.Live.Renditions[1]
	require.Equal(t, "video/source", video.Name)
	require.Equal(t, "video", video.Kind)
	require.Equal(t, []int{1280, 720}, []int{video.Width, video.Height})
	require.InDelta(t, 30, video.FrameRate, 0)
	require.Positive(t, video.Bitrate)
	require.Equal(t, "audio/source", audio.Name)
	require.Equal(t, "mp4a.40.2", audio.Codecs)
	require.Equal(t, []int{48000, 2}, []int{audio.SampleRate, audio.Channels})
	for _, address := range []string{c.Live.HLS, c.Live.Plain, c.Live.TS, c.Live.Recording} {
		require.Equal(t, http.StatusOK, s.get(address).status, address)
	}

	s.publish("bob")
	s.json("/api/v1/live", &list)
	require.Equal(t, []string{"bob", "alice"}, []string{list.Items[0].Name, list.Items[1].Name}, "who began last comes first")
	require.Nil(t, list.Next)
}

// broadcastAnswer is a broadcast as a client reads it.
type broadcastAnswer struct {
	ID, Channel, State, HLS string
	EndReason               string     `json:"end_reason"`
	CreatedAt               time.Time  `json:"created_at"`
	StartedAt               *time.Time `json:"started_at"`
	EndedAt                 *time.Time `json:"ended_at"`
	DurationMS              int64      `json:"duration_ms"`
	Bytes                   int64
	Recorded                bool
}

type broadcastList struct {
	Items []broadcastAnswer
	Next  *string
}

func TestBroadcast(t *testing.T) {
	s := newSite(t, nil)
	pub, b := s.publish("alice")
	var got broadcastAnswer
	s.await("the row is live", func() bool {
		s.json("/api/v1/broadcasts/"+b.ID, &got)
		return got.State == "live"
	})
	require.Nil(t, got.EndedAt)
	require.NotNil(t, got.StartedAt)
	pub.Close(live.Stopped, nil)
	s.await("the row is archived", func() bool {
		s.json("/api/v1/broadcasts/"+b.ID, &got)
		return got.State == "archived"
	})
	require.Equal(t, b.ID, got.ID)
	require.Equal(t, "alice", got.Channel)
	require.Equal(t, "The encoder stopped.", got.EndReason)
	require.InDelta(t, 3000, got.DurationMS, 100)
	require.Positive(t, got.Bytes)
	require.True(t, got.Recorded)
	require.NotNil(t, got.EndedAt)
	require.Equal(t, http.StatusOK, s.get(got.HLS).status)
}

// Lists go on where they were left, and end.
func TestPaging(t *testing.T) {
	s := newSite(t, nil)
	c, err := s.accounts.AddChannel(t.Context(), account.CommandLine(), "alice")
	require.NoError(t, err)
	var newestFirst []string
	for i := range 60 {
		b := store.Broadcast{ID: s.db.NewID(), ChannelID: c.ID, State: store.StateArchived, CreatedAt: time.Now(), Recorded: true}
		if i%6 == 5 {
			b.State = store.StateFailed
		}
		require.NoError(t, s.db.Write(t.Context(), func(tx *store.Tx) error { return tx.InsertBroadcast(t.Context(), b) }))
		newestFirst = append([]string{b.ID}, newestFirst...)
	}
	for path, want := range map[string]int{"/api/v1/channels/Alice/broadcasts": 60, "/api/v1/broadcasts": 50} {
		for _, limit := range []int{0, 1, 7, 25, 50, 60, 100} {
			var found []string
			query := ""
			if limit > 0 {
				query = fmt.Sprintf("limit=%d", limit)
			}
			for next := ""; ; {
				var list broadcastList
				s.json(path+"?"+query+next, &list)
				for _, b := range list.Items {
					found = append(found, b.ID)
				}
				if list.Next == nil {
					break
				}
				require.LessOrEqual(t, len(found), want, "the list ends")
				require.NotEmpty(t, list.Items)
				next = "&cursor=" + *list.Next
			}
			require.Len(t, found, want, "%s by %d", path, limit)
			if want == len(newestFirst) {
				require.Equal(t, newestFirst, found)
			}
		}
		var list broadcastList
		s.json(path+"?cursor=0", &list)
		require.NotNil(t, list.Items)
		require.Empty(t, list.Items)
	}
}
