package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestTwoUsersAndAModerator is chat as people have it, in a browser: two viewers
// and a moderator speak while a channel is on air, one is slowed down and then
// banned in both of his windows, and the recording shows what was said in step
// with its picture. At the end somebody writes markup wherever a person can.
func TestTwoUsersAndAModerator(t *testing.T) {
	// An encoder that is told to end may end its connection before it has said so.
	s := startServer(t, "--reconnect-window", "5s")
	b := testkit.StartBrowser(t)
	admin := setUp(t, s, b)

	streamer := b.OpenBeside(t, "streamer", s.URL("/sign-up"))
	signUp(t, streamer, "alice")
	streamer.Go(t, s.URL("/dashboard"))
	streamer.Fill(t, "Name", "stage")
	streamer.Click(t, "button", "Make a channel")
	streamer.See(t, "Waiting for your encoder")
	keys := b.OpenBeside(t, "streamer", s.URL("/dashboard/@stage/keys"))
	keys.Click(t, "button", "Make a stream key")
	keys.See(t, "Your new stream key")
	encoder := testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL(secretOn(t, keys, `live_[0-9a-z]{26}`)))
	now := onAir(t, s, "stage")

	// Everybody comes by the channel's page, which they read before they sign in.
	bob := b.OpenPhone(t, "bob", s.URL("/@stage"))
	bob.See(t, "Sign in to speak.")
	for _, name := range []string{"bob", "vera", "mona"} {
		tab := b.OpenBeside(t, name, s.URL("/sign-up?to=/@stage"))
		signUp(t, tab, name)
		tab.Go(t, s.URL("/chat/@stage"))
	}
	bob.Go(t, s.URL("/@stage"))
	window := b.OpenBeside(t, "bob", s.URL("/chat/@stage"))
	vera := b.OpenBeside(t, "vera", s.URL("/@stage"))
	mona := b.OpenBeside(t, "mona", s.URL("/@stage"))
	streamer.Go(t, s.URL("/@stage"))
	say(t, streamer, "/mod mona")
	streamer.See(t, "mona")

	say(t, bob, "Good evening, @vera")
	for _, tab := range []*testkit.Tab{vera, mona, window, streamer} {
		heard(t, tab, "Good evening, @vera")
	}
	eventually(t, vera, "the mention is marked", `Boolean(document.querySelector('.own .mention'))`)
	say(t, vera, "Good evening to you")
	heard(t, bob, "Good evening to you")

	// Slow mode holds up who does not keep order.
	say(t, mona, "/slow 600")
	vera.See(t, "Slow mode: a message each 10:00")
	say(t, vera, "One more")
	eventually(t, vera, "she has to wait, and what she wrote is still there", `document.querySelector('textarea').value === 'One more' &&
		[...document.querySelectorAll('button')].some((b) => /^Wait \d/.test(b.textContent.trim()))`)
	say(t, mona, "As often as I like")
	say(t, mona, "As I said")
	heard(t, bob, "As I said")
	say(t, mona, "/slowoff")

	// What is said later is later in the recording.
	testkit.Eventually(t, limit, func(context.Context) error {
		if on := time.Since(now.StartedAt); on < 14*time.Second {
			return fmt.Errorf("on air for %v", on)
		}
		return nil
	})
	say(t, streamer, "The second half")
	heard(t, bob, "The second half")

	say(t, window, "Buy my things")
	heard(t, mona, "Buy my things")
	say(t, mona, "/ban bob advertising")
	for _, tab := range []*testkit.Tab{bob, window} {
		tab.See(t, "You may not speak in this chat.")
		tab.See(t, "Reason: advertising")
	}
	unheard(t, vera, "Buy my things")
	window.Click(t, "button", "Ask the moderators to look at it again")
	window.Fill(t, "Why you should be let in again", "It was once.")
	window.Click(t, "button", "Send")
	window.See(t, "You have asked the moderators")
	mona.Go(t, s.URL("/dashboard/@stage/chat"))
	mona.See(t, "It was once.")

	encoder.Signal(syscall.SIGTERM)
	archived(t, s, "stage", now.Broadcast)
	vera.See(t, "The broadcast has ended.")
	replay(t, b.OpenBeside(t, "vera", s.URL("/v/"+now.Broadcast)))

	markup(t, s, admin, streamer, now.Broadcast)
}

