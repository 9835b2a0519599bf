package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// planner is a querier that also keeps how the database goes about each query.
type planner struct {
	querier
	t       *testing.T
	explain func(ctx context.Context, query string, args []any) ([]string, error)
	steps   []string
}

func (p *planner) note(ctx context.Context, query string, args []any) {
	steps, err := p.explain(ctx, query, args)
	require.NoError(p.t, err)
	p.steps = append(p.steps, steps...)
}

func (p *planner) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	p.note(ctx, query, args)
	return p.querier.QueryContext(ctx, query, args...)
}

func (p *planner) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	p.note(ctx, query, args)
	return p.querier.QueryRowContext(ctx, query, args...)
}

// lists are the queries whose cost must not grow with what they leave out.
var lists = map[string]func(context.Context, Reader) error{
	"channels": func(ctx context.Context, r Reader) error { _, err := r.Channels(ctx, "x", 9); return err },
	"of channel": func(ctx context.Context, r Reader) error {
		_, err := r.BroadcastsByChannel(ctx, "x", "", 9)
		return err
	},
	"found": func(ctx context.Context, r Reader) error {
		_, err := r.FoundBroadcasts(ctx, "x", "", 9)
		return err
	},
	"live":        func(ctx context.Context, r Reader) error { _, err := r.LiveBroadcasts(ctx, "", 9); return err },
	"recordings":  func(ctx context.Context, r Reader) error { _, err := r.PublicRecordings(ctx, "", 9); return err },
	"unfinished":  func(ctx context.Context, r Reader) error { _, err := r.UnfinishedBroadcasts(ctx); return err },
	"clips":       func(ctx context.Context, r Reader) error { _, err := r.ClipsByChannel(ctx, "x", "", 9); return err },
	"of clips":    func(ctx context.Context, r Reader) error { _, err := r.ClipsByBroadcast(ctx, "x", "", 9); return err },
	"found clips": func(ctx context.Context, r Reader) error { _, err := r.FoundClips(ctx, "x", "", 9); return err },
	"all clips":   func(ctx context.Context, r Reader) error { _, err := r.LivingClips(ctx, "", 9); return err },
	"unswept":     func(ctx context.Context, r Reader) error { _, err := r.UnsweptClips(ctx, 9); return err },
	"unsettled": func(ctx context.Context, r Reader) error {
		_, err := r.UnsettledBroadcasts(ctx, day)
		return err
	},
	"passing":   func(ctx context.Context, r Reader) error { _, err := r.PassingRuns(ctx, "x", "y"); return err },
	"leaving":   func(ctx context.Context, r Reader) error { _, err := r.Unsettled(ctx, "x", "y", 0, 9); return err },
	"loose":     func(ctx context.Context, r Reader) error { _, err := r.LooseSegments(ctx, "x", 9); return err },
	"events":    func(ctx context.Context, r Reader) error { _, err := r.Events(ctx, "x", "", 9); return err },
	"segments":  func(ctx context.Context, r Reader) error { _, err := r.Segments(ctx, "x", "y", 7, 9); return err },
	"newest":    func(ctx context.Context, r Reader) error { _, err := r.NewestSegments(ctx, "x", "y", 9); return err },
	"cuts":      func(ctx context.Context, r Reader) error { _, err := r.Discontinuities(ctx, "x", "y", 7); return err },
	"seams":     func(ctx context.Context, r Reader) error { _, err := r.Seams(ctx, "x", "y", 7); return err },
	"pictured":  func(ctx context.Context, r Reader) error { _, err := r.Pictured(ctx, "", 9); return err },
	"reports":   func(ctx context.Context, r Reader) error { _, err := r.OpenReports(ctx, "", 9); return err },
	"takedowns": func(ctx context.Context, r Reader) error { _, err := r.Takedowns(ctx, "", 9); return err },
	"banned":    func(ctx context.Context, r Reader) error { _, err := r.BannedChannels(ctx, "x", 9); return err },
	"webhooks":  func(ctx context.Context, r Reader) error { _, err := r.Webhooks(ctx, "x", 9); return err },
	"delivered": func(ctx context.Context, r Reader) error { _, err := r.Deliveries(ctx, "x", "", 9, 9); return err },
	"due":       func(ctx context.Context, r Reader) error { _, err := r.DueWebhook(ctx, day); return ignoreNone(err) },
	"followers": func(ctx context.Context, r Reader) error {
		_, err := r.Followers(ctx, "x", day, "y", 9)
		return err
	},
	"listening": func(ctx context.Context, r Reader) error {
		_, err := r.Listening(ctx, "x", false, "y", 9)
		return err
	},
	"announced": func(ctx context.Context, r Reader) error { _, err := r.AnnouncedOnAir(ctx, "x", day); return err },
	"waiting": func(ctx context.Context, r Reader) error {
		_, err := r.WaitingAnnouncement(ctx, day)
		return ignoreNone(err)
	},
	"notices":      func(ctx context.Context, r Reader) error { _, err := r.NoticeDue(ctx, ByPush, day); return err },
	"chat":         func(ctx context.Context, r Reader) error { _, err := r.ChatLines(ctx, "x", "a", "b", 9); return err },
	"chat of user": func(ctx context.Context, r Reader) error { _, err := r.ChatLinesOfUser(ctx, "x", "y", 9); return err },
	"replay": func(ctx context.Context, r Reader) error {
		_, err := r.ChatReplay(ctx, "x", 1, 2, ChatPlace{}, 9)
		return err
	},
	"chat of": func(ctx context.Context, r Reader) error {
		_, err := r.NextChatOf(ctx, "x", day)
		return err
	},
	"replayed":    func(ctx context.Context, r Reader) error { _, err := r.Replayable(ctx, "x"); return err },
	"deleted":     func(ctx context.Context, r Reader) error { _, err := r.DeletedChatLines(ctx, "x", day, 9); return err },
	"held":        func(ctx context.Context, r Reader) error { _, err := r.HeldLines(ctx, "x", 9); return err },
	"chat log":    func(ctx context.Context, r Reader) error { _, err := r.ChatActs(ctx, "x", "", 9); return err },
	"log of user": func(ctx context.Context, r Reader) error { _, err := r.ChatActsOn(ctx, "x", "y", 9); return err },
	"restricted": func(ctx context.Context, r Reader) error {
		_, err := r.RestrictionsOfUser(ctx, "x", day, 9)
		return err
	},
	"emotes": func(ctx context.Context, r Reader) error { _, err := r.Emotes(ctx, "x", 9); return err },
	"on air": func(ctx context.Context, r Reader) error {
		_, err := r.OnAirOfChannel(ctx, "x")
		return ignoreNone(err)
	},
	"extents": func(ctx context.Context, r Reader) error { _, err := r.Extents(ctx, "x"); return err },
}

