package app

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/importer"
)

const importFixtures = "../importer/testdata"

// fixtureNames are the configurations of other servers that people have.
func fixtureNames(t testing.TB) []string {
	t.Helper()
	golden, err := filepath.Glob(filepath.Join(importFixtures, "*.golden"))
	require.NoError(t, err)
	require.Len(t, golden, 7)
	var names []string
	for _, path := range golden {
		names = append(names, strings.TrimSuffix(filepath.Base(path), ".golden"))
	}
	return names
}

// What is written of each of them is a configuration that a server takes, and
// each key that could have come of it is there or answered for.
func TestConfigImport(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(importFixtures)))
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, cert, key, "live.example", time.Now().Add(time.Hour))
	keys := regexp.MustCompile(`(?m)^([a-z_.]+): `)
	for _, name := range fixtureNames(t) {
		t.Run(name, func(t *testing.T) {
			path, ours := filepath.Join(dir, name), filepath.Join(dir, name+".ours.yml")
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			text = bytes.ReplaceAll(text, []byte("CERTIFICATES/fullchain.pem"), []byte(cert))
			text = bytes.ReplaceAll(text, []byte("CERTIFICATES/privkey.pem"), []byte(key))
			require.NoError(t, os.WriteFile(path, text, 0o600))

			code, out, report := run(t, "config", "import", path, "-o", ours)
			require.Zero(t, code, report)
			require.Empty(t, out)
			code, out, errs := run(t, "config", "check", "--config", ours)
			require.Zero(t, code, errs)
			require.Equal(t, "the configuration is good\n", out)

			yml, err := os.ReadFile(ours)
			require.NoError(t, err)
			golden, err := os.ReadFile(path + ".golden")
			require.NoError(t, err)
			wanted, _, _ := strings.Cut(string(golden), "\n\n")
			for _, m := range keys.FindAllStringSubmatch(wanted, -1) {
				if _, known := (importSchema{schema()}).Default(m[1]); known {
					require.Contains(t, string(yml), "\n"+m[0])
				} else {
					require.Contains(t, report, "ignored: ")
					require.Contains(t, report, "this version has no "+m[1]+"\n")
				}
			}
		})
	}
}

func TestConfigImportOutput(t *testing.T) {
	dir := t.TempDir()
	theirs, ours := filepath.Join(dir, "nginx.conf"), filepath.Join(dir, "rostrum.yml")
	require.NoError(t, os.WriteFile(theirs, []byte("rtmp { server { listen 1936; } }"), 0o600))

	code, out, report := run(t, "config", "import", theirs)
	require.Zero(t, code)
	require.Contains(t, out, "rtmp.addr: :1936 # nginx.conf line 1\n")
	require.Equal(t, "nginx.conf:1: taken: listen: rtmp.addr is :1936\nnginx-rtmp: 1 taken, 0 differ, 0 ignored\n", report)

	require.NoError(t, os.WriteFile(ours, []byte("mine"), 0o600))
	code, _, errs := run(t, "config", "import", theirs, "-o", ours)
	require.Equal(t, exitUsage, code)
	require.Equal(t, "rostrum: "+ours+" is there already: --force writes over it\n", errs)
	kept, err := os.ReadFile(ours)
	require.NoError(t, err)
	require.Equal(t, "mine", string(kept))
	code, _, errs = run(t, "config", "import", theirs, "-o", ours, "--force")
	require.Zero(t, code, errs)
	written, err := os.ReadFile(ours)
	require.NoError(t, err)
	require.Equal(t, out, string(written))

	for args, want := range map[string]string{
		theirs + " --from mediamtx":            "rostrum: nginx.conf: keys with values are wanted here\n",
		theirs + " --from apache":              "--from",
		filepath.Join(dir, "none.conf"):        "no such file",
		ours + " --from srs":                   "has no semicolon at its end",
		ours:                                   "say whose it is by --from",
		theirs + " -o " + dir + "/none/of.yml": "no such file",
	} {
		code, out, errs := run(t, append([]string{"config", "import"}, strings.Fields(args)...)...)
		require.NotZero(t, code, args)
		require.Empty(t, out, args)
		require.Contains(t, errs, want, args)
	}
}

// FuzzConfigImport: whatever a configuration says, what is written of it is one
// that a server takes.
func FuzzConfigImport(f *testing.F) {
	servers := []importer.Server{importer.Nginx, importer.SRS, importer.MediaMTX}
	for i := range servers {
		for _, name := range fixtureNames(f) {
			text, err := os.ReadFile(filepath.Join(importFixtures, name))
			require.NoError(f, err)
			f.Add(uint8(i), string(text))
		}
		f.Add(uint8(i), "rtmps { enabled on; listen 1443; key a; }")
		f.Add(uint8(i), "hlsPartDuration: 900ms\nhlsSegmentDuration: 1500ms\nhlsSegmentCount: 2")
	}
	f.Fuzz(func(t *testing.T, from uint8, text string) {
		result, err := importer.Import("f", []byte(text), importer.Options{From: servers[int(from)%len(servers)], Schema: importSchema{schema()}})
		if err != nil {
			return
		}
		yml, err := result.YAML()
		require.NoError(t, err)
		l := newLayers(schema())
		for _, k := range l.keys {
			l.put(k.name, k.fallback, "default")
		}
		readText(l, "f", yml)
		if len(l.errs) == 0 {
			l.checkTogether()
		}
		require.Empty(t, l.errs, string(yml))
		imported := 0
		for _, origin := range origins(l.list()) {
			if origin != "default" {
				imported++
			}
		}
		require.Equal(t, len(result.Settings), imported, string(yml))
	})
}
