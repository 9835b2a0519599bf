package blob

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

func TestValidKey(t *testing.T) {
	for _, key := range []string{"a", "a/b", "media/01h/video/720p/12-3.m4s", "_-.", "a..b", strings.Repeat("a", 200), strings.Repeat("a/", 255) + "aa"} {
		require.True(t, ValidKey(key), key)
	}
	for _, key := range []string{
		"", "/", "a/", "/a", "a//b", ".", "..", "../a", "a/..", "a/./b", ".a", "a/.b", "A", "a b", "a\\b", "a\x00", "ä", "a:b", "a%2e",
		strings.Repeat("a", 201), strings.Repeat("a/", 256) + "a",
	} {
		require.False(t, ValidKey(key), key)
	}
}

func FuzzValidKeyStaysInside(f *testing.F) {
	f.Add("media/../../etc")
	f.Add("a/b.mp4")
	f.Fuzz(func(t *testing.T, key string) {
		if !ValidKey(key) {
			return
		}
		require.True(t, filepath.IsLocal(key), key)
		require.Equal(t, filepath.Join("/root", key), "/root/"+key, "one key, one path")
	})
}

func TestKeysOfTheirAlphabetAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.StringMatching(`[a-z0-9_-][a-z0-9_.-]{0,20}(/[a-z0-9_-][a-z0-9_.-]{0,20}){0,5}`).Draw(t, "key")
		require.True(t, ValidKey(key))
	})
}

// What a process that died left is out of sight at once, and gone after a
// sweep, also when a process died over that.
func TestWhatWasLeftUnfinishedIsSwept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "store")
	f := open(t, dir)
	putAll(t, f, "a/b")
	for i := range 2 {
		require.NoError(t, os.WriteFile(filepath.Join(f.spare(), "put-1"), []byte("half"), 0o600))
		folder := filepath.Join(f.spare(), "delete-1", "folder", "video")
		require.NoError(t, os.MkdirAll(folder, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, "seg1.m4s"), []byte("gone"), 0o600))
		f = open(t, dir)
		checkList(t, f, "", "a/b")
		left, err := os.ReadDir(f.spare())
		require.NoError(t, err)
		require.Empty(t, left)
		left, err = os.ReadDir(f.stale())
		require.NoError(t, err)
		require.Len(t, left, i+1)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, f.Sweep(ctx), context.Canceled)
	require.DirExists(t, f.stale())
	for range 2 {
		require.NoError(t, f.Sweep(t.Context()))
		require.NoDirExists(t, f.stale())
	}
	check(t, f, "a/b", "a/b")
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

func TestPutLeavesNothingUnfinished(t *testing.T) {
	f := open(t, t.TempDir())
	putAll(t, f, "a/b")
	require.Error(t, f.PutBytes(t.Context(), "a", []byte("in the way of a folder")))
	left, err := os.ReadDir(f.spare())
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestOpenFollowsALinkToAnotherDisk(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "media")
	require.NoError(t, os.Symlink(dir, link))
	f := open(t, link)
	putAll(t, f, "a/b")
	checkList(t, f, "", "a/b")
	require.FileExists(t, filepath.Join(dir, "a", "b"))
}

func TestOpenFailsClearly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err := Open(path)
	require.ErrorContains(t, err, "open object store")
}

// elsewhere is a folder on another file system than dir, which goes with the test.
func elsewhere(t *testing.T, dir string) string {
	t.Helper()
	var here, there unix.Stat_t
	require.NoError(t, unix.Stat(dir, &here))
	for _, root := range []string{"/dev/shm", "/var/tmp"} {
		if unix.Stat(root, &there) != nil || here.Dev == there.Dev {
			continue
		}
		other, err := os.MkdirTemp(root, "rostrum-test-*")
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, os.RemoveAll(other)) })
		return other
	}
	t.Skip("there is no second file system")
	return ""
}

func TestPutAcrossFileSystems(t *testing.T) {
	f := open(t, t.TempDir())
	dir := elsewhere(t, f.root)
	src := filepath.Join(dir, "spool")
	require.NoError(t, os.WriteFile(src, []byte("from afar"), 0o600))

	require.Error(t, f.Put(t.Context(), "a/.b", src))
	require.FileExists(t, src)
	require.NoError(t, f.Put(t.Context(), "a/b", src))
	require.NoFileExists(t, src)
	check(t, f, "a/b", "from afar")
	left, err := os.ReadDir(f.spare())
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestFree(t *testing.T) {
	free, total, err := open(t, t.TempDir()).Free()
	require.NoError(t, err)
	require.Positive(t, total)
	require.GreaterOrEqual(t, free, int64(0))
	require.Less(t, free, total)

	_, _, err = (&Files{filepath.Join(t.TempDir(), "gone")}).Free()
	require.ErrorContains(t, err, "measure disk")
}

// BenchmarkPut tells what it costs to keep a segment of 1 MB, alone and with
// the sync of ten at a time.
func BenchmarkPut(b *testing.B) {
	for _, batch := range []int{0, 1, 10} {
		b.Run(fmt.Sprintf("sync=%d", batch), func(b *testing.B) {
			f := open(b, b.TempDir())
			src := filepath.Join(b.TempDir(), "spool")
			content := make([]byte, 1<<20)
			var keys []string
			n := 0
			for b.Loop() {
				b.StopTimer()
				require.NoError(b, os.WriteFile(src, content, 0o600))
				b.StartTimer()
				key := fmt.Sprintf("media/x/video/source/%d.m4s", n)
				n++
				require.NoError(b, f.Put(b.Context(), key, src))
				if keys = append(keys, key); batch > 0 && len(keys) >= batch {
					require.NoError(b, f.Sync(b.Context(), keys))
					keys = keys[:0]
				}
			}
		})
	}
}

// What lies on another file system is not left out when all is synced at once.
func TestSyncOfManyFindsOtherFileSystems(t *testing.T) {
	if !syncsSystem {
		t.Skip("files are synced one by one here")
	}
	f := open(t, t.TempDir())
	elsewhere := elsewhere(t, f.root)
	putAll(t, f, "a/b")
	require.NoError(t, os.WriteFile(filepath.Join(elsewhere, "c"), nil, 0o600))
	here, err := device(f.root)
	require.NoError(t, err)
	s := syncer{root: f.root, whole: true, device: here, seen: map[string]bool{}}
	require.NoError(t, s.file(filepath.Join(f.root, "a", "b")))
	require.True(t, s.later)
	require.Empty(t, s.folders)
	require.NoError(t, s.file(filepath.Join(elsewhere, "c")))
	require.Contains(t, s.folders, elsewhere)
	require.NoError(t, s.finish())
}
