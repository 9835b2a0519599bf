package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// plain returns the tar of a backup.
func plain(t testing.TB, b []byte) []byte {
	t.Helper()
	gz, err := gzip.NewReader(bytes.NewReader(b))
	require.NoError(t, err)
	plain, err := io.ReadAll(gz)
	require.NoError(t, err)
	return plain
}

// packed is the other way.
func packed(plain []byte) []byte {
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	_, _ = gz.Write(plain) // to memory
	_ = gz.Close()
	return b.Bytes()
}

type member struct {
	head tar.Header
	body []byte
}

// rewritten is a backup whose members were changed by somebody who knows the
// form, but not the sums.
func rewritten(t testing.TB, b []byte, change func([]member) []member) []byte {
	t.Helper()
	var all []member
	for r := tar.NewReader(bytes.NewReader(plain(t, b))); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		body, err := io.ReadAll(r)
		require.NoError(t, err)
		all = append(all, member{*h, body})
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, m := range change(all) {
		m.head.Size = int64(len(m.body))
		m.head.Format = tar.FormatUnknown
		require.NoError(t, w.WriteHeader(&m.head))
		_, err := w.Write(m.body)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return packed(out.Bytes())
}

// TestHostileMembers: whoever made the file, nothing is written but into the
// place that is being filled, and nothing is left of it.
func TestHostileMembers(t *testing.T) {
	s := newSite(t)
	full, _ := s.backup(t, true)
	insert := func(at int, m member) func([]member) []member {
		return func(all []member) []member { return append(all[:at:at], append([]member{m}, all[at:]...)...) }
	}
	last := func(name string, body string) func([]member) []member {
		return func(all []member) []member {
			n := len(all) - 2 // before the sums
			return insert(n, member{tar.Header{Typeflag: tar.TypeReg, Name: name}, []byte(body)})(all)
		}
	}
	link := member{head: tar.Header{Typeflag: tar.TypeSymlink, Name: "media/a/b", Linkname: "/etc"}}
	// What the form alone forbids need not be restored to be refused, which is
	// dear: each makes a database.
	byTarget := []string{"an object twice", "another file", "a table of theirs", "SQL for a name", "another row", "out of the folder"}
	for name, change := range map[string]func([]member) []member{
		"out of the folder":   last("media/../../../evil", "x"),
		"a hidden object":     last("media/a/.tmp", "x"),
		"an absolute path":    last("/etc/passwd", "x"),
		"no place":            last("spool/x", "x"),
		"a file too late":     last("files/demo-key", "x"),
		"an object twice":     last("media/pictures/c1-face.png", "x"),
		"one object more":     last("media/a/b", "x"),
		"missing, out of row": last("missing/000002.jsonl", "{}\n"),
		"missing, no kind":    last("missing/000001.jsonl", `{"kind":"evil"}`+"\n"),
		"a link":              insert(4, link),
		"another file":        insert(1, member{tar.Header{Typeflag: tar.TypeReg, Name: "files/rostrum.db"}, []byte("x")}),
		"a table of theirs":   insert(1, member{tar.Header{Typeflag: tar.TypeReg, Name: "tables/sqlite_master/000001.jsonl"}, []byte(`{"columns":["name"]}` + "\n[\"x\"]\n")}),
		"SQL for a name":      insert(1, member{tar.Header{Typeflag: tar.TypeReg, Name: "tables/users; DROP TABLE users/000001.jsonl"}, []byte(`{"columns":["name"]}` + "\n")}),
		"no header":           func(all []member) []member { return all[1:] },
		"no sums":             func(all []member) []member { return append(all[:len(all)-2:len(all)-2], all[len(all)-1]) },
		"no end":              func(all []member) []member { return all[:len(all)-1] },
		"an object less":      func(all []member) []member { return append(all[:len(all)-3:len(all)-3], all[len(all)-2:]...) },
		"two ends":            func(all []member) []member { return append(all, all[len(all)-1]) },
		"another row": func(all []member) []member {
			for i := range all {
				if strings.HasPrefix(all[i].head.Name, "tables/settings/") {
					all[i].body = bytes.Replace(all[i].body, []byte("secret"), []byte("sesame"), 1)
				}
			}
			return all
		},
	} {
		hostile := rewritten(t, full, change)
		if !slices.Contains(byTarget, name) {
			_, err := read(t.Context(), bytes.NewReader(hostile), nobody{}, func(Counts) {})
			require.ErrorIs(t, err, errDamaged, name)
			continue
		}
		to := target(t, "")
		_, _, err := Restore(t.Context(), to, bytes.NewReader(hostile))
		require.Error(t, err, name)
		requireEmpty(t, to)
		outside, err := filepath.Glob(filepath.Join(filepath.Dir(to.Data), "evil*"))
		require.NoError(t, err)
		require.Empty(t, outside)
	}
	_, _, err := Restore(t.Context(), target(t, ""), bytes.NewReader(rewritten(t, full, func(all []member) []member { return all })))
	require.NoError(t, err, "a tar that was written anew is the same backup")
}

// TestNewerFormats: they are refused in words, before anything is read.
func TestNewerFormats(t *testing.T) {
	s := newSite(t)
	full, _ := s.backup(t, false)
	for words, change := range map[string]func(*Header){
		"made by a newer version of Rostrum (\"v9\", format 2": func(h *Header) { h.Format, h.Product = 2, "v9" },
		"the backup's schema is 9999":                          func(h *Header) { h.Schema = 9999 },
	} {
		b := rewritten(t, full, func(all []member) []member {
			var h Header
			require.NoError(t, json.Unmarshal(all[0].body, &h))
			change(&h)
			var err error
			all[0].body, err = json.Marshal(h)
			require.NoError(t, err)
			return all
		})
		to := target(t, "")
		_, _, err := Restore(t.Context(), to, bytes.NewReader(b))
		require.ErrorContains(t, err, words)
		requireEmpty(t, to)
	}
}

// TestSumsAreThoseOfSha256sum: who unpacks a backup can check it by other tools.
func TestSumsAreThoseOfSha256sum(t *testing.T) {
	s := newSite(t)
	full, _ := s.backup(t, true)
	members, lines := 0, 0
	rewritten(t, full, func(all []member) []member {
		for _, m := range all {
			require.EqualValues(t, 0o600, m.head.Mode)
			if strings.HasPrefix(m.head.Name, "sums/") {
				lines += bytes.Count(m.body, []byte("\n"))
				require.Regexp(t, `\A([0-9a-f]{64}  \S+\n)+\z`, string(m.body))
				continue
			}
			members++
		}
		return all
	})
	require.Equal(t, members-1, lines, "all but the end")
}

func TestRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(
			rapid.Just[any](nil), rapid.Custom(func(t *rapid.T) any { return rapid.Int64().Draw(t, "n") }),
			rapid.Custom(func(t *rapid.T) any { return rapid.String().Draw(t, "text") }),
		)
		row := rapid.SliceOfN(value, 1, 20).Draw(t, "row")
		line, err := appendRow(nil, row)
		if err != nil || bytes.Count(line, []byte("\n")) != 1 {
			t.Fatalf("%q: %v", line, err)
		}
		got, err := parseRow(line)
		if err != nil || fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", row) {
			t.Fatalf("%#v became %#v by %s: %v", row, got, line, err)
		}
	})
	line, err := appendRow(nil, []any{"a\xffb", []byte{0, 255}, int64(math.MinInt64)})
	require.NoError(t, err)
	got, err := parseRow(line)
	require.NoError(t, err)
	require.Equal(t, []any{[]byte("a\xffb"), []byte{0, 255}, int64(math.MinInt64)}, got, "store makes text of it")
	_, err = appendRow(nil, []any{1.5})
	require.Error(t, err)
	for _, bad := range []string{"", "null", "{}", "[1.5]", "[true]", "[[1]]", `[{"base64":"?"}]`, "[1e3]", "[9223372036854775808]", "[1] 2"} {
		_, err := parseRow([]byte(bad))
		require.Error(t, err, bad)
	}
}

