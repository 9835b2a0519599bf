package app

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// secureServer is a running server with a door for HTTPS.
type secureServer struct {
	*running
	https     string // address
	cert, key string
}

func startSecure(t *testing.T, args ...string) *secureServer {
	t.Helper()
	dir := t.TempDir()
	s := &secureServer{cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem")}
	issue(t, s.cert, s.key, "one.example", time.Now().Add(24*time.Hour))
	s.running = startServer(t, filepath.Join(dir, "data"),
		append([]string{"--https-addr", "127.0.0.1:0", "--https-cert", s.cert, "--https-key", s.key}, args...)...)
	address := regexp.MustCompile(`listening.* https=(\S+)`).FindStringSubmatch(s.log.String())
	require.NotNil(t, address)
	s.https = address[1]
	return s
}

// client speaks TLS, and HTTP/2 or not. Nobody vouches for a test's certificate.
func client(t *testing.T, h2 bool) *http.Client {
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: h2}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{
		Transport:     tr,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answer is what came before a body.
type answer struct {
	StatusCode    int
	Proto         string
	Header        http.Header
	ContentLength int64
	TLS           *tls.ConnectionState
}

func fetch(t *testing.T, c *http.Client, url string, header ...string) (answer, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return answer{res.StatusCode, res.Proto, res.Header, res.ContentLength, res.TLS}, body
}

// metric reads one of the server's own.
func (s *secureServer) metric(name string) string {
	address := regexp.MustCompile(`listening.* metrics=(\S+)`).FindStringSubmatch(s.log.String())
	require.NotNil(s.t, address)
	tr := &http.Transport{DisableKeepAlives: true}
	_, body := fetch(s.t, &http.Client{Transport: tr}, "http://"+address[1]+"/metrics")
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(body)
	require.NotNil(s.t, found, name)
	return string(found[1])
}

// TestServeHTTPS: what plain HTTP serves is served by TLS, with HTTP/2 and
// without, the same to the byte; segments come from the cache.
func TestServeHTTPS(t *testing.T) {
	s := startSecure(t, "--demo")
	require.Contains(t, s.out.String(), "    Site            http://"+s.http+"\n    or with TLS     https://"+s.https+"\n")
	plain := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	second, first := client(t, true), client(t, false)
	var media, name string
	s.await("segments are stored", func() bool {
		res, list := fetch(t, second, "https://"+s.https+"/live/demo/index.m3u8")
		if res.StatusCode != http.StatusOK {
			return false
		}
		require.Equal(t, "HTTP/2.0", res.Proto)
		require.Equal(t, "h2", res.TLS.NegotiatedProtocol)
		require.EqualValues(t, tls.VersionTLS13, res.TLS.Version)
		video := regexp.MustCompile(`(?m)^.*video/source\.m3u8`).Find(list)
		require.NotNil(t, video)
		at := "https://" + s.https + "/live/demo/" + string(video)
		_, list = fetch(t, second, at)
		found := regexp.MustCompile(`(?m)^(?:\.\./)+(media/\S+/)(seg[1-9]\d*\.m4s)$`).FindSubmatch(list)
		if found == nil {
			return false
		}
		media, name = "/"+string(found[1]), string(found[2])
		_, _ = fetch(t, second, "https://"+s.https+media+name)
		return s.metric("rostrum_http_cache_misses_total") != "0" // it lies in a file
	})
	_, want := fetch(t, plain, "http://"+s.http+media+name)
	for _, c := range []*http.Client{second, first} {
		before := s.metric("rostrum_http_cache_hits_total")
		res, got := fetch(t, c, "https://"+s.https+media+name)
		require.Equal(t, http.StatusOK, res.StatusCode)
		require.True(t, bytes.Equal(want, got))
		require.EqualValues(t, len(want), res.ContentLength)
		res, got = fetch(t, c, "https://"+s.https+media+name, "Range", "bytes=100-1099")
		require.Equal(t, http.StatusPartialContent, res.StatusCode)
		require.True(t, bytes.Equal(want[100:1100], got))
		require.NotEqual(t, before, s.metric("rostrum_http_cache_hits_total"))
	}
	require.Equal(t, "1", s.metric("rostrum_http_cache_misses_total"))
	require.NotEqual(t, "0", s.metric("rostrum_https_connections_total"))
	res, page := fetch(t, second, "https://"+s.https+"/@demo")
	require.Contains(t, string(page), `href="https://`+s.https+`/@demo"`)
	require.Empty(t, res.Header.Get("Strict-Transport-Security"))

	// Plain HTTP that comes to the wrong port is told so.
	res, body := fetch(t, plain, "http://"+s.https+"/")
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.Contains(t, string(body), "HTTP request to an HTTPS server")

	// Old TLS is refused.
	d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}}
	_, err := d.DialContext(t.Context(), "tcp", s.https)
	require.ErrorContains(t, err, "protocol version")

	t.Run("curl", func(t *testing.T) {
		curl := testkit.Tool(t, "curl")
		path := filepath.Join(t.TempDir(), "segment")
		out, err := exec.CommandContext(t.Context(), curl, "-sk", "--http2", "-o", path,
			"-w", "%{http_version} %{http_code} %{size_download}", "https://"+s.https+media+name).CombinedOutput()
		require.NoError(t, err, string(out))
		require.Equal(t, fmt.Sprintf("2 200 %d", len(want)), string(out))
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got))
	})
	second.CloseIdleConnections()
	first.CloseIdleConnections()
	require.Zero(t, s.end())
}

