package archtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath string
	GoFiles    []string
	Imports    []string // without those of tests
}

// roomOf returns the room that a package of ours lies in: internal/live and
// all below it are live. ok is false for packages that are not ours.
func roomOf(path string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(path, module+"/")
	if !ok {
		return "", false
	}
	if inner, found := strings.CutPrefix(rest, "internal/"); found {
		name, _, _ = strings.Cut(inner, "/")
		return name, true
	}
	if strings.HasPrefix(rest, "cmd/") {
		return rest, true
	}
	name, _, _ = strings.Cut(rest, "/")
	return name, true
}

// checkImports finds the imports that the tables do not allow.
func checkImports(pkgs []pkg, rooms map[string]room, borders []border) []string {
	var wrong []string
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	for _, p := range pkgs {
		from, ours := roomOf(p.ImportPath)
		if !ours || len(p.GoFiles) == 0 { // the module's root, and packages of tests alone
			continue
		}
		r, ok := rooms[from]
		if !ok {
			complain("room %s has no row", from)
			continue
		}
		for _, path := range p.Imports {
			if to, ours := roomOf(path); ours {
				below := r.every && rooms[to].floor > 0 && rooms[to].floor < r.floor
				if to != from && !below && !slices.Contains(r.may, to) {
					complain("%s imports %s", p.ImportPath, path)
				}
				continue
			}
			for _, b := range borders {
				inside := path == b.path || strings.HasPrefix(path, b.path+"/")
				if inside && from != b.only && r.floor > 0 {
					complain("%s imports %s, which is for %s alone", p.ImportPath, path, b.only)
				}
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

// list asks go list for all our packages.
func list(t *testing.T) []pkg {
	t.Helper()
	// go test keeps a result for as long as what the test itself opened is the
	// same, and does not see what a child reads: open all folders of code here.
	for _, dir := range []string{"cmd", "internal", "bench", "e2e"} {
		err := filepath.WalkDir(filepath.Join("../..", dir), func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "node_modules" {
				return fs.SkipDir
			}
			return err
		})
		require.NoError(t, err)
	}
	// -e goes on past packages that do not build; building them is not this test.
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,GoFiles,Imports", module+"/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			require.NoError(t, err)
		}
		pkgs = append(pkgs, p)
	}
}

func TestImportsFollowTheTables(t *testing.T) {
	doc, err := os.ReadFile("../../docs/ARCHITECTURE.md")
	require.NoError(t, err)
	rooms, err := readRooms(string(doc))
	require.NoError(t, err)
	borders, err := readBorders(string(doc))
	require.NoError(t, err)
	require.Empty(t, checkTable(rooms))

	pkgs := list(t)
	require.Greater(t, len(pkgs), 5)
	require.Empty(t, checkImports(pkgs, rooms, borders), "change the code, or docs/ARCHITECTURE.md in the same commit")
}

const sample = `
| floor | rooms | may import |
|---|---|---|
| 1 | ` + "`a` `b`" + ` | – |
| 2 | ` + "`c`" + ` | ` + "`a`" + ` |
| 3 | ` + "`d`" + ` | every room below |
| tests | ` + "`kit`" + ` | – |

| outside package | only in | for |
|---|---|---|
| ` + "`os/exec`" + ` | ` + "`a`" + ` | children |
`

func TestTheTestItself(t *testing.T) {
	rooms, err := readRooms(sample)
	require.NoError(t, err)
	borders, err := readBorders(sample)
	require.NoError(t, err)
	require.Empty(t, checkTable(rooms))

	ours := func(name string) string { return module + "/internal/" + name }
	for name, tc := range map[string]struct {
		from    string
		imports []string
		want    []string
	}{
		"allowed":              {"c", []string{ours("a"), "fmt"}, nil},
		"allowed below":        {"c/inner", []string{ours("c"), ours("a/inner")}, nil},
		"every room":           {"d", []string{ours("a"), ours("c")}, nil},
		"its own border":       {"a", []string{"os/exec"}, nil},
		"tests start children": {"kit", []string{"os/exec"}, nil},
		"not in the table":     {"c", []string{ours("b")}, []string{ours("c") + " imports " + ours("b")}},
		"up":                   {"a", []string{ours("d")}, []string{ours("a") + " imports " + ours("d")}},
		"the tests' room":      {"d", []string{ours("kit")}, []string{ours("d") + " imports " + ours("kit")}},
		"another's border":     {"b", []string{"os/exec"}, []string{ours("b") + " imports os/exec, which is for a alone"}},
		"unknown room":         {"e", nil, []string{"room e has no row"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := pkg{ImportPath: ours(tc.from), GoFiles: []string{"x.go"}, Imports: tc.imports}
			require.Equal(t, tc.want, checkImports([]pkg{p}, rooms, borders))
		})
	}

	bad, err := readRooms(strings.Replace(sample, "| 2 | `c` | `a` |", "| 2 | `c` | `d` `kit` `e` |", 1))
	require.NoError(t, err)
	require.Equal(t, []string{
		"c may import d, which is not on a lower floor",
		"c may import e, which has no row",
		"c may import kit, which is not on a lower floor",
	}, checkTable(bad))
	_, err = readRooms("no table")
	require.Error(t, err)
}
