package web

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	posix "path"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/hook"
	"github.com/rostrumlive/rostrum/internal/live"
	"github.com/rostrumlive/rostrum/internal/restream"
)

// hooked is a site with hooks, and what opens its control.
func hooked(t *testing.T, o hook.Options, c Control) *site {
	t.Helper()
	h := hook.New(o)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		h.Close(ctx)
	})
	return newSite(t, func(o *Options) { o.Hooks, o.Control = h, c })
}

const (
	operatorsToken = "0perator"
	withToken      = "?token=" + operatorsToken
)

var controls = []string{"/control/drop/publisher", "/control/drop/client", "/control/record/start", "/control/record/stop", "/stat"}

func TestControlIsOff(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range controls {
		require.Equal(t, http.StatusNotFound, s.get(path).status, path)
	}
}

// Who may use an operator's addresses: by the token, or from where is allowed.
func TestWhoControls(t *testing.T) {
	s := hooked(t, hook.Options{}, Control{Token: operatorsToken})
	near := hooked(t, hook.Options{}, Control{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}})
	far := hooked(t, hook.Options{}, Control{Allow: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	for _, path := range controls {
		require.Equal(t, http.StatusForbidden, s.get(path).status, path)
		require.Equal(t, http.StatusForbidden, s.get(path+"?token=operator").status, path)
		require.Equal(t, http.StatusForbidden, far.get(path).status, path)
		require.Equal(t, http.StatusForbidden, far.get(path+"?token=").status, path)
		require.Equal(t, http.StatusForbidden, near.get(path, "Sec-Fetch-Site", "cross-site").status, path)
		want := http.StatusBadRequest // for nothing is on air
		if path == "/stat" {
			want = http.StatusOK
		}
		for _, a := range []response{
			s.get(path + withToken), s.get(path, "Authorization", "Bearer "+operatorsToken), near.get(path), near.get(path, "Sec-Fetch-Site", "none"),
			s.do(http.MethodPost, path+withToken),
		} {
			require.Equal(t, want, a.status, path)
			require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		}
	}
}

func TestDropPublisher(t *testing.T) {
	s := hooked(t, hook.Options{}, Control{Token: operatorsToken})
	pub, b := s.publish("alice")
	require.Equal(t, http.StatusBadRequest, s.get("/control/drop/publisher"+withToken+"&app=live&name=bob").status)
	a := s.get("/control/drop/publisher" + withToken + "&app=live&name=alice")
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "1", a.body)
	<-pub.Kicked()
	require.Equal(t, "dropped", pub.Reason().Code)
	pub.Close(live.Lost, nil)
	s.await("the end", func() bool { return s.manager.Live("alice") == nil })
	require.NotNil(t, b)
}

// drop/client finds who publishes and who watches, by address.
func TestDropClient(t *testing.T) {
	s := hooked(t, hook.Options{}, Control{Token: operatorsToken})
	pub, _ := s.publish("alice")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/live/alice.flv", http.NoBody)
	require.NoError(t, err)
	res, err := s.client.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	drop := "/control/drop/client" + withToken + "&app=live&name=alice"
	require.Equal(t, "0", s.get(drop+"&addr=192.0.2.1").body)
	require.Equal(t, "2", s.get(drop+"&addr=127.0.0.1").body)
	<-pub.Kicked()
	s.await("the viewer is gone", func() bool {
		_, err := res.Body.Read(make([]byte, 64<<10))
		return err != nil
	})
	pub.Close(live.Lost, nil)
}

func TestRecordStartAndStop(t *testing.T) {
	s := hooked(t, hook.Options{}, Control{Token: operatorsToken})
	pub, b := s.publish("alice")
	args := withToken + "&app=live&name=alice&rec=rec1"
	require.Empty(t, s.get("/control/record/start"+args).body, "it is recorded already")
	pub.Close(live.Stopped, nil) // so that the segment that is on air has its end
	s.await("the end of the media", func() bool {
		_, fed := b.Source()
		return !fed || s.manager.Live("alice") == nil
	})
	pub, b = s.publish("alice")
	address := s.url + "/vod/" + b.ID + "/download.mp4"
	answers := make(chan string)
	go func() { answers <- s.get("/control/record/stop" + args).body }()
	s.await("the stop", func() bool {
		row, err := s.db.Broadcast(t.Context(), b.ID)
		return err == nil && row.StoppedFrom > 0
	})
	require.Empty(t, s.get("/control/record/stop"+args).body, "it is stopped")
	require.Equal(t, address, s.get("/control/record/start"+args).body, "nothing has passed")
	require.True(t, b.Recorded())
	pub.Close(live.Stopped, nil)
	require.Equal(t, address, <-answers)
}

