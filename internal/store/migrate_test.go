package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// places names an empty database of each kind.
var places = map[string]func(testing.TB) string{
	"SQLite":     func(t testing.TB) string { return filepath.Join(t.TempDir(), "rostrum.db") },
	"PostgreSQL": func(t testing.TB) string { return postgres.Fresh(t) },
}

// snapshots are rows as versions before wrote them: each is inserted into the
// schema whose number it has, and must still be there in the newest.
var snapshots = map[int64][]string{
	1: {
		`INSERT INTO channels (id, name, title, created_at) VALUES ('c1', 'mine', 'Mine', 1000)`,
		`INSERT INTO stream_keys (id, channel_id, label, hash, hint, created_at, revoked_at) VALUES ('k1', 'c1', 'home', 'h1', 'wxyz', 1000, 2000)`,
	},
	2: {
		`INSERT INTO broadcasts (id, channel_id, state, created_at, started_at, end_reason, protocol, encoder, remote, recorded, duration_ms, bytes)
			VALUES ('b1', 'c1', 'live', 1000, 1001, '', 'rtmp', 'obs', '192.0.2.7:1000', 1, 0, 0)`,
	},
	3: {
		`INSERT INTO renditions (broadcast_id, name, kind, codecs, timescale, width, height, frame_rate_num, frame_rate_den, sample_rate, channels)
			VALUES ('b1', 'video/source', 'video', 'avc1.64001f', 90000, 1280, 720, 30, 1, 0, 0)`,
		`INSERT INTO inits (broadcast_id, rendition, number, blob_key, codecs, timescale, bytes)
			VALUES ('b1', 'video/source', 1, 'media/b1/1.mp4', 'avc1.64001f', 90000, 700)`,
		`INSERT INTO segments (broadcast_id, rendition, number, init, start, duration, timescale, bytes, pdt_ms, discontinuity, gap, independent)
			VALUES ('b1', 'video/source', 5, 1, 0, 180000, 90000, 500, 1001, 1, 0, 1)`,
	},
	4: {`INSERT INTO broadcast_events (id, broadcast_id, at, kind, text, duration_ms) VALUES ('e1', 'b1', 1500, 'interrupted', 'Lost.', 0)`},
	5: {`UPDATE stream_keys SET auth_verifier = 'v1'`},
	6: {`UPDATE renditions SET transfer = 16`},
	7: {`UPDATE segments SET seam = 1`},
	9: {
		`INSERT INTO users (id, name, display_name, email, password, role, created_at) VALUES ('u1', 'vera', 'Vera', 'vera@example.org', 'phc', 'admin', 1000)`,
		`INSERT INTO api_tokens (id, user_id, label, hash, hint, scopes, created_at) VALUES ('t1', 'u1', 'ci', 'h2', 'wxyz', 'read write', 1000)`,
		`INSERT INTO passkeys (id, user_id, credential, label, data, created_at) VALUES ('p1', 'u1', 'cred', 'phone', '{}', 1000)`,
		`INSERT INTO identities (issuer, subject, user_id, created_at) VALUES ('https://id.example.org', 'v', 'u1', 1000)`,
		`INSERT INTO settings (name, value, changed_at) VALUES ('site_name', '"Mine"', 1000)`,
		`INSERT INTO audit (id, at, user_id, actor, act, target, details, address) VALUES ('a1', 1000, 'u1', 'vera', 'channel.rename', 'channel/mine', '', '192.0.2.7')`,
		`INSERT INTO channel_names (name, channel_id, until) VALUES ('old', 'c1', 1000)`,
		`INSERT INTO channel_members (channel_id, user_id, role, created_at) VALUES ('c1', 'u1', 'owner', 1000)`,
		`UPDATE channels SET tags = '["music"]', avatar = 'c1-face.png', password = 'phc'`,
		`UPDATE broadcasts SET title = 'First'`,
	},
	10: {`INSERT INTO stills (broadcast_id, made_at, cover, tiles, sheets, bytes, failed) VALUES ('b1', 1000, 1, 9, 1, 5000, '')`},
	11: {
		`INSERT INTO clips (id, broadcast_id, channel_id, user_id, title, start_ms, end_ms, first_segment, last_segment, lead_us, created_at)
			VALUES ('k1', 'b1', 'c1', 'u1', 'Goal', 100, 900, 5, 5, 0, 1000)`,
		`INSERT INTO kept_segments (broadcast_id, rendition, number, init, start, duration, timescale, bytes, discontinuity, seam, gap, independent)
			VALUES ('b1', 'video/source', 4, 1, 0, 180000, 90000, 500, 0, 0, 0, 1)`,
		`INSERT INTO kept_renditions (broadcast_id, name, kind, codecs, timescale, width, height, frame_rate_num, frame_rate_den, transfer, sample_rate, channels)
			VALUES ('b1', 'video/source', 'video', 'avc1.64001f', 90000, 1280, 720, 30, 1, 0, 0, 0)`,
	},
	14: {
		`INSERT INTO reports (id, kind, target_id, channel_id, reason, words, sender, at, state, decided_by) VALUES ('r1', 'clip', 'k1', 'c1', 'abuse', 'No.', 's', 1000, 'open', '')`,
		`INSERT INTO takedowns (id, kind, target_id, channel_id, reason, actor, at, until) VALUES ('d1', 'clip', 'k1', 'c1', 'abuse', 'vera', 1000, 2000)`,
	},
	15: {
		`INSERT INTO webhooks (id, channel_id, url, secret, former_secret, kinds, enabled, disabled_for, created_at, next_sequence, leased_by)
			VALUES ('w1', 'c1', 'https://example.org/hook', 's', '', '[]', 1, '', 1000, 7, '')`,
		`INSERT INTO key_networks (key_id, network, used_on) VALUES ('k1', 'n', 1)`,
	},
	16: {
		`INSERT INTO followers (channel_id, user_id, since, mail) VALUES ('c1', 'u1', 1000, 1)`,
		`INSERT INTO channel_blocks (channel_id, user_id, created_at) VALUES ('c1', 'u1', 1000)`,
		`INSERT INTO notify_settings (user_id, page, push, mail, language) VALUES ('u1', 1, 1, 0, 'de')`,
	},
	19: {`UPDATE segments SET passing = 1`, `UPDATE broadcasts SET stopped_from = 7`},
	20: {`UPDATE users SET verified_at = 1500`},
	21: {`UPDATE users SET email_confirmed_at = 1600`},
	17: {
		`INSERT INTO chat_lines (id, channel_id, user_id, broadcast_id, media_ms, line, deleted_by) VALUES ('l1', 'c1', 'u1', 'b1', 500, '{}', '')`,
		`INSERT INTO chat_held (id, channel_id, user_id, line, why) VALUES ('l2', 'c1', 'u1', '{}', 'word')`,
		`INSERT INTO chat_rooms (channel_id, settings, filters, pin) VALUES ('c1', '{}', '[]', '')`,
		`INSERT INTO chat_restrictions (channel_id, user_id, reason, actor, at, appeal) VALUES ('c1', 'u1', 'Spam.', 'vera', 1000, '')`,
		`INSERT INTO chat_log (id, channel_id, at, user_id, actor, act, target_id, target, details) VALUES ('g1', 'c1', 1000, 'u1', 'vera', 'ban', 'u1', 'vera', '')`,
		`INSERT INTO chat_polls (id, channel_id, question, choices, ends_at) VALUES ('q1', 'c1', 'Well?', '["yes","no"]', 2000)`,
		`INSERT INTO chat_votes (poll_id, user_id, choice) VALUES ('q1', 'u1', 1)`,
		`INSERT INTO emotes (id, code, picture, animated, user_id, created_at) VALUES ('e1', 'hi', 'e1.png', 0, 'u1', 1000)`,
		`INSERT INTO chat_people (user_id, color) VALUES ('u1', '#aabbcc')`,
	},
}

