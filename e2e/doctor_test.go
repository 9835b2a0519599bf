package e2e

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestTheDoctorIsSeen: who streams with key frames that are too far apart reads
// so on the dashboard, with what to tell ffmpeg, beside graphs of what comes.
func TestTheDoctorIsSeen(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	const password = "correct horse battery"
	_, code := s.CommandTyping(t, password+"\n", "user", "add", "alice")
	require.Zero(t, code)
	_, code = s.Command(t, "channel", "add", "stage", "--owner", "alice")
	require.Zero(t, code)
	key, code := s.Command(t, "channel", "key", "stage")
	require.Zero(t, code)
	testkit.PublishTest(t, "240", s.PublishURL(strings.TrimSpace(key)))

	alice := testkit.StartBrowser(t).Open(t, s.URL("/sign-in"))
	alice.Fill(t, "Name or e-mail address", "alice")
	alice.Fill(t, "Password", password)
	alice.Press(t, "Enter")
	alice.See(t, "alice")
	alice.Go(t, s.URL("/dashboard/@stage/stream"))
	alice.See(t, "You are on air")
	alice.See(t, "Key frames come every 8 s")
	alice.See(t, "Give ffmpeg -g 60")
	for label, value := range map[string]string{
		"Bitrate":            `\d+ kbit/s`,
		"Frame rate":         `\d+(\.\d)? fps`,
		"Key frame interval": `8 s`,
		"Sound level":        `−\d+ dB`, // which was decoded
	} {
		want := regexp.MustCompile(`^` + label + `: now ` + value)
		testkit.Eventually(t, limit, func(context.Context) error {
			var said string
			alice.Eval(t, `document.querySelector('svg[aria-label^="`+label+`"]')?.getAttribute('aria-label') ?? ''`, &said)
			if !want.MatchString(said) {
				return fmt.Errorf("the graph says %q", said)
			}
			return nil
		})
	}
}
