package notify

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/rostrumlive/rostrum/internal/account"
	"github.com/rostrumlive/rostrum/internal/store"
)

// UnsubscribePath is the page that ends letters: asked for by POST it does at
// once (RFC 8058).
const UnsubscribePath = "/unsubscribe"

// lettersKey is the setting with the key under which the links in letters are
// signed.
const lettersKey = "notify.letters_key"

// tokenBytes is how much of a signature a link has.
const tokenBytes = 16

// ErrBadLink is the refusal of a link that no letter had.
var ErrBadLink = &account.Error{Code: "bad_unsubscribe_link", Reason: "this link is not one of a letter from here; copy it whole, or sign in and choose on your account's page"}

// signature is that of a link by which a user hears no more of a channel by mail.
func (s *Service) signature(ctx context.Context, userID, channelID string) ([]byte, error) {
	key, err := s.o.DB.Setting(ctx, lettersKey)
	if errors.Is(err, store.ErrNotFound) {
		fresh := make([]byte, 32)
		_, _ = rand.Read(fresh) // does not fail
		var value []byte
		if value, err = json.Marshal(base64.StdEncoding.EncodeToString(fresh)); err != nil {
			return nil, err
		}
		err = s.o.DB.Write(ctx, func(tx *store.Tx) error {
			now, err := s.o.Now(ctx)
			if err == nil {
				key, err = tx.KeepSetting(ctx, lettersKey, string(value), now)
			}
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, []byte(key))
	_, _ = h.Write([]byte(userID + "." + channelID)) // a hash takes everything
	return h.Sum(nil)[:tokenBytes], nil
}

func (s *Service) unsubscribeToken(ctx context.Context, userID, channelID string) (string, error) {
	mac, err := s.signature(ctx, userID, channelID)
	return userID + "." + channelID + "." + base64.RawURLEncoding.EncodeToString(mac), err
}

// readToken returns whose letters about what a link ends, or ErrBadLink.
func (s *Service) readToken(ctx context.Context, token string) (userID, channelID string, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > 200 {
		return "", "", ErrBadLink
	}
	got, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return "", "", ErrBadLink
	}
	want, err := s.signature(ctx, parts[0], parts[1])
	if err != nil {
		return "", "", err
	}
	if !hmac.Equal(got, want) {
		return "", "", ErrBadLink
	}
	return parts[0], parts[1], nil
}

// LettersOf tells which channel a link's letters are about.
func (s *Service) LettersOf(ctx context.Context, token string) (store.Channel, error) {
	_, channelID, err := s.readToken(ctx, token)
	if err != nil {
		return store.Channel{}, err
	}
	c, err := s.o.DB.Channel(ctx, channelID)
	if errors.Is(err, store.ErrNotFound) {
		err = account.ErrUnknownChannel
	}
	return c, err
}

// Which says which letters end.
type Which uint8

// The letters.
const (
	OfChannel Which = iota // about the channel of the link
	All                    // about all that the user follows
)

// EndLetters ends letters by a link, whoever has it. Said again it changes
// nothing; neither does it for who follows the channel no more.
func (s *Service) EndLetters(ctx context.Context, token string, which Which) error {
	userID, channelID, err := s.readToken(ctx, token)
	if err != nil {
		return err
	}
	return s.o.DB.Write(ctx, func(tx *store.Tx) error {
		if which == All {
			return tx.EndMail(ctx, userID)
		}
		f, err := tx.Follower(ctx, channelID, userID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		no := false
		f.Ways.Mail = &no
		if err == nil {
			err = tx.SetWays(ctx, channelID, userID, f.Ways)
		}
		return err
	})
}
