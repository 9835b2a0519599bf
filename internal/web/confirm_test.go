package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// Who signs up is asked by a letter whether the address is theirs. To open its
// link confirms nothing, as programs that look for harm in mail open it too: what
// the page sends does.
func TestAnAddressIsConfirmed(t *testing.T) {
	letters := make(chan string, 10)
	s := newSite(t, func(o *Options) {
		o.Letters = o.Accounts.NewLetters(func(_ context.Context, _, _, text string) error {
			letters <- text
			return nil
		}, "https://tv.example", slog.New(slog.DiscardHandler))
		t.Cleanup(func() { o.Letters.Close(context.Background()) })
	})
	next := func(form string) string {
		t.Helper()
		select {
		case text := <-letters:
			m := regexp.MustCompile(form).FindStringSubmatch(text)
			require.NotNil(t, m, text)
			return m[1]
		case <-time.After(limit):
			require.Fail(t, "no letter")
			return ""
		}
	}
	a := s.call("POST", "/api/v1/users", "", `{"name":"vera","email":"vera@example.org","password":"`+goodPassword+`"}`, "Accept-Language", "de")
	require.Equal(t, http.StatusCreated, a.status, a.body)
	vera := cookieOf(t, a).String()
	me := func(a response) (m Me) {
		t.Helper()
		require.Less(t, a.status, 300, a.body)
		require.NoError(t, json.Unmarshal([]byte(a.body), &m))
		return m
	}
	require.Nil(t, me(a).EmailConfirmedAt)
	require.NotNil(t, me(a).ConfirmationSentAt)
	old := next(`bestätige[^#]*\nhttps://tv\.example/confirm#(confirm_\w{26})\n`)
	require.Equal(t, http.StatusAccepted, s.call("POST", "/api/v1/me/email/confirmation", vera, "").status)
	link := next(`confirm here[^#]*\nhttps://tv\.example/confirm#(confirm_\w{26})\n`)

	page := s.get("/confirm")
	require.Equal(t, http.StatusOK, page.status)
	require.Equal(t, "noindex", page.header.Get("X-Robots-Tag"))
	require.Nil(t, me(s.call("GET", "/api/v1/me", vera, "")).EmailConfirmedAt)
	confirm := func(token string) response {
		return s.call("POST", "/api/v1/email-confirmations", "", `{"token":"`+token+`"}`)
	}
	require.Equal(t, http.StatusForbidden, confirm(old).status)
	require.Equal(t, "bad_confirmation", confirm("x").code())
	require.Equal(t, http.StatusMethodNotAllowed, s.call("GET", "/api/v1/email-confirmations?token="+link, "", "").status)
	var got Confirmed
	require.NoError(t, json.Unmarshal([]byte(confirm(link).body), &got))
	require.Equal(t, Confirmed{Name: "vera", Email: "vera@example.org"}, got)
	used := confirm(link)
	require.Equal(t, http.StatusConflict, used.status)
	require.Equal(t, "used_confirmation", used.code())
	now := me(s.call("GET", "/api/v1/me", vera, ""))
	require.NotNil(t, now.EmailConfirmedAt)
	require.Nil(t, now.ConfirmationSentAt)
	admin := s.user("site-admin", account.RoleAdmin)
	var list struct{ Items []User }
	require.NoError(t, json.Unmarshal([]byte(s.call("GET", "/api/v1/admin/users", admin, "").body), &list))
	for _, u := range list.Items {
		require.Equal(t, u.Name == "vera", u.EmailConfirmedAt != nil, "admins see it of %s", u.Name)
	}
	require.Len(t, list.Items, 2)
	require.Contains(t, s.call("GET", "/api/v1/me/notifications", vera, "").body, `"address_confirmed":true`)
	require.Equal(t, "email_confirmed", s.call("POST", "/api/v1/me/email/confirmation", vera, "").code())

	now = me(s.call("PATCH", "/api/v1/me", vera, `{"email":"other@example.org"}`))
	require.Nil(t, now.EmailConfirmedAt)
	require.NotNil(t, now.ConfirmationSentAt)
	next(`(confirm_)`)
	many := s.call("POST", "/api/v1/me/email/confirmation", vera, "")
	require.Equal(t, http.StatusTooManyRequests, many.status)
	require.Equal(t, "too_many_letters", many.code())
	require.NotEmpty(t, many.header.Get("Retry-After"))
	me(s.call("PATCH", "/api/v1/me", vera, `{"email":""}`))
	require.Equal(t, "no_email", s.call("POST", "/api/v1/me/email/confirmation", vera, "").code())

	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/admin/users", admin, `{"name":"dave","email":"dave@example.org","password":"`+goodPassword+`"}`).status)
	next(`the account dave at[^#]*#(confirm_)`)
}

func TestNoMailConfirmsNothing(t *testing.T) {
	s := newSite(t, nil)
	a := s.call("POST", "/api/v1/users", "", `{"name":"vera","email":"vera@example.org","password":"`+goodPassword+`"}`)
	require.Contains(t, a.body, `"confirmation_sent_at":null`)
	sent := s.call("POST", "/api/v1/me/email/confirmation", cookieOf(t, a).String(), "")
	require.Equal(t, http.StatusNotFound, sent.status)
	require.Equal(t, codeNoMail, sent.code())
}