// TestListsUseIndexes keeps the lists from reading whole tables, and from
// sorting more than they return.
func TestListsUseIndexes(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "rostrum.db"))
	explain := func(ctx context.Context, query string, args []any) ([]string, error) {
		return list(ctx, db.Reader, func(row scanner) (s string, err error) {
			var id, parent, unused int
			err = row.Scan(&id, &parent, &unused, &s)
			return s, err
		}, `EXPLAIN QUERY PLAN `+query, args...)
	}
	for name, ask := range lists {
		p := &planner{querier: db.read, t: t, explain: explain}
		require.NoError(t, ask(t.Context(), Reader{p}), name)
		require.NotEmpty(t, p.steps, name)
		for _, step := range p.steps {
			for _, table := range []string{"b", "c", "broadcasts", "channels", "segments", "broadcast_events", "clips", "k", "kept_segments", "t", "reports", "takedowns", "w", "d", "webhooks", "webhook_deliveries", "f", "followers", "a", "announcements", "notices", "chat_lines", "chat_held", "chat_log", "r", "emotes"} {
				require.NotEqual(t, "SCAN "+table, step, name)
				whole := []string{"clips_removed", "channels_banned", "reports_open", "sqlite_autoindex_takedowns_1", "announcements_waiting"}
				if !slices.ContainsFunc(whole, func(index string) bool { return strings.HasSuffix(step, index) }) { // of which all is wanted
					require.NotContains(t, step, "SCAN "+table+" ", name)
				}
			}
			if name == "cuts" || name == "seams" {
				require.NotContains(t, step, "segments USING INDEX sqlite_autoindex", name)
			}
			if name != "live" && name != "unfinished" { // what is on air is few
				require.NotContains(t, step, "TEMP B-TREE", name)
			}
		}
	}
}

