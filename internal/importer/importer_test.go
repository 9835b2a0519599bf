package importer

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// every is a Schema with all keys that an import knows.
type every struct{}

var everyKey = map[string]string{
	"http.addr": ":8080", "http.proxies": "off", "https.addr": "off", "https.cert": "off", "https.key": "off",
	"rtmp.addr": ":1935", "rtmps.addr": "off", "srt.addr": "off", "webrtc.addr": ":8189", "webrtc.public_ips": "off",
	"metrics.addr": "off", "log.level": "info", "log.format": "text", "recordings.max_age": "off",
	"hls.segment": "2s", "hls.part": "200ms", "hls.live_window": "60s",
	"hooks.nginx.on_publish": "off", "hooks.nginx.on_publish_done": "off", "hooks.nginx.on_play": "off", "hooks.nginx.on_play_done": "off",
	"hooks.nginx.on_update": "off", "hooks.nginx.on_record_done": "off",
	"hooks.srs.on_publish": "off", "hooks.srs.on_unpublish": "off", "hooks.srs.on_play": "off", "hooks.srs.on_stop": "off",
	"hooks.srs.on_dvr": "off", "hooks.srs.on_hls": "off",
	"hooks.timeout": "5s", "hooks.update_interval": "30s", "control.allow": "off",
}

func (every) Default(key string) (string, bool) {
	value, known := everyKey[key]
	return value, known
}

func (every) Check(key, value string) error {
	if strings.HasPrefix(key, "hooks.") && strings.Contains(key, "_") && !strings.HasPrefix(value, "http") && key != "hooks.update_interval" {
		return errors.New("no address: " + value)
	}
	return nil
}

func (every) Bounds(key string) (least, most time.Duration) {
	switch key {
	case "hls.segment":
		return time.Second, 10 * time.Second
	case "hls.part":
		return 50 * time.Millisecond, time.Second
	case "hls.live_window":
		return 6 * time.Second, 10 * time.Minute
	case "hooks.timeout", "hooks.update_interval":
		return time.Second, time.Minute
	}
	return 0, 0
}

func (every) Clash(values map[string]string) (string, error) {
	for _, addr := range []string{"https.addr", "rtmps.addr"} {
		if _, set := values[addr]; set && values["https.cert"] == "" {
			return addr, errors.New(addr + " needs a certificate")
		}
	}
	return "", nil
}

// fixtures are configurations as people have them.
var fixtures = []string{
	"nginx-simple.conf", "nginx-club.conf", "srs-simple.conf", "srs-station.conf",
	"mediamtx-simple.yml", "mediamtx-cameras.yml", "mediamtx-old.yml",
}

func read(t *testing.T, name string) *Result {
	t.Helper()
	path := filepath.Join("testdata", name)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	r, err := Import(name, text, Options{Schema: every{}, Include: Beside(path)})
	require.NoError(t, err)
	return r
}

func TestFixtures(t *testing.T) {
	for _, name := range fixtures {
		t.Run(name, func(t *testing.T) {
			r := read(t, name)
			require.True(t, strings.HasPrefix(name, string(r.Server)), r.Server)
			got, err := r.YAML()
			require.NoError(t, err)
			report := bytes.NewBuffer(append(got, '\n'))
			require.NoError(t, r.Report(report))
			require.NotContains(t, report.String()[len(got):], "hunter2", "a report tells no secret")

			golden := filepath.Join("testdata", name+".golden")
			if *update {
				require.NoError(t, os.WriteFile(golden, report.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), report.String(), "run go test with -update and read the diff")
		})
	}
}

// Every word that a fixture has outside of blocks that are ignored whole is
// known: nothing in them is answered with the sentence for strange words.
func TestFixturesHaveNoStrangeWords(t *testing.T) {
	for _, name := range fixtures {
		for _, n := range read(t, name).Notes {
			require.NotEqual(t, unheardOf, n.Text, "%s line %d: %s", n.File, n.Line, n.Subject)
		}
	}
}

func TestWhoseItIs(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Server
	}{
		{"x.conf", "rtmp { server { } }", Nginx},
		{"x.conf", "events { }", Nginx},
		{"x.conf", "rtmp { listen 1935; } vhost v { }", SRS},
		{"x.conf", "listen 1935; http_api { }", SRS},
		{"x.yml", "rtmpAddress: :1935", MediaMTX},
		{"x.yml", "paths: {a: }", MediaMTX},
		{"srs.conf", "listen 1935;", SRS},
		{"nginx.conf", "", Nginx},
		{"my-MediaMTX.yml", "logLevel: info", MediaMTX},
	} {
		r, err := Import(c.name, []byte(c.text), Options{Schema: every{}})
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, r.Server, c.text)
	}
	for _, text := range []string{"", "listen 1935;", "a: b", "{", "\x00"} {
		_, err := Import("x", []byte(text), Options{Schema: every{}})
		require.ErrorIs(t, err, ErrUnknown, text)
	}
}

// none is a Schema without keys.
type none struct{ every }

func (none) Default(string) (string, bool) { return "", false }

