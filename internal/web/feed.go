package web

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// inFeed is how many recordings a feed has: readers come back before there are
// more.
const inFeed = 50

// rss is a feed (RSS 2.0), with the elements that we use. Recordings are
// enclosures, so that podcast players play them.
type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language,omitempty"`
	Self        rssSelf   `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

// rssSelf is where the feed itself is (RFC 4287 4.2.7).
type rssSelf struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

type rssItem struct {
	Title     string       `xml:"title"`
	Link      string       `xml:"link"`
	GUID      string       `xml:"guid"`
	Published string       `xml:"pubDate"`
	Enclosure rssEnclosure `xml:"enclosure"`
}

type rssEnclosure struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

func feedPath(channel string) string { return "/@" + channel + "/feed.xml" }

// feed answers with a channel's recordings that are for everybody.
func (s *Server) feed(w http.ResponseWriter, r *http.Request, name string) {
	c, ok := s.channelOfPage(w, r, "/@", name, "/feed.xml")
	if !ok {
		return
	}
	rows, err := s.opts.DB.FoundBroadcasts(r.Context(), c.ID, "", inFeed)
	if err != nil {
		s.log.Error("feed", "channel", c.Name, "error", err)
		respond(w, http.StatusInternalServerError, "The recordings cannot be listed now.\n")
		return
	}
	origin := s.origin(r)
	f := rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: rssChannel{
		Title: cmp.Or(c.Title, c.Name), Link: origin + "/@" + c.Name, Language: c.Language,
		Description: "Recordings of " + cmp.Or(c.Title, c.Name) + " on " + s.siteName(r.Context()) + ".",
		Self:        rssSelf{origin + feedPath(c.Name), "self", "application/rss+xml"},
	}}
	for _, b := range rows {
		v := account.Visibility(cmp.Or(b.Visibility, c.Visibility))
		if viewing.IsOpen(v) && b.State == store.StateArchived && b.Recorded {
			f.Channel.Items = append(f.Channel.Items, rssItemOf(b, origin))
		}
	}
	body, err := xml.Marshal(f)
	if err != nil {
		s.log.Error("feed", "channel", c.Name, "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/rss+xml; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=300")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(append([]byte(xml.Header), body...)) // the client has gone
}

func rssItemOf(b store.Broadcast, origin string) rssItem {
	at := b.StartedAt
	if at.IsZero() {
		at = b.CreatedAt
	}
	page := origin + "/v/" + b.ID
	return rssItem{
		Title: cmp.Or(b.Title, b.ChannelName) + ", " + at.UTC().Format("2 January 2006"), Link: page, GUID: page,
		Published: at.UTC().Format(time.RFC1123Z),
		Enclosure: rssEnclosure{origin + downloadURL(b.ID, 1), b.Bytes, "video/mp4"},
	}
}
