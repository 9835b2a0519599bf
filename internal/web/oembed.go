package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"

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
	// Left out together.
	Thumbnail       string `json:"thumbnail_url,omitempty"`
	ThumbnailWidth  int    `json:"thumbnail_width,omitempty"`
	ThumbnailHeight int    `json:"thumbnail_height,omitempty"`
}

// oembed answers for what anyone may watch and embed.
func (s *Server) oembed(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if f := q.Get("format"); f != "" && f != "json" {
		respond(w, http.StatusNotImplemented, "Only format=json is known.\n")
		return
	}
	origin := s.origin(r)
	var e embeddable
	page, err := url.Parse(q.Get("url"))
	if err != nil || page.Scheme+"://"+page.Host != origin {
		err = errNoPage
	} else {
		e, err = s.embeddable(r.Context(), page)
	}
	if err != nil {
		s.refuseEmbedding(w, err)
		return
	}
	width, height := fitted(q.Get("maxwidth"), q.Get("maxheight"))
	player := fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" title="%s" style="border:0" allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>`,
		html.EscapeString(origin+e.player), width, height, html.EscapeString(e.title))
	answer := rich{
		Type: "video", Version: "1.0", Title: e.title, Author: e.author, AuthorAt: origin + "/@" + e.author,
		Provider: s.siteName(r.Context()), At: origin, HTML: player, Width: width, Height: height,
	}
	// The protocol has pictures keep to the limits too (2.3.4).
	if w, h := s.opts.Stills.Size(r.Context(), e.object); w > 0 && within(w, q.Get("maxwidth")) && within(h, q.Get("maxheight")) {
		answer.Thumbnail, answer.ThumbnailWidth, answer.ThumbnailHeight = origin+e.still, w, h
	}
	body, err := json.Marshal(answer)
	if err != nil {
		s.log.Error("oembed", "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(body) // the client has gone
}

// refuseEmbedding tells why nothing is to be shown elsewhere. The protocol has a
// 401 for what is private (2.3.4); no header names a way to sign in, since there
// is none for a site.
func (s *Server) refuseEmbedding(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, errPrivate):
		respond(w, http.StatusUnauthorized, "This is not for everybody.\n")
	case errors.Is(err, errNotElsewhere):
		respond(w, http.StatusUnauthorized, "The channel's owner lets no other site show it.\n")
	case errors.Is(err, viewing.ErrTakenDown):
		respond(w, http.StatusGone, "This was taken down.\n")
	case errors.Is(err, errNoPage):
		respond(w, http.StatusNotFound, "Give url, the address of the page of a channel, a recording or a clip on this site.\n")
	default:
		s.log.Error("oembed", "error", err)
		respond(w, http.StatusServiceUnavailable, "It cannot be told now.\n")
	}
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

// within reports whether a length keeps to a limit, which may be none.
func within(length int, limit string) bool {
	n, err := strconv.Atoi(limit)
	return err != nil || length <= n
}
