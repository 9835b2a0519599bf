package app

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the table of keys in docs/configuration.md")

// keyTable is the schema as a table for people.
func keyTable() string {
	var b strings.Builder
	b.WriteString("| key | default | |\n|---|---|---|\n")
	for _, k := range schema() {
		fmt.Fprintf(&b, "| `%s` | `%s` | %s (%s) |\n", k.name, k.fallback, k.help, k.field(new(Config)).Form())
	}
	return b.String()
}

func TestConfigurationPage(t *testing.T) {
	const path = "../../docs/configuration.md"
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	parts := regexp.MustCompile(`(?s)^(.*<!-- keys:[^\n]*-->\n)(.*)(<!-- /keys -->.*)$`).FindStringSubmatch(string(page))
	require.NotNil(t, parts, "the marks around the table of keys are gone")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(parts[1]+keyTable()+parts[3]), 0o644))
		return
	}
	require.Equal(t, keyTable(), parts[2], "run go test with -update and read the diff")
}

// The file that the page shows must be one that the server takes.
func TestConfigurationExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, examples)
	for _, example := range examples {
		_, _, err := loadConfig(sources{file: file(t, example[1])})
		require.NoError(t, err)
	}
}
