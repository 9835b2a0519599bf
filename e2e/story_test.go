package e2e

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestFromAnEmptyServerToATakenDownClip is the life of a community, in a
// browser: a site is set up, a streamer goes live from the dashboard, a viewer
// on a telephone finds it, signs up and clips what is on air; the recording is
// found by its title, a stranger reports the clip, a moderator takes it down
// everywhere, and back.
func TestFromAnEmptyServerToATakenDownClip(t *testing.T) {
	s := startServer(t)
	b := testkit.StartBrowser(t)

	admin := setUp(t, s, b)
	home := b.OpenPhone(t, "viewer", s.URL("/"))
	home.See(t, "Nothing is on air yet")

	streamer := b.OpenBeside(t, "streamer", s.URL("/sign-up"))
	signUp(t, streamer, "alice")
	streamer.Go(t, s.URL("/dashboard"))
	streamer.Fill(t, "Name", "stage")
	streamer.Click(t, "button", "Make a channel")
	streamer.See(t, "Waiting for your encoder")
	about := b.OpenBeside(t, "streamer", s.URL("/dashboard/@stage/about"))
	about.Fill(t, "Title", "Evening show")
	about.Click(t, "button", "Save")
	about.See(t, "Saved.")
	streamer.Click(t, "button", "Make a stream key")
	streamer.Click(t, "button", "Show: Stream Key")
	var key string
	testkit.Eventually(t, limit, func(context.Context) error {
		streamer.Eval(t, `document.body.innerText.match(/live_[0-9a-z]{26}/)?.[0] ?? ''`, &key)
		if key == "" {
			return errors.New("the page shows no key")
		}
		return nil
	})
	testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL(key))
	now := onAir(t, s, "stage")
	streamer.See(t, "You are on air")
	streamer.See(t, "How your stream is")

	// The viewer's home page has noticed.
	home.See(t, "Evening show")
	home.Click(t, "link", "Evening show")
	requireMoves(t, home, 30)
	viewer := b.OpenPhone(t, "viewer", s.URL("/sign-up?to=/@stage"))
	signUp(t, viewer, "vera")
	requireMoves(t, viewer, 30) // where it wanted to go
	testkit.Eventually(t, limit, func(context.Context) error {
		if on := time.Since(now.StartedAt); on < 8*time.Second {
			return fmt.Errorf("on air for %v", on)
		}
		return nil
	})
	viewer.Click(t, "button", "Clip")
	viewer.See(t, "The clip is the last half a minute")
	viewer.Fill(t, "Title", "What a save")
	viewer.Click(t, "button", "Make a clip")
	viewer.See(t, "Your clip is ready:")
	var clip string
	viewer.Eval(t, `document.querySelector('a[href^="/c/"]').getAttribute('href')`, &clip)

	stranger := b.OpenPhone(t, "stranger", s.URL(clip))
	stranger.See(t, "clipped by vera")
	requireMoves(t, stranger, 15)

	streamer.Click(t, "button", "Stop the broadcast")
	streamer.Click(t, "button", "Stop the broadcast") // it is asked once
	streamer.See(t, "You are off air")
	archived(t, s, "stage", now.Broadcast)
	viewer.Go(t, s.URL("/search?q=even"))
	viewer.Click(t, "link", "Evening show")

	stranger.Click(t, "button", "Report")
	stranger.Choose(t, "Copyright")
	stranger.Fill(t, "In your words (optional)", "This is our match.")
	stranger.Click(t, "button", "Send the report")
	stranger.See(t, "Thank you.")

	list := "/vod" + clip[len("/c"):] + "/index.m3u8"
	require.Equal(t, http.StatusOK, get(t, s, list).Status)
	admin.Go(t, s.URL("/admin/reports"))
	admin.See(t, "This is our match.")
	admin.Click(t, "button", "Take down Clip: What a save")
	admin.Click(t, "button", "Take down")
	admin.See(t, "Nobody has reported anything.")
	require.Equal(t, http.StatusGone, get(t, s, list).Status)
	stranger.Go(t, s.URL(clip))
	stranger.See(t, "This was taken down.")
	require.Equal(t, http.StatusOK, get(t, s, "/vod/"+now.Broadcast+"/index.m3u8").Status, "the recording stays")

	admin.Click(t, "button", "Undo the takedown of Clip: What a save")
	admin.Click(t, "button", "Undo")
	admin.See(t, "up again")
	stranger.Go(t, s.URL(clip))
	requireMoves(t, stranger, 15)
}

// signUp makes an account on the page for it.
func signUp(t *testing.T, tab *testkit.Tab, name string) {
	t.Helper()
	tab.Fill(t, "Name", name)
	tab.Fill(t, "Password", goodPassword)
	tab.Click(t, "button", "Make the account")
	testkit.Eventually(t, limit, func(context.Context) error {
		var path string
		if tab.Eval(t, "location.pathname", &path); path == "/sign-up" {
			return errors.New("the account is not made")
		}
		return nil
	})
}

const goodPassword = "correct horse battery"

// setUp makes the first admin by the link that the server printed, and lets
// everybody make an account.
func setUp(t *testing.T, s *testkit.Server, b *testkit.Browser) *testkit.Tab {
	t.Helper()
	admin := b.OpenBeside(t, "admin", s.URL(logged(t, s, `/setup#setup_\w+`)[0]))
	admin.Fill(t, "Name", "site-admin")
	admin.Fill(t, "Password", goodPassword)
	admin.Click(t, "button", "Make the admin")
	admin.See(t, "Who may make an account")
	admin.Choose(t, "Everybody")
	admin.Click(t, "button", "Save")
	testkit.Eventually(t, limit, func(ctx context.Context) error {
		var info struct {
			SignUp string `json:"sign_up"`
		}
		if err := getJSON(ctx, s, "/api/v1/server", &info); err != nil || info.SignUp != "open" {
			return fmt.Errorf("sign-up is %q (%w)", info.SignUp, errors.Join(err))
		}
		return nil
	})
	return admin
}
