package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// objects is what every store of objects does.
type objects interface {
	Put(ctx context.Context, key, src string) error
	PutBytes(ctx context.Context, key string, b []byte) error
	Sync(ctx context.Context, keys []string, beside ...string) error
	Get(ctx context.Context, key string) (*os.File, int64, error)
	Delete(ctx context.Context, key string) error
	DeletePrefix(ctx context.Context, prefix string) error
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
}

func TestFiles(t *testing.T) {
	suite(t, func(t *testing.T) objects { return open(t, t.TempDir()) })
}

func open(t testing.TB, dir string) *Files {
	f, err := Open(dir)
	require.NoError(t, err)
	return f
}

// suite is what every store must do; fresh makes an empty one.
func suite(t *testing.T, fresh func(*testing.T) objects) {
	for name, test := range map[string]func(*testing.T, objects){
		"put and get":   testPutGet,
		"bytes":         testPutBytes,
		"bad keys":      testBadKeys,
		"folders":       testFolders,
		"delete":        testDelete,
		"delete prefix": testDeletePrefix,
		"list":          testList,
		"sync":          testSync,
		"open deleted":  testOpenDeleted,
		"many":          testMany,
		"ended context": testEndedContext,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// source makes a file to be put.
func source(t testing.TB, content string) string {
	t.Helper()
	src := filepath.Join(t.TempDir(), "spool")
	require.NoError(t, os.WriteFile(src, []byte(content), 0o600))
	return src
}

func check(t testing.TB, o objects, key, want string) {
	t.Helper()
	f, size, err := o.Get(t.Context(), key)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	b, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, want, string(b))
	require.EqualValues(t, len(want), size)
}

func checkMissing(t testing.TB, o objects, keys ...string) {
	t.Helper()
	for _, key := range keys {
		_, _, err := o.Get(t.Context(), key)
		require.ErrorIs(t, err, ErrNotFound, key)
	}
}

func checkList(t testing.TB, o objects, prefix string, want ...string) {
	t.Helper()
	var got []string
	for k, err := range o.List(t.Context(), prefix) {
		require.NoError(t, err)
		got = append(got, k)
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("list of %q (-want +got):\n%s", prefix, d)
	}
}

func putAll(t testing.TB, o objects, keys ...string) {
	t.Helper()
	for _, key := range keys {
		require.NoError(t, o.PutBytes(t.Context(), key, []byte(key)))
	}
}

func testPutGet(t *testing.T, o objects) {
	ctx := t.Context()
	const key = "media/01abc/video/source/7.m4s"
	checkMissing(t, o, key)
	src := source(t, "seven")
	require.NoError(t, o.Put(ctx, key, src))
	require.NoFileExists(t, src)
	check(t, o, key, "seven")
	require.NoError(t, o.Put(ctx, key, source(t, "seven again")))
	check(t, o, key, "seven again")
	require.NoError(t, o.Put(ctx, "empty", source(t, "")))
	check(t, o, "empty", "")

	require.Error(t, o.Put(ctx, "a/b", filepath.Join(t.TempDir(), "none")))
	checkMissing(t, o, "a/b")
}

func testPutBytes(t *testing.T, o objects) {
	putAll(t, o, "a", "b/c", "b/d")
	check(t, o, "b/c", "b/c")
	require.NoError(t, o.PutBytes(t.Context(), "b/c", []byte("new")))
	check(t, o, "b/c", "new")
	require.NoError(t, o.PutBytes(t.Context(), "a", nil))
	check(t, o, "a", "")
}

func testBadKeys(t *testing.T, o objects) {
	ctx := t.Context()
	for _, key := range []string{"", "/", "..", "a/../b", "/etc/passwd", ".tmp/x"} {
		src := source(t, "stays")
		require.ErrorIs(t, o.Put(ctx, key, src), ErrBadKey, key)
		require.FileExists(t, src)
		require.ErrorIs(t, o.PutBytes(ctx, key, nil), ErrBadKey, key)
		require.ErrorIs(t, o.Sync(ctx, []string{key}), ErrBadKey, key)
		require.ErrorIs(t, o.Delete(ctx, key), ErrBadKey, key)
		require.ErrorIs(t, o.DeletePrefix(ctx, key), ErrBadKey, key)
		_, _, err := o.Get(ctx, key)
		require.ErrorIs(t, err, ErrBadKey, key)
		if key == "" {
			continue // the prefix of all
		}
		for _, err := range o.List(ctx, key) {
			require.ErrorIs(t, err, ErrBadKey, key)
		}
	}
}

func testFolders(t *testing.T, o objects) {
	ctx := t.Context()
	putAll(t, o, "a/b")
	checkMissing(t, o, "a", "a/b/c")
	src := source(t, "stays")
	require.Error(t, o.Put(ctx, "a", src))
	require.Error(t, o.Put(ctx, "a/b/c", src))
	require.FileExists(t, src)
	require.Error(t, o.PutBytes(ctx, "a", nil))
	require.NoError(t, o.Delete(ctx, "a"))
	require.NoError(t, o.Delete(ctx, "a/b/c"))
	require.NoError(t, o.DeletePrefix(ctx, "a/b"))
	require.NoError(t, o.DeletePrefix(ctx, "a/b/c"))
	check(t, o, "a/b", "a/b")
	checkList(t, o, "a/b")
	checkList(t, o, "", "a/b")
}

func testDelete(t *testing.T, o objects) {
	putAll(t, o, "a/b", "a/c")
	for range 2 {
		require.NoError(t, o.Delete(t.Context(), "a/b"))
	}
	checkMissing(t, o, "a/b")
	check(t, o, "a/c", "a/c")
	putAll(t, o, "a/b")
	check(t, o, "a/b", "a/b")
}

func testDeletePrefix(t *testing.T, o objects) {
	putAll(t, o, "m/a/1", "m/a/x/2", "m/ab/3")
	for range 2 {
		require.NoError(t, o.DeletePrefix(t.Context(), "m/a"))
	}
	checkMissing(t, o, "m/a/1", "m/a/x/2")
	checkList(t, o, "", "m/ab/3")
	putAll(t, o, "m/a/1")
	check(t, o, "m/a/1", "m/a/1")
}

func testList(t *testing.T, o objects) {
	checkList(t, o, "")
	checkList(t, o, "none")
	putAll(t, o, "a", "b/c", "b/d/e", "bb")
	checkList(t, o, "", "a", "b/c", "b/d/e", "bb")
	checkList(t, o, "b", "b/c", "b/d/e")
	checkList(t, o, "b/d", "b/d/e")

	n := 0
	for _, err := range o.List(t.Context(), "") {
		require.NoError(t, err)
		n++
		break
	}
	require.Equal(t, 1, n)
	for k, err := range o.List(t.Context(), "") { // one that goes through it may delete
		require.NoError(t, err)
		require.NoError(t, o.Delete(t.Context(), k))
	}
	checkList(t, o, "")
}

func testSync(t *testing.T, o objects) {
	putAll(t, o, "a", "b/c", "b/d/e")
	require.NoError(t, o.Sync(t.Context(), nil))
	beside := filepath.Join(t.TempDir(), "beside")
	require.NoError(t, os.WriteFile(beside, nil, 0o600))
	for _, times := range []int{1, 20} { // few are synced one by one, many at once
		keys := slices.Repeat([]string{"a", "b/c", "b/d/e", "a"}, times)
		require.NoError(t, o.Sync(t.Context(), keys))
		require.NoError(t, o.Sync(t.Context(), keys, beside, beside+"-is-gone"))
		require.ErrorIs(t, o.Sync(t.Context(), append(keys, "none")), ErrNotFound)
		require.ErrorIs(t, o.Sync(t.Context(), append(keys, "a/below")), ErrNotFound)
	}
}

func testOpenDeleted(t *testing.T, o objects) {
	putAll(t, o, "m/a")
	f, _, err := o.Get(t.Context(), "m/a")
	require.NoError(t, err)
	require.NoError(t, o.DeletePrefix(t.Context(), "m"))
	b, err := io.ReadAll(f)
	require.NoError(t, err)
	require.Equal(t, "m/a", string(b))
	require.NoError(t, f.Close())
}

// testMany writes, reads and deletes at the same time: whoever reads an
// object has all of it, and no deletion breaks a writer.
func testMany(t *testing.T, o objects) {
	ctx := t.Context()
	const key = "shared/folder/object"
	content := make([]byte, 64<<10)
	var g errgroup.Group
	repeat := func(times int, do func() error) {
		g.Go(func() error {
			for range times {
				if err := do(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for range 4 {
		repeat(50, func() error { return o.PutBytes(ctx, key, content) })
		repeat(50, func() error {
			f, size, err := o.Get(ctx, key)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err == nil && size != int64(len(content)) {
				err = fmt.Errorf("object of %d bytes", size)
			}
			if err == nil {
				err = f.Close()
			}
			return err
		})
	}
	repeat(20, func() error { return o.Delete(ctx, key) })
	repeat(2, func() error { return o.DeletePrefix(ctx, "shared") })
	require.NoError(t, g.Wait())
	putAll(t, o, key)
	checkList(t, o, "", key)
}

func testEndedContext(t *testing.T, o objects) {
	putAll(t, o, "a")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	src := source(t, "stays")
	require.ErrorIs(t, o.Put(ctx, "b", src), context.Canceled)
	require.FileExists(t, src)
	require.ErrorIs(t, o.Delete(ctx, "a"), context.Canceled)
	for _, err := range o.List(ctx, "") {
		require.ErrorIs(t, err, context.Canceled)
	}
	checkList(t, o, "", "a")
}
