package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// obsLimit is how long a display and OBS may take to start, and OBS to do what
// it is told, on a busy machine.
const obsLimit = 90 * time.Second

// What OBS writes in its log.
const (
	obsStarted = "==== Streaming Start"
	obsStopped = "==== Streaming Stop"
	obsRetries = ": Reconnecting in"
)

// OBS is a real OBS Studio on a display and with a home of its own. It streams
// a looping clip to a Custom service with the settings that OBS has by itself,
// but for a small picture and few bits.
type OBS struct {
	proc *Process
	told string // the file that its script reads words from
}

// StartOBS starts OBS, which begins to stream by itself. server and key are
// what a person types into the settings' fields. It is killed with the test.
func StartOBS(t testing.TB, server, key string) *OBS {
	t.Helper()
	program := Tool(t, "obs")
	home := filepath.Join(t.TempDir(), "home") // only its owner's, as the runtime folder must be
	o := &OBS{told: filepath.Join(home, "told")}
	obsHome{dir: home, server: server, key: key, clip: Clip{}.Path(t), told: o.told}.write(t)
	o.proc = Start(t, Command{
		Path: program, Dir: home,
		Args: []string{"--multi", "--startstreaming", "--disable-missing-files-check"},
		Env: []string{
			"DISPLAY=" + startDisplay(t), "QT_QPA_PLATFORM=xcb", "LIBGL_ALWAYS_SOFTWARE=1",
			"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "XDG_RUNTIME_DIR=" + home,
			"LANG=C.UTF-8",
			// Its list of services is asked for on the Internet. RTMP knows no proxy.
			"https_proxy=http://127.0.0.1:9",
		},
	})
	return o
}

// startDisplay runs an X server in memory and returns its name, such as ":1".
func startDisplay(t testing.TB) string {
	t.Helper()
	var number Tail
	x := Start(t, Command{
		Path: Tool(t, "Xvfb"), Args: []string{"-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"},
		Stdout: &number,
	})
	t.Cleanup(func() { // unlike a kill this takes away the display's lock
		x.Signal(os.Interrupt)
		<-x.Done()
	})
	Eventually(t, obsLimit, func(context.Context) error {
		if !strings.HasSuffix(number.String(), "\n") {
			return fmt.Errorf("no display is named by Xvfb: %s", x.Log())
		}
		return nil
	})
	return ":" + strings.TrimSpace(number.String())
}

// Log is what OBS wrote so far.
func (o *OBS) Log() string { return o.proc.Log() }

// Retries tells how often OBS lost its connection and set out to come back.
func (o *OBS) Retries() int { return strings.Count(o.Log(), obsRetries) }

// StopStreaming does what the button "Stop Streaming" does, and waits until
// OBS says that it has.
func (o *OBS) StopStreaming(t testing.TB) {
	t.Helper()
	o.tell(t, "stop")
	o.WaitStopped(t)
}

// WaitStopped waits until OBS neither streams nor tries to.
func (o *OBS) WaitStopped(t testing.TB) {
	t.Helper()
	Eventually(t, obsLimit, func(context.Context) error {
		select {
		case <-o.proc.Done():
			t.Fatal("OBS ended") // its log is told at the test's end
		default:
		}
		if n := strings.Count(o.Log(), obsStopped); n == 0 || n < strings.Count(o.Log(), obsStarted) {
			return fmt.Errorf("OBS has not stopped streaming")
		}
		return nil
	})
}

// tell hands a word to the script that runs in OBS.
func (o *OBS) tell(t testing.TB, word string) {
	t.Helper()
	part := o.told + ".part"
	err := os.WriteFile(part, []byte(word+"\n"), 0o600)
	if err == nil {
		err = os.Rename(part, o.told) // whole or not there
	}
	if err != nil {
		t.Fatalf("tell OBS: %v", err)
	}
}
