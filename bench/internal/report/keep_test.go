package report

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestKeepNamesBothForms(t *testing.T) {
	page := Table([][]string{{"a", "b|c"}, {"1", "2"}})
	require.Equal(t, "| a | b\\|c |\n|---|---|\n| 1 | 2 |\n", page)
	path, err := Keep(t.Context(), t.TempDir(), "-x", time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC), page, []int{1, 2})
	require.NoError(t, err)
	require.Contains(t, path, "2026-01-02-")
	for ending, want := range map[string]string{"-x.md": page, "-x.json": "[1,2]\n"} {
		b, err := os.ReadFile(path[:len(path)-len("-x")] + ending)
		require.NoError(t, err)
		require.Equal(t, want, string(b))
	}
}
