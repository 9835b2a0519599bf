package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/chat"
	"github.com/rostrumlive/rostrum/internal/store"
)

const (
	emotesTree = "/emotes/"
	// stillMark ends the address of an emote that does not move.
	stillMark = ".still"
	// emoteTime is what sending one may take: 512 KiB at 200 kbit/s.
	emoteTime = 25 * time.Second
	// maxEmoteBody is an emote with what a form puts around it.
	maxEmoteBody = chat.MaxEmote + 4<<10
)

// emoteRoutes mount the small pictures in lines.
func (s *Server) emoteRoutes(mux *routes, api huma.API) {
	const how = " The body is the picture, with the code in the query, or a form with code and picture: at most 512 KiB. It is written anew, at most 112 pixels wide and high."
	refused := []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
	add := func(path, id, summary string, f func(context.Context, *addEmoteInput) (*answer[Emote], error)) {
		huma.Register(api, huma.Operation{
			OperationID: id, Method: http.MethodPost, Path: path, Summary: summary + how, DefaultStatus: http.StatusCreated,
			MaxBodyBytes: maxEmoteBody, BodyReadTimeout: emoteTime, Errors: append(refused, http.StatusConflict, http.StatusRequestEntityTooLarge),
		}, f)
	}
	get(api, "/api/v1/channels/{channel}/emotes", "emotes", "Lists the emotes that stand in lines of a channel's chat as :code: — its own and the site's — to who may read it.", s.emotes,
		http.StatusForbidden, http.StatusNotFound)
	add("/api/v1/channels/{channel}/emotes", "add-emote", "Adds an emote to a channel's, for its moderators.", func(ctx context.Context, in *addEmoteInput) (*answer[Emote], error) {
		return s.addEmote(ctx, in.Channel, in)
	})
	remove(api, "/api/v1/channels/{channel}/emotes/{emote}", "remove-emote", "Takes an emote of a channel away, for its moderators.", func(ctx context.Context, in *emotePath) (*struct{}, error) {
		return nil, s.problemOr(s.opts.Chat.RemoveEmote(ctx, actor(ctx), in.Channel, in.Emote))
	}, refused...)
	get(api, "/api/v1/admin/emotes", "site-emotes", "Lists the emotes of the site.", s.siteEmotes, http.StatusUnauthorized, http.StatusForbidden)
	huma.Register(api, huma.Operation{
		OperationID: "add-site-emote", Method: http.MethodPost, Path: "/api/v1/admin/emotes", Summary: "Adds an emote to the site's, for admins." + how,
		DefaultStatus: http.StatusCreated, MaxBodyBytes: maxEmoteBody, BodyReadTimeout: emoteTime,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge},
	}, func(ctx context.Context, in *addSiteEmoteInput) (*answer[Emote], error) {
		return s.addEmote(ctx, "", &addEmoteInput{Code: in.Code, ContentType: in.ContentType, RawBody: in.RawBody})
	})
	remove(api, "/api/v1/admin/emotes/{emote}", "remove-site-emote", "Takes an emote of the site away, for admins.", func(ctx context.Context, in *siteEmotePath) (*struct{}, error) {
		return nil, s.problemOr(s.opts.Chat.RemoveEmote(ctx, actor(ctx), "", in.Emote))
	}, refused...)
	mux.HandleFunc("GET "+emotesTree+"{file}", s.emotePicture)
}

// Emote is a small picture that stands in lines.
type Emote struct {
	ID       string `json:"id"`
	Code     string `json:"code" doc:"It stands in lines between two colons."`
	URL      string `json:"url"`
	Still    string `json:"still" doc:"The same without motion: for who asked for little of it."`
	Animated bool   `json:"animated"`
	Site     bool   `json:"site" doc:"It is the site's, and stands in all chats."`
}

func emoteOf(e store.Emote) Emote {
	u := emotesTree + e.Picture
	still := u
	if e.Animated {
		still = emotesTree + e.ID + stillMark
	}
	return Emote{ID: e.ID, Code: e.Code, URL: u, Still: still, Animated: e.Animated, Site: e.ChannelID == ""}
}

type emotesInput struct {
	ChannelPath
	Rev       string `query:"rev" maxLength:"32" doc:"Has browsers ask anew when they are others."`
	Broadcast string `query:"broadcast" maxLength:"64" doc:"The recording whose chat they stand in, for who may watch that and not the channel."`
	Clip      string `query:"clip" maxLength:"64" doc:"Likewise, a clip."`
	Viewing   string `query:"viewing" maxLength:"512" doc:"The token of a viewing, where it takes one to watch."`
}

func (s *Server) emotes(ctx context.Context, in *emotesInput) (*answer[all[Emote]], error) {
	c, err := s.readable(ctx, in.Channel, in.Viewing)
	if err != nil && c.ID != "" && s.replayable(ctx, c, in) {
		err = nil
	}
	if err != nil {
		return nil, s.problem(err)
	}
	return s.emoteList(ctx, c.ID)
}

