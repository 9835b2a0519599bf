package app

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

// The configuration that packages bring is one that the server takes, as it
// stands and with each line of it that is commented out.
func TestPackagedConfiguration(t *testing.T) {
	text, err := os.ReadFile("../../packaging/rostrum.yml")
	require.NoError(t, err)
	cfg, _, err := loadConfig(sources{file: file(t, string(text))})
	require.NoError(t, err)
	require.Equal(t, "/var/lib/rostrum", cfg.Data)

	commented := regexp.MustCompile(`(?m)^#([a-z_.]+: .+)$`)
	require.Len(t, commented.FindAllString(string(text), -1), 15)
	all := commented.ReplaceAllString(string(text), "$1")
	_, settings, err := loadConfig(sources{file: file(t, all)})
	require.NoError(t, err)
	set := 0
	for _, s := range settings {
		if s.origin != "default" {
			set++
		}
	}
	require.Equal(t, 16, set)
}

// What the container files set by the environment are keys, and the files that
// compose reads are YAML.
func TestContainerFiles(t *testing.T) {
	variables := regexp.MustCompile(`\bROSTRUM_[A-Z_]+`)
	known := names(schema(), (*key).variable)
	for name, count := range map[string]int{"Containerfile": 2, "compose.yaml": 1, "compose.postgresql.yaml": 1} {
		text, err := os.ReadFile("../../packaging/" + name)
		require.NoError(t, err)
		found := map[string]bool{}
		for _, v := range variables.FindAllString(string(text), -1) {
			require.Contains(t, known, v, name)
			found[v] = true
		}
		require.Len(t, found, count, name)
		if name == "Containerfile" {
			continue
		}
		var compose struct {
			Services map[string]map[string]any
			Volumes  map[string]any
		}
		require.NoError(t, yaml.Unmarshal(text, &compose), name)
		require.Contains(t, compose.Services, "rostrum")
		require.Contains(t, compose.Volumes, "data")
	}
}

// The configuration that the page for servers shows is one that is taken.
func TestServerPageExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/vps.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.Len(t, examples, 1)
	cfg, _, err := loadConfig(sources{file: file(t, examples[0][1])})
	require.NoError(t, err)
	require.True(t, cfg.HTTPS.Redirect)
}
