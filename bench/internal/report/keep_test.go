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

// A second run of the same commit on the same day does not cost the first.
func TestKeepOverwritesNothing(t *testing.T) {
	folder, began := t.TempDir(), time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)
	var paths []string
	for _, page := range []string{"one", "two", "three"} {
		path, err := Keep(t.Context(), folder, "-x", began, page, page)
		require.NoError(t, err)
		require.NotContains(t, paths, path)
		paths = append(paths, path)
	}
	for i, want := range []string{"one", "two", "three"} {
		b, err := os.ReadFile(paths[i] + ".md")
		require.NoError(t, err)
		require.Equal(t, want, string(b))
	}
}
