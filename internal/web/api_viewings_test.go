package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// requireCode checks that no viewing began, and why.
func requireCode(t *testing.T, a response, status int, code string) {
	t.Helper()
	require.Equal(t, status, a.status, a.body)
	require.Equal(t, "application/problem+json", a.header.Get("Content-Type"))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Empty(t, a.header.Get("Access-Control-Allow-Origin"), "the API is closed to other sites")
	var p Problem
	require.NoError(t, json.Unmarshal([]byte(a.body), &p))
	require.Equal(t, code, p.Code)
	require.Equal(t, http.StatusText(status), p.Title)
	require.Regexp(t, `^[A-Z].*\.$`, p.Detail)
}

func TestWhyNoViewingBegins(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, member := s.member("alice", "the-member", account.PlaceMember)
	_, stranger := s.member("alice", "the-stranger", account.PlaceNone)
	u, _ := s.member("alice", "the-editor", account.PlaceEditor)
	for _, path := range []string{"/api/v1/channels/ALICE/viewings", "/api/v1/broadcasts/" + over.ID + "/viewings"} {
		s.set("alice", account.Password)
		requireCode(t, s.post(path, ""), http.StatusForbidden, "password_needed")
		requireCode(t, s.post(path, "{}"), http.StatusForbidden, "password_needed")
		requireCode(t, s.post(path, `{"password":"another"}`), http.StatusForbidden, "wrong_password")
		requireCode(t, s.post(path, "{}", "Cookie", member), http.StatusForbidden, "password_needed")
		require.Equal(t, http.StatusCreated, s.post(path, `{"password":"`+watchword+`"}`).status)

		s.set("alice", account.Members)
		requireCode(t, s.post(path, `{"password":"`+watchword+`"}`), http.StatusForbidden, "sign_in")
		requireCode(t, s.post(path, "", "Cookie", stranger), http.StatusForbidden, "members_only")
		require.Equal(t, http.StatusCreated, s.post(path, "", "Cookie", member).status)
	}
	for _, scopes := range []struct {
		scope  account.Scope
		status int
	}{{account.ScopeRead, http.StatusCreated}, {account.ScopeKeys, http.StatusForbidden}} {
		actor := account.Actor{User: u, Session: s.db.NewID()}
		plain, _, err := s.accounts.MakeToken(t.Context(), actor, "player", []account.Scope{scopes.scope}, over.StartedAt().AddDate(100, 0, 0))
		require.NoError(t, err)
		a := s.post("/api/v1/channels/alice/viewings", "", "Authorization", "Bearer "+plain)
		require.Equal(t, scopes.status, a.status, a.body)
	}

	requireCode(t, s.post("/api/v1/channels/nobody/viewings", "{}"), http.StatusNotFound, "unknown_channel")
	requireCode(t, s.post("/api/v1/broadcasts/nosuch/viewings", "{}"), http.StatusNotFound, "not_found")
	requireCode(t, s.post("/api/v1/channels/alice/viewings", "{"), http.StatusBadRequest, "invalid")
	requireCode(t, s.post("/api/v1/channels/alice/viewings", `{"password":"`+strings.Repeat("x", 1025)+`"}`), http.StatusUnprocessableEntity, "invalid")
	requireCode(t, s.post("/api/v1/channels/alice/viewings", `{"other":"x"}`), http.StatusUnprocessableEntity, "invalid")
	requireCode(t, s.post("/api/v1/channels/alice/viewings", "{}", "Sec-Fetch-Site", "cross-site"), http.StatusForbidden, "cross_origin")

	s.set("alice", account.Password)
	busy := response{}
	for range 20 {
		if busy = s.post("/api/v1/channels/alice/viewings", `{"password":"another"}`); busy.status != http.StatusForbidden {
			break
		}
	}
	requireCode(t, busy, http.StatusTooManyRequests, "too_many_attempts")
	require.Regexp(t, `^[1-6]$`, busy.header.Get("Retry-After"))
}

