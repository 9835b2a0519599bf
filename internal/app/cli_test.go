package app

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// run calls Run and returns what it printed.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(t.Context(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestHelp(t *testing.T) {
	code, out, errs := run(t, "serve", "--help")
	require.Zero(t, code)
	require.Empty(t, errs)
	for _, k := range schema() {
		require.Contains(t, out, "--"+k.flag())
	}
	for _, flag := range []string{"--config=FILE", "--demo", "--open"} {
		require.Contains(t, out, flag)
	}
	for _, args := range []string{"--help", "-h", "channel --help", "channel key --help", "channel key make --help", "config print --help", "doctor --help", "backup --help", "restore --help", "version --help"} {
		code, out, _ := run(t, strings.Fields(args)...)
		require.Zero(t, code, args)
		require.Contains(t, out, "Usage: rostrum", args)
	}
}

func TestWrongUse(t *testing.T) {
	for args, want := range map[string]string{
		"":                              "rostrum: expected one of",
		"sevre":                         `did you mean "serve"?`,
		"serve --http-adr :1":           `unknown flag --http-adr, did you mean one of "--http-addr", "--https-addr"?`,
		"serve --srt-addr :1":           "unknown flag --srt-addr",
		"serve --open=everyone":         `"everyone" is neither private nor any`,
		"serve --hls-part 3s":           "rostrum: flag --hls-part: hls.part: 3s is too long",
		"serve --config none.yml":       "rostrum: read configuration: open none.yml: no such file",
		"config check --http-addr 8080": "rostrum: flag --http-addr: http.addr:",
		"channel add":                   `expected "<name>"`,
		"doctor":                        `expected "<url|file|channel>"`,
		"channel key revoke alice":      `expected "<id>"`,
	} {
		code, out, errs := run(t, strings.Fields(args)...)
		require.Equal(t, exitUsage, code, args)
		require.Empty(t, out, args)
		require.Contains(t, errs, want, args)
	}
	_, _, errs := run(t, "serve", "--nonsense")
	require.Contains(t, errs, `Run "rostrum serve --help" for help.`)
}

func TestVersion(t *testing.T) {
	code, out, _ := run(t, "version")
	require.Zero(t, code)
	require.Equal(t, "rostrum "+Version()+"\n", out)
}

func TestConfigCheck(t *testing.T) {
	code, out, _ := run(t, "config", "check")
	require.Zero(t, code)
	require.Equal(t, "the configuration is good\n", out)

	t.Setenv("ROSTRUM_HSL_PART", "200ms")
	code, _, errs := run(t, "config", "check", "--config", file(t, "dta: x"))
	require.Equal(t, exitUsage, code)
	require.Equal(t, "rostrum: rostrum.yml line 1: dta: unknown key, did you mean data?\n"+
		"rostrum: variable ROSTRUM_HSL_PART: unknown, did you mean ROSTRUM_HLS_PART?\n", errs)
}

func TestConfigPrint(t *testing.T) {
	t.Setenv("ROSTRUM_DATA", "/srv/rostrum")
	code, out, errs := run(t, "config", "print", "--demo", "--http-access-log", "--metrics-addr=off", "--config", file(t, "hls.part: 134ms"))
	require.Zero(t, code, errs)
	require.Regexp(t, `(?m)^http.addr: 127.0.0.1:8080 +# --demo$`, out)
	require.Regexp(t, `(?m)^http.access_log: "on" +# flag --http-access-log$`, out)
	require.Regexp(t, `(?m)^data: /srv/rostrum +# variable ROSTRUM_DATA$`, out)
	require.Regexp(t, `(?m)^hls.part: 134ms +# rostrum.yml line 1$`, out)
	require.Regexp(t, `(?m)^log.level: info +# default$`, out)

	t.Setenv("ROSTRUM_DATA", "")
	code, again, errs := run(t, "config", "print", "--config", file(t, out))
	require.Zero(t, code, errs)
	comments := regexp.MustCompile(` +#.*`)
	require.Equal(t, comments.ReplaceAllString(out, ""), comments.ReplaceAllString(again, ""), "what is printed is a file that says the same")
}

