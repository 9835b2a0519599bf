package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// file writes a configuration file and returns its path.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rostrum.yml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// origins returns where each key of the settings came from.
func origins(settings []setting) map[string]string {
	from := map[string]string{}
	for _, s := range settings {
		from[s.key.name] = s.origin
	}
	return from
}

func TestDefaults(t *testing.T) {
	cfg, settings, err := loadConfig(sources{})
	require.NoError(t, err)
	require.Equal(t, Config{
		HTTP:            HTTPConfig{Addr: ":8080", CacheBytes: 256_000_000},
		RTMP:            RTMPConfig{Addr: ":1935"},
		Metrics:         MetricsConfig{Addr: "127.0.0.1:9090"},
		Data:            "./data",
		HLS:             HLSConfig{Segment: 2 * time.Second, Part: 200 * time.Millisecond, LiveWindow: time.Minute, Window: 2 * time.Hour},
		Recordings:      RecordingsConfig{MinFree: Share{Percent: 5}},
		Chat:            ChatConfig{MaxAge: 90 * day},
		FFmpeg:          FFmpegConfig{Path: "ffmpeg"},
		ReconnectWindow: time.Minute,
		OIDC:            OIDCConfig{Name: "Single sign-on"},
		Webhooks:        WebhooksConfig{AllowPrivate: "off"},
		Hooks:           HooksConfig{Timeout: 3 * time.Second, Update: 30 * time.Second},
		ShutdownGrace:   20 * time.Second,
		Log:             LogConfig{Level: slog.LevelInfo, Format: "text"},
	}, cfg)
	require.Len(t, settings, len(schema()))
	for _, s := range settings {
		require.Equal(t, "default", s.origin)
	}
}

func TestLaterSourceWins(t *testing.T) {
	cfg, settings, err := loadConfig(sources{
		demo: true,
		file: file(t, "http:\n  addr: 10.0.0.1:80\nhls: {part: 100ms, segment: 3s}\nhls.live_window: 30s\n# more\ndata: /srv\n"),
		environ: []string{
			"ROSTRUM_HLS_PART=120ms", "ROSTRUM_HLS_SEGMENT=4s", "ROSTRUM_DATA=", "PATH=/bin", "ROSTRUM_HTTP_ACCESS_LOG=on",
		},
		flags: map[string]string{"hls.segment": "5s"},
	})
	require.NoError(t, err)
	require.Equal(t, "10.0.0.1:80", cfg.HTTP.Addr)
	require.Equal(t, "127.0.0.1:1935", cfg.RTMP.Addr)
	require.Equal(t, 120*time.Millisecond, cfg.HLS.Part)
	require.Equal(t, 5*time.Second, cfg.HLS.Segment)
	require.Equal(t, 30*time.Second, cfg.HLS.LiveWindow)
	require.Equal(t, "/srv", cfg.Data, "an empty variable is not set")
	require.True(t, cfg.HTTP.AccessLog)

	from := origins(settings)
	require.Equal(t, "rostrum.yml line 2", from["http.addr"])
	require.Equal(t, "--demo", from["rtmp.addr"])
	require.Equal(t, "variable ROSTRUM_HLS_PART", from["hls.part"])
	require.Equal(t, "flag --hls-segment", from["hls.segment"])
	require.Equal(t, "rostrum.yml line 4", from["hls.live_window"])
	require.Equal(t, "rostrum.yml line 6", from["data"])
	require.Equal(t, "default", from["log.level"])
}

func TestConfigErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		file    string
		environ []string
		flags   map[string]string
		want    string
	}{
		"unknown key":          {file: "\nhls:\n  prat: 200ms\n", want: "rostrum.yml line 3: hls.prat: unknown key, did you mean hls.part?"},
		"nonsense key":         {file: "zzzzzzzz: 1", want: "rostrum.yml line 1: zzzzzzzz: unknown key"},
		"unknown group":        {file: "rmtp: {addr: ':1'}", want: "rostrum.yml line 1: rmtp: unknown key"},
		"bad value":            {file: "hls:\n  part: 5s", want: "rostrum.yml line 2: hls.part: 5s is too long: duration, 50ms to 1s"},
		"twice":                {file: "data: a\nhls.part: 100ms\ndata: b", want: "rostrum.yml line 3: data: is set twice, first on line 1"},
		"twice in other words": {file: "hls.part: 100ms\nhls: {part: 200ms}", want: "rostrum.yml line 2: hls.part: is set twice, first on line 1"},
		"empty":                {file: "data:\n", want: "rostrum.yml line 1: data: has no value: write one, or leave the key out"},
		"list for a value":     {file: "data: [a]", want: "rostrum.yml line 1: data: one value is wanted: path"},
		"group for a value":    {file: "data: {dir: a}", want: "rostrum.yml line 1: data: one value is wanted: path"},
		"value for a group":    {file: "http: ':8080'", want: "rostrum.yml line 1: http: holds further keys, such as http.addr"},
		"not keys at all":      {file: "hello", want: "rostrum.yml line 1: keys with values are wanted here"},
		"two documents":        {file: "data: a\n---\ndata: b", want: "rostrum.yml line 3: a second document begins here, and one file holds one"},
		"not YAML":             {file: "a: b: c", want: "rostrum.yml: yaml: mapping values are not allowed in this context"},
		"variable":             {environ: []string{"ROSTRUM_HLS_PART=fast"}, want: `variable ROSTRUM_HLS_PART: hls.part: "fast" is not a duration like 200ms, 2s or 1m30s`},
		"unknown variable":     {environ: []string{"ROSTRUM_HTTP_ADR=x"}, want: "variable ROSTRUM_HTTP_ADR: unknown, did you mean ROSTRUM_HTTP_ADDR?"},
		"flag":                 {flags: map[string]string{"rtmp.addr": "1935"}, want: `flag --rtmp-addr: rtmp.addr: "1935" has no colon: write :1935 for every interface, or 127.0.0.1:1935`},
		"bad value that is hidden": {
			file: "data: ''", flags: map[string]string{"data": "/srv"},
			want: "rostrum.yml line 1: data: the path of a folder is wanted",
		},
		"part and segment": {
			file: "hls.segment: 1s", environ: []string{"ROSTRUM_HLS_PART=600ms"},
			want: "variable ROSTRUM_HLS_PART: hls.part: 600ms does not go with hls.segment 1s (rostrum.yml line 1): it may be at most half of that, 500ms",
		},
		"window and segment": {
			flags: map[string]string{"hls.segment": "10s", "hls.live_window": "59s"},
			want:  "flag --hls-live-window: hls.live_window: 59s does not go with hls.segment 10s (flag --hls-segment): it must be at least six times that, 1m",
		},
		"window and live window": {
			flags: map[string]string{"hls.window": "30s"},
			want:  "flag --hls-window: hls.window: 30s does not go with hls.live_window 60s (default): one cannot rewind less far than the live playlists reach",
		},
		"all at once": {
			file: "x: 1\ny: 2", environ: []string{"ROSTRUM_LOG_FORMAT=xml"},
			want: "rostrum.yml line 1: x: unknown key\nrostrum.yml line 2: y: unknown key\nvariable ROSTRUM_LOG_FORMAT: log.format: \"xml\" is not one of: text, json",
		},
	} {
		t.Run(name, func(t *testing.T) {
			src := sources{environ: tc.environ, flags: tc.flags}
			if tc.file != "" {
				src.file = file(t, tc.file)
			}
			_, _, err := loadConfig(src)
			var bad *configError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, tc.want, err.Error())
		})
	}
}

