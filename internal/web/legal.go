package web

import (
	"context"
	"html"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
)

// legalTitles are the legal pages that a site may have, and their titles.
var legalTitles = map[string]string{"terms": "Terms", "privacy": "Privacy", "imprint": "Imprint"}

// legalText is what an admin wrote for a page; empty for none.
func legalText(set account.Settings, page string) string {
	switch page {
	case "terms":
		return set.Terms
	case "privacy":
		return set.Privacy
	case "imprint":
		return set.Imprint
	}
	return ""
}

// legalPages lists those that have a text, in the order of the footer.
func legalPages(set account.Settings) []string {
	list := []string{}
	for _, page := range []string{"terms", "privacy", "imprint"} {
		if legalText(set, page) != "" {
			list = append(list, page)
		}
	}
	return list
}

func (s *Server) legalRoutes(api huma.API) {
	get(api, "/api/v1/legal/{page}", "legal", "Returns a legal page that the site has.", s.legal, http.StatusNotFound)
}

type legalInput struct {
	Page string `path:"page" enum:"terms,privacy,imprint"`
}

// LegalPage is a text that an admin wrote.
type LegalPage struct {
	HTML string `json:"html" doc:"Rendered, and safe to show."`
}

func (s *Server) legal(ctx context.Context, in *legalInput) (*answer[LegalPage], error) {
	set, err := s.opts.Accounts.Settings(ctx)
	if err != nil {
		return nil, s.problem(err)
	}
	text := legalText(set, in.Page)
	if text == "" {
		return nil, newProblem(http.StatusNotFound, "This site has no such page.")
	}
	return reply(LegalPage{HTML: s.words.render("legal/"+in.Page, text)}), nil
}

// legalPage is the page that shows it.
func (s *Server) legalPage(w http.ResponseWriter, r *http.Request) {
	page, set := r.PathValue("page"), s.site(r.Context())
	if legalText(set, page) == "" {
		s.notFoundPage(w, r)
		return
	}
	s.page(w, r, http.StatusOK, head{title: legalTitles[page] + " · " + set.SiteName, description: legalTitles[page] + " of " + set.SiteName + ".", path: "/legal/" + page})
}

// accentStyle gives the pages the site's colours, by rules that count more than
// those of the style sheet; it is nothing where the site has none.
func accentStyle(set account.Settings) string {
	var rules strings.Builder
	if c := set.AccentLight; c != "" {
		rules.WriteString(`:root:root { --accent: ` + html.EscapeString(c) + ` }`)
	}
	dark := set.AccentDark
	if dark == "" && set.AccentLight != "" {
		dark = account.DefaultAccentDark // the rule above is for both
	}
	if dark != "" {
		dark = `--accent: ` + html.EscapeString(dark)
		rules.WriteString(` :root:root[data-theme='dark'] { ` + dark + ` } @media (prefers-color-scheme: dark) { :root:root:not([data-theme='light']) { ` + dark + ` } }`)
	}
	if rules.Len() == 0 {
		return ""
	}
	return `<style>` + rules.String() + `</style>`
}
