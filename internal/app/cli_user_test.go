package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

const aPassword = "correct horse battery"

// runTyping calls Run's inside with a text on standard input.
func runTyping(t *testing.T, typed string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = runWith(&invocation{ctx: t.Context(), stdin: strings.NewReader(typed), stdout: &out, stderr: &errs, environ: os.Environ()}, args)
	return code, out.String(), errs.String()
}

// accountsIn opens the accounts of a data folder, as a server has them.
func accountsIn(t *testing.T, data string) *account.Service {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(data, "rostrum.db"), newLogger(t.Output(), LogConfig{Format: "text"}))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return account.New(db)
}

func TestUsers(t *testing.T) {
	data := t.TempDir()
	t.Setenv("ROSTRUM_DATA", data)
	accounts := accountsIn(t, data)
	signIn := func(name, password string) error {
		_, _, err := accounts.SignIn(t.Context(), name, password, account.Client{})
		return err
	}
	code, out, errs := runTyping(t, aPassword+"\n", "user", "add", "Alice", "--role", "admin", "--email", "alice@example.org")
	require.Zero(t, code, errs)
	require.Equal(t, "user alice made, role admin\n", out)
	require.Empty(t, errs, "nothing is asked where nobody sits")
	require.NoError(t, signIn("alice@example.org", aPassword))
	code, out, errs = runTyping(t, aPassword+"\r\nmore", "user", "add", "bobby")
	require.Zero(t, code, errs)
	require.Equal(t, "user bobby made, role user\n", out)
	require.NoError(t, signIn("bobby", aPassword))

	for _, tc := range []struct{ typed, args, want string }{
		{aPassword, "user add alice", "somebody else has this name"},
		{aPassword, "user add al", "has at least 3 characters"},
		{aPassword, "user add carol --role king", "a role is one of"},
		{aPassword, "user add carol --email nobody", "not an e-mail address"},
		{"short", "user add carol", "at least 8 characters"},
		{"", "user add carol", "a password is wanted"},
		{"\n" + aPassword, "user add carol", "a password is wanted"},
		{"", "user passwd nobody", "there is no such user"},
		{"", "user role bobby king", "a role is one of"},
		{"", "user role alice user", "the site's last admin stays one"},
		{"", "user verify nobody", "there is no such user"},
		{"", "user disable alice", "the site's last admin stays one"},
		{"", "user reset-link nobody", "there is no such user"},
	} {
		code, out, errs := runTyping(t, tc.typed, strings.Fields(tc.args)...)
		require.Equal(t, exitFailed, code, tc.args)
		require.Empty(t, out)
		require.Contains(t, errs, tc.want, tc.args)
		require.NotContains(t, errs, aPassword)
	}

	code, out, _ = run(t, "user", "list")
	require.Zero(t, code)
	require.Regexp(t, `(?m)^alice +admin +alice@example.org +\d{4}-\S+ \S+ +- +- +Alice$`, out)
	require.Regexp(t, `(?m)^bobby +user +- +\d{4}-\S+ \S+ +- +- +bobby$`, out)

	code, out, _ = run(t, "user", "role", "Bobby", "moderator")
	require.Zero(t, code)
	require.Equal(t, "user bobby has the role moderator\n", out)
	code, out, _ = run(t, "user", "verify", "bobby")
	require.Zero(t, code)
	require.Equal(t, "user bobby is verified\n", out)
	_, out, _ = run(t, "user", "list")
	require.Regexp(t, `(?m)^bobby +moderator +- +\d{4}-\S+ \S+ +- +\d{4}-\S+ \S+ +bobby$`, out)
	code, out, _ = run(t, "user", "unverify", "bobby")
	require.Zero(t, code)
	require.Equal(t, "user bobby is verified no longer\n", out)
	code, out, _ = run(t, "user", "disable", "bobby")
	require.Zero(t, code)
	require.Equal(t, "user bobby is disabled, and signed out everywhere\n", out)
	require.ErrorIs(t, signIn("bobby", aPassword), account.ErrDisabled)
	_, out, _ = run(t, "user", "list")
	require.Regexp(t, `(?m)^bobby +moderator +- +\d{4}-\S+ \S+ +\d{4}-`, out)
	code, _, _ = run(t, "user", "enable", "bobby")
	require.Zero(t, code)
	require.NoError(t, signIn("bobby", aPassword))
	code, _, errs = runTyping(t, "another horse battery", "user", "passwd", "bobby")
	require.Zero(t, code, errs)
	require.ErrorIs(t, signIn("bobby", aPassword), account.ErrSignInFailed)
	require.NoError(t, signIn("bobby", "another horse battery"))

	acts, _, err := accounts.Acts(t.Context(), account.CommandLine(), "", 100)
	require.NoError(t, err)
	var done []string
	for _, a := range acts {
		require.Equal(t, "command line", a.Actor)
		done = append(done, a.Act+" "+a.Target)
	}
	require.Equal(t, []string{
		"user.password user/bobby", "user.enable user/bobby", "user.disable user/bobby", "user.unverify user/bobby", "user.verify user/bobby", "user.role user/bobby", "user.add user/bobby", "user.add user/alice",
	}, done, "newest first; what failed is not there")
}

