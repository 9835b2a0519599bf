package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/viewing"
)

const (
	picturesTree = "/pictures/"
	// pictureTime is what sending one may take: 8 MB at 1 Mbit/s.
	pictureTime = 70 * time.Second
)

func (s *Server) pictureRoutes(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "set-picture", Method: http.MethodPut, Path: "/api/v1/channels/{channel}/pictures/{kind}",
		Summary:      "Gives a channel a picture: JPEG, PNG, GIF or WebP as the body. It is scaled, cropped around its middle and written anew.",
		MaxBodyBytes: picture.MaxBytes, BodyReadTimeout: pictureTime,
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusRequestEntityTooLarge},
	}, s.setPicture)
	remove(api, "/api/v1/channels/{channel}/pictures/{kind}", "remove-picture", "Takes a picture of a channel away.", s.removePicture,
		http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
}

// PicturePath names a picture of a channel.
type PicturePath struct {
	ChannelPath
	Kind string `path:"kind" enum:"avatar,banner,offline"`
}

type setPictureInput struct {
	PicturePath
	RawBody []byte `contentType:"application/octet-stream"`
}

func (s *Server) setPicture(ctx context.Context, in *setPictureInput) (*settingsAnswer, error) {
	if len(in.RawBody) == 0 {
		return nil, s.problem(account.ErrBadPicture)
	}
	c, err := s.opts.Accounts.SetPicture(ctx, actor(ctx), s.opts.Files, in.Channel, account.PictureKind(in.Kind), in.RawBody)
	if err != nil {
		return nil, s.problem(err)
	}
	return s.settingsOf(ctx, c)
}

func (s *Server) removePicture(ctx context.Context, in *PicturePath) (*struct{}, error) {
	_, err := s.opts.Accounts.SetPicture(ctx, actor(ctx), s.opts.Files, in.Channel, account.PictureKind(in.Kind), nil)
	return nil, s.problemOr(err)
}

// pictureURL is where a picture is served, nil for none.
func pictureURL(key string) *string {
	if key == "" {
		return nil
	}
	return new(picturesTree + key)
}

// picture answers with a picture of a channel. Its name tells its content.
func (s *Server) picture(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	if s.isDown(r.Context(), viewing.What{Channel: account.PictureChannel(key)}) {
		respond(w, http.StatusGone, "This was taken down.\n")
		return
	}
	f, size, err := s.opts.Files.Get(r.Context(), account.PictureObject(key))
	switch {
	case errors.Is(err, blob.ErrNotFound), errors.Is(err, blob.ErrBadKey):
		s.notFoundPage(w, r)
		return
	case err != nil:
		s.log.Error("picture cannot be read", "error", err)
		respond(w, http.StatusInternalServerError, "The picture cannot be read.\n")
		return
	}
	defer func() { _ = f.Close() }() // it was read only
	h := w.Header()
	h.Set("Content-Type", "image/jpeg")
	if strings.HasSuffix(key, ".png") {
		h.Set("Content-Type", "image/png")
	}
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, f) // the client has gone
	}
}