// stat is read as programs do that know nginx-rtmp's.
func TestStat(t *testing.T) {
	s := hooked(t, hook.Options{}, Control{Token: operatorsToken, Accepted: func() int64 { return 3 }})
	pub, b := s.publish("alice")
	a := s.get("/stat" + withToken)
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "text/xml; charset=utf-8", a.header.Get("Content-Type"))
	var got struct {
		XMLName  xml.Name `xml:"rtmp"`
		Accepted string   `xml:"naccepted"`
		Streams  []struct {
			Name    string `xml:"name"`
			Time    int    `xml:"time"`
			BytesIn uint64 `xml:"bytes_in"`
			Clients []struct {
				Address    string    `xml:"address"`
				Publishing *struct{} `xml:"publishing"`
			} `xml:"client"`
			Width      int       `xml:"meta>video>width"`
			Codec      string    `xml:"meta>video>codec"`
			Sound      string    `xml:"meta>audio>codec"`
			Number     int       `xml:"nclients"`
			Publishing *struct{} `xml:"publishing"`
		} `xml:"server>application>live>stream"`
	}
	require.NoError(t, xml.Unmarshal([]byte(a.body), &got))
	require.Equal(t, "3", got.Accepted)
	require.Len(t, got.Streams, 1)
	st := got.Streams[0]
	require.Equal(t, "alice", st.Name)
	require.Equal(t, b.Bytes(), st.BytesIn)
	require.Positive(t, st.BytesIn)
	require.Equal(t, "H264", st.Codec)
	require.Equal(t, "AAC", st.Sound)
	require.Positive(t, st.Width)
	require.Equal(t, 1, st.Number)
	require.Len(t, st.Clients, 1)
	require.Equal(t, "127.0.0.1", st.Clients[0].Address)
	require.NotNil(t, st.Clients[0].Publishing)
	require.NotNil(t, st.Publishing)
	pub.Close(live.Stopped, nil)
}

// paths are the elements of an XML document, by their names from the root on.
func paths(t *testing.T, document string) map[string]bool {
	t.Helper()
	all, at := map[string]bool{}, []string{}
	for d := xml.NewDecoder(strings.NewReader(document)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		switch e := token.(type) {
		case xml.StartElement:
			at = append(at, e.Name.Local)
			all[strings.Join(at, ">")] = true
		case xml.EndElement:
			at = at[:len(at)-1]
		}
	}
}

// Where nginx-rtmp has an element there is one here, and no other; what goes out
// is counted, and a relay is a client.
func TestStatHasNginxElements(t *testing.T) {
	want, err := os.ReadFile("testdata/nginx-rtmp-stat.xml")
	require.NoError(t, err)
	relays := restream.New(restream.Options{Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(relays.Close)
	h := hook.New(hook.Options{})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		h.Close(ctx)
	})
	s := newSite(t, func(o *Options) { o.Hooks, o.Relays, o.Control = h, relays, Control{Token: operatorsToken} })
	pub, b := s.publish("alice")
	relays.Begin(pub, b.Stream(), "rtmp://127.0.0.1:1/live/s3cr3t", "alice")
	s.await("a segment", func() bool { return s.get("/media/"+b.ID+"/video/source/seg0.m4s").status == http.StatusOK })
	segment := int64(len(s.get("/media/" + b.ID + "/video/source/seg0.m4s").body))
	s.await("the two of it that went out", func() bool { return b.Stream().SentBytes() == 2*segment })
	require.Equal(t, http.StatusOK, s.peek("/live/alice.flv").status)
	s.await("what the viewer got", func() bool { return b.Stream().SentBytes() > 2*segment })
	a := s.get("/stat" + withToken)
	require.Equal(t, paths(t, string(want)), paths(t, a.body))
	var got struct {
		Out  int64 `xml:"bytes_out"`
		Rate int64 `xml:"server>application>live>stream>bw_out"`
		Of   int64 `xml:"server>application>live>stream>bytes_out"`
		To   []struct {
			Address string `xml:"address"`
			Active  *int   `xml:"active"`
		} `xml:"server>application>live>stream>client"`
		Number int    `xml:"server>application>live>nclients"`
		Level  string `xml:"server>application>live>stream>meta>video>level"`
		Sound  string `xml:"server>application>live>stream>meta>audio>profile"`
	}
	require.NoError(t, xml.Unmarshal([]byte(strings.ReplaceAll(a.body, "<active></active>", "<active>1</active>")), &got))
	require.Greater(t, got.Of, 2*segment)
	require.GreaterOrEqual(t, got.Out, got.Of)
	require.Positive(t, got.Rate)
	require.Equal(t, got.Number, len(got.To))
	last := got.To[len(got.To)-1]
	require.Equal(t, "127.0.0.1:1/live", last.Address, "and no key")
	require.Nil(t, last.Active, "nobody is there")
	require.Regexp(t, `^\d\.\d$`, got.Level)
	require.Equal(t, "LC", got.Sound)
	pub.Close(live.Stopped, nil)
}