func TestResetLink(t *testing.T) {
	data := t.TempDir()
	t.Setenv("ROSTRUM_DATA", data)
	accounts := accountsIn(t, data)
	_, err := accounts.AddUser(t.Context(), account.CommandLine(), account.NewUser{Name: "alice", Password: aPassword})
	require.NoError(t, err)
	code, out, errs := run(t, "user", "reset-link", "alice")
	require.Zero(t, code)
	require.Regexp(t, `^http://127\.0\.0\.1:8080/reset#reset_\w{26}\n$`, out)
	require.Contains(t, errs, "Hand it to alice")
	require.Contains(t, errs, "http.url")

	code, out, errs = run(t, "user", "reset-link", "alice", "--http-url", "https://tv.example/")
	require.Zero(t, code)
	require.NotContains(t, errs, "http.url")
	link := regexp.MustCompile(`^https://tv\.example/reset#(reset_\w{26})\n$`).FindStringSubmatch(out)
	require.NotNil(t, link, out)
	require.NoError(t, accounts.ResetPassword(t.Context(), link[1], "another horse battery", account.Client{}))
}

func TestMembersOfChannels(t *testing.T) {
	t.Setenv("ROSTRUM_DATA", t.TempDir())
	for _, name := range []string{"alice", "bobby"} {
		code, _, errs := runTyping(t, aPassword, "user", "add", name)
		require.Zero(t, code, errs)
	}
	code, _, errs := run(t, "channel", "add", "show", "--owner", "nobody")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "there is no such user")
	code, _, errs = run(t, "channel", "add", "show", "--owner", "Alice")
	require.Zero(t, code, errs)
	code, _, errs = run(t, "channel", "place", "show", "bobby", "king")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "owner")
	code, _, errs = run(t, "channel", "place", "show", "alice", "none")
	require.Equal(t, exitFailed, code)
	require.Contains(t, errs, "last owner")
	code, out, _ := run(t, "channel", "place", "Show", "Bobby", "editor")
	require.Zero(t, code)
	require.Equal(t, "channel show: bobby is editor\n", out)
	code, out, _ = run(t, "channel", "members", "show")
	require.Zero(t, code)
	require.Regexp(t, `^USER .*\nalice +owner +\d{4}-.* alice\nbobby +editor +\d{4}-.* bobby\n$`, out)
	code, _, _ = run(t, "channel", "place", "show", "bobby", "none")
	require.Zero(t, code)
	_, out, _ = run(t, "channel", "members", "show")
	require.NotContains(t, out, "bobby")
	code, out, _ = run(t, "channel", "rename", "show", "New-Show")
	require.Zero(t, code)
	require.Equal(t, "channel show is now new-show\n", out)
	code, _, _ = run(t, "channel", "members", "show")
	require.Equal(t, exitFailed, code)
}

