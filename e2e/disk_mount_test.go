package e2e

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// disk is a server whose data folder is a file system of its own, mounted where
// nobody else sees it. It goes with the server.
type disk struct {
	t       *testing.T
	s       *testkit.Server
	enter   []string // of nsenter
	root    string   // the data folder, from outside
	watched *onDisk
	program string // the binary
}

// imageBytes is the size of a file system in a file.
const imageBytes = 96 << 20

// startOnDisk starts the server on a new file system: "tmpfs" with options, or
// "ext4", which is made in a file. The test is skipped where that is not
// allowed.
func startOnDisk(t *testing.T, kind string, args ...string) *disk {
	t.Helper()
	dir := t.TempDir()
	source := "none"
	if kind == "ext4" {
		source = filepath.Join(dir, "image")
		require.NoError(t, os.WriteFile(source, nil, 0o600))
		require.NoError(t, os.Truncate(source, imageBytes))
		if out, err := exec.CommandContext(t.Context(), "mkfs.ext4", "-q", source).CombinedOutput(); err != nil {
			t.Skipf("no file system of ext4 can be made: %v: %s", err, out)
		}
		kind += " -o loop"
	}
	unshare := unsharing(t, kind, source)
	// The script gets "serve --data DIR …". It becomes the server, so its id is
	// the server's.
	script := filepath.Join(dir, "rostrum")
	pid := filepath.Join(dir, "pid")
	program, err := binary()
	require.NoError(t, err)
	text := fmt.Sprintf("#!/bin/sh\nexec unshare %s sh -c 'mount -t %s %s \"$3\" && echo $$ > %s && exec %s \"$@\"' sh \"$@\"\n",
		unshare, kind, source, pid, program)
	require.NoError(t, os.WriteFile(script, []byte(text), 0o700))
	d := &disk{t: t, program: program, s: testkit.StartServer(t, script, append([]string{"--open"}, args...)...)}
	id, err := os.ReadFile(pid)
	require.NoError(t, err)
	d.enter = []string{"-t", strings.TrimSpace(string(id)), "-m"}
	if strings.Contains(unshare, "U") {
		d.enter = append(d.enter, "-U", "--preserve-credentials")
	}
	d.root = filepath.Join("/proc", strings.TrimSpace(string(id)), "root", d.s.Data)
	return d
}

// unsharing returns the arguments of unshare with which a file system can be
// mounted.
func unsharing(t *testing.T, kind, source string) string {
	t.Helper()
	var errs []error
	for _, flags := range []string{"-m", "-Urm"} {
		out, err := exec.CommandContext(t.Context(), "unshare", flags, "sh", "-c",
			fmt.Sprintf("mount -t %s %s %s", kind, source, t.TempDir())).CombinedOutput()
		if err == nil {
			return flags
		}
		errs = append(errs, fmt.Errorf("unshare %s: %w: %s", flags, err, out))
	}
	t.Skipf("no file system can be mounted here: %v", errors.Join(errs...))
	return ""
}

// fill takes up so many bytes of the disk, or all that it has.
func (d *disk) fill(bytes int64) {
	d.t.Helper()
	f, err := os.Create(filepath.Join(d.root, "filler"))
	require.NoError(d.t, err)
	for chunk := int64(1 << 20); chunk > 0 && err == nil; {
		_, err = io.CopyN(f, zeros{}, min(chunk, bytes))
		if bytes -= chunk; bytes <= 0 {
			break
		}
		if errors.Is(err, syscall.ENOSPC) { // what is left is less
			chunk, err = chunk/2, nil
		}
	}
	require.NoError(d.t, err)
	require.NoError(d.t, f.Close())
}

// release gives the space back.
func (d *disk) release() {
	d.t.Helper()
	require.NoError(d.t, os.Remove(filepath.Join(d.root, "filler")))
	d.watched.freed = time.Now()
}

// freeze lets nothing be written to the disk for a while: who tries waits. The
// channel is closed after that. It thaws though the test dies meanwhile.
func (d *disk) freeze(length time.Duration) <-chan struct{} {
	d.t.Helper()
	fsfreeze := fmt.Sprintf("fsfreeze -f %[1]s && echo frozen; sleep %[2]d; fsfreeze -u %[1]s", d.s.Data, int(length.Seconds()))
	c := exec.Command("nsenter", append(d.enter, "sh", "-c", fsfreeze)...)
	out, err := c.StdoutPipe()
	require.NoError(d.t, err)
	require.NoError(d.t, c.Start())
	thawed := make(chan struct{})
	d.t.Cleanup(func() { <-thawed })
	said := make([]byte, len("frozen"))
	_, err = io.ReadFull(out, said)
	go func() {
		defer close(thawed)
		_ = c.Wait() // what it did is seen by the test
	}()
	require.NoError(d.t, err, "the disk cannot be frozen")
	return thawed
}

// files counts the files on the disk.
func (d *disk) files() (n int) {
	d.t.Helper()
	err := filepath.WalkDir(d.root, func(_ string, _ os.DirEntry, err error) error {
		n++
		return err
	})
	require.NoError(d.t, err)
	return n
}

// command runs a command of the product on the same data.
func (d *disk) command(args ...string) (string, int) {
	d.t.Helper()
	args = append(append(d.enter, d.program), append(args, "--data", d.s.Data)...)
	return testkit.Run(d.t, limit, testkit.Command{Path: testkit.Tool(d.t, "nsenter"), Args: args})
}

// zeros is endless.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