// TestServeRedirect: the site's address is that of HTTPS, pages go there, media
// stay.
func TestServeRedirect(t *testing.T) {
	s := startSecure(t, "--demo", "--https-redirect", "--http-cache", "off")
	require.Contains(t, s.out.String(), "    Site            https://"+s.https+"\n    Demo")
	c := client(t, true)
	res, _ := fetch(t, c, "http://"+s.http+"/@demo")
	require.Equal(t, http.StatusPermanentRedirect, res.StatusCode)
	require.Equal(t, "https://"+s.https+"/@demo", res.Header.Get("Location"))
	res, _ = fetch(t, c, res.Header.Get("Location"))
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Empty(t, res.Header.Get("Strict-Transport-Security"), "it would be for every port of this host")
	s.await("media in clear text", func() bool {
		res, _ := fetch(t, c, "http://"+s.http+"/live/demo/index.m3u8")
		return res.StatusCode == http.StatusOK
	})
	require.Equal(t, "0", s.metric("rostrum_http_cache_limit_bytes"))
	c.CloseIdleConnections()
	require.Zero(t, s.end())
}

// TestHTTPSCertificateIsRenewed while the server runs, and connections stay.
func TestHTTPSCertificateIsRenewed(t *testing.T) {
	s := startSecure(t)
	stays := client(t, true)
	res, _ := fetch(t, stays, "https://"+s.https+"/healthz")
	require.Equal(t, "one.example", res.TLS.PeerCertificates[0].DNSNames[0])
	issue(t, s.cert, s.key, "two.example", time.Now().Add(24*time.Hour))
	s.await("the new certificate is shown", func() bool {
		c := client(t, true)
		defer c.CloseIdleConnections()
		res, _ := fetch(t, c, "https://"+s.https+"/healthz")
		return res.TLS.PeerCertificates[0].DNSNames[0] == "two.example"
	})
	res, _ = fetch(t, stays, "https://"+s.https+"/healthz")
	require.Equal(t, "one.example", res.TLS.PeerCertificates[0].DNSNames[0], "the connection goes on")
	stays.CloseIdleConnections()
	require.Zero(t, s.end())
}

func TestServeHTTPSFails(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "one.example", time.Now().Add(24*time.Hour))
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	base := "serve --http-addr 127.0.0.1:0 --rtmp-addr 127.0.0.1:0 --metrics-addr off --data " + filepath.Join(dir, "data") + " "
	code, _, errs := run(t, strings.Fields(base+"--https-addr "+taken.Addr().String()+" --https-cert "+cert+" --https-key "+key)...)
	require.Equal(t, exitFailed, code)
	require.Regexp(t, `https\.addr: port \d+ is in use by another program: .* --https-addr`, errs)
	code, _, errs = run(t, strings.Fields(base+"--https-addr :0 --https-cert "+key+" --https-key "+key)...)
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "https.cert: "+key+" holds no certificate")
}