// TestMigrateFromEachVersion: a database of any version before, with rows in
// it, comes up to date and has kept them.
func TestMigrateFromEachVersion(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			db := openFile(t, where)
			var newest int64
			require.NoError(t, db.read.QueryRowContext(t.Context(), `SELECT MAX(version_id) FROM goose_db_version`).Scan(&newest))
			require.NoError(t, db.Close())
			base := place(t)
			for version := int64(1); version < newest; version++ {
				advance(t, base, version)
				where := copied(t, base)
				before := fields(t, where)
				db := openFile(t, where)
				after := fields(t, where)
				for field, value := range before {
					require.Equal(t, value, after[field], "schema %d: %s", version, field)
				}
				requireSnapshot(t, db, version)
			}
		})
	}
}

// fields are all values that a backup would have, but those that are made anew,
// by where they stand.
func fields(t *testing.T, where string) map[string]any {
	t.Helper()
	p, err := OpenSnapshot(t.Context(), where)
	require.NoError(t, err)
	all := map[string]any{}
	for _, table := range p.Tables() {
		if table == "documents" {
			continue
		}
		n, columns := 0, p.Columns(table)
		require.NoError(t, p.Rows(t.Context(), table, func(row []any) error {
			n++
			for i, v := range row {
				all[fmt.Sprintf("%s %d %s", table, n, columns[i])] = v
			}
			return nil
		}))
	}
	require.NoError(t, p.Close())
	return all
}

