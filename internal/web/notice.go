package web

import (
	"bytes"
	"html/template"
	"net/http"
)

// notice is a page that says one thing and leads on. It needs no script: it is
// for people who come back from elsewhere, when something is wrong.
type notice struct {
	Status      int
	Title, Site string
	Sentence    string
	Link, Text  string
}

var noticePage = template.Must(template.New("notice").Parse(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>{{.Title}} · {{.Site}}</title>
    <style>
      :root { color-scheme: light dark; --bg: #f7f8fa; --text: #14171f; --muted: #596172; --accent: #2f55d4; --on-accent: #fff; }
      @media (prefers-color-scheme: dark) { :root { --bg: #0d0f14; --text: #f1f3f7; --muted: #a2a9b8; --accent: #7c9cff; --on-accent: #0b1020; } }
      body { margin: 0; min-height: 100vh; display: grid; place-content: center; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
      main { max-width: 26rem; padding: 24px; }
      h1 { margin: 0 0 8px; font-size: 21px; font-weight: 600; }
      p { margin: 0 0 24px; color: var(--muted); }
      a { display: inline-block; padding: 10px 16px; border-radius: 999px; background: var(--accent); color: var(--on-accent); font-weight: 600; text-decoration: none; }
      a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    </style>
  </head>
  <body>
    <main>
      <h1>{{.Title}}</h1>
      <p role="alert">{{.Sentence}}</p>
      <a href="{{.Link}}">{{.Text}}</a>
    </main>
  </body>
</html>
`))

func (s *Server) notice(w http.ResponseWriter, r *http.Request, n notice) {
	n.Site = s.siteName(r.Context())
	var page bytes.Buffer
	if err := noticePage.Execute(&page, n); err != nil {
		s.log.Error("notice", "error", err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address may have a code in it
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	w.WriteHeader(n.Status)
	_, _ = w.Write(page.Bytes()) // the client has gone
}
