package web

import (
	"bytes"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"

	"github.com/rostrumlive/rostrum/internal/account"
)

// mostRendered bounds the descriptions that are kept as HTML.
const mostRendered = 1000

// descriptions turns what owners write into HTML that is safe to show. What was
// rendered is kept: each viewer of a channel asks for it again and again.
type descriptions struct {
	markdown goldmark.Markdown
	policy   *bluemonday.Policy

	mu   sync.Mutex
	kept map[string]rendered // by the channel's id, or another name
}

type rendered struct{ text, html string }

func newDescriptions() *descriptions {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "del", "blockquote", "code", "pre",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowStandardURLs()
	p.AllowAttrs("href").OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return &descriptions{
		markdown: goldmark.New(goldmark.WithExtensions(extension.Linkify, extension.Strikethrough, extension.Table)),
		policy:   p, kept: map[string]rendered{},
	}
}

// html is the description of a channel.
func (d *descriptions) html(c account.Channel) string { return d.render(c.ID, c.Description) }

// render turns a text into HTML, and keeps it as the newest of that name.
func (d *descriptions) render(name, text string) string {
	if text == "" {
		return ""
	}
	d.mu.Lock()
	r, ok := d.kept[name]
	d.mu.Unlock()
	if ok && r.text == text {
		return r.html
	}
	var b bytes.Buffer
	if err := d.markdown.Convert([]byte(text), &b); err != nil {
		return "" // writing to a buffer does not fail
	}
	r = rendered{text, d.policy.Sanitize(b.String())}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.kept) >= mostRendered {
		clear(d.kept) // rare, and cheap to make again
	}
	d.kept[name] = r
	return r.html
}
