package web

import (
	"net/http"
	"strings"
)

// chatPage is a channel's chat in a window of its own.
func (s *Server) chatPage(w http.ResponseWriter, r *http.Request) {
	s.chatAlone(w, r, "/chat/@", "")
}

// overlayPage is a channel's chat to be laid over a picture: a browser source
// of OBS. Who has its address needs no sign-in where the chat is public.
func (s *Server) overlayPage(w http.ResponseWriter, r *http.Request) {
	s.chatAlone(w, r, "/overlay/@", "/chat")
}

// chatAlone answers with a page of nothing but a channel's chat. Search engines
// find the channel instead.
func (s *Server) chatAlone(w http.ResponseWriter, r *http.Request, tree, part string) {
	name, ok := strings.CutPrefix(r.PathValue("page"), "@")
	if !ok {
		s.notFoundPage(w, r)
		return
	}
	c, ok := s.channelOfPage(w, r, tree, name, part)
	if !ok {
		return
	}
	s.page(w, r, http.StatusOK, head{
		title: "Chat of " + c.Name + " · " + s.siteName(r.Context()), path: "/@" + c.Name,
		description: "The chat of " + c.Name + ".", hidden: true,
	})
}
