package webhook

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/outbox"
)

// FuzzAnswer: whatever a receiver answers, it cannot ask to be left alone for
// longer than it may, and what is kept of it can be shown.
func FuzzAnswer(f *testing.F) {
	f.Add(429, "3", "")
	f.Add(503, "1e300", "\xff\x00")
	f.Add(429, "-NaN", `{"retry_after_ms":9223372036854775807}`)
	f.Fuzz(func(t *testing.T, status int, after, body string) {
		kept := legible([]byte(body))
		require.True(t, utf8.ValidString(kept))
		require.LessOrEqual(t, len(kept), len(body))
		require.Equal(t, kept, legible([]byte(kept)))
		res := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {after}}}
		wait := waitOf(res, kept)
		require.GreaterOrEqual(t, wait, time.Duration(0))
		require.LessOrEqual(t, wait, mostWait)
		if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
			require.Zero(t, wait)
		}
	})
}

// ourTags are those that a message in a Matrix room may hold.
var ourTags = regexp.MustCompile(`^<strong>(<a href="[^"<>]*">)?|(</a>)?</strong>|<br>`)

// FuzzPeople: whatever people call things, what is told in the forms of Discord
// and Matrix is as long as it may be, and holds no markup but ours.
func FuzzPeople(f *testing.F) {
	kinds := []outbox.Kind{outbox.BroadcastStarted, outbox.ClipMade, outbox.ReportMade, outbox.KeyNewAddress}
	for i := range kinds {
		f.Add(uint8(i), "*Chess* @everyone <@1>", "a\n<b>c", "https://example.org/@show")
		f.Add(uint8(i), strings.Repeat(`\`, 300), strings.Repeat("_", 3000), `http://h/">`)
	}
	f.Fuzz(func(t *testing.T, kind uint8, title, words, address string) {
		c := cardOf(outbox.EventMessage{Type: kinds[int(kind)%len(kinds)], Data: outbox.EventData{
			Channel:   &outbox.EventChannel{Name: "show", Title: title, URL: address},
			Broadcast: &outbox.EventBroadcast{ID: "b1", Title: words},
			Clip:      &outbox.EventClip{Title: words, URL: address},
			Report:    &outbox.EventReport{Kind: "clip", Reason: "other", Words: words, URL: address},
			Key:       &outbox.EventKey{Label: words},
		}})
		require.True(t, c.url == "" || strings.HasPrefix(c.url, "http"))
		d := discordMessage(c)
		require.Len(t, d.Embeds, 1)
		require.LessOrEqual(t, utf8.RuneCountInString(d.Embeds[0].Title), discordTitle)
		require.LessOrEqual(t, utf8.RuneCountInString(d.Embeds[0].Description), discordText)
		requireEscaped(t, d.Embeds[0].Title)
		requireEscaped(t, d.Embeds[0].Description)
		text, err := json.Marshal(d)
		require.NoError(t, err)
		require.Contains(t, string(text), `"allowed_mentions":{"parse":[]}`)

		m := matrixMessage(c)
		require.NotRegexp(t, "[<>]", ourTags.ReplaceAllString(m.HTML, ""), m.HTML)
		_, err = json.Marshal(m)
		require.NoError(t, err)
	})
}

// requireEscaped checks that each character that could be markup stands behind a
// backslash, which stands for nothing else.
func requireEscaped(t *testing.T, text string) {
	t.Helper()
	for rest := text; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
		if r == '\\' {
			_, n := utf8.DecodeRuneInString(rest)
			require.Positive(t, n, "a backslash at the end of %q", text)
			require.Regexp(t, discordEscapes, rest[:n])
			rest = rest[n:]
			continue
		}
		require.NotRegexp(t, discordEscapes, string(r), text)
	}
}
