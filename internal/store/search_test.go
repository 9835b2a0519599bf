package store

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFoldWords(t *testing.T) {
	for text, want := range map[string][]string{
		"":                       nil,
		"  …!  ":                 nil,
		"Größe, GRÖSSE; grosse":  {"grosse"},
		"Café-Crème & co_op":     {"cafe", "creme", "co", "op"},
		"Ａ１ ²":                   {"a1", "2"},
		"配信 live":                {"配", "信", "live"},
		"'a':* & \"b\"* NOT (c)": {"a", "b", "not", "c"},
		"bad \xff\x00 utf8":      {"bad", "utf8"},
		"Ёлка":                   {"елка"},
	} {
		require.Equal(t, want, foldWords(text), text)
	}
}

func testSearch(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	channel := func(id, name, title, visibility string, tags ...string) Channel {
		c := Channel{ID: id, Name: name, CreatedAt: time.Now(), Title: title, Category: "Chess", Tags: tags, Visibility: visibility, Embedding: "allowed", Takeover: "replace"}
		write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertChannel(ctx, c) })
		return c
	}
	alice := channel("c1", "alice", "Blitz & Bullet", "public", "opening theory")
	channel("c2", "bob", "Alice in chains", "public")
	channel("c3", "alicedark", "Hidden", "unlisted")
	channel("c4", "alice-two", "Second", "public")
	channels := func(text string) (names []string) {
		found, err := db.SearchChannels(ctx, text, 10)
		require.NoError(t, err, text)
		for _, c := range found {
			names = append(names, c.Name)
		}
		return names
	}
	require.Equal(t, []string{"alice", "alice-two", "bob"}, channels("ALICE"), "its name, then what begins so")
	require.Equal(t, []string{"alice", "alice-two", "bob"}, channels("ali"))
	require.Equal(t, []string{"alice"}, channels("theor bli"))
	require.Equal(t, []string{"alice", "alice-two", "bob"}, channels("chess"))
	require.Empty(t, channels("alice nobody"))
	require.Empty(t, channels("hidden"))
	require.Empty(t, channels("_channel"))
	require.Empty(t, channels(`" OR 1=1 --`), "it is words")
	require.Empty(t, channels("…"))

	write(t, db, func(ctx context.Context, tx *Tx) error {
		alice.Title = "Endgames"
		return tx.UpdateChannel(ctx, alice)
	})
	require.Empty(t, channels("bullet"))
	require.Equal(t, []string{"alice"}, channels("endgames"))
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.RenameChannel(ctx, alice, "carol", time.Now()) })
	require.Equal(t, []string{"carol"}, channels("carol"))

	broadcast := func(id, channel, title, visibility string, state State) {
		write(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.InsertBroadcast(ctx, Broadcast{ID: id, ChannelID: channel, State: state, CreatedAt: time.Now(), Recorded: true, Title: title, Visibility: visibility})
		})
	}
	broadcast("b1", "c1", "Première partie", "", StateArchived)
	broadcast("b2", "c1", "Premiere, the second", "", StateArchived)
	broadcast("b3", "c1", "premiere secret", "unlisted", StateArchived)
	broadcast("b4", "c1", "premiere discarded", "", StateDiscarded)
	broadcast("b5", "c3", "premiere of a hidden channel", "", StateArchived)
	broadcast("b6", "c3", "premiere for all", "public", StateEnded)
	recordings := func(text string, before int64, limit int) (ids []string, last int64) {
		found, err := db.SearchRecordings(ctx, text, before, limit)
		require.NoError(t, err, text)
		for _, f := range found {
			ids, last = append(ids, f.ID), f.Number
		}
		return ids, last
	}
	ids, _ := recordings("PREMIERE", 0, 10)
	require.Equal(t, []string{"b6", "b2", "b1"}, ids)
	ids, last := recordings("prem", 0, 2)
	require.Equal(t, []string{"b6", "b2"}, ids)
	ids, _ = recordings("prem", last, 2)
	require.Equal(t, []string{"b1"}, ids)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.UpdateBroadcast(ctx, Broadcast{ID: "b1", Title: "Finale"})
	})
	ids, _ = recordings("finale", 0, 10)
	require.Equal(t, []string{"b1"}, ids)
	ids, _ = recordings("premiere", 0, 10)
	require.Equal(t, []string{"b6", "b2"}, ids)

	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeleteChannel(ctx, "c1") })
	require.Empty(t, channels("carol"))
	var left int
	require.NoError(t, db.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM documents WHERE target IN ('c1', 'b1', 'b2')`).Scan(&left))
	require.Zero(t, left)
}
