package web

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// clipPage is the page of one clip.
func (s *Server) clipPage(w http.ResponseWriter, r *http.Request) {
	if c, ok := s.clipOfPage(w, r); ok {
		s.page(w, r, http.StatusOK, s.clipHead(r, c, s.channelByID(r.Context(), c.ChannelID)))
	}
}

// embedClipPage is its player alone, for other people's pages.
func (s *Server) embedClipPage(w http.ResponseWriter, r *http.Request) {
	clip, ok := s.clipOfPage(w, r)
	if !ok {
		return
	}
	c := s.channelByID(r.Context(), clip.ChannelID)
	h := s.clipHead(r, clip, c)
	h.frames = framesOf(c)
	s.page(w, r, http.StatusOK, h)
}

// clipOfPage returns the clip that a page is about. When there is none it has
// answered, and returns false.
func (s *Server) clipOfPage(w http.ResponseWriter, r *http.Request) (store.Clip, bool) {
	c, err := s.opts.DB.Clip(r.Context(), r.PathValue("clip"))
	if err != nil {
		s.notFoundPage(w, r)
		return c, false
	}
	if s.buried(w, r, viewing.What{Broadcast: c.ID}) {
		return c, false
	}
	if !c.RemovedAt.IsZero() {
		s.page(w, r, http.StatusGone, head{title: "Removed · " + s.siteName(r.Context()), description: "This clip was removed."})
		return c, false
	}
	return c, true
}

func (s *Server) clipHead(r *http.Request, c store.Clip, channel account.Channel) head {
	by := ""
	if c.UserID != "" {
		by = ", clipped by " + cmp.Or(c.DisplayName, c.UserName)
	}
	h := head{
		title:       c.Title + " · " + c.ChannelName + " · " + s.siteName(r.Context()),
		description: fmt.Sprintf("A clip of %s, %d seconds%s.", c.ChannelName, (c.End-c.Start).Round(time.Second)/time.Second, by),
		path:        "/c/" + c.ID, kind: "video.other", hidden: account.Visibility(c.Visibility) != account.Public,
	}
	if !viewing.IsOpen(account.Visibility(c.Visibility)) {
		return h
	}
	if !c.Mature {
		h.image = s.stillOfClip(r.Context(), "", c)
	}
	if anySiteMayShow(channel) {
		h.links = []string{oembedLink(c.Title, s.origin(r)+h.path)}
	}
	return h
}

// embedRecordingPage is the player of a recording alone.
func (s *Server) embedRecordingPage(w http.ResponseWriter, r *http.Request) {
	c, h, ok := s.recordingHead(w, r)
	if !ok {
		return
	}
	h.frames = framesOf(c)
	s.page(w, r, http.StatusOK, h)
}

// channelByID returns a channel; one that lets nobody embed it where it cannot be
// told.
func (s *Server) channelByID(ctx context.Context, id string) account.Channel {
	c, err := s.opts.DB.Channel(ctx, id)
	if err != nil {
		return account.Channel{}
	}
	return c
}
