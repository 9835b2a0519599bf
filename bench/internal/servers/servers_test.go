package servers

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestReceivedReadsTheStatistics(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/stat", r.URL.Path)
		_, _ = w.Write([]byte(`<?xml version="1.0" encoding="utf-8" ?><rtmp><nginx_version>1</nginx_version><server>
			<application><name>live</name><live>
				<stream><name>a</name><bw_in>1</bw_in><bytes_in>12</bytes_in><client><id>1</id></client></stream>
				<stream><name>b</name><bytes_in>34</bytes_in></stream>
			</live></application></server></rtmp>`))
	}))
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	s := &Server{HTTP: strings.TrimPrefix(server.URL, "http://")}
	got, err := s.Received(t.Context(), server.Client())
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"a": 12, "b": 34}, got)
}

func TestBroadcastTakesTheNewest(t *testing.T) {
	answers := map[string]string{
		"/api/v1/channels/c/broadcasts": `{"items":[{"id":"new"},{"id":"old"}],"next":null}`,
		"/api/v1/channels/e/broadcasts": `{"items":[],"next":null}`,
		"/api/v1/channels/x/broadcasts": `<html>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(answers[r.URL.Path]))
	}))
	defer server.Close()
	addr := strings.TrimPrefix(server.URL, "http://")
	id, err := broadcast(t.Context(), server.Client(), addr, "c")
	require.NoError(t, err)
	require.Equal(t, "new", id)
	_, err = broadcast(t.Context(), server.Client(), addr, "e")
	require.ErrorContains(t, err, "has no broadcast")
	_, err = broadcast(t.Context(), server.Client(), addr, "x")
	require.ErrorContains(t, err, "read the broadcasts")
}

func TestAServerThatDoesNotComeUpIsTold(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "rostrum")
	require.NoError(t, os.WriteFile(binary, []byte("#!/bin/sh\necho the port is taken; exit 1\n"), 0o700))
	_, err := Rostrum(t.Context(), binary, t.TempDir())
	require.ErrorContains(t, err, "the port is taken")
}

func TestNginxConfIsWhatTheKindSays(t *testing.T) {
	for kind, c := range map[NginxKind]struct{ has, lacks []string }{
		NginxHLS:      {has: []string{"hls_fragment 2s;", "load_module", "Access-Control-Allow-Origin", "rtmp_stat"}},
		NginxIngest:   {has: []string{"record off;", "rtmp_stat"}, lacks: []string{"hls on;"}},
		NginxFiles:    {has: []string{"sendfile on;", "access_log off;"}, lacks: []string{"rtmp", "load_module", "ssl", "http2"}},
		NginxTLS:      {has: []string{"ssl http2;", "/folder/cert.pem", "ssl_protocols TLSv1.3;"}, lacks: []string{"rtmp", "load_module", "http2_chunk_size"}},
		NginxTLSLarge: {has: []string{"ssl http2;", "http2_chunk_size 16k;"}, lacks: []string{"rtmp"}},
	} {
		conf, err := configure(kind, "/folder", "127.0.0.1:1", "127.0.0.1:2")
		require.NoError(t, err)
		for _, s := range c.has {
			require.Contains(t, conf, s, kind)
		}
		for _, s := range c.lacks {
			require.NotContains(t, conf, s, kind)
		}
	}
}

func TestCertificateIsTrustedOnLoopback(t *testing.T) {
	folder := t.TempDir()
	roots, err := WriteCertificate(folder)
	require.NoError(t, err)
	pair, err := tls.LoadX509KeyPair(filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"))
	require.NoError(t, err)
	_, err = pair.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: "127.0.0.1"})
	require.NoError(t, err)
	_, err = WriteCertificate(filepath.Join(folder, "nowhere"))
	require.ErrorContains(t, err, "keep a certificate")
}

func TestBuildTakesWhatIsGiven(t *testing.T) {
	_, err := Build(t.Context(), filepath.Join(t.TempDir(), "nothing"))
	require.ErrorContains(t, err, "find the binary")
	t.Chdir(t.TempDir())
	require.ErrorContains(t, ToRoot(), "no go.mod upwards")
}
