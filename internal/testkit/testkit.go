// Package testkit is what black-box tests stand on: it makes clips and
// publishes them with ffmpeg, runs the product's binary, reads playlists as a
// strict player would, counts frames with ffprobe and drives a headless
// Chromium. It imports no room of the product, so that a fault of the product
// cannot hide behind itself. What a test needs and the machine lacks fails the
// test with a sentence that says what to install; nothing is skipped.
package testkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// packages tells which Debian package brings a program.
var packages = map[string]string{
	"ffmpeg":         "ffmpeg",
	"ffprobe":        "ffmpeg",
	"chromium":       "chromium",
	"node":           "nodejs (20 or later)",
	"npm":            "npm",
	"cvlc":           "vlc",
	"obs":            "obs-studio",
	"gst-launch-1.0": "gstreamer1.0-tools, gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad and gstreamer1.0-libav",
	"Xvfb":           "xvfb",
	"nginx":          "nginx and libnginx-mod-rtmp",
	"go":             "Go 1.26 (https://go.dev/dl)",
}

// Tool returns the path of a program, or fails the test with what to install.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		install := packages[name]
		if install == "" {
			install = name
		}
		t.Fatalf("this test needs %s, which is not installed: install %s", name, install)
	}
	return path
}

// Root returns the repository's root: the nearest folder above the working
// one that holds go.mod.
func Root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatalf("find the repository's root: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("find the repository's root: no go.mod above the working folder")
		}
		dir = up
	}
}