// FuzzRead: no file makes the reader fail otherwise than by an error.
func FuzzRead(f *testing.F) {
	s := newSite(f)
	full, _ := s.backup(f, true)
	f.Add(plain(f, full))
	f.Add(plain(f, full)[:3000])
	var out bytes.Buffer
	gz, err := gzip.NewWriterLevel(&out, gzip.NoCompression) // one: a new one costs more than what is read
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		out.Reset()
		gz.Reset(&out)
		_, _ = gz.Write(b) // to memory
		_ = gz.Close()
		counts, err := read(t.Context(), &out, nobody{}, func(Counts) {})
		if err == nil && counts.Rows() < 0 {
			t.Fatal("less than nothing")
		}
		if err != nil && err.Error() == "" {
			t.Fatal("an error without words")
		}
	})
}

// FuzzParseRow: what is a row is written as the same row.
func FuzzParseRow(f *testing.F) {
	f.Add([]byte(`["a",1,null,{"base64":"AA=="}]`))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := parseRow(line)
		if err != nil || len(row) == 0 {
			return
		}
		again, err := appendRow(nil, row)
		require.NoError(t, err)
		got, err := parseRow(again)
		require.NoError(t, err)
		require.Equal(t, row, got)
	})
}

// TestListLeavesNothing: its file has no name.
func TestListLeavesNothing(t *testing.T) {
	folder := t.TempDir()
	l, err := newList(folder)
	require.NoError(t, err)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, entries)
	l.close()
}
