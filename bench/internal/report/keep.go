package report

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Keep writes a page for people and its data into the folder, named as Write
// names them, and returns the path without its ending. It is for runs whose
// figures are no rounds of sides; the data stand on one line.
func Keep(ctx context.Context, folder, suffix string, began time.Time, page string, data any) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", fmt.Errorf("make the results' folder: %w", err)
	}
	b, err := json.Marshal(data)
	if err != nil {
		return "", fmt.Errorf("encode results: %w", err)
	}
	path := filepath.Join(folder, began.Format(time.DateOnly)+"-"+commit(ctx)+suffix)
	if err := os.WriteFile(path+".json", append(b, '\n'), 0o644); err != nil {
		return "", fmt.Errorf("keep results: %w", err)
	}
	if err := os.WriteFile(path+".md", []byte(page), 0o644); err != nil {
		return "", fmt.Errorf("keep results: %w", err)
	}
	return path, nil
}

// Table is rows of cells in Markdown, the head first.
func Table(rows [][]string) string {
	var b strings.Builder
	markdownTable(&b, rows)
	return b.String()
}
