package app

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// requireNoSecret looks for the password of the tests' database.
func requireNoSecret(t *testing.T, text string) {
	t.Helper()
	require.NotContains(t, text, "s3cret")
	require.NotContains(t, text, postgres.Password)
}

func TestDatabaseKey(t *testing.T) {
	for _, text := range []string{"sqlite", "SQLite"} {
		cfg, _, err := loadConfig(sources{environ: []string{"ROSTRUM_DB_URL=" + text}})
		require.NoError(t, err)
		require.Empty(t, cfg.DB.URL)
	}
	const address = "postgres://me:s3cret@db.example.org/rostrum"
	cfg, from, err := loadConfig(sources{file: file(t, "db:\n  url: "+address)})
	require.NoError(t, err)
	require.Equal(t, address, cfg.DB.URL)
	require.Equal(t, "rostrum.yml line 2", origins(from)["db.url"])

	for _, text := range []string{
		"postgres://me:s3cret@db:port/rostrum", "mysql://me:s3cret@db/rostrum", "postgres://me:1/s3cret@db/rostrum", "me:s3cret",
	} {
		for _, src := range []sources{
			{file: file(t, "db.url: '"+text+"'")}, {environ: []string{"ROSTRUM_DB_URL=" + text}}, {flags: map[string]string{"db.url": text}},
		} {
			_, _, err := loadConfig(src)
			require.ErrorContains(t, err, "db.url: it is not an address like postgres://")
			requireNoSecret(t, err.Error())
		}
	}
}

func TestConfigPrintMasksPasswords(t *testing.T) {
	code, out, errs := run(t, "config", "print", "--db-url", "postgres://me:s3cret@db.example.org/rostrum?sslmode=require")
	require.Zero(t, code, errs)
	require.Regexp(t, `(?m)^db.url: postgres://me:xxxxx@db.example.org/rostrum\?sslmode=require +# flag --db-url$`, out)
	requireNoSecret(t, out)
	code, _, errs = run(t, "config", "print", "--config", file(t, out))
	require.Zero(t, code, errs)
}

// The command line and the server have the same channels, of the database that
// is named, and nothing in a file.
func TestPostgresDatabase(t *testing.T) {
	address, data := postgres.Fresh(t), t.TempDir()
	t.Setenv("ROSTRUM_DB_URL", address)
	t.Setenv("ROSTRUM_DATA", data)
	code, _, errs := run(t, "channel", "add", "Alice")
	require.Zero(t, code, errs)
	code, key, errs := run(t, "channel", "key", "alice")
	require.Zero(t, code, errs)
	require.Regexp(t, `^live_\w{26}\n$`, key)
	code, _, errs = run(t, "channel", "set", "alice", "--window", "30s")
	require.Zero(t, code, errs)

	s := startServer(t, data, "--demo")
	status, body := s.get("/api/v1/channels/alice")
	require.Equal(t, 200, status)
	require.Contains(t, body, `"title":"Alice"`)
	s.await("the demo is on air", func() bool {
		_, body := s.get("/api/v1/live")
		return strings.Contains(body, `"state":"live"`)
	})
	code, list, errs := run(t, "channel", "list")
	require.Zero(t, code, errs)
	require.Regexp(t, `(?m)^alice +Alice .* 30s `, list)
	require.Zero(t, s.end())
	requireNoSecret(t, s.log.String()+s.out.String())
	none, err := filepath.Glob(filepath.Join(data, "rostrum.db*"))
	require.NoError(t, err)
	require.Empty(t, none)
}

// A start without the database says which one it misses.
func TestServeWithoutItsDatabase(t *testing.T) {
	u, err := url.Parse(postgres.Fresh(t))
	require.NoError(t, err)
	name := regexp.QuoteMeta(u.Path[1:])
	u.Host = "127.0.0.1:1"
	for _, args := range [][]string{
		{"serve", "--http-addr", "127.0.0.1:0", "--rtmp-addr", "127.0.0.1:0", "--metrics-addr", "off"},
		{"channel", "list"},
	} {
		code, _, errs := run(t, append(args, "--data", t.TempDir(), "--db-url", u.String())...)
		require.Equal(t, exitFailed, code)
		require.Regexp(t, `^rostrum: open database "`+name+`" at 127\.0\.0\.1:1: .*connection refused`, errs)
		requireNoSecret(t, errs)
	}
}
