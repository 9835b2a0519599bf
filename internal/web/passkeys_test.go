package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/testkit"
)

// ask has the browser do something that it must be able to.
func (b *browser) ask(status int, method, path, body string, into any) {
	b.s.t.Helper()
	w := b.do(method, path, body)
	require.Equal(b.s.t, status, w.Code, w.Body.String())
	if into != nil {
		require.NoError(b.s.t, json.Unmarshal(w.Body.Bytes(), into))
	}
}

func TestPasskeys(t *testing.T) {
	s := newSite(t, nil) // no URL: the host that is asked for
	_, err := s.accounts.AddUser(t.Context(), account.CommandLine(), account.NewUser{Name: "alice", Password: goodPassword})
	require.NoError(t, err)
	b := s.browser()
	var info struct{ Passkeys bool }
	b.ask(http.StatusOK, "GET", "/api/v1/server", "", &info)
	require.True(t, info.Passkeys)
	s.json("/api/v1/server", &info)
	require.False(t, info.Passkeys, "an address that is a number has none")

	b.ask(http.StatusUnauthorized, "POST", "/api/v1/me/passkeys/challenge", "", nil)
	b.ask(http.StatusCreated, "POST", "/api/v1/sessions", `{"login":"alice","password":"`+goodPassword+`"}`, nil)
	var c PasskeyChallenge
	b.ask(http.StatusOK, "POST", "/api/v1/me/passkeys/challenge", "", &c)
	d := testkit.NewAuthenticator(tv)
	var made Passkey
	response := d.Make(t, c.Options)
	b.ask(http.StatusCreated, "POST", "/api/v1/me/passkeys", `{"label":"My phone","credential":`+response+`}`, &made)
	require.Equal(t, "My phone", made.Label)
	require.Nil(t, made.LastUsedAt)
	b.ask(http.StatusBadRequest, "POST", "/api/v1/me/passkeys", `{"credential":`+response+`}`, nil)
	b.ask(http.StatusBadRequest, "POST", "/api/v1/me/passkeys", `{"credential":"nonsense"}`, nil)
	b.ask(http.StatusUnprocessableEntity, "POST", "/api/v1/me/passkeys", `{}`, nil)

	other := s.browser()
	other.ask(http.StatusOK, "POST", "/api/v1/passkeys/challenge", "", &c)
	response = d.Sign(t, c.Options)
	var me Me
	other.ask(http.StatusCreated, "POST", "/api/v1/sessions/passkey", `{"credential":`+response+`}`, &me)
	require.Equal(t, "alice", me.Name)
	require.NotNil(t, me.FreshUntil)
	require.Equal(t, "alice", other.me().Name)
	other.ask(http.StatusForbidden, "POST", "/api/v1/sessions/passkey", `{"credential":`+response+`}`, nil)
	var sessions struct{ Items []Session }
	other.ask(http.StatusOK, "GET", "/api/v1/me/sessions", "", &sessions)
	require.Equal(t, "passkey", sessions.Items[0].Method)

	var list struct{ Items []Passkey }
	other.ask(http.StatusOK, "PATCH", "/api/v1/me/passkeys/"+made.ID, `{"label":"Old phone"}`, &list)
	require.Equal(t, "Old phone", list.Items[0].Label)
	require.NotNil(t, list.Items[0].LastUsedAt)
	require.NotContains(t, other.get("/api/v1/me/passkeys").Body.String(), "publicKey")

	d.Counter = 0
	b.ask(http.StatusOK, "POST", "/api/v1/passkeys/challenge", "", &c)
	w := b.do("POST", "/api/v1/sessions/passkey", `{"credential":`+d.Sign(t, c.Options)+`}`)
	require.Equal(t, http.StatusForbidden, w.Code)
	require.Contains(t, w.Body.String(), "copied_passkey")
	other.ask(http.StatusNoContent, "DELETE", "/api/v1/me/passkeys/"+made.ID, "", nil)
	other.ask(http.StatusNotFound, "DELETE", "/api/v1/me/passkeys/"+made.ID, "", nil)
	b.ask(http.StatusOK, "POST", "/api/v1/passkeys/challenge", "", &c)
	d.Counter = 50
	b.ask(http.StatusForbidden, "POST", "/api/v1/sessions/passkey", `{"credential":`+d.Sign(t, c.Options)+`}`, nil)
	a := s.call("POST", "/api/v1/passkeys/challenge", "", "", "Host", "192.0.2.1")
	require.Equal(t, "no_passkeys", a.code())
}

// A site that was told its address has the passkeys of that one, by whatever
// host it is asked.
func TestPasskeysOfTheSitesAddress(t *testing.T) {
	s := newSite(t, func(o *Options) { o.URL = tv })
	a := s.call("POST", "/api/v1/passkeys/challenge", "", "", "Host", "evil.example")
	require.Equal(t, http.StatusOK, a.status, a.body)
	require.Contains(t, a.body, `"rpId":"tv.example"`)
}