func TestWhatThisVersionHasNot(t *testing.T) {
	r, err := Import("nginx.conf", []byte("rtmp { server { listen 1935; on_publish http://a/b; } }"), Options{Schema: none{}})
	require.NoError(t, err)
	require.Empty(t, r.Settings)
	require.Equal(t, []Note{
		{"nginx.conf", 1, "listen", Ignored, "this version has no rtmp.addr"},
		{"nginx.conf", 1, "on_publish", Ignored, "this version has no hooks.nginx.on_publish"},
	}, r.Notes)
}

func TestRefusals(t *testing.T) {
	for text, want := range map[string]string{
		"rtmp {\n server {\n listen 1935\n }\n}": "nginx.conf line 3: listen has no semicolon at its end",
		"rtmp {\n server {\n listen 1935;\n":     "nginx.conf line 2: the block that begins here has no end",
		"a b;\n}\nc d;":                          "nginx.conf line 2: there is a } too many",
		"a \"b;\n\n":                             "nginx.conf line 3: a quotation has no end",
		"a;\n;":                                  "nginx.conf line 2: a name is wanted before ;",
		"l_by_lua_block {\n{ }":                  "nginx.conf line 1: the block that begins here has no end",
		strings.Repeat("a{", 40) + strings.Repeat("}", 40): "nginx.conf line 1: these are too many blocks within blocks",
		strings.Repeat("a", MaxBytes+1):                    "nginx.conf is larger than 1 MiB, which no configuration is",
	} {
		_, err := Import("nginx.conf", []byte(text), Options{From: Nginx, Schema: every{}})
		require.EqualError(t, err, want)
	}
	for _, text := range []string{"- a", "a: [", "\t:", ""} {
		_, err := Import("m.yml", []byte(text), Options{From: MediaMTX, Schema: every{}})
		require.ErrorContains(t, err, "m.yml: ")
	}
}

func TestOneOfMany(t *testing.T) {
	r, err := Import("nginx.conf", []byte("rtmp { server {\nlisten 1935;\nlisten 1936;\nlisten *:1935;\nlisten unix:/x;\nlisten 70000; } }"), Options{Schema: every{}})
	require.NoError(t, err)
	require.Len(t, r.Settings, 1)
	var texts []string
	for _, n := range r.Notes {
		texts = append(texts, string(n.Outcome)+" "+n.Text)
	}
	require.Equal(t, []string{
		"taken rtmp.addr is :1935",
		"ignored the whole server has one rtmp.addr, and line 2 has set it",
		"taken rtmp.addr is so by line 2",
		"ignored rtmp.addr: this server listens at no Unix sockets",
		"ignored rtmp.addr: this is no address with a port",
	}, texts)
}

// Nobody may control here who might not there.
func TestControl(t *testing.T) {
	for location, want := range map[string]string{
		"rtmp_control all; allow 192.0.2.1; allow 192.0.2.2; deny all;":   "192.0.2.1,192.0.2.2",
		"rtmp_control all; allow 192.0.2.1; deny all; allow 192.0.2.2;":   "192.0.2.1",
		"rtmp_control all; deny 192.0.2.1; allow 192.0.2.0/24; deny all;": "",
		"rtmp_control all; allow 192.0.2.1; allow all; deny all;":         "",
		"rtmp_control all; deny all; allow 192.0.2.1;":                    "",
		"rtmp_control all; allow 192.0.2.1;":                              "",
		"rtmp_control all;":                                               "",
		"rtmp_stat all; allow 192.0.2.1; deny all;":                       "",
	} {
		r, err := Import("nginx.conf", []byte("http { server { location / { "+location+" } } }"), Options{Schema: every{}})
		require.NoError(t, err)
		require.Len(t, r.Notes, 1)
		if want == "" {
			require.Empty(t, r.Settings, location)
			require.Equal(t, Ignored, r.Notes[0].Outcome)
			continue
		}
		require.Len(t, r.Settings, 1, location)
		require.Equal(t, "control.allow", r.Settings[0].Key)
		require.Equal(t, want, r.Settings[0].Value)
	}
}

// What does not go with the rest is taken back, and the rest stays.
func TestClashes(t *testing.T) {
	r, err := Import("srs.conf", []byte("rtmps { enabled on;\nlisten 1443; }\nlisten 1935;\nhttp_server { enabled on; listen 80; }"), Options{Schema: every{}})
	require.NoError(t, err)
	require.Equal(t, "rtmp.addr", r.Settings[0].Key)
	require.Equal(t, "http.addr", r.Settings[1].Key)
	require.Len(t, r.Settings, 2)
	require.Equal(t, Note{"srs.conf", 2, "listen", Ignored, "rtmps.addr needs a certificate"}, r.Notes[0])
}

// A terminal is sent no control characters of a stranger's file.
func TestReportsArePrintable(t *testing.T) {
	r, err := Import("nginx.conf", []byte("\x1b]0;evil\a x; events { } \x1b[2J;"), Options{From: Nginx, Schema: every{}})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, r.Report(&b))
	require.NotContains(t, b.String(), "\x1b")
	require.NotContains(t, b.String(), "\a")
}
