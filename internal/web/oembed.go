package web

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// oembedPath is where other sites ask how to show a page of this one
// (oEmbed 1.0, https://oembed.com). It is no operation of the API: its form and
// its statuses are the protocol's.
const oembedPath = "/api/oembed"

// The size of a player that nobody asked to be smaller.
const (
	embedWidth  = 960
	embedHeight = 540
)

// rich is an answer of the type video.
type rich struct {
	Type     string `json:"type"`
	Version  string `json:"version"`
	Title    string `json:"title"`
	Author   string `json:"author_name"`
	AuthorAt string `json:"author_url"`
	Provider string `json:"provider_name"`
	At       string `json:"provider_url"`
	HTML     string `json:"html"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
}

// oembed answers for the pages of channels that anyone may find and embed.
func (s *Server) oembed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if f := q.Get("format"); f != "" && f != "json" {
		respond(w, http.StatusNotImplemented, "Only format=json is known.\n")
		return
	}
	origin := s.origin(r)
	page, err := url.Parse(q.Get("url"))
	at, ok := "", false
	if err == nil && page.Scheme+"://"+page.Host == origin {
		at, ok = strings.CutPrefix(page.Path, "/@")
	}
	if !ok {
		respond(w, http.StatusNotFound, "Give url, the address of a channel's page on this site.\n")
		return
	}
	name, _, _ := strings.Cut(at, "/")
	c, err := s.channelNamed(r.Context(), name)
	switch {
	case err == nil && s.isDown(r.Context(), viewing.What{Name: c.Name}):
		respond(w, http.StatusGone, "This was taken down.\n")
		return
	case err != nil, account.Visibility(c.Visibility) != account.Public:
		respond(w, http.StatusNotFound, "There is no such channel.\n")
		return
	case account.Embedding(c.Embedding) != account.EmbeddingAllowed: // who asks may be no browser
		respond(w, http.StatusForbidden, "The channel's owner lets no other site show it.\n")
		return
	}
	width, height := fitted(q.Get("maxwidth"), q.Get("maxheight"))
	player := fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" title="%s" style="border:0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`,
		html.EscapeString(origin+"/embed/@"+c.Name), width, height, html.EscapeString(cmp.Or(c.Title, c.Name)))
	body, err := json.Marshal(rich{
		Type: "video", Version: "1.0", Title: cmp.Or(c.Title, c.Name), Author: c.Name, AuthorAt: origin + "/@" + c.Name,
		Provider: s.siteName(r.Context()), At: origin, HTML: player, Width: width, Height: height,
	})
	if err != nil {
		s.log.Error("oembed", "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body) // the client has gone
}

// fitted is the size of a player of 16:9 within what was asked for; what is no
// size of use is not heeded.
func fitted(maxWidth, maxHeight string) (width, height int) {
	const least = 160
	width, height = embedWidth, embedHeight
	if n, err := strconv.Atoi(maxWidth); err == nil && n >= least && n < width {
		width, height = n, n*embedHeight/embedWidth
	}
	if n, err := strconv.Atoi(maxHeight); err == nil && n >= least*embedHeight/embedWidth && n < height {
		width, height = n*embedWidth/embedHeight, n
	}
	return width, height
}