// replay looks at the chat of a recording, in which "The second half" was said
// ten seconds or more after the rest.
func replay(t *testing.T, tab *testkit.Tab) {
	t.Helper()
	requireMoves(t, tab, 15)
	var later float64
	tab.Eval(t, `fetch('/api/v1/broadcasts/' + location.pathname.split('/').pop() + '/chat').then((r) => r.json())
		.then((l) => l.items.find((i) => i.text === 'The second half').mediaMs / 1000)`, &later)
	require.Greater(t, later, 10.0)
	seek := func(at float64) {
		tab.Eval(t, fmt.Sprintf(`(() => { const v = document.querySelector('video'); v.pause(); v.currentTime = %f })()`, at), nil)
	}
	seek(later + 0.5)
	heard(t, tab, "The second half")
	unheard(t, tab, "Good evening, @vera") // of who was banned nothing is left
	heard(t, tab, "Good evening to you")
	seek(later - 1)
	unheard(t, tab, "The second half")
	heard(t, tab, "Good evening to you")
	tab.Eval(t, `(() => { const v = document.querySelector('video'); v.playbackRate = 2; v.play() })()`, nil)
	heard(t, tab, "The second half")
	var at float64
	tab.Eval(t, `document.querySelector('video').currentTime`, &at)
	require.GreaterOrEqual(t, at, later-0.1, "not before the picture is there")
}

// markupPayload is markup that would be seen, and would run, where it is taken for some.
const markupPayload = `<img src=x onerror="window.hit=1"><b class="xss">x</b>`

