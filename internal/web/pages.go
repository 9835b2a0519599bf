package web

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// headMark stands in index.html where a page's own head belongs.
const headMark = "<!--head-->"

// policy is what a page may load: nothing from elsewhere. Pictures and media
// may come from memory, where the player makes them.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'"

// pages holds the built UI, compressed once.
type pages struct {
	index string
	files map[string]asset
}

type asset struct {
	plain       []byte
	gzip        func() []byte // made when it is first asked for; nil: no smaller
	contentType string
	forever     bool // its name holds a hash of its content
}

func newPages(ui fs.FS) (*pages, error) {
	index, err := fs.ReadFile(ui, "index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the pages are not built into this binary: run `make build`")
	}
	if err != nil {
		return nil, err
	}
	if !strings.Contains(string(index), headMark) {
		return nil, fmt.Errorf("index.html has no %s", headMark)
	}
	p := &pages{index: string(index), files: map[string]asset{}}
	err = fs.WalkDir(ui, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "index.html" || strings.HasPrefix(name, ".") {
			return err
		}
		b, err := fs.ReadFile(ui, name)
		if err != nil {
			return err
		}
		p.files["/"+name] = newAsset(name, b)
		return nil
	})
	return p, err
}

func newAsset(name string, b []byte) asset {
	a := asset{plain: b, contentType: mime.TypeByExtension(path.Ext(name)), forever: strings.HasPrefix(name, "assets/")}
	if a.contentType == "" {
		a.contentType = "application/octet-stream"
	}
	a.gzip = sync.OnceValue(func() []byte { return compressed(b) })
	return a
}

// compressed is b by gzip, nil if that is not smaller.
func compressed(b []byte) []byte {
	var z bytes.Buffer
	// Writing to a buffer does not fail, and BestCompression is a known level.
	w, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
	_, _ = w.Write(b)
	_ = w.Close()
	if z.Len() >= len(b) {
		return nil
	}
	return z.Bytes()
}

func (s *Server) pageRoutes(mux *routes) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		site := s.siteName(r.Context())
		s.page(w, r, http.StatusOK, head{title: site, description: "Live video and recordings on " + site + "."})
	})
	s.personalRoutes(mux)
	mux.HandleFunc("GET /{page}", s.channelPage)
	mux.HandleFunc("GET /v/{broadcast}", s.recordingPage)
	mux.HandleFunc("GET /c/{clip}", s.clipPage)
	mux.HandleFunc("GET "+picturesTree+"{key}", s.picture)
	mux.HandleFunc("GET /embed/{page}", s.embedPage)
	mux.HandleFunc("GET /chat/{page}", s.chatPage)
	mux.HandleFunc("GET /overlay/{page}/chat", s.overlayPage)
	mux.HandleFunc("GET /embed/v/{broadcast}", s.embedRecordingPage)
	mux.HandleFunc("GET /embed/c/{clip}", s.embedClipPage)
	mux.HandleFunc("GET /search", func(w http.ResponseWriter, r *http.Request) {
		site := s.siteName(r.Context())
		s.page(w, r, http.StatusOK, head{title: "Search · " + site, description: "Search " + site + ".", hidden: true})
	})
	mux.HandleFunc("GET /category/{category}", s.categoryPage)
	mux.HandleFunc("GET /legal/{page}", s.legalPage)
	mux.HandleFunc("GET /", s.rest)
}

// siteName is what the site calls itself.
func (s *Server) siteName(ctx context.Context) string { return s.site(ctx).SiteName }

// site is what its admin set.
func (s *Server) site(ctx context.Context) account.Settings {
	set, err := s.opts.Accounts.Settings(ctx)
	if err != nil {
		s.log.Warn("the site's settings cannot be read", "error", err) // a page without them is better than none
	}
	return set
}

// head is what a page says of itself to search engines and link previews.
type head struct {
	title       string
	description string
	path        string   // canonical
	kind        string   // Open Graph type, empty is website
	hidden      bool     // from search engines
	frames      string   // who may embed it (CSP 3 6.4.2), empty is nobody
	private     bool     // it is not to be kept by caches
	image       string   // path of a picture of it, which anyone may see; empty is none
	links       []string // further elements
}

