package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/rostrumlive/rostrum/internal/store"
)

// perSpeaker is how many lines one account may say in a second, with room to
// spare.
const perSpeaker = 2

// people writes the channels, and the accounts that speak: their API tokens are
// returned. Each may say 20 lines in 5 s.
func people(ctx context.Context, where string, channels, speakers, lines int) (tokens []string, err error) {
	db, err := store.Open(ctx, where, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	now := time.Now()
	var first string
	err = db.Write(ctx, func(tx *store.Tx) error {
		for i := range channels {
			id := tx.NewID()
			if i == 0 {
				first = id
			}
			err := tx.InsertChannel(ctx, store.Channel{
				ID: id, Name: fmt.Sprintf("room-%d", i), Title: "Room", CreatedAt: now, Takeover: "newest", Visibility: "public", Embedding: "allowed",
			})
			if err != nil {
				return err
			}
		}
		for i := range speakers {
			u := store.User{ID: tx.NewID(), Name: fmt.Sprintf("speaker-%d", i), DisplayName: fmt.Sprintf("Speaker %d", i), Role: "user", CreatedAt: now}
			if err := tx.InsertUser(ctx, u); err != nil {
				return err
			}
			plain := newToken()
			sum := sha256.Sum256([]byte(plain))
			t := store.APIToken{ID: tx.NewID(), UserID: u.ID, Label: "bench", Hint: "", Scopes: "read chat", CreatedAt: now}
			if err := tx.InsertAPIToken(ctx, t, hex.EncodeToString(sum[:])); err != nil {
				return err
			}
			tokens = append(tokens, plain)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return tokens, history(ctx, db, first, lines)
}

// history fills the first room.
func history(ctx context.Context, db *store.DB, channel string, n int) error {
	if n == 0 {
		return nil
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		lines := make([]store.ChatLine, n)
		for i := range lines {
			id := tx.NewID()
			line := fmt.Sprintf(`{"type":"message","id":%q,"at":%d,"user":{"id":%q,"name":"somebody","displayName":"Somebody","color":"#336699","badges":["member"]},"text":"What is said here is about as long as what people say, line %d."}`,
				id, time.Now().UnixMilli(), id, i)
			lines[i] = store.ChatLine{ID: id, ChannelID: channel, UserID: id, Line: line}
		}
		return tx.InsertChatLines(ctx, lines)
	})
}

// newToken is a token in the form that the product gives them.
func newToken() string {
	const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
	var b [26]byte
	_, _ = rand.Read(b[:]) // never fails
	for i, v := range b {
		b[i] = alphabet[v%32]
	}
	return "api_" + string(b[:])
}
