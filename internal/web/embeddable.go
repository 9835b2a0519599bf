package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/still"
	"github.com/rostrumlive/rostrum/internal/store"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

// embeddable is what other sites may show.
type embeddable struct {
	player string // its path
	title  string
	author string // the channel's name
	still  string // the path of a picture of it, which anyone may see; empty: none
	object string // where that lies
}

// Why they may not. What was taken down is viewing.ErrTakenDown.
var (
	errNoPage       = errors.New("no page of something to watch")
	errPrivate      = errors.New("not for everybody")
	errNotElsewhere = errors.New("not for other sites")
)

// moment is where in a recording somebody passed it on, as pages write it.
var moment = regexp.MustCompile(`^[0-9hms.]{1,16}$`)

// embeddable returns what a page of this site is about, if any site may show
// that: anyone may watch it, and its channel's owner has nothing against that.
func (s *Server) embeddable(ctx context.Context, page *url.URL) (e embeddable, err error) {
	var c account.Channel
	v := account.Public
	tree, id, _ := strings.Cut(strings.Trim(page.Path, "/"), "/")
	switch {
	case strings.HasPrefix(tree, "@"):
		e, c, v, err = s.embedChannel(ctx, tree[1:])
	case tree == "v":
		e, c, v, err = s.embedRecording(ctx, id)
		if t := page.Query().Get("t"); moment.MatchString(t) {
			e.player += "?t=" + t
		}
	case tree == "c":
		e, c, v, err = s.embedClip(ctx, id)
	default:
		err = errNoPage
	}
	switch {
	case err != nil:
		return e, err
	case !viewing.IsOpen(v):
		return e, errPrivate
	case !anySiteMayShow(c):
		return e, errNotElsewhere
	}
	return e, nil
}

// anySiteMayShow reports whether a channel's owner refuses no site that shows its
// player.
func anySiteMayShow(c account.Channel) bool { return allowsAll(c.Embedding) }

func allowsAll(embedding string) bool {
	return account.Embedding(embedding) == account.EmbeddingAllowed
}

func (s *Server) embedChannel(ctx context.Context, name string) (e embeddable, c account.Channel, v account.Visibility, err error) {
	if c, err = s.channelNamed(ctx, name); err != nil {
		return e, c, v, errNoPage
	}
	v, err = s.opts.Viewing.Visibility(ctx, viewing.What{Name: c.Name})
	return embeddable{player: "/embed/@" + c.Name, title: cmp.Or(c.Title, c.Name), author: c.Name}, c, v, err
}

func (s *Server) embedRecording(ctx context.Context, id string) (e embeddable, c account.Channel, v account.Visibility, err error) {
	row, err := s.opts.DB.Broadcast(ctx, id)
	if err != nil {
		return e, c, v, orNoPage(err)
	}
	if v, err = s.opts.Viewing.Visibility(ctx, viewing.What{Broadcast: id}); err != nil {
		return e, c, v, err
	}
	if !row.Recorded || row.State == store.StateDiscarded || row.State == store.StateFailed {
		return e, c, v, errNoPage
	}
	e = embeddable{player: "/embed/v/" + id, title: cmp.Or(row.Title, row.ChannelName), author: row.ChannelName}
	if !row.Mature { // who shows it asks nobody for their age
		e.still, _ = stillsOf("", row)
		e.object, _, _ = still.Object(id, "cover.jpg")
	}
	c, err = s.opts.DB.Channel(ctx, row.ChannelID)
	return e, c, v, err
}

func (s *Server) embedClip(ctx context.Context, id string) (e embeddable, c account.Channel, v account.Visibility, err error) {
	clip, err := s.opts.DB.Clip(ctx, id)
	if err != nil {
		return e, c, v, orNoPage(err)
	}
	if v, err = s.opts.Viewing.Visibility(ctx, viewing.What{Broadcast: id}); err != nil {
		return e, c, v, err
	}
	if !clip.RemovedAt.IsZero() {
		return e, c, v, errNoPage
	}
	e = embeddable{player: "/embed/c/" + id, title: clip.Title, author: clip.ChannelName}
	if !clip.Mature {
		e.still = coverURL(id)
		e.object, _, _ = still.ClipObject(clip, "cover.jpg")
	}
	c, err = s.opts.DB.Channel(ctx, clip.ChannelID)
	return e, c, v, err
}

// orNoPage is errNoPage for what the database does not have.
func orNoPage(err error) error {
	if isMissing(err) {
		return errNoPage
	}
	return err
}

// oembedLink is what other sites look for in a page to learn how to show it
// (oEmbed 4).
func oembedLink(title, page string) string {
	return fmt.Sprintf(`<link rel="alternate" type="application/json+oembed" title="%s" href="%s" />`,
		html.EscapeString(title), html.EscapeString(oembedPath+"?url="+url.QueryEscape(page)))
}