// markup has somebody write the payload into every field that a person can fill,
// and looks at the pages that show them.
func markup(t *testing.T, s *testkit.Server, admin, streamer *testkit.Tab, broadcast string) {
	t.Helper()
	write := func(tab *testkit.Tab, method, path string, body map[string]any) {
		t.Helper()
		text, err := json.Marshal(body)
		require.NoError(t, err)
		var status int
		tab.Eval(t, fmt.Sprintf(`(async () => {
			const headers = { 'Content-Type': 'application/json' }
			if (%[1]q === 'PATCH') {
				const now = await fetch(%[2]q.replace(/\/stage$/, '/stage/settings'))
				const etag = now.headers.get('ETag')
				if (etag) headers['If-Match'] = etag
			}
			return (await fetch(%[2]q, { method: %[1]q, headers, body: %[3]q })).status
		})()`, method, "/api/v1"+path, string(text)), &status)
		require.Less(t, status, 300, "%s %s", method, path)
	}
	write(streamer, "PATCH", "/me", map[string]any{"display_name": `<b class="xss">Al</b>`})
	write(streamer, "PATCH", "/channels/stage", map[string]any{
		"title": markupPayload, "description": markupPayload + "\n\n[x](javascript:window.hit=1)", "category": `<b class="xss">`, "tags": []string{`<b class="xss">`},
		"schedule": []map[string]any{{"day": 1, "start": "20:00", "minutes": 60, "zone": "Europe/Berlin", "title": markupPayload}},
	})
	write(streamer, "PATCH", "/broadcasts/"+broadcast, map[string]any{"title": markupPayload})
	write(streamer, "POST", "/broadcasts/"+broadcast+"/clips", map[string]any{"title": markupPayload, "start_ms": 1000, "end_ms": 4000})
	write(streamer, "POST", "/channels/stage/keys", map[string]any{"label": markupPayload})
	write(streamer, "POST", "/me/tokens", map[string]any{"label": markupPayload, "scopes": []string{"read"}})
	write(streamer, "POST", "/reports", map[string]any{"kind": "channel", "target": "stage", "reason": "other", "words": markupPayload})
	write(streamer, "POST", "/channels/stage/chat/messages", map[string]any{"text": markupPayload + " javascript:window.hit=1"})
	write(streamer, "PUT", "/channels/stage/chat/pin", map[string]any{"text": markupPayload})
	write(streamer, "POST", "/channels/stage/chat/poll", map[string]any{"question": markupPayload, "options": []string{markupPayload, "no"}})
	write(streamer, "PUT", "/channels/stage/chat/filters", map[string]any{"items": []map[string]any{{"kind": "word", "text": markupPayload + "y", "act": "hold"}}})
	write(streamer, "PUT", "/channels/stage/chat/restrictions/vera", map[string]any{"reason": markupPayload})
	write(admin, "POST", "/admin/invitations", map[string]any{"note": markupPayload})
	var settings map[string]any
	streamer.Eval(t, `fetch('/api/v1/channels/stage/chat/settings').then((r) => r.json())`, &settings)
	delete(settings, "$schema")
	settings["rules"] = markupPayload
	write(streamer, "PUT", "/channels/stage/chat/settings", settings)

	clean := func(tab *testkit.Tab, path, shown string) {
		t.Helper()
		tab.Go(t, s.URL(path))
		eventually(t, tab, path+" shows it as text", fmt.Sprintf(`document.body.innerText.includes(%q)`, shown))
		var found []string
		tab.Eval(t, `[...document.querySelectorAll('.xss, img[src="x"], [onerror]')].map((e) => e.outerHTML)
			.concat([...document.links].map((a) => a.href).filter((h) => /^(javascript|data):/.test(h)))
			.concat(window.hit ? ['it ran'] : [])`, &found)
		require.Empty(t, found, path)
	}
	for _, path := range []string{
		"/", "/@stage", "/@stage/about", "/@stage/schedule", "/@stage/recordings", "/@stage/clips", "/v/" + broadcast, "/search?q=xss",
		"/category/" + `%3Cb%20class=%22xss%22%3E`, "/chat/@stage", "/overlay/@stage/chat", "/account", "/account/tokens", "/dashboard",
		"/dashboard/@stage/about", "/dashboard/@stage/keys", "/dashboard/@stage/recordings", "/dashboard/@stage/chat",
	} {
		clean(streamer, path, `class="xss"`)
	}
	for _, path := range []string{"/admin/reports", "/admin/users", "/admin/invitations", "/admin/log"} {
		clean(admin, path, `class="xss"`)
	}
	legal := "The words of this page.\n\n" + markupPayload + "\n\n[x](javascript:window.hit=1)"
	write(admin, "PUT", "/admin/settings", map[string]any{
		"site_name": `<b class="xss">Site</b>`, "sign_up": "open", "make_channels": true, "terms": legal, "privacy": legal, "imprint": legal,
	})
	for _, path := range []string{"/legal/terms", "/legal/privacy", "/legal/imprint"} {
		clean(admin, path, "The words of this page.")
	}
	clean(admin, "/", `<b class="xss">Site</b>`)
}

// say writes a line in the page's chat.
func say(t *testing.T, tab *testkit.Tab, text string) {
	t.Helper()
	tab.See(t, "Send")
	tab.Fill(t, "Say something", text)
	tab.Press(t, "Enter")
}

// heard waits until the page shows a line that says no more and no less.
func heard(t *testing.T, tab *testkit.Tab, text string) {
	t.Helper()
	eventually(t, tab, "it is said: "+text, fmt.Sprintf(`[...document.querySelectorAll('[role=log] .text')].some((e) => e.textContent === %q)`, text))
}

// unheard waits until the page shows no such line.
func unheard(t *testing.T, tab *testkit.Tab, text string) {
	t.Helper()
	eventually(t, tab, "it is gone: "+text, fmt.Sprintf(`[...document.querySelectorAll('[role=log] .text')].every((e) => e.textContent !== %q)`, text))
}

func eventually(t *testing.T, tab *testkit.Tab, what, js string) {
	t.Helper()
	testkit.Eventually(t, limit, func(context.Context) error {
		var yes bool
		if tab.Eval(t, js, &yes); !yes {
			return errors.New("not yet: " + what)
		}
		return nil
	})
}
