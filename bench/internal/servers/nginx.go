package servers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/rostrumlive/rostrum/bench/internal/proc"
)

// rtmpModule is where Debian's libnginx-mod-rtmp puts the module.
const rtmpModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so"

// ErrMissing says that a peer is not installed and how to get it.
var ErrMissing = errors.New("nginx with its rtmp module is not installed; scripts/bench-deps.sh installs it")

// NginxKind is what an nginx is set up to do.
type NginxKind string

// The kinds of nginx that are measured.
const (
	NginxHLS    NginxKind = "nginx-rtmp HLS"    // RTMP in, HLS with MPEG-TS segments of 2 s out, no recording
	NginxIngest NginxKind = "nginx-rtmp ingest" // RTMP in, nothing out
	NginxFiles  NginxKind = "nginx files"       // files of the folder "www", by sendfile
	NginxTLS    NginxKind = "nginx files, TLS"  // the same by HTTP/2 and TLS 1.3, with a certificate in its folder
)

// NginxTLSLarge is NginxTLS with frames of HTTP/2 that fill a record of TLS and
// larger reads, neither of which is nginx's default.
const NginxTLSLarge NginxKind = "nginx files, TLS, large frames"

// nginxConf is as lean as a careful operator would have it: no access log
// anywhere, one worker (nginx-rtmp works with one alone), sendfile with whole
// packets. Everything it writes lies under the folder.
var nginxConf = template.Must(template.New("nginx.conf").Parse(`
{{if .Root}}user root;{{end}}
daemon off;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {{.Folder}}/nginx.pid;
error_log stderr warn;
{{if .Takes}}load_module {{.Module}};{{end}}
events { worker_connections 16384; }
{{if .Takes}}
rtmp {
  access_log off;
  server {
    listen {{.RTMP}};
    chunk_size 4096;
    application live {
      live on;
      record off;
      {{if .HLS}}
      hls on;
      hls_path {{.Folder}}/www;
      hls_fragment 2s;
      hls_playlist_length 1h;
      hls_cleanup off;
      {{end}}
    }
  }
}
{{end}}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  {{if .HLS}}add_header Access-Control-Allow-Origin *;{{end}}
  types { application/vnd.apple.mpegurl m3u8; video/mp2t ts; video/iso.segment m4s; video/mp4 mp4; application/xml stat; }
  client_body_temp_path {{.Folder}}/tmp;
  proxy_temp_path {{.Folder}}/tmp;
  fastcgi_temp_path {{.Folder}}/tmp;
  uwsgi_temp_path {{.Folder}}/tmp;
  scgi_temp_path {{.Folder}}/tmp;
  server {
    listen {{.HTTP}} backlog=4096{{if .TLS}} ssl http2{{end}};
    {{if .TLS}}
    ssl_certificate {{.Folder}}/cert.pem;
    ssl_certificate_key {{.Folder}}/key.pem;
    ssl_protocols TLSv1.3;
    ssl_conf_command Ciphersuites TLS_AES_128_GCM_SHA256;
    {{if .Large}}http2_chunk_size 16k; output_buffers 2 128k;{{end}}
    {{end}}
    root {{.Folder}}/www;
    {{if .Takes}}location = /stat { rtmp_stat all; }{{end}}
  }
}
`))

// Nginx starts Debian's nginx. The error is ErrMissing when it, or the RTMP
// module where the kind needs it, is not there.
func Nginx(ctx context.Context, kind NginxKind, folder string) (*Server, error) {
	binary, err := NginxPath()
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{"www", "tmp"} {
		if err := os.MkdirAll(filepath.Join(folder, sub), 0o755); err != nil {
			return nil, fmt.Errorf("make nginx's folder: %w", err)
		}
	}
	addrs, err := proc.FreePorts(2)
	if err != nil {
		return nil, err
	}
	s := &Server{Name: string(kind), HTTP: addrs[0]}
	if takes(kind) {
		s.RTMP = addrs[1]
	}
	if encrypts(kind) {
		if s.Roots, err = WriteCertificate(folder); err != nil {
			return nil, err
		}
		s.HTTPS = s.HTTP
	}
	conf, err := configure(kind, folder, s.HTTP, s.RTMP)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(path, []byte(conf), 0o644); err != nil {
		return nil, fmt.Errorf("write nginx.conf: %w", err)
	}
	if s.Process, err = proc.Start(binary, "-e", "stderr", "-p", folder, "-c", path); err != nil {
		return nil, err
	}
	s.recording = func(_ context.Context, _ *http.Client, channel string) (string, error) {
		return fmt.Sprintf("http://%s/%s.m3u8", s.HTTP, channel), nil
	}
	return s.ready(ctx, func(ctx context.Context) error {
		if s.RTMP == "" {
			return listens(ctx, s.HTTP)
		}
		return errors.Join(listens(ctx, s.HTTP), listens(ctx, s.RTMP))
	})
}

// takes says whether encoders may come.
func takes(kind NginxKind) bool { return kind == NginxHLS || kind == NginxIngest }

// encrypts says whether viewers come by TLS.
func encrypts(kind NginxKind) bool { return kind == NginxTLS || kind == NginxTLSLarge }

// configure writes nginx.conf for the kind.
func configure(kind NginxKind, folder, httpAddr, rtmpAddr string) (string, error) {
	var conf strings.Builder
	if err := nginxConf.Execute(&conf, map[string]any{
		"Root": os.Getuid() == 0, "Folder": folder, "Module": rtmpModule,
		"HTTP": httpAddr, "RTMP": rtmpAddr, "Takes": takes(kind), "HLS": kind == NginxHLS, "TLS": encrypts(kind), "Large": kind == NginxTLSLarge,
	}); err != nil {
		return "", fmt.Errorf("write nginx.conf: %w", err)
	}
	return conf.String(), nil
}

// NginxPath finds nginx with its RTMP module, or returns ErrMissing.
func NginxPath() (string, error) {
	if _, err := os.Stat(rtmpModule); err != nil {
		return "", ErrMissing
	}
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} { // sbin is not on everybody's path
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}