func TestChannelsAndKeys(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	t.Setenv("ROSTRUM_DATA", dir)
	code, out, errs := run(t, "channel", "add", "Alice")
	require.Zero(t, code, errs)
	require.Equal(t, "channel alice made\n", out)
	require.FileExists(t, filepath.Join(dir, "rostrum.db"))

	code, _, errs = run(t, "channel", "add", "alice")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "rostrum: this name is taken")
	code, _, errs = run(t, "channel", "add", "a b")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "rostrum: a name holds only")

	code, out, _ = run(t, "channel", "list")
	require.Zero(t, code)
	require.Regexp(t, `(?m)^alice +Alice +\d{4}-`, out)

	code, first, errs := run(t, "channel", "key", "alice", "--label", "OBS at home")
	require.Zero(t, code, errs)
	require.Regexp(t, `^live_\w{26}\n$`, first, "standard output is the key alone")
	require.Contains(t, errs, "server rtmp://127.0.0.1/live and this key")
	require.NotContains(t, errs, strings.TrimSpace(first))

	code, list, _ := run(t, "channel", "key", "list", "alice")
	require.Zero(t, code)
	require.NotContains(t, list, strings.TrimSpace(first))
	row := regexp.MustCompile(`(?m)^(\w{20}) +` + first[len(first)-5:len(first)-1] + ` .* - +- +OBS at home$`).FindStringSubmatch(list)
	require.NotNil(t, row, list)

	code, second, _ := run(t, "channel", "key", "rotate", "alice", row[1])
	require.Zero(t, code)
	require.NotEqual(t, first, second)
	code, _, errs = run(t, "channel", "key", "revoke", "alice", "nosuchid")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "there is no such stream key")
	code, out, _ = run(t, "channel", "key", "revoke", "alice", row[1])
	require.Zero(t, code)
	require.Equal(t, "key "+row[1]+" revoked\n", out)
	code, _, _ = run(t, "channel", "key", "make", "nobody")
	require.Equal(t, exitFailed, code)
}

func TestPublishURL(t *testing.T) {
	for addr, want := range map[string]string{
		":1935":                   "rtmp://127.0.0.1/live",
		"0.0.0.0:1936":            "rtmp://127.0.0.1:1936/live",
		"[::]:1935":               "rtmp://127.0.0.1/live",
		"[2001:db8::1]:1935":      "rtmp://[2001:db8::1]/live",
		"[2001:db8::1]:1936":      "rtmp://[2001:db8::1]:1936/live",
		"stream.example.org:1935": "rtmp://stream.example.org/live",
	} {
		require.Equal(t, want, publishURL(addr))
	}
}

// buffer is what a running server logs to.
type buffer chan string

func (b buffer) Write(p []byte) (int, error) {
	b <- string(p)
	return len(p), nil
}

func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	log := make(buffer, 100)
	code := make(chan int, 1)
	go func() {
		code <- Run(ctx, []string{
			"serve", "--data", t.TempDir(), "--http-addr", "127.0.0.1:0", "--rtmp-addr", "127.0.0.1:0", "--metrics-addr", "off",
		}, os.Stdout, log)
	}()

	address := regexp.MustCompile(`listening.* http=(\S+)`)
	var found []string
	for found == nil {
		select {
		case line := <-log:
			found = address.FindStringSubmatch(line)
		case <-time.After(30 * time.Second):
			t.Fatal("the server does not say where it listens")
		}
	}
	res, err := http.Get("http://" + found[1] + "/healthz")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	http.DefaultClient.CloseIdleConnections()
	require.Less(t, res.StatusCode, 300)

	cancel()
	select {
	case got := <-code:
		require.Zero(t, got)
	case <-time.After(60 * time.Second):
		t.Fatal("the server does not end")
	}
}