// players is a back-end that is asked of players.
type players struct {
	mu    sync.Mutex
	calls []url.Values
	no    bool
}

func (p *players) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.ParseForm() == nil {
		p.calls = append(p.calls, r.PostForm)
	}
	if p.no {
		w.WriteHeader(http.StatusForbidden)
	}
}

func (p *players) refuse(no bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.no = no
}

func (p *players) heard() (calls []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.calls {
		calls = append(calls, c.Get("call")+" "+c.Get("name"))
	}
	return calls
}

// A viewing begins with the list of all, whose addresses carry it on, or with a
// body; the back-end is asked before anything is shown.
func TestPlayHooks(t *testing.T) {
	p := &players{}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	s := hooked(t, hook.Options{Nginx: hook.Nginx{OnPlay: server.URL, OnPlayDone: server.URL}}, Control{})
	require.Equal(t, http.StatusNotFound, s.get("/live/alice/index.m3u8").status)
	require.Empty(t, p.heard(), "nobody watches what is off air")
	pub, b := s.publish("alice")

	marked := regexp.MustCompile(`[^"\n]*\.(?:m3u8|mpd)\?v=[A-Z2-7]{26}`)
	for _, path := range []string{"/live/alice/index.m3u8", "/live/alice/plain.m3u8", "/live/alice/rewind.m3u8", "/live/alice/ts/index.m3u8", "/live/alice/manifest.mpd"} {
		a := s.get(path+"?ticket=1", "Accept-Encoding", "gzip")
		require.Equal(t, http.StatusOK, a.status, a.body)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		require.Empty(t, a.header.Get("Content-Encoding"))
		links := marked.FindAllString(a.body, -1)
		require.NotEmpty(t, links, a.body)
		require.Len(t, links, strings.Count(a.body, ".m3u8")+strings.Count(a.body, ".mpd?"))
		if strings.HasSuffix(path, "m3u8") {
			require.Equal(t, http.StatusOK, s.get(posix.Join(posix.Dir(path), links[0])).status, links[0])
		}
	}
	require.Len(t, p.heard(), 5, "once for each viewing")
	id := b.ID

	p.refuse(true)
	for _, path := range []string{"/live/alice/index.m3u8", "/live/alice/manifest.mpd", "/live/alice.flv"} {
		a := s.get(path)
		require.Equal(t, http.StatusForbidden, a.status, path)
		require.Equal(t, "no-store", a.header.Get("Cache-Control"))
		require.Equal(t, "*", a.header.Get("Access-Control-Allow-Origin"))
	}
	require.Equal(t, http.StatusOK, s.do(http.MethodHead, "/live/alice/index.m3u8").status)
	require.Equal(t, http.StatusOK, s.get("/live/alice/"+id+"/video/source.m3u8?v=UNKNOWN").status, "of another run of the server")
	p.refuse(false)
	require.Equal(t, http.StatusOK, s.peek("/live/alice.flv").status)
	s.await("the end of the body", func() bool {
		calls := p.heard()
		return calls[len(calls)-1] == "play_done alice"
	})
	pub.Close(live.Stopped, nil)
}