func TestAccessToChannels(t *testing.T) {
	data := t.TempDir()
	t.Setenv("ROSTRUM_DATA", data)
	code, _, _ := run(t, "channel", "add", "show")
	require.Zero(t, code)
	for args, want := range map[string]string{
		"set show --visibility secret":   "a visibility is one of",
		"set show --visibility password": "needs one",
		"set show --embedding some":      "embedding is one of",
	} {
		code, _, errs := run(t, append([]string{"channel"}, strings.Fields(args)...)...)
		require.Equal(t, exitFailed, code, args)
		require.Contains(t, errs, want)
	}
	code, _, errs := run(t, "channel", "set", "show", "--record", "maybe")
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, "neither on nor off")
	word := filepath.Join(data, "word")
	require.NoError(t, os.WriteFile(word, []byte("sesame\n"), 0o600))
	code, out, errs := run(t, "channel", "set", "show", "--visibility", "password", "--password-file", word, "--record", "off", "--title", "My show", "--embedding", "refused")
	require.Zero(t, code, errs)
	require.Equal(t, `channel show: reconnect window default, takeover newest, visibility password, title "My show", embedding refused, recorded off`+"\n", out)
	c, err := accountsIn(t, data).Channel(t.Context(), "show")
	require.NoError(t, err)
	require.Equal(t, "password", c.Visibility)
	require.NotEmpty(t, c.Password)
	require.False(t, c.Recorded)
	_, out, _ = run(t, "channel", "list")
	require.Regexp(t, `(?m)^show +My show .* password$`, out)
}

// terminal makes a terminal: what is written to its keyboard is typed.
func terminal(t *testing.T) (keyboard, tty *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = keyboard.Close() })
	fd := int(keyboard.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	tty, err = os.OpenFile(filepath.Join("/dev/pts", strconv.Itoa(n)), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = tty.Close() })
	return keyboard, tty
}

// On a terminal the password is asked for twice, and does not show.
func TestAPasswordIsTyped(t *testing.T) {
	for name, tc := range map[string]struct {
		typed []string
		want  string
	}{
		"well":       {[]string{aPassword, aPassword}, ""},
		"not again":  {[]string{aPassword, "other"}, "are not the same"},
		"not at all": {[]string{""}, "a password is wanted"},
	} {
		t.Run(name, func(t *testing.T) {
			keyboard, tty := terminal(t)
			asked := make(chan string, 10)
			inv := &invocation{ctx: context.Background(), stdin: tty, stderr: prompts(asked)}
			type answer struct {
				password string
				err      error
			}
			ended := make(chan answer, 1)
			go func() {
				password, err := inv.askPassword()
				ended <- answer{password, err}
			}()
			for _, line := range tc.typed {
				for text := range asked {
					if strings.HasSuffix(text, ": ") {
						break
					}
				}
				// The prompt is out before the echo is off, and what is typed ahead shows.
				awaitEcho(t, tty, false)
				_, err := keyboard.WriteString(line + "\n")
				require.NoError(t, err)
			}
			got := <-ended
			if tc.want == "" {
				require.NoError(t, got.err)
				require.Equal(t, aPassword, got.password)
			} else {
				require.ErrorContains(t, got.err, tc.want)
			}
			require.True(t, echoes(t, tty), "the terminal is as it was")
			require.NotContains(t, shownOn(t, keyboard), aPassword)
		})
	}
}

// prompts passes on what is written.
type prompts chan<- string

func (p prompts) Write(b []byte) (int, error) {
	p <- string(b)
	return len(b), nil
}

func echoes(t *testing.T, tty *os.File) bool {
	t.Helper()
	s, err := unix.IoctlGetTermios(int(tty.Fd()), unix.TCGETS)
	require.NoError(t, err)
	return s.Lflag&unix.ECHO != 0
}

func awaitEcho(t *testing.T, tty *os.File, on bool) {
	t.Helper()
	require.Eventually(t, func() bool { return echoes(t, tty) == on }, limit, time.Millisecond)
}

// shownOn returns what a terminal shows.
func shownOn(t *testing.T, keyboard *os.File) string {
	t.Helper()
	fd := int(keyboard.Fd())
	require.NoError(t, unix.SetNonblock(fd, true))
	b := make([]byte, 4096)
	n, err := unix.Read(fd, b)
	if err == unix.EAGAIN {
		return ""
	}
	require.NoError(t, err)
	return string(b[:n])
}