func TestFilesThatSayNothing(t *testing.T) {
	for _, text := range []string{"", "# nothing\n", "---\n", "{}", "http: {}"} {
		cfg, _, err := loadConfig(sources{file: file(t, text)})
		require.NoError(t, err, "%q", text)
		require.Equal(t, ":8080", cfg.HTTP.Addr)
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	_, _, err := loadConfig(sources{file: filepath.Join(t.TempDir(), "none.yml")})
	require.ErrorIs(t, err, os.ErrNotExist)

	_, _, err = loadConfig(sources{file: file(t, "#"+string(make([]byte, maxFileBytes)))})
	require.ErrorContains(t, err, "larger than 1 MiB")
}

func TestAliases(t *testing.T) {
	cfg, _, err := loadConfig(sources{file: file(t, "http.addr: &a 127.0.0.1:80\nrtmp.addr: *a\n")})
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:80", cfg.RTMP.Addr)

	_, _, err = loadConfig(sources{file: file(t, "http: &a\n  addr: *a\n")})
	require.Error(t, err)
}

func TestServiceLinksAreNotOurs(t *testing.T) {
	_, _, err := loadConfig(sources{environ: []string{
		"ROSTRUM_SERVICE_HOST=10.0.0.7", "ROSTRUM_SERVICE_PORT=80", "ROSTRUM_SERVICE_PORT_HTTP=80",
		"ROSTRUM_PORT=tcp://10.0.0.7:80", "ROSTRUM_PORT_80_TCP=tcp://10.0.0.7:80", "ROSTRUM_PORT_80_TCP_ADDR=10.0.0.7",
		"ROSTRUM_RTMP_PORT=tcp://10.0.0.7:1935", "ROSTRUM_RTMP_PORT_1935_TCP_PROTO=tcp",
	}})
	require.NoError(t, err)

	_, _, err = loadConfig(sources{environ: []string{"ROSTRUM_PORT=8080"}})
	require.ErrorContains(t, err, "variable ROSTRUM_PORT: unknown")
}

// No two keys may share a flag or a variable, and no default may be one that
// the schema itself refuses.
func TestSchema(t *testing.T) {
	seen := map[string]string{}
	for _, k := range schema() {
		for _, name := range []string{k.flag(), k.variable()} {
			require.Empty(t, seen[name], "%s of %s", name, k.name)
			seen[name] = k.name
		}
		require.NotContains(t, k.help, "`")
		require.NotRegexp(t, `\.$`, k.help)
	}
	require.Contains(t, seen, "hls-live-window")
	require.Contains(t, seen, "ROSTRUM_HLS_LIVE_WINDOW")
}

func FuzzFile(f *testing.F) {
	f.Add("hls: {part: 200ms}\n")
	f.Add("a: &a [*a]\n")
	f.Add("? [x]\n: y\n")
	f.Fuzz(func(t *testing.T, text string) {
		cfg, settings, err := loadConfig(sources{file: file(t, text)})
		if err == nil {
			require.Len(t, settings, len(schema()))
			require.LessOrEqual(t, cfg.HLS.Part, cfg.HLS.Segment/2)
		}
	})
}

// What didYouMean proposes is always known, and a name that is known is the
// nearest to itself.
func TestDidYouMean(t *testing.T) {
	require.Equal(t, 3, editDistance("kitten", "sitting"))
	require.Empty(t, didYouMean("qqqqq", []string{"http.addr"}))
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		require.Equal(t, editDistance(a, b), editDistance(b, a))
		require.Zero(t, editDistance(a, a))
	})
}