// TestPostgresListsUseIndexes: PostgreSQL chooses by how much there is, so
// there must be much. What it chooses is for any arguments.
func TestPostgresListsUseIndexes(t *testing.T) {
	db := openFile(t, postgres.Fresh(t))
	fill(t, db)
	conn, err := db.read.Conn(t.Context()) // statements that are prepared are the connection's
	require.NoError(t, err)
	defer conn.Close()
	prepared := 0
	explain := func(ctx context.Context, query string, args []any) ([]string, error) {
		prepared++
		statement := fmt.Sprintf("statement%d", prepared)
		if _, err := conn.ExecContext(ctx, "PREPARE "+statement+" AS "+query); err != nil {
			return nil, err
		}
		call := ""
		if len(args) > 0 {
			call = strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", args), "[]interface {}{"), "}")
			call = "(" + strings.ReplaceAll(call, `"`, "'") + ")"
		}
		return list(ctx, Reader{conn}, func(row scanner) (s string, err error) {
			err = row.Scan(&s)
			return s, err
		}, "EXPLAIN EXECUTE "+statement+call)
	}
	for name, ask := range lists {
		p := &planner{querier: conn, t: t, explain: explain}
		require.NoError(t, ask(t.Context(), Reader{p}), name)
		plan := strings.Join(p.steps, "\n")
		require.Contains(t, plan, "Index", name)
		if strings.Contains(plan, "id < ") {
			require.Contains(t, plan, "id < $", "%s is planned for these arguments:\n%s", name, plan)
		}
		// Renditions are few, and so are channels beside what they hold.
		require.NotRegexp(t, `Seq Scan on (broadcasts|segments|broadcast_events|clips|kept_segments|chat_lines|chat_held|chat_log|chat_restrictions|emotes)`, plan, name)
		if name != "live" && name != "unfinished" { // what is on air is few
			require.NotContains(t, plan, "Seq Scan on channels", name)
			if name != "recordings" && name != "deleted" { // two pages at most, the newest of each state; some seconds' worth
				require.NotContains(t, plan, "Sort  (", name)
			}
		}
	}
}

