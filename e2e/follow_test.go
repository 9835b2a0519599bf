package e2e

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit"
)

// TestFollowersAreTold: a viewer follows a channel in a browser, and when an
// encoder comes hears of it in the page that is open, by Web Push and by mail,
// goes there by the note, and ends the letters by their link. Before that she
// confirms her address by the letter that she has sent there.
func TestFollowersAreTold(t *testing.T) {
	pushes := make(chan http.Header, 10)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pushes <- r.Header
		w.WriteHeader(http.StatusCreated)
	}))
	defer service.Close()
	post := testkit.NewMailServer(t)
	s := startOpen(t, "--push-allow-private", "--smtp-url", "smtp://"+post.Addr, "--smtp-from", "tv@tv.example", "--http-url", "https://tv.example")
	_, code := s.Command(t, "channel", "add", "stage")
	require.Zero(t, code)
	vera := signIn(t, s, "vera", "--email", "vera@example.org")
	require.Equal(t, http.StatusOK, asUser(t, s, vera, "PUT", "/api/v1/me/notifications", map[string]bool{"page": true, "push": true, "mail": true}, nil))
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	require.NoError(t, err)
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	text := base64.RawURLEncoding.EncodeToString
	require.Equal(t, http.StatusCreated, asUser(t, s, vera, "POST", "/api/v1/me/push", map[string]any{
		"endpoint": service.URL, "keys": map[string]string{"p256dh": text(key.PublicKey().Bytes()), "auth": text(secret)},
	}, nil))

	b := testkit.StartBrowser(t)
	page := b.OpenBeside(t, "vera", s.URL("/@stage"))
	page.See(t, "0 followers")
	page.Click(t, "link", "Follow stage")
	page.Fill(t, "Name or e-mail address", "vera")
	page.Fill(t, "Password", "correct horse battery")
	page.Click(t, "button", "Sign in")
	page.See(t, "1 follower")
	page.Go(t, s.URL("/following"))
	page.See(t, "@stage")

	page.Go(t, s.URL("/account"))
	page.See(t, "vera@example.org is not confirmed yet")
	page.Click(t, "button", "Send the letter")
	page.See(t, "The letter is on its way.")
	confirm := post.Next(t).Read(t)
	require.Equal(t, "Confirm your e-mail address for Rostrum", confirm.Subject)
	address := regexp.MustCompile(`(?m)^https://tv\.example(/confirm#confirm_\w{26})$`).FindStringSubmatch(confirm.Text)
	require.NotNil(t, address, confirm.Text)
	page.Go(t, s.URL(address[1]))
	var me struct {
		Confirmed *time.Time `json:"email_confirmed_at"`
	}
	asUser(t, s, vera, "GET", "/api/v1/me", nil, &me)
	require.Nil(t, me.Confirmed, "to open the link confirms nothing")
	page.Click(t, "button", "Confirm the address")
	page.See(t, "The address is confirmed")
	asUser(t, s, vera, "GET", "/api/v1/me", nil, &me)
	require.NotNil(t, me.Confirmed)
	page.Go(t, s.URL("/following"))
	page.See(t, "@stage")

	testkit.Publish(t, testkit.LongClip.Path(t), s.PublishURL("stage"))
	page.Click(t, "link", "stage is live")
	requireMoves(t, page, 10)
	select {
	case header := <-pushes:
		require.True(t, strings.HasPrefix(header.Get("Authorization"), "vapid t="))
		require.Equal(t, "aes128gcm", header.Get("Content-Encoding"))
	case <-time.After(limit):
		require.Fail(t, "no push")
	}
	letter := post.Next(t).Read(t)
	require.Equal(t, "stage is live", letter.Subject)
	link, err := url.Parse(strings.Trim(letter.Header.Get("List-Unsubscribe"), "<>"))
	require.NoError(t, err)
	res, err := http.PostForm(s.URL(link.Path)+"?"+link.RawQuery, url.Values{"List-Unsubscribe": {"One-Click"}})
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	var state struct{ Notify struct{ Mail *bool } }
	asUser(t, s, vera, "GET", "/api/v1/me/following/stage", nil, &state)
	require.NotNil(t, state.Notify.Mail)
	require.False(t, *state.Notify.Mail)
	require.Empty(t, pushes, "once")
	require.Equal(t, 2, post.Count())
}
