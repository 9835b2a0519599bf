package testkit

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Nginx is an nginx with the RTMP module that takes any stream in at /live and
// records it.
type Nginx struct {
	RTMP string // its address
	dir  string
}

// nginxModule is where Debian's libnginx-mod-rtmp puts it.
const nginxModule = "/usr/lib/nginx/modules/ngx_rtmp_module.so"

// StartNginx runs one until the test's end.
func StartNginx(t testing.TB) *Nginx {
	t.Helper()
	if _, err := os.Stat(nginxModule); err != nil {
		t.Fatal("this test needs nginx's RTMP module, which is not installed: install libnginx-mod-rtmp")
	}
	n := &Nginx{RTMP: FreePorts(t, 1)[0], dir: t.TempDir()}
	config := filepath.Join(n.dir, "nginx.conf")
	text := fmt.Sprintf(`load_module %s;
user root; daemon off; master_process off; pid %[2]s/pid; error_log stderr;
events {}
rtmp { server { listen %[3]s; application live { live on; record all; record_path %[2]s; } } }
`, nginxModule, n.dir, n.RTMP)
	if os.Getuid() != 0 {
		text = strings.Replace(text, "user root; ", "", 1)
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	Start(t, Command{Path: Tool(t, "nginx"), Args: []string{"-e", "stderr", "-p", n.dir, "-c", config}})
	Eventually(t, 30*time.Second, func(ctx context.Context) error {
		nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", n.RTMP)
		if err != nil {
			return err
		}
		return nc.Close()
	})
	return n
}

// Recorded returns the file with what came of a stream.
func (n *Nginx) Recorded(name string) (string, error) {
	files, err := filepath.Glob(filepath.Join(n.dir, name+".flv"))
	if err != nil {
		return "", err
	}
	if len(files) != 1 {
		return "", fmt.Errorf("there are %d recordings of %s", len(files), name)
	}
	return files[0], nil
}
