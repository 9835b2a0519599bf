package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Build goes to the repository's root and returns the binary to measure as an
// absolute path. What is measured must be what is checked out, so unless a
// path is given it is always built.
func Build(ctx context.Context, given string) (string, error) {
	if given != "" {
		path, err := filepath.Abs(given)
		if err != nil {
			return "", fmt.Errorf("find %s: %w", given, err)
		}
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("find the binary: %w", err)
		}
		given = path
	}
	if err := ToRoot(); err != nil {
		return "", err
	}
	if given != "" {
		return given, nil
	}
	cmd := exec.CommandContext(ctx, "make", "build")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("make build: %w", err)
	}
	return filepath.Abs(filepath.Join("bin", "rostrum"))
}

// ToRoot changes the working directory to the nearest folder upwards that holds go.mod.
func ToRoot() error {
	dir, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the repository: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return os.Chdir(dir)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return errors.New("run this inside the repository: no go.mod upwards of here")
		}
		dir = up
	}
}
