package express

import (
	"bufio"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const plainGet = "GET /live/demo/b1/video/source.m3u8?_HLS_msn=7&_HLS_part=2 HTTP/1.1\r\nHost: a.example:8080\r\n"

func TestParseReadsWhatPlayersSend(t *testing.T) {
	head := plainGet + "User-Agent: VLC/3.0.18 LibVLC/3.0.18\r\nrange: bytes=0-\r\nConnection: keep-alive\r\nAccept-Encoding:\t gzip, br \r\n\r\n"
	r, ok := Parse([]byte(head))
	require.True(t, ok)
	same(t, r, head)
	require.Equal(t, "gzip, br", r.Header.Get("Accept-Encoding"))
	require.Equal(t, "bytes=0-", r.Header.Get("Range"))
}

func TestParseReadsWhatViewingsAskFor(t *testing.T) {
	for _, path := range []string{"/live/demo/b1/video/source.m3u8?_HLS_msn=7", "/media/b1/video/source/seg7.m4s"} {
		head := "GET /~EAAAAAAAAAABAAAAAgAAAAMAREAU8JRbDb-9_w-x" + path + " HTTP/1.1\r\nHost: a.example\r\n\r\n"
		r, ok := Parse([]byte(head))
		require.True(t, ok)
		same(t, r, head)
	}
}

func TestParseLeavesTheRestToOthers(t *testing.T) {
	long := strings.TrimSuffix(plainGet, "\r\n")
	for name, head := range map[string]string{
		"empty":              "",
		"unfinished":         plainGet,
		"two requests":       plainGet + "\r\n" + plainGet + "\r\n",
		"a body behind":      plainGet + "\r\nbody\r\n\r\n",
		"no host":            "GET /media/b/v/seg1.m4s HTTP/1.1\r\nA: b\r\n\r\n",
		"two hosts":          plainGet + "Host: b\r\n\r\n",
		"strange host":       "GET /media/b/v/seg1.m4s HTTP/1.1\r\nHost: a/b\r\n\r\n",
		"HEAD":               strings.Replace(plainGet, "GET", "HEAD", 1) + "\r\n",
		"HTTP/1.0":           strings.Replace(plainGet, "HTTP/1.1", "HTTP/1.0", 1) + "\r\n",
		"a page":             "GET /@demo HTTP/1.1\r\nHost: a\r\n\r\n",
		"the API":            "GET /api/v1/live.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"a long body":        "GET /live/demo.flv HTTP/1.1\r\nHost: a\r\n\r\n",
		"an empty query":     "GET /live/x.m3u8? HTTP/1.1\r\nHost: a\r\n\r\n",
		"an end in a query":  "GET /live/demo.flv?.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"a token alone":      "GET /~live.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"a page and a token": "GET /~x/@demo.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"two tokens":         "GET /~x/~y/live/a.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"no token":           "GET //live/a.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"an escaped token":   "GET /%7ex/live/a.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"escapes":            "GET /live/a%2fb.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"an untidy path":     "GET /live//a.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"a path upwards":     "GET /live/../x.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"an absolute target": "GET http://a/live/x.m3u8 HTTP/1.1\r\nHost: a\r\n\r\n",
		"a length":           plainGet + "Content-Length: 3\r\n\r\n",
		"chunks":             plainGet + "Transfer-Encoding: chunked\r\n\r\n",
		"Expect":             plainGet + "Expect: 100-continue\r\n\r\n",
		"Upgrade":            plainGet + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		"close":              plainGet + "Connection: close\r\n\r\n",
		"a folded line":      plainGet + "A: b\r\n c\r\n\r\n",
		"a space in a name":  plainGet + "A : b\r\n\r\n",
		"no colon":           plainGet + "A\r\n\r\n",
		"no name":            plainGet + ": b\r\n\r\n",
		"a bare newline":     plainGet + "A: b\nTransfer-Encoding: chunked\r\n\r\n",
		"a bare return":      plainGet + "A: b\rc\r\n\r\n",
		"a zero":             plainGet + "A: \x00\r\n\r\n",
		"spaces":             strings.Replace(long, " HTTP", "  HTTP", 1) + "\r\n\r\n",
	} {
		_, ok := Parse([]byte(head))
		require.False(t, ok, name)
	}
}

// same compares with what net/http reads.
func same(t *testing.T, r *http.Request, head string) {
	t.Helper()
	in := bufio.NewReader(strings.NewReader(head))
	want, err := http.ReadRequest(in)
	require.NoError(t, err, "net/http refuses it")
	require.Zero(t, in.Buffered(), "net/http leaves something for another request")
	require.Equal(t, want.URL.String(), r.URL.String())
	require.Equal(t, want.RequestURI, r.RequestURI)
	require.Equal(t, want.Host, r.Host)
	want.Header.Del("Connection") // net/http's own
	require.Equal(t, want.Header, r.Header)
	require.Equal(t, want.Body, r.Body)
	require.False(t, want.Close)
	require.Equal(t, []any{want.Method, want.Proto, want.ContentLength}, []any{r.Method, r.Proto, r.ContentLength})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(plainGet + "\r\n"))
	f.Add([]byte(plainGet + "Accept-Encoding: gzip\r\nX: \xff\r\n\r\n"))
	f.Add([]byte("GET /~x_-/media/b/v/part7.m4s HTTP/1.1\r\nHost: a\r\n\r\n"))
	f.Add([]byte("GET /media/b/v/part7.m4s HTTP/1.1\r\nHost: [::1]:80\r\nRange: bytes=0-1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		r, ok := Parse(b)
		require.Equal(t, before, b)
		if ok {
			same(t, r, string(b))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	head := []byte(plainGet + "User-Agent: VLC/3.0.18 LibVLC/3.0.18\r\nRange: bytes=0-\r\nAccept: */*\r\n\r\n")
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Parse(head); !ok {
			b.Fatal("not read")
		}
	}
}
