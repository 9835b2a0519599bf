package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDebianPackage makes the package of the program under test and unpacks it:
// what it has is where the unit and the scripts look for it, and the program in
// it takes the configuration in it.
func TestDebianPackage(t *testing.T) {
	program, err := binary()
	require.NoError(t, err)
	dir := t.TempDir()
	output := func(name string, args ...string) string {
		t.Helper()
		out, err := exec.Command(name, args...).CombinedOutput()
		require.NoError(t, err, "%s %q: %s", name, args, out)
		return string(out)
	}

	deb := strings.TrimSpace(output("../scripts/deb.sh", program, dir, "-Zgzip", "-z1"))
	require.Equal(t, dir, filepath.Dir(deb))
	require.Regexp(t, `^rostrum_[0-9][0-9A-Za-z.+~]*_[a-z0-9]+\.deb$`, filepath.Base(deb))
	about := output("dpkg-deb", "--field", deb)
	require.Contains(t, about, "Package: rostrum\n")
	require.NotRegexp(t, `@[A-Z]+@`, about)

	root := filepath.Join(dir, "root")
	output("dpkg-deb", "--raw-extract", deb, root)
	conffiles, err := os.ReadFile(filepath.Join(root, "DEBIAN", "conffiles"))
	require.NoError(t, err)
	require.Equal(t, "/etc/rostrum/rostrum.yml\n", string(conffiles))
	for _, script := range []string{"postinst", "prerm", "postrm"} {
		output("sh", "-n", filepath.Join(root, "DEBIAN", script))
	}
	cmd := exec.Command("md5sum", "--check", "--quiet", "DEBIAN/md5sums")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))

	require.Equal(t, "the configuration is good\n", output(filepath.Join(root, "usr/bin/rostrum"),
		"config", "check", "--config", filepath.Join(root, "etc/rostrum/rostrum.yml")))
	for line := range strings.Lines(output("dpkg-deb", "--contents", deb)) {
		require.Contains(t, line, " root/root ")
	}

	unit, err := os.ReadFile(filepath.Join(root, "lib/systemd/system/rostrum.service"))
	require.NoError(t, err)
	require.Contains(t, string(unit), "ExecStart=/usr/bin/rostrum serve --config /etc/rostrum/rostrum.yml\n")
	// It is read by systemd itself, with the program where it is here. What it
	// does not understand it only tells of.
	here := filepath.Join(dir, "rostrum.service")
	require.NoError(t, os.WriteFile(here, []byte(strings.ReplaceAll(string(unit), "/usr/bin/rostrum", program)), 0o600))
	require.NotContains(t, output("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", here), "rostrum.service")
}
