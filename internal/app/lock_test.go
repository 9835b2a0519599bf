package app

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOneServerForADataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	first, err := lockData(dir)
	require.NoError(t, err)
	_, err = lockData(dir)
	require.ErrorContains(t, err, "another server uses the folder "+dir)
	require.ErrorContains(t, err, "--data")
	require.NoError(t, first.Close())
	again, err := lockData(dir)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}