func (h head) html(set account.Settings, origin string) string {
	e := html.EscapeString
	var b strings.Builder
	fmt.Fprintf(&b, "<title>%s</title>\n", e(h.title))
	fmt.Fprintf(&b, `    <meta name="description" content="%s" />`+"\n", e(h.description))
	fmt.Fprintf(&b, `    <meta property="og:title" content="%s" />`+"\n", e(h.title))
	fmt.Fprintf(&b, `    <meta property="og:description" content="%s" />`+"\n", e(h.description))
	fmt.Fprintf(&b, `    <meta property="og:site_name" content="%s" />`+"\n", e(set.SiteName))
	kind := h.kind
	if kind == "" {
		kind = "website"
	}
	fmt.Fprintf(&b, `    <meta property="og:type" content="%s" />`, e(kind))
	if h.image != "" {
		fmt.Fprintf(&b, "\n"+`    <meta property="og:image" content="%s" />`, e(origin+h.image))
		b.WriteString("\n" + `    <meta name="twitter:card" content="summary_large_image" />`)
	}
	if h.hidden {
		b.WriteString("\n" + `    <meta name="robots" content="noindex" />`)
	}
	if h.path != "" {
		fmt.Fprintf(&b, "\n"+`    <link rel="canonical" href="%s" />`, e(origin+h.path))
	}
	for _, link := range h.links {
		b.WriteString("\n    " + link)
	}
	if style := accentStyle(set); style != "" {
		b.WriteString("\n    " + style)
	}
	return b.String()
}

func (s *Server) page(w http.ResponseWriter, r *http.Request, status int, h head) {
	if status == http.StatusOK && s.secured(w, r) {
		return
	}
	hd := w.Header()
	hd.Set("Content-Type", "text/html; charset=utf-8")
	hd.Set("Cache-Control", "no-cache")
	if h.private {
		hd.Set("Cache-Control", "no-store")
	}
	hd.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	hd.Set("X-Content-Type-Options", "nosniff")
	hd.Set("Content-Security-Policy", policy+"; frame-ancestors "+cmp.Or(h.frames, "'none'"))
	if h.hidden {
		hd.Set("X-Robots-Tag", "noindex")
	}
	body := strings.Replace(s.pages.index, headMark, h.html(s.site(r.Context()), s.origin(r)), 1)
	hd.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write([]byte(body)) // the client has gone
	}
}

func (s *Server) notFoundPage(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, http.StatusNotFound, head{title: "Not found · " + s.siteName(r.Context()), description: "There is no such page."})
}

func (s *Server) channelPage(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.PathValue("page"), "@")
	if !ok {
		s.asset(w, r)
		return
	}
	s.pageOfChannel(w, r, name, "")
}

// channelParts are the pages of a channel beside the first. They are one page
// for who looks at it, with an address for each.
var channelParts = []string{"/about", "/clips", "/recordings", "/schedule"}

// rest answers for what is below a channel's page, and else with files of the
// UI.
func (s *Server) rest(w http.ResponseWriter, r *http.Request) {
	at, ok := strings.CutPrefix(r.URL.Path, "/@")
	name, part := at, ""
	if i := strings.IndexByte(at, '/'); i >= 0 {
		name, part = at[:i], at[i:]
	}
	switch {
	case ok && part == "/feed.xml":
		s.feed(w, r, name)
	case ok && slices.Contains(channelParts, part):
		s.pageOfChannel(w, r, name, part)
	default:
		s.asset(w, r)
	}
}

func (s *Server) categoryPage(w http.ResponseWriter, r *http.Request) {
	name, site := r.PathValue("category"), s.siteName(r.Context())
	s.page(w, r, http.StatusOK, head{title: name + " · " + site, description: name + " on " + site + ".", path: "/category/" + url.PathEscape(name)})
}

func (s *Server) pageOfChannel(w http.ResponseWriter, r *http.Request, name, part string) {
	c, ok := s.channelOfPage(w, r, "/@", name, part)
	if !ok {
		return
	}
	h := head{
		title: c.Title + " · " + s.siteName(r.Context()), path: "/@" + c.Name + part,
		description: c.Title + " is off air. Watch the latest recordings.", hidden: account.Visibility(c.Visibility) != account.Public,
	}
	if b := s.opts.Manager.Live(c.Name); b != nil && b.State() == store.StateLive {
		h.description, h.kind = c.Title+" is live now.", "video.other"
		if v, err := s.opts.Viewing.Visibility(r.Context(), viewing.What{Broadcast: b.ID, Channel: c.ID}); err == nil && viewing.IsOpen(v) && !c.Mature && s.hasPreview(b) {
			h.image = previewURL(c.Name)
		}
	}
	if !h.hidden {
		h.links = []string{feedLink(c)}
		if anySiteMayShow(c) {
			h.links = append(h.links, oembedLink(cmp.Or(c.Title, c.Name), s.origin(r)+"/@"+c.Name))
		}
	}
	s.page(w, r, http.StatusOK, h)
}