// fill makes so many rows that an index pays.
func fill(t *testing.T, db *DB) {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO channels (id, name, title, created_at) SELECT 'c' || n, 'name' || n, '', 0 FROM generate_series(1, 2000) n`,
		`INSERT INTO broadcasts (id, channel_id, state, created_at, end_reason, protocol, encoder, remote, recorded, duration_ms, bytes)
			SELECT 'b' || n, 'c' || 1 + n % 2000, CASE n % 1000 WHEN 0 THEN 'live' WHEN 1 THEN 'ended' ELSE 'archived' END,
			0, '', '', '', '', 1, 0, 0 FROM generate_series(1, 20000) n`,
		`INSERT INTO segments (broadcast_id, rendition, number, init, start, duration, timescale, bytes, discontinuity, gap, independent)
			SELECT 'b' || 1 + n % 20, 'r' || n % 2, n, 1, 0, 1, 1, 1, CASE n % 500 WHEN 0 THEN 1 ELSE 0 END, 0, 1 FROM generate_series(1, 20000) n`,
		`INSERT INTO broadcast_events (id, broadcast_id, at, kind, text, duration_ms)
			SELECT 'e' || n, 'b' || 1 + n % 2000, 0, '', '', 0 FROM generate_series(1, 5000) n`,
		`INSERT INTO clips (id, broadcast_id, channel_id, title, start_ms, end_ms, first_segment, last_segment, lead_us, created_at, removed_at)
			SELECT 'k' || n, 'b' || 1 + n % 2000, 'c' || 1 + n % 2000, '', 0, 0, n, n, 0, 0, CASE n % 100 WHEN 0 THEN 1 END FROM generate_series(1, 20000) n`,
		`INSERT INTO kept_segments (broadcast_id, rendition, number, init, start, duration, timescale, bytes, discontinuity, seam, gap, independent)
			SELECT 'b' || 1 + n % 20, 'r' || n % 2, n, 1, 0, 1, 1, 1, 0, 0, 0, 1 FROM generate_series(1, 20000) n`,
		`INSERT INTO reports (id, kind, target_id, channel_id, reason, words, sender, at, state, decided_by)
			SELECT 'r' || n, 'channel', 'c' || 1 + n % 2000, 'c' || 1 + n % 2000, '', '', '', 0, CASE n % 100 WHEN 0 THEN 'open' ELSE 'dismissed' END, ''
			FROM generate_series(1, 5000) n`,
		`INSERT INTO takedowns (id, kind, target_id, channel_id, reason, actor, at, until)
			SELECT 'd' || n, 'clip', 'k' || n, 'c' || 1 + n % 2000, '', '', 0, 0 FROM generate_series(1, 5000) n`,
		`INSERT INTO webhooks (id, channel_id, url, secret, former_secret, kinds, enabled, disabled_for, created_at, next_sequence, leased_by)
			SELECT 'w' || n, 'c' || 1 + n % 2000, '', '', '', '[]', 1, '', 0, 1, '' FROM generate_series(1, 5000) n`,
		`INSERT INTO webhook_deliveries (webhook_id, sequence, event_id, kind, at, data, state, tries, next_at, attempts)
			SELECT 'w' || 1 + n % 5000, n, '', '', 0, '', CASE n % 50 WHEN 0 THEN 'waiting' ELSE 'delivered' END, 0, n, '[]' FROM generate_series(1, 20000) n`,
		`INSERT INTO users (id, name, display_name, password, role, created_at) SELECT 'u' || n, 'name' || n, '', '', '', 0 FROM generate_series(1, 5000) n`,
		`INSERT INTO followers (channel_id, user_id, since) SELECT 'c' || 1 + n % 4, 'u' || 1 + n / 4, n FROM generate_series(1, 16000) n`,
		`INSERT INTO announcements (broadcast_id, channel_id, at, reached, done_at, leased_by)
			SELECT 'b' || n, 'c' || 1 + n % 2000, n, '', CASE n % 100 WHEN 0 THEN NULL ELSE 1 END, '' FROM generate_series(1, 20000) n`,
		`INSERT INTO notices (broadcast_id, user_id, way, kind, tries, next_at, until)
			SELECT 'b' || 1 + n % 9, 'u' || 1 + n / 9, 'mail', CASE n % 2 WHEN 0 THEN 'mail' ELSE 'push' END, 0, n, 0 FROM generate_series(1, 20000) n`,
		`INSERT INTO chat_lines (id, channel_id, user_id, broadcast_id, media_ms, line, deleted_at, deleted_by)
			SELECT 'l' || n, 'c' || 1 + n % 2000, 'u' || n % 500, CASE n % 2 WHEN 0 THEN 'b' || 1 + n % 200 ELSE '' END, n, '{}', CASE n % 50 WHEN 0 THEN n END, ''
			FROM generate_series(1, 20000) n`,
		`INSERT INTO chat_held (id, channel_id, user_id, line, why) SELECT 'h' || n, 'c' || 1 + n % 2000, '', '{}', '' FROM generate_series(1, 5000) n`,
		`INSERT INTO chat_log (id, channel_id, at, user_id, actor, act, target_id, target, details)
			SELECT 'g' || n, 'c' || 1 + n % 2000, 0, '', '', '', 'u' || n % 500, '', '' FROM generate_series(1, 5000) n`,
		`INSERT INTO chat_restrictions (channel_id, user_id, reason, actor, at, appeal) SELECT 'c' || 1 + n % 2000, 'u' || n, '', '', 0, '' FROM generate_series(1, 5000) n`,
		`INSERT INTO emotes (id, channel_id, code, picture, animated, user_id, created_at) SELECT 'x' || n, 'c' || 1 + n % 2000, 'x' || n, '', 0, '', 0 FROM generate_series(1, 5000) n`,
		`UPDATE channels SET banned_at = 1 WHERE name < 'name11'`,
		`ANALYZE`,
	} {
		_, err := db.write.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
}
