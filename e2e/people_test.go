package e2e

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestFromAnEmptyServerToARevokedKey is the way of everybody who meets a new
// site, in a browser: the admin sets it up and opens it, a streamer signs up,
// makes a channel and a key and goes live, a viewer on a telephone watches, is
// asked for a password, watches on by it, and is shut out when it is another
// one; then the key is revoked, and the encoder is gone.
func TestFromAnEmptyServerToARevokedKey(t *testing.T) {
	t.Parallel()
	s := startServer(t)
	b := testkit.StartBrowser(t)

	setUp(t, s, b)
	streamer := b.OpenBeside(t, "streamer", s.URL("/sign-up"))
	signUp(t, streamer, "alice")
	streamer.Go(t, s.URL("/dashboard"))
	streamer.Fill(t, "Name", "stage")
	streamer.Click(t, "button", "Make a channel")
	streamer.See(t, "Waiting for your encoder")
	keys := b.OpenBeside(t, "streamer", s.URL("/dashboard/@stage/keys"))
	keys.Click(t, "button", "Make a stream key")
	keys.See(t, "Your new stream key")
	key := secretOn(t, keys, `live_[0-9a-z]{26}`)

	encoder := testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL(key))
	onAir(t, s, "stage")
	streamer.See(t, "You are on air")

	viewer := b.OpenPhone(t, "viewer", s.URL("/@stage"))
	requireMoves(t, viewer, 30)

	access := b.OpenBeside(t, "streamer", s.URL("/dashboard/@stage/access"))
	access.Choose(t, "Whoever knows a password")
	access.Fill(t, "Password for viewers", "sesame")
	access.Click(t, "button", "Save")
	viewer.See(t, "This asks for a password")
	viewer.Fill(t, "This asks for a password", "wrong one")
	viewer.Click(t, "button", "Watch")
	viewer.See(t, "The password is wrong")
	viewer.Fill(t, "This asks for a password", "sesame")
	viewer.Click(t, "button", "Watch")
	requireMoves(t, viewer, 30)
	token := ""
	for _, address := range viewer.Requests(t) {
		if i := strings.Index(address, "/~"); i >= 0 {
			token, _, _ = strings.Cut(address[i+1:], "/")
		}
	}
	require.NotEmpty(t, token, "what is not public is asked for under a token")
	require.Equal(t, 200, get(t, s, "/"+token+"/live/stage/index.m3u8").Status)
	require.Equal(t, 403, get(t, s, "/live/stage/index.m3u8").Status)

	// Another password shuts out who has the old one, whoever carries the token.
	access.Go(t, s.URL("/dashboard/@stage/access"))
	access.Fill(t, "Password for viewers", "open sesame")
	access.Click(t, "button", "Save")
	viewer.See(t, "This asks for a password")
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		r, err := testkit.Get(ctx, s.URL("/"+token+"/live/stage/index.m3u8"))
		if err != nil || r.Status != 403 {
			return fmt.Errorf("the token still opens it: %w", errors.Join(err))
		}
		return nil
	})

	keys.Go(t, s.URL("/dashboard/@stage/keys"))
	keys.Click(t, "button", "Revoke Without a label, ends in "+key[len(key)-4:])
	keys.Click(t, "button", "Revoke")
	require.NotZero(t, encoder.Wait(t, limit), "the encoder is sent away")
	streamer.See(t, "You are off air")
	require.NotContains(t, s.Log(), key)
	require.NotContains(t, s.Log(), goodPassword)
	require.NotContains(t, s.Log(), token)
}

// secretOn waits for a secret of that form on the page, and returns it.
func secretOn(t *testing.T, tab *testkit.Tab, form string) (found string) {
	t.Helper()
	testkit.Eventually(t, limit, func(context.Context) error {
		var text string
		tab.Eval(t, `document.body.innerText`, &text)
		if found = regexp.MustCompile(form).FindString(text); found == "" {
			return errors.New("the page shows no secret")
		}
		return nil
	})
	return found
}
