package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/account"
)

// about makes a user's channel say what it is about.
func (s *site) about(cookie, channel, body string) {
	s.t.Helper()
	require.Equal(s.t, http.StatusOK, s.call(http.MethodPatch, "/api/v1/channels/"+channel, cookie, body).status)
}

func TestSearch(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	for _, name := range []string{"knights", "rooks", "secret-knights"} {
		require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"`+name+`"}`).status)
	}
	s.about(alice, "knights", `{"title":"Knight’s Évening","category":"Chess","tags":["blitz"]}`)
	s.about(alice, "rooks", `{"title":"Rooks","category":"Chess"}`)
	s.about(alice, "secret-knights", `{"visibility":"unlisted","category":"Chess"}`)
	first, second := s.archived("knights"), s.archived("knights")
	s.publish("rooks")

	var found Search
	s.json("/api/v1/search?q=evening+BLI", &found)
	require.Len(t, found.Channels, 1)
	require.Equal(t, "knights", found.Channels[0].Name)
	require.Empty(t, found.Recordings.Items, "their titles have no such word as blitz")
	s.json("/api/v1/search?limit=1&q=knight", &found)
	require.Len(t, found.Channels, 1, "what is not public is not found")
	require.Equal(t, second.ID, found.Recordings.Items[0].ID)
	require.NotEmpty(t, found.Recordings.Items[0].HLS)
	require.NotNil(t, found.Recordings.Next)
	s.json("/api/v1/search?limit=1&q=knight&cursor="+*found.Recordings.Next, &found)
	require.Empty(t, found.Channels)
	require.Equal(t, first.ID, found.Recordings.Items[0].ID)
	require.Nil(t, found.Recordings.Next)
	for _, bad := range []string{"", "?q=", "?q=a&cursor=…", "?q=a&cursor=-1"} {
		s.requireProblem(http.StatusUnprocessableEntity, http.MethodGet, "/api/v1/search"+bad)
	}

	var all Categories
	s.json("/api/v1/categories", &all)
	require.Equal(t, []Category{{Name: "Chess", Channels: 2, Live: 1}}, all.Items)
	var list page[Channel]
	s.json("/api/v1/categories/Chess/channels?limit=1", &list)
	require.Equal(t, "knights", list.Items[0].Name)
	s.json("/api/v1/categories/Chess/channels?cursor="+*list.Next, &list)
	require.Equal(t, "rooks", list.Items[0].Name)
	require.NotNil(t, list.Items[0].Live)
	s.json("/api/v1/categories/none/channels", &list)
	require.Empty(t, list.Items)
}

func TestFeed(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	s.about(alice, "show", `{"title":"Tea & <Toast>"}`)
	shown, hidden := s.archived("show"), s.archived("show")
	require.Equal(t, http.StatusOK, s.call(http.MethodPatch, "/api/v1/broadcasts/"+hidden.ID, alice, `{"visibility":"unlisted"}`).status)

	a := s.get("/@show/feed.xml")
	require.Equal(t, http.StatusOK, a.status)
	require.Equal(t, "application/rss+xml; charset=utf-8", a.header.Get("Content-Type"))
	var f rss
	require.NoError(t, xml.Unmarshal([]byte(a.body), &f))
	require.Equal(t, "Tea & <Toast>", f.Channel.Title)
	require.Len(t, f.Channel.Items, 1)
	item := f.Channel.Items[0]
	require.Equal(t, s.url+"/v/"+shown.ID, item.Link)
	require.Positive(t, item.Enclosure.Length)
	at, err := url.Parse(item.Enclosure.URL)
	require.NoError(t, err)
	require.Equal(t, "video/mp4", s.get(at.RequestURI()).header.Get("Content-Type"))

	page := s.get("/@show")
	require.Contains(t, page.body, `type="application/rss+xml" title="Tea &amp; &lt;Toast&gt;" href="/@show/feed.xml"`)
	require.Equal(t, http.StatusNotFound, s.get("/@nobody/feed.xml").status)
	require.Equal(t, http.StatusOK, s.call(http.MethodPatch, "/api/v1/channels/show", alice, `{"name":"tea"}`).status)
	moved := s.get("/@show/feed.xml")
	require.Equal(t, http.StatusMovedPermanently, moved.status)
	require.Equal(t, "/@tea/feed.xml", moved.header.Get("Location"))
}

func TestOEmbed(t *testing.T) {
	s := newSite(t, nil)
	alice := s.user("alice", account.RoleUser)
	require.Equal(t, http.StatusCreated, s.call("POST", "/api/v1/channels", alice, `{"name":"show"}`).status)
	s.about(alice, "show", `{"title":"\"><script>"}`)
	ask := func(of, more string) response {
		return s.get(oembedPath + "?url=" + url.QueryEscape(s.url+of) + more)
	}
	var got rich
	require.NoError(t, json.Unmarshal([]byte(ask("/@show/about", "&maxwidth=480&maxheight=9000").body), &got))
	require.Equal(t, [2]int{480, 270}, [2]int{got.Width, got.Height})
	require.Contains(t, got.HTML, `<iframe src="`+s.url+`/embed/@show" width="480" height="270"`)
	require.NotContains(t, got.HTML, "<script>")
	require.Equal(t, "Test & Site", got.Provider)
	require.Contains(t, s.get("/@show").body, `type="application/json+oembed"`)

	require.Equal(t, http.StatusNotFound, ask("/v/x", "").status)
	require.Equal(t, http.StatusNotFound, ask("/@nobody", "").status)
	require.Equal(t, http.StatusNotFound, s.get(oembedPath+"?url=https://elsewhere.example/@show").status)
	require.Equal(t, http.StatusNotFound, s.get(oembedPath).status)
	require.Equal(t, http.StatusNotImplemented, ask("/@show", "&format=xml").status)
	s.about(alice, "show", `{"embedding":"refused"}`)
	require.Equal(t, http.StatusUnauthorized, ask("/@show", "").status)
	require.NotContains(t, s.get("/@show").body, "oembed")
	s.about(alice, "show", `{"embedding":"allowed","visibility":"unlisted"}`)
	require.Equal(t, http.StatusOK, ask("/@show", "").status, "who asks has the address")
	require.NotContains(t, s.get("/@show").body, "oembed", "but nobody is to find it")
	s.about(alice, "show", `{"visibility":"members"}`)
	require.Equal(t, http.StatusUnauthorized, ask("/@show", "").status)
}

// TestPartsOfAChannel: each has an address, and the others are nowhere.
func TestPartsOfAChannel(t *testing.T) {
	s := newSite(t, nil)
	_, err := s.accounts.AddChannel(t.Context(), account.CommandLine(), "show")
	require.NoError(t, err)
	for _, part := range channelParts {
		a := s.get("/@Show" + part)
		require.Equal(t, http.StatusOK, a.status, part)
		require.Contains(t, a.body, `<link rel="canonical" href="`+s.url+`/@show`+part+`" />`)
	}
	for _, path := range []string{"/@show/none", "/@show/about/more", "/@nobody/about", "/@/about"} {
		require.Equal(t, http.StatusNotFound, s.get(path).status, path)
	}
	require.Equal(t, http.StatusOK, s.get("/search?q=x").status)
	require.Contains(t, s.get("/category/Ches%73%20%26%20Go").body, "<title>Chess &amp; Go · ")
}