// Lists show what is public; who has the address is told the rest, but for the
// addresses of media.
func TestWhatListsShow(t *testing.T) {
	s := newSite(t, nil)
	over := s.archived("alice")
	_, onAir := s.publish("alice")
	_, editor := s.member("alice", "the-editor", account.PlaceEditor)
	type list struct {
		Items []struct{ ID, Name, Visibility string }
	}
	for _, v := range []account.Visibility{account.Public, account.Unlisted, account.Password, account.Members} {
		s.set("alice", v)
		for _, path := range []string{"/api/v1/live", "/api/v1/broadcasts"} {
			var l list
			s.json(path, &l)
			require.Equal(t, v == account.Public, len(l.Items) == 1, "%s %s", path, v)
		}
		var l list
		s.json("/api/v1/channels/alice/broadcasts", &l)
		require.Len(t, l.Items, 2)
		require.Equal(t, string(v), l.Items[0].Visibility)

		wants := map[account.Visibility]string{account.Public: "open", account.Unlisted: "open", account.Password: "password", account.Members: "members"}
		for _, path := range []string{"/api/v1/channels/alice", "/api/v1/broadcasts/" + over.ID, "/api/v1/broadcasts/" + over.ID + "/downloads"} {
			var any map[string]any
			a := s.json(path, &any)
			require.Equal(t, viewing.IsOpen(v), strings.Contains(a.body, `"/live/`) || strings.Contains(a.body, `"/vod/`), a.body)
			if !strings.HasSuffix(path, "downloads") {
				require.Equal(t, wants[v], any["access"], path)
				require.Equal(t, string(v), any["visibility"], path)
			}
		}
		for _, path := range []string{"/@alice", "/embed/@alice", "/v/" + over.ID} {
			a := s.get(path)
			require.Equal(t, v != account.Public, strings.Contains(a.body, `<meta name="robots" content="noindex" />`), path)
			require.Equal(t, v != account.Public, a.header.Get("X-Robots-Tag") == "noindex", path)
		}
	}

	s.set("alice", account.Public)
	s.setRecording(over.ID, account.Members)
	s.setRecording(onAir.ID, account.Unlisted)
	for path, want := range map[string]int{"/api/v1/live": 0, "/api/v1/broadcasts": 0, "/api/v1/channels/alice/broadcasts": 0} {
		var l list
		s.json(path, &l)
		require.Len(t, l.Items, want, path)
	}
	a := s.get("/api/v1/channels/alice/broadcasts", "Cookie", editor)
	require.Contains(t, a.body, over.ID)
	require.Contains(t, a.body, onAir.ID)
	require.Equal(t, "noindex", s.get("/v/"+over.ID).header.Get("X-Robots-Tag"))
	require.Empty(t, s.get("/@alice").header.Get("X-Robots-Tag"))
}

func TestWhoMayEmbed(t *testing.T) {
	s := newSite(t, nil)
	_, err := s.accounts.AddChannel(t.Context(), account.CommandLine(), "alice")
	require.NoError(t, err)
	sites := []string{"https://example.org", "http://[::1]:8000"}
	for embedding, want := range map[account.Embedding]string{
		account.EmbeddingAllowed: "*", account.EmbeddingRefused: "'none'", account.EmbeddingSites: "https://example.org http://[::1]:8000",
	} {
		_, err := s.accounts.SetDetails(t.Context(), account.CommandLine(), "alice", account.AnyRevision, account.Details{Embedding: &embedding, EmbedSites: &sites})
		require.NoError(t, err)
		policy := s.get("/embed/@alice").header.Get("Content-Security-Policy")
		require.True(t, strings.HasSuffix(policy, "; frame-ancestors "+want), policy)
		require.True(t, strings.HasSuffix(s.get("/@alice").header.Get("Content-Security-Policy"), "; frame-ancestors 'none'"))
	}
	sites = []string{}
	_, err = s.accounts.SetDetails(t.Context(), account.CommandLine(), "alice", account.AnyRevision, account.Details{Embedding: new(account.EmbeddingSites), EmbedSites: &sites})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(s.get("/embed/@alice").header.Get("Content-Security-Policy"), "; frame-ancestors 'none'"), "of no sites, none may")
	require.True(t, strings.HasSuffix(s.get("/embed/@nobody").header.Get("Content-Security-Policy"), "; frame-ancestors 'none'"))
}
