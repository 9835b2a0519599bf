package report

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Keep writes a page for people and its data into the folder, named as Write
// names them, and returns the path without its ending. It is for runs whose
// figures are no rounds of sides; the data stand on one line.
func Keep(ctx context.Context, folder, suffix string, began time.Time, page string, data any) (string, error) {
	b, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("encode results: %w", err)
	}
	return keep(ctx, folder, suffix, began, page, b)
}

// keep writes both forms under a name that is free.
func keep(ctx context.Context, folder, suffix string, began time.Time, page string, data []byte) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the results' folder: %w", err)
	}
	name := filepath.Join(folder, began.Format(time.DateOnly)+"-"+commit(ctx))
	path := name + suffix
	for n := 2; ; n++ {
		err := create(path+".json", append(data, '\n'))
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", fmt.Errorf("keep results: %w", err)
		}
		path = fmt.Sprintf("%s.%d%s", name, n, suffix)
	}
	if err := os.WriteFile(path+".md", []byte(page), 0o644); err != nil {
		return "", fmt.Errorf("keep results: %w", err)
	}
	return path, nil
}

// create writes a file that is not there yet.
func create(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Close())
}

// Table is rows of cells in Markdown, the head first.
func Table(rows [][]string) string {
	var b strings.Builder
	markdownTable(&b, rows)
	return b.String()
}
