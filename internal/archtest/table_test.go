// Package archtest holds the code to docs/ARCHITECTURE.md: who may import
// whom stands in two tables there, and nowhere else.
package archtest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/rostrumlive/rostrum"

// room is one row of the floor table, for one package.
type room struct {
	floor int  // 0 for what is not compiled into the binary
	every bool // may import every room on a lower floor
	may   []string
}

// border is one row of the table of outside packages that a single room knows.
type border struct {
	path string // import path, also of what lies below it
	only string // room
}

var quoted = regexp.MustCompile("`([^`]+)`")

// words returns what stands between backquotes.
func words(cell string) []string {
	var all []string
	for _, m := range quoted.FindAllStringSubmatch(cell, -1) {
		all = append(all, m[1])
	}
	return all
}

// table returns the cells of the rows below the header that begins with the
// given cells, up to the first line that is no row.
func table(doc string, header ...string) ([][]string, error) {
	var rows [][]string
	inside := false
	for line := range strings.Lines(doc) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			if inside {
				return rows, nil
			}
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case inside && strings.Trim(strings.Join(cells, ""), "-: ") == "":
		case inside && len(cells) != len(header):
			return nil, fmt.Errorf("row %q has %d cells, not %d", line, len(cells), len(header))
		case inside:
			rows = append(rows, cells)
		case slices.Equal(cells, header):
			inside = true
		}
	}
	if !inside {
		return nil, fmt.Errorf("there is no table with the header %q", header)
	}
	return rows, nil
}

// readRooms reads the floor table.
func readRooms(doc string) (map[string]room, error) {
	rows, err := table(doc, "floor", "rooms", "may import")
	if err != nil {
		return nil, err
	}
	rooms := map[string]room{}
	for _, row := range rows {
		r := room{may: words(row[2]), every: row[2] == "every room below"}
		if row[0] != "tests" {
			if r.floor, err = strconv.Atoi(row[0]); err != nil || r.floor < 1 {
				return nil, fmt.Errorf("%q is no floor", row[0])
			}
		}
		for _, name := range words(row[1]) {
			if _, twice := rooms[name]; twice {
				return nil, fmt.Errorf("room %s has two rows", name)
			}
			rooms[name] = r
		}
	}
	return rooms, nil
}

// readBorders reads the table of outside packages.
func readBorders(doc string) ([]border, error) {
	rows, err := table(doc, "outside package", "only in", "for")
	if err != nil {
		return nil, err
	}
	var borders []border
	for _, row := range rows {
		only := words(row[1])
		if len(only) != 1 {
			return nil, fmt.Errorf("%q is not one room", row[1])
		}
		for _, path := range words(row[0]) {
			borders = append(borders, border{path: path, only: only[0]})
		}
	}
	return borders, nil
}

// checkTable finds arrows in the table itself that do not run down.
func checkTable(rooms map[string]room) []string {
	var wrong []string
	for name, r := range rooms {
		for _, target := range r.may {
			to, ok := rooms[target]
			switch {
			case !ok:
				wrong = append(wrong, fmt.Sprintf("%s may import %s, which has no row", name, target))
			case r.floor > 0 && (to.floor == 0 || to.floor >= r.floor):
				wrong = append(wrong, fmt.Sprintf("%s may import %s, which is not on a lower floor", name, target))
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}