// feedLink is what readers of feeds look for in a page.
func feedLink(c account.Channel) string {
	return fmt.Sprintf(`<link rel="alternate" type="application/rss+xml" title="%s" href="%s" />`, html.EscapeString(cmp.Or(c.Title, c.Name)), feedPath(c.Name))
}

// channelOfPage returns the channel that a page below the tree is about. When
// there is none, or it was taken down, or it has another name now, it has
// answered, and returns false.
func (s *Server) channelOfPage(w http.ResponseWriter, r *http.Request, tree, name, part string) (account.Channel, bool) {
	c, err := s.opts.Accounts.Channel(r.Context(), name)
	if err == nil {
		return c, !s.buried(w, r, viewing.What{Name: c.Name})
	}
	if c, err = s.opts.Accounts.FormerChannel(r.Context(), name); err != nil {
		s.notFoundPage(w, r)
		return account.Channel{}, false
	}
	w.Header().Set("Cache-Control", "max-age=3600") // its owner may take the old name back
	http.Redirect(w, r, tree+c.Name+part, http.StatusMovedPermanently)
	return account.Channel{}, false
}

func (s *Server) embedPage(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.PathValue("page"), "@")
	if !ok {
		s.notFoundPage(w, r)
		return
	}
	c, ok := s.channelOfPage(w, r, "/embed/@", name, "")
	if !ok {
		return
	}
	s.page(w, r, http.StatusOK, head{
		title: c.Title, path: "/@" + c.Name, description: c.Title + " on " + s.siteName(r.Context()) + ".",
		hidden: account.Visibility(c.Visibility) != account.Public, frames: framesOf(c),
	})
}

// framesOf says which pages may embed a channel's player.
func framesOf(c account.Channel) string {
	switch account.Embedding(c.Embedding) {
	case account.EmbeddingAllowed:
		return "*"
	case account.EmbeddingSites:
		return strings.Join(c.EmbedSites, " ") // origins: account lets in nothing else
	}
	return ""
}

func (s *Server) recordingPage(w http.ResponseWriter, r *http.Request) {
	if _, h, ok := s.recordingHead(w, r); ok {
		s.page(w, r, http.StatusOK, h)
	}
}

// recordingHead returns the channel of the recording that a page is about, and
// what the page says of that. When there is none, or it was taken down, it has
// answered, and returns false.
func (s *Server) recordingHead(w http.ResponseWriter, r *http.Request) (c account.Channel, h head, ok bool) {
	row, err := s.opts.DB.Broadcast(r.Context(), r.PathValue("broadcast"))
	if err != nil {
		s.notFoundPage(w, r)
		return c, h, false
	}
	if s.buried(w, r, viewing.What{Broadcast: row.ID}) {
		return c, h, false
	}
	c = s.channelByID(r.Context(), row.ChannelID)
	v, err := s.opts.Viewing.Visibility(r.Context(), viewing.What{Broadcast: row.ID})
	h = head{
		title:       cmp.Or(row.Title, row.ChannelName) + " · " + row.CreatedAt.UTC().Format("2 January 2006") + " · " + s.siteName(r.Context()),
		description: "A broadcast of " + row.ChannelName + ".", path: "/v/" + row.ID, kind: "video.other",
		hidden: err != nil || v != account.Public,
	}
	if err == nil && viewing.IsOpen(v) && !row.Mature {
		h.image, _ = stillsOf("", row)
	}
	if err == nil && viewing.IsOpen(v) && row.State != store.StateDiscarded && anySiteMayShow(c) {
		h.links = []string{oembedLink(cmp.Or(row.Title, row.ChannelName), s.origin(r)+h.path)}
	}
	return c, h, true
}

// asset answers with a file of the built UI.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.pages.files[r.URL.Path]
	if !ok {
		s.notFoundPage(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if a.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body := a.plain
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		if z := a.gzip(); z != nil {
			h.Set("Content-Encoding", "gzip")
			body = z
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client has gone
	}
}

// takesGzip reads Accept-Encoding (RFC 9110 12.5.3), in which a weight of 0
// is a refusal.
func takesGzip(accept string) bool {
	for coding := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(coding, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(weight, "q=0.") != "" || weight == ""
		}
	}
	return false
}
