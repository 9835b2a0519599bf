package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// flat writes directives with their lines.
func flat(all []*directive) string {
	var b strings.Builder
	for _, d := range all {
		fmt.Fprintf(&b, "%d:%q%q", d.line, d.name, d.args)
		if d.isBlock {
			b.WriteString("{" + flat(d.block) + "}")
		}
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"":                             ``,
		"# a { b;":                     ``,
		"a;":                           `1:"a"[]`,
		"a b\n c # d;\n ;e{}":          `1:"a"["b" "c"]3:"e"[]{}`,
		"a {\n b { c d; }\n}":          `1:"a"[]{2:"b"[]{2:"c"["d"]}}`,
		`a 'b "c"' "d 'e'; {" ;`:       `1:"a"["b \"c\"" "d 'e'; {"]`,
		`a "b\"c\n\x" 'd\'e';`:         `1:"a"["b\"c\n\\x" "d'e"]`,
		`a ${b}c$d b}c;`:               `1:"a"["${b}c$d" "b}c"]`,
		"a b{c;}":                      `1:"a"["b"]{1:"c"[]}`,
		`a b\;c \`:                     ``,
		"a\r\n\"b\nc\"\r\nd;\r\ne;":    `1:"a"["b\nc" "d"]5:"e"[]`,
		"x_by_lua_block { a = {} } b;": `1:"x_by_lua_block"[]{}`,
		"a b#c;":                       `1:"a"["b#c"]`,
	} {
		all, err := parse("f", []byte(text))
		switch text {
		case `a b\;c \`:
			require.EqualError(t, err, "f line 1: a has no semicolon at its end")
		case "x_by_lua_block { a = {} } b;":
			require.NoError(t, err)
			require.Equal(t, want+`1:"b"[]`, flat(all), text)
		default:
			require.NoError(t, err, text)
			require.Equal(t, want, flat(all), text)
		}
	}
}

func TestLengths(t *testing.T) {
	for _, c := range []struct {
		read func(string) (time.Duration, error)
		good map[string]time.Duration
		bad  []string
	}{
		{
			nginxLength,
			map[string]time.Duration{"3": 3 * time.Second, "500ms": 500 * time.Millisecond, "1m30s": 90 * time.Second, "1d": day, "1M": 30 * day},
			[]string{"", "s", "1x", "-1", "1.5s", "99999999999y", "9223372036854775807", "99y99y"},
		},
		{seconds, map[string]time.Duration{"2": 2 * time.Second, "2.5": 2500 * time.Millisecond, "0": 0}, []string{"", "2s", "-1", "NaN", "Inf", "1e300"}},
		{
			goLength,
			map[string]time.Duration{"200ms": 200 * time.Millisecond, "7d": 7 * day, "1d12h": 36 * time.Hour, "0s": 0},
			[]string{"", "5", "-1s", "d", "-1d", "1000000d", "99999999999d", "1d-1h", "9999999h"},
		},
	} {
		for text, want := range c.good {
			got, err := c.read(text)
			require.NoError(t, err, text)
			require.Equal(t, want, got, text)
		}
		for _, text := range c.bad {
			_, err := c.read(text)
			require.Error(t, err, text)
		}
	}
}

func TestListenAddress(t *testing.T) {
	for text, want := range map[string]string{
		"1935": ":1935", "*:1935": ":1935", "0.0.0.0:80": ":80", "[::]:80": ":80", "127.0.0.1:1936": "127.0.0.1:1936",
		"[2001:db8::1]:443": "[2001:db8::1]:443", "localhost": "localhost:80", ":8888": ":8888", "[::1]": "[::1]:80",
	} {
		got, err := listenAddress(text, "80")
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"unix:/run/x", "70000", "a:b", "0"} {
		_, err := listenAddress(text, "80")
		require.Error(t, err, text)
	}
	_, err := listenAddress("localhost", "")
	require.Error(t, err)
}

func TestIncludes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	write("conf/a/1.conf", "listen 1935;")
	write("conf/a/2.conf", "chunk_size")
	write("conf/loop.conf", "include loop.conf;")
	write("conf/above.conf", "include conf/a/1.conf;")
	main := filepath.Join(dir, "conf", "nginx.conf")
	notes := func(text string) []string {
		t.Helper()
		r, err := Import("nginx.conf", []byte("rtmp { server { "+text+" } }"), Options{Schema: every{}, Include: Beside(main)})
		require.NoError(t, err)
		var all []string
		for _, n := range r.Notes {
			all = append(all, fmt.Sprintf("%s:%d %s %s: %s", n.File, n.Line, n.Outcome, n.Subject, n.Text))
		}
		return all
	}
	require.Equal(t, []string{
		"nginx.conf:1 ignored include a/*.conf: a/2.conf line 1: chunk_size has no semicolon at its end",
		"a/1.conf:1 taken listen: rtmp.addr is :1935",
	}, notes("include a/*.conf;"))
	require.Equal(t, []string{"nginx.conf:1 ignored include none.conf: there is no such file here"}, notes("include none.conf;"))
	require.Empty(t, notes("include none/*.conf;"), "as nginx has it")
	require.Equal(t, []string{"a/1.conf:1 taken listen: rtmp.addr is :1935"}, notes("include above.conf;"), "SRS writes paths from the folder above")
	require.Equal(t, []string{"loop.conf:1 ignored include loop.conf: this include was not followed"}, notes("include loop.conf;"))
	require.Contains(t, notes("include /dev/zero;")[0], "is no file")
	require.Contains(t, notes("include [;")[0], "is no pattern")

	for i := range maxIncludes + 1 {
		write(fmt.Sprintf("conf/many/%d.conf", i), "ping 1m;")
	}
	require.Contains(t, notes("include many/*.conf;")[0], "the rest is not read")
}

// A file of another encoding is read: what is not UTF-8 in a value is told.
func TestOtherEncodings(t *testing.T) {
	text := "# Caf\xe9\nrtmp { server { listen 1940; application live { on_publish http://caf\xe9.example/start; } } }"
	r, err := Import("nginx.conf", []byte(text), Options{From: Nginx, Schema: every{}})
	require.NoError(t, err)
	yml, err := r.YAML()
	require.NoError(t, err)
	require.Contains(t, string(yml), "rtmp.addr: :1940")
	require.NotContains(t, string(yml), "on_publish")
	var report strings.Builder
	require.NoError(t, r.Report(&report))
	require.Contains(t, report.String(), "hooks.nginx.on_publish takes UTF-8, which this is not")
}

// FuzzImport: no text makes an import fail otherwise than by an error, and what
// is written is one line for each setting.
func FuzzImport(f *testing.F) {
	servers := []Server{"", Nginx, SRS, MediaMTX}
	for _, name := range fixtures {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		for i := range servers {
			f.Add(uint8(i), string(text))
		}
	}
	for i := range servers {
		f.Add(uint8(i), "rtmp { server { include x; on_publish \"http://a\nb\"; } }")
		f.Add(uint8(i), "paths: &a {x: *a}")
		f.Add(uint8(i), "rtmp { server { application a { on_publish http://h/"+strings.Repeat("\xff", 60)+"; } } }")
	}
	f.Fuzz(func(t *testing.T, from uint8, text string) {
		r, err := Import("f", []byte(text), Options{From: servers[int(from)%len(servers)], Schema: every{}})
		if err != nil {
			require.NotContains(t, err.Error(), "\n")
			return
		}
		yml, err := r.YAML()
		require.NoError(t, err)
		require.Equal(t, len(r.Settings)+2, strings.Count(string(yml), "\n"))
		var report strings.Builder
		require.NoError(t, r.Report(&report))
		require.Equal(t, len(r.Notes)+1, strings.Count(report.String(), "\n"))
	})
}
