package postgres

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFind(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	root := t.TempDir()
	_, err := find(root)
	require.EqualError(t, err, "PostgreSQL is not installed: install postgresql, as Debian calls it")
	for _, version := range []string{"9", "15", "17"} {
		folder := filepath.Join(root, version, "bin")
		require.NoError(t, os.MkdirAll(folder, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "initdb"), nil, 0o700))
	}
	bin, err := find(root)
	require.NoError(t, err)
	require.Equal(t, filepath.Join(root, "17", "bin"), bin)
}

// TestServer: what a test is promised. A database of its own, whose text
// compares as a language does, over a restart.
func TestServer(t *testing.T) {
	s, err := Start(t.Context(), false)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Remove()) })
	_, err = s.Create(t.Context(), "mine", "")
	require.NoError(t, err)
	require.NoError(t, s.Exec(t.Context(), "mine", `CREATE TABLE kept AS SELECT 1 / (CASE WHEN 'a_b' < 'a-b' THEN 1 ELSE 0 END) AS n`))
	require.NoError(t, s.Stop())
	require.NoError(t, s.Stop(), "twice is fine")
	require.Error(t, s.Exec(t.Context(), "mine", "SELECT 1"))
	require.NoError(t, s.Start(t.Context()))
	require.NoError(t, s.Exec(t.Context(), "mine", "SELECT n FROM kept"))
	require.NoError(t, s.Drop(t.Context(), "mine"))
	require.Error(t, s.Exec(t.Context(), "mine", "SELECT 1"))
}
