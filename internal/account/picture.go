package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/picture"
	"github.com/rostrumlive/rostrum/internal/store"
)

// PictureKind is what a picture of a channel is for.
type PictureKind string

// The pictures of a channel.
const (
	Avatar  PictureKind = "avatar"
	Banner  PictureKind = "banner"
	Offline PictureKind = "offline" // in the player's place while nothing is on air
)

// picturesPrefix is where pictures lie among the objects.
const picturesPrefix = "pictures/"

// readers bounds how many pictures are read at one time: each takes up to
// 128 MB for a moment.
const readers = 1

// size is how large a kind of picture is kept.
func (k PictureKind) size() (width, height int, ok bool) {
	switch k {
	case Avatar:
		return 320, 320, true
	case Banner:
		return 1500, 375, true
	case Offline:
		return 1280, 720, true
	}
	return 0, 0, false
}

// column is where a channel keeps the key of a kind of picture.
func (k PictureKind) column(c *Channel) *string {
	return map[PictureKind]*string{Avatar: &c.Avatar, Banner: &c.Banner, Offline: &c.Offline}[k]
}

// SetPicture gives a channel a picture in place of the one that it had; nothing
// takes it away. What was sent is written anew, in one size for each kind. It
// fails with ErrBadPicture.
func (s *Service) SetPicture(ctx context.Context, a Actor, files *blob.Files, channel string, k PictureKind, sent []byte) (Channel, error) {
	width, height, ok := k.size()
	if !ok {
		return Channel{}, ErrBadPicture
	}
	c, err := s.channelFor(ctx, a, channel, PlaceEditor, ScopeChannels)
	if err != nil {
		return Channel{}, err
	}
	key := ""
	if len(sent) > 0 {
		if key, err = s.putPicture(ctx, files, c, sent, width, height); err != nil {
			return Channel{}, err
		}
	}
	var old string
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		if c, err = tx.Channel(ctx, c.ID); err != nil {
			return refuse(err, store.ErrNotFound, ErrUnknownChannel)
		}
		old, *k.column(&c) = *k.column(&c), key
		if err := tx.UpdateChannel(ctx, c); err != nil {
			return err
		}
		return s.NoteModeration(ctx, tx, a, c, "channel.picture", string(k))
	})
	if err != nil {
		return Channel{}, err
	}
	c.Revision++
	s.changed(c)
	if old != "" && !slices.Contains([]string{c.Avatar, c.Banner, c.Offline}, old) {
		return c, files.Delete(ctx, picturesPrefix+old)
	}
	return c, nil
}

func (s *Service) putPicture(ctx context.Context, files *blob.Files, c Channel, sent []byte, width, height int) (key string, err error) {
	select {
	case s.reading <- struct{}{}:
		defer func() { <-s.reading }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	p, err := picture.Fill(sent, width, height)
	if errors.Is(err, picture.ErrFormat) || errors.Is(err, picture.ErrLarge) {
		return "", &Error{ErrBadPicture.Code, err.Error()}
	}
	if err != nil {
		return "", err
	}
	// The name tells the content, so that it may be kept for ever, and the
	// channel, so that no two channels share one.
	sum := sha256.Sum256(p.Bytes)
	key = c.ID + "-" + hex.EncodeToString(sum[:8]) + p.Extension()
	return key, files.PutBytes(ctx, picturesPrefix+key, p.Bytes)
}

// PictureObject is where the picture of a key lies among the objects.
func PictureObject(key string) string { return picturesPrefix + key }

// PictureChannel is the id of the channel whose picture a key is of, as far as
// the key tells.
func PictureChannel(key string) string {
	id, _, _ := strings.Cut(key, "-")
	return id
}