// TestReleasedMigrationsStay: a migration that somebody's database has gone
// through is never changed, or TestMigrateFromEachVersion would prove something
// of databases that there are not.
func TestReleasedMigrationsStay(t *testing.T) {
	list, err := os.ReadFile(filepath.Join("testdata", "migrations.sha256"))
	require.NoError(t, err)
	n := 0
	for line := range strings.Lines(string(list)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		b, err := migrations.ReadFile("migrations/" + name)
		require.NoError(t, err)
		require.Equal(t, sum, fmt.Sprintf("%x", sha256.Sum256(b)), "%s was changed: make a new migration", name)
		n++
	}
	require.GreaterOrEqual(t, n, 14)
}

// advance makes of a database as the version before left it one of version, and
// puts in what people had by then.
func advance(t *testing.T, where string, version int64) {
	t.Helper()
	open := sqliteSource
	if isAddress(where) {
		open = postgresSource
	}
	s, err := open(where)
	require.NoError(t, err)
	p, err := migrator(s, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	_, err = p.UpTo(t.Context(), version)
	require.NoError(t, err)
	for _, statement := range snapshots[version] {
		_, err := s.write.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	require.NoError(t, errors.Join(s.read.Close(), s.write.Close()))
}

// copied is a database as the one at where is, which nobody has open.
func copied(t *testing.T, where string) string {
	t.Helper()
	if isAddress(where) {
		return postgres.Copy(t, where)
	}
	b, err := os.ReadFile(where)
	require.NoError(t, err)
	to := filepath.Join(t.TempDir(), "rostrum.db")
	require.NoError(t, os.WriteFile(to, b, 0o600))
	return to
}

// requireSnapshot reads the rows of a snapshot.
func requireSnapshot(t *testing.T, db *DB, version int64) {
	t.Helper()
	ctx := t.Context()
	c, err := db.ChannelByName(ctx, "mine")
	require.NoError(t, err)
	require.Equal(t, "c1", c.ID)
	require.Equal(t, "newest", c.Takeover)
	require.Nil(t, c.ReconnectWindow)
	k, err := db.StreamKeyByHash(ctx, "h1")
	require.NoError(t, err)
	require.EqualValues(t, 2000, k.RevokedAt.UnixMilli())
	if version >= 2 {
		b, err := db.Broadcast(ctx, "b1")
		require.NoError(t, err)
		require.Equal(t, StateLive, b.State)
		require.True(t, b.Recorded)
		require.Zero(t, b.Keep)
	}
	if version >= 3 {
		r, err := db.Renditions(ctx, "b1")
		require.NoError(t, err)
		require.Len(t, r, 1)
		require.Equal(t, uint8(map[bool]int{true: 16}[version >= 6]), r[0].Transfer)
		s, err := db.Segment(ctx, "b1", "video/source", 5)
		require.NoError(t, err)
		require.True(t, s.Discontinuity)
		require.Equal(t, version >= 7, s.Seam)
		inits, err := db.Inits(ctx, "b1", "video/source")
		require.NoError(t, err)
		require.Len(t, inits, 1)
	}
	if version >= 4 {
		events, err := db.Events(ctx, "b1", "", 9)
		require.NoError(t, err)
		require.Len(t, events, 1)
	}
	// It takes what today's version writes.
	write(t, db, func(ctx context.Context, tx *Tx) error {
		return tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "new", CreatedAt: day})
	})
}

func TestManyOpenAnEmptyDatabase(t *testing.T) {
	for kind, place := range places {
		t.Run(kind, func(t *testing.T) {
			where := place(t)
			var g errgroup.Group
			for range 4 {
				g.Go(func() error {
					db, err := Open(t.Context(), where, slog.New(slog.DiscardHandler))
					if err != nil {
						return err
					}
					return db.Close()
				})
			}
			require.NoError(t, g.Wait())
		})
	}
}
