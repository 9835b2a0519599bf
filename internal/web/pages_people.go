package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/notify"
)

// personalPages are the addresses of pages that are about who asks, with their
// titles. What they show they ask the API for, which knows who that is: the
// server sends the same page to everybody. ui/src/lib/routes.ts has the same
// addresses.
var personalPages = map[string]string{
	"/setup":                 "Set up",
	"/sign-in":               "Sign in",
	"/sign-up":               "Sign up",
	"/reset":                 "New password",
	"/confirm":               "E-mail address",
	"/account":               "Account",
	"/account/security":      "Account",
	"/account/sessions":      "Account",
	"/account/tokens":        "Account",
	"/account/notifications": "Account",
	"/dashboard":             "Dashboard",
	"/admin":                 "Admin",
	"/admin/users":           "Admin",
	"/admin/invitations":     "Admin",
	"/admin/settings":        "Admin",
	"/admin/reports":         "Admin",
	"/admin/live":            "Admin",
	"/admin/log":             "Admin",
	"/admin/emotes":          "Admin",
	"/admin/webhooks":        "Admin",
	"/following":             "Following",
}

// dashboardParts are the pages of a channel's dashboard.
var dashboardParts = []string{"about", "keys", "access", "members", "followers", "stream", "recordings", "chat", "webhooks"}

func (s *Server) personalRoutes(mux *routes) {
	for path, title := range personalPages {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { s.personalPage(w, r, title) })
	}
	mux.HandleFunc("GET "+notify.UnsubscribePath, func(w http.ResponseWriter, r *http.Request) { s.personalPage(w, r, "Letters") })
	mux.HandleFunc("POST "+notify.UnsubscribePath, s.oneClick)
	mux.HandleFunc("GET /dashboard/{channel}", s.channelDashboardPage)
	mux.HandleFunc("GET /dashboard/{channel}/{part}", s.channelDashboardPage)
}

// personalPage answers with a page that is nothing for search engines and
// caches.
func (s *Server) personalPage(w http.ResponseWriter, r *http.Request, title string) {
	w.Header().Set("X-Robots-Tag", "noindex")
	site := s.siteName(r.Context())
	s.page(w, r, http.StatusOK, head{title: title + " · " + site, description: title + " on " + site + ".", private: true})
}

// channelDashboardPage does not look whether there is such a channel: whom that
// is to be told the API decides.
func (s *Server) channelDashboardPage(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.PathValue("channel"), "@")
	part := r.PathValue("part")
	if !ok || account.ValidName(name) != nil || part != "" && !slices.Contains(dashboardParts, part) {
		s.notFoundPage(w, r)
		return
	}
	s.personalPage(w, r, "Dashboard")
}