// replayable reports whether who asks may read what was said during the
// recording or the clip that a list of emotes is for.
func (s *Server) replayable(ctx context.Context, c account.Channel, in *emotesInput) bool {
	switch {
	case in.Broadcast != "":
		row, err := s.opts.DB.Broadcast(ctx, in.Broadcast)
		return err == nil && row.ChannelID == c.ID && s.mayReplay(ctx, c.ID, row.ID, in.Viewing) == nil
	case in.Clip != "":
		k, err := s.livingClip(ctx, in.Clip)
		return err == nil && k.ChannelID == c.ID && s.mayReplay(ctx, c.ID, k.ID, in.Viewing) == nil
	}
	return false
}

func (s *Server) siteEmotes(ctx context.Context, _ *struct{}) (*answer[all[Emote]], error) {
	if err := actor(ctx).RequireAdmin(); err != nil {
		return nil, s.problem(err)
	}
	return s.emoteList(ctx, "")
}

func (s *Server) emoteList(ctx context.Context, channelID string) (*answer[all[Emote]], error) {
	rows, err := s.opts.Chat.Emotes(ctx, channelID)
	if err != nil {
		return nil, s.problem(err)
	}
	list := all[Emote]{Items: []Emote{}}
	for _, e := range rows {
		list.Items = append(list.Items, emoteOf(e))
	}
	return reply(list), nil
}

type addEmoteInput struct {
	ChannelPath
	Code        string `query:"code" maxLength:"32"`
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/octet-stream"`
}

type addSiteEmoteInput struct {
	Code        string `query:"code" maxLength:"32"`
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/octet-stream"`
}

type emotePath struct {
	ChannelPath
	Emote string `path:"emote" maxLength:"64"`
}

type siteEmotePath struct {
	Emote string `path:"emote" maxLength:"64"`
}

func (s *Server) addEmote(ctx context.Context, channel string, in *addEmoteInput) (*answer[Emote], error) {
	code, sent := in.Code, in.RawBody
	if kind, params, err := mime.ParseMediaType(in.ContentType); err == nil && kind == "multipart/form-data" {
		if code, sent, err = emoteForm(in.RawBody, params["boundary"]); err != nil {
			return nil, s.problem(chat.ErrEmotePicture)
		}
	}
	e, err := s.opts.Chat.AddEmote(ctx, actor(ctx), channel, code, sent)
	if err != nil {
		return nil, s.problem(err)
	}
	return reply(emoteOf(e)), nil
}

// emoteForm reads what a form sent, whose size is bounded.
func emoteForm(body []byte, boundary string) (code string, sent []byte, err error) {
	parts := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return code, sent, nil
		}
		if err != nil {
			return "", nil, err
		}
		b, err := io.ReadAll(p)
		if err != nil {
			return "", nil, err
		}
		switch p.FormName() {
		case "code":
			code = string(b)
		case "picture":
			sent = b
		}
	}
}

// emotePicture answers with the picture of an emote, by its id with or without
// what its file ends in, or without its motion. It never changes.
func (s *Server) emotePicture(w http.ResponseWriter, r *http.Request) {
	id, still := strings.CutSuffix(r.PathValue("file"), stillMark)
	id, _, _ = strings.Cut(id, ".")
	e, err := s.opts.DB.Emote(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) {
		respond(w, http.StatusNotFound, "There is no such emote.\n")
		return
	}
	if err == nil && e.ChannelID != "" {
		var c account.Channel
		if c, err = s.opts.DB.Channel(r.Context(), e.ChannelID); err == nil && !c.TakenDownAt.IsZero() {
			respond(w, http.StatusGone, "This was taken down.\n")
			return
		}
	}
	var f io.ReadCloser
	var size int64
	if err == nil {
		f, size, err = s.opts.Files.Get(r.Context(), chat.EmoteObject(e.Picture))
	}
	switch {
	case errors.Is(err, blob.ErrNotFound):
		respond(w, http.StatusNotFound, "There is no such emote.\n")
		return
	case err != nil:
		s.log.Error("emote cannot be read", "error", err)
		respond(w, http.StatusInternalServerError, "The emote cannot be read.\n")
		return
	}
	defer func() { _ = f.Close() }() // it was read only
	kind, body := emoteType(e.Picture), io.Reader(f)
	if still && e.Animated {
		p, err := chat.Still(f)
		if err != nil {
			s.log.Error("emote cannot be made still", "error", err)
			respond(w, http.StatusInternalServerError, "The emote cannot be read.\n")
			return
		}
		kind, body, size = p.Type, bytes.NewReader(p.Bytes), int64(len(p.Bytes))
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // the client has gone
	}
}

func emoteType(file string) string {
	switch {
	case strings.HasSuffix(file, ".png"):
		return "image/png"
	case strings.HasSuffix(file, ".webp"):
		return "image/webp"
	}
	return "image/jpeg"
}
