package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(postgres.Main(m)) }

func TestSQLite(t *testing.T) {
	suite(t, func(t *testing.T) func() *DB {
		path := filepath.Join(t.TempDir(), "rostrum.db")
		fresh, err := emptyFile()
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, fresh, 0o600)) // to make each of its migrations takes a second
		return func() *DB { return openFile(t, path) }
	})
}

// emptyFile is a database that nobody has used.
var emptyFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "store-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "rostrum.db")
	db, err := Open(context.Background(), path, slog.New(slog.DiscardHandler))
	if err == nil {
		err = db.Close() // with it all is in the one file
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// openFile opens a file, or what is at an address.
func openFile(t testing.TB, where string) *DB {
	t.Helper()
	db, err := Open(t.Context(), where, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// suite is what every database must do. fresh names an empty one and returns
// what opens it, also a second time.
func suite(t *testing.T, fresh func(*testing.T) func() *DB) {
	for name, test := range map[string]func(*testing.T, func() *DB){
		"channels":      testChannels,
		"search":        testSearch,
		"stream keys":   testStreamKeys,
		"life":          testBroadcastLife,
		"wrong turns":   testBroadcastWrongTurns,
		"lists":         testBroadcastLists,
		"renditions":    testRenditions,
		"segments":      testSegments,
		"passing":       testPassing,
		"totals":        testTotals,
		"extents":       testExtents,
		"rollback":      testRollback,
		"orphans":       testOrphans,
		"reopen":        testReopen,
		"many writers":  testManyWriters,
		"ended context": testEndedContext,
		"rules":         testRules,
		"interruptions": testInterruptions,
		"events":        testEvents,
		"cuts":          testDiscontinuities,
		"seams":         testSeams,
		"watching":      testWatching,
		"public lists":  testPublicLists,
		"kept settings": testKeepSetting,
		"failed":        testFailedStatement,
		"one writer":    testOneWriter,
		"order":         testOrder,
		"any text":      testAnyText,
		"verifiers":     testKeyVerifiers,
		"blocks":        testBlocks,
		"renames":       testRenames,
		"users":         testUsers,
		"sessions":      testSessions,
		"vouchers":      testVouchers,
		"settings":      testSettings,
		"acts":          testActs,
		"members":       testMembers,
		"api tokens":    testAPITokens,
		"identities":    testIdentities,
		"passkeys":      testPasskeys,
		"expiry":        testExpiry,
		"stills":        testStills,
		"clips":         testClips,
		"chat sweep":    testChatSweep,
		"kept":          testKept,
		"large":         testLargeRecordings,
		"usages":        testUsages,
		"audience":      testAudience,
		"reports":       testReports,
		"takedowns":     testTakedowns,
		"bans":          testBans,
		"webhooks":      testWebhooks,
		"deliveries":    testDeliveries,
		"clock":         testClock,
		"key networks":  testKeyNetworks,
		"followers":     testFollowers,
		"on air first":  testFollowed,
		"channel bans":  testChannelBlocks,
		"told":          testAnnouncements,
		"subscriptions": testPushSubscriptions,
	} {
		t.Run(name, func(t *testing.T) { test(t, fresh(t)) })
	}
}

// day is a moment for rows.
var day = time.Date(2026, 11, 21, 12, 0, 0, 123e6, time.UTC)

func write(t testing.TB, db *DB, fn func(context.Context, *Tx) error) {
	t.Helper()
	require.NoError(t, tryWrite(t, db, fn))
}

func tryWrite(t testing.TB, db *DB, fn func(context.Context, *Tx) error) error {
	ctx := t.Context()
	return db.Write(ctx, func(tx *Tx) error { return fn(ctx, tx) })
}

func addChannel(t testing.TB, db *DB, name string) Channel {
	t.Helper()
	c := Channel{ID: db.NewID(), Name: name, Title: strings.ToUpper(name), CreatedAt: day, Visibility: "public"}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertChannel(ctx, c) })
	return c
}

func addBroadcast(t testing.TB, db *DB, c Channel, state State, recorded bool) Broadcast {
	t.Helper()
	b := Broadcast{
		ID: db.NewID(), ChannelID: c.ID, ChannelName: c.Name, State: state, CreatedAt: day,
		Protocol: "rtmp", Encoder: "obs", Remote: "192.0.2.7:1000", Recorded: recorded,
	}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertBroadcast(ctx, b) })
	return b
}

func equal(t testing.TB, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Fatalf("not as wanted (-want +got):\n%s", d)
	}
}

func testRollback(t *testing.T, open func() *DB) {
	db := open()
	trouble := errors.New("trouble")
	err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
		require.NoError(t, tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "a", CreatedAt: day}))
		_, err := tx.ChannelByName(ctx, "a")
		require.NoError(t, err, "a transaction reads what it wrote")
		_, err = db.ChannelByName(ctx, "a")
		require.ErrorIs(t, err, ErrNotFound, "others do not, before it commits")
		return trouble
	})
	require.ErrorIs(t, err, trouble)
	_, err = db.ChannelByName(t.Context(), "a")
	require.ErrorIs(t, err, ErrNotFound)

	require.Panics(t, func() {
		_ = tryWrite(t, db, func(context.Context, *Tx) error { panic("broken promise") })
	})
	addChannel(t, db, "a") // the lock was let go
}

// testFailedStatement: what failed cannot be passed over.
func testFailedStatement(t *testing.T, open func() *DB) {
	db := open()
	addChannel(t, db, "taken")
	for name, fail := range map[string]func(context.Context, *Tx) error{
		"conflict": func(ctx context.Context, tx *Tx) error {
			return tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "taken", CreatedAt: day})
		},
		"orphan": func(ctx context.Context, tx *Tx) error {
			return tx.InsertSegments(ctx, []Segment{{BroadcastID: "none", Timescale: 1}})
		},
	} {
		err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
			require.NoError(t, tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "beside", CreatedAt: day}))
			require.Error(t, fail(ctx, tx))
			return nil
		})
		require.ErrorContains(t, err, "after a statement failed", name)
		_, err = db.ChannelByName(t.Context(), "beside")
		require.ErrorIs(t, err, ErrNotFound, name)
	}
}

// testOneWriter: what a transaction counts does not grow before it commits,
// however many processes there are.
func testOneWriter(t *testing.T, open func() *DB) {
	const most, writers = 5, 4
	dbs := []*DB{open(), open()}
	c := addChannel(t, dbs[0], "mine")
	full := errors.New("full")
	var g errgroup.Group
	for w := range writers {
		db := dbs[w%len(dbs)]
		g.Go(func() error {
			for {
				err := db.Write(t.Context(), func(tx *Tx) error {
					n, err := tx.ValidStreamKeys(t.Context(), c.ID)
					if err != nil {
						return err
					}
					if n >= most {
						return full
					}
					id := db.NewID()
					return tx.InsertStreamKey(t.Context(), StreamKey{ID: id, ChannelID: c.ID, CreatedAt: day}, id)
				})
				if errors.Is(err, full) {
					return nil
				}
				if err != nil {
					return err
				}
			}
		})
	}
	require.NoError(t, g.Wait())
	n, err := dbs[0].ValidStreamKeys(t.Context(), c.ID)
	require.NoError(t, err)
	require.EqualValues(t, most, n)
}

// testOrder: lists go by bytes, also over the border of a page.
func testOrder(t *testing.T, open func() *DB) {
	db := open()
	want := []string{"-", "-b", "0", "9_", "B", "_a", "a", "a-b", "a0", "aB", "a_b", "aa", "z", "\u00e4", "\u00f6"}
	for _, i := range []int{7, 3, 11, 0, 14, 9, 2, 6, 12, 1, 13, 8, 4, 10, 5} {
		addChannel(t, db, want[i])
	}
	var got []string
	for after := ""; ; {
		page, err := db.Channels(t.Context(), after, 2)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		for _, c := range page {
			got = append(got, c.Name)
		}
		after = got[len(got)-1]
	}
	require.Equal(t, want, got)
}

// testAnyText: strangers choose what an encoder calls itself, and what they ask
// for.
func testAnyText(t *testing.T, open func() *DB) {
	db, ctx := open(), t.Context()
	c := addChannel(t, db, "mine")
	b := Broadcast{ID: db.NewID(), ChannelID: c.ID, ChannelName: c.Name, State: StateLive, CreatedAt: day, Encoder: "a\x00b\xff\u00e4\U0001F600'\\"}
	write(t, db, func(ctx context.Context, tx *Tx) error { return tx.InsertBroadcast(ctx, b) })
	got, err := db.Broadcast(ctx, b.ID)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(got.Encoder, "a"), got.Encoder)
	require.True(t, strings.HasSuffix(got.Encoder, "\u00e4\U0001F600'\\"), got.Encoder)
	for _, odd := range []string{"\x00", "\xff", "a\x00", "\xc3\x28", b.ID + "\x00", b.ID + "\xff", strings.Repeat("x", 1<<16)} {
		_, err := db.Broadcast(ctx, odd)
		require.ErrorIs(t, err, ErrNotFound, "%.20q", odd)
		_, err = db.ChannelByName(ctx, odd)
		require.ErrorIs(t, err, ErrNotFound, "%.20q", odd)
		_, err = db.PublicRecordings(ctx, odd, 2)
		require.NoError(t, err, "%.20q", odd)
	}
}

func testOrphans(t *testing.T, open func() *DB) {
	db := open()
	nobody := db.NewID()
	for name, insert := range map[string]func(context.Context, *Tx) error{
		"key": func(ctx context.Context, tx *Tx) error {
			return tx.InsertStreamKey(ctx, StreamKey{ID: "k", ChannelID: nobody, CreatedAt: day}, "h")
		},
		"broadcast": func(ctx context.Context, tx *Tx) error {
			return tx.InsertBroadcast(ctx, Broadcast{ID: "b", ChannelID: nobody, CreatedAt: day})
		},
		"rendition": func(ctx context.Context, tx *Tx) error {
			return tx.PutRendition(ctx, Rendition{BroadcastID: nobody, Name: "video/source"})
		},
		"init": func(ctx context.Context, tx *Tx) error { return tx.PutInit(ctx, Init{BroadcastID: nobody}) },
		"segment": func(ctx context.Context, tx *Tx) error {
			return tx.InsertSegments(ctx, []Segment{{BroadcastID: nobody, Timescale: 1}})
		},
	} {
		require.ErrorIs(t, tryWrite(t, db, insert), ErrNotFound, name)
	}
}

func testReopen(t *testing.T, open func() *DB) {
	db := open()
	c := addChannel(t, db, "kept")
	require.NoError(t, db.Close())
	require.NoError(t, db.Close(), "twice is fine")
	_, err := db.ChannelByName(t.Context(), "kept")
	require.Error(t, err)

	again := open()
	got, err := again.ChannelByName(t.Context(), "kept")
	require.NoError(t, err)
	equal(t, c, got)

	// Beside it, as the command line does beside a server.
	beside := open()
	addChannel(t, beside, "other")
	_, err = again.ChannelByName(t.Context(), "other")
	require.NoError(t, err)
}

func testManyWriters(t *testing.T, open func() *DB) {
	const writers, each = 8, 10
	dbs := []*DB{open(), open()} // two pools, as two processes have
	b := addBroadcast(t, dbs[0], addChannel(t, dbs[0], "busy"), StateLive, true)
	var g errgroup.Group
	for w := range writers {
		db, rendition := dbs[w%len(dbs)], fmt.Sprintf("video/%d", w)
		g.Go(func() error {
			for i := range int64(each) {
				s := segment(b, rendition, i)
				err := db.Write(t.Context(), func(tx *Tx) error { return tx.InsertSegments(t.Context(), []Segment{s}) })
				if err != nil {
					return err
				}
				if got, err := db.Segment(t.Context(), b.ID, rendition, i); err != nil || got != s {
					return fmt.Errorf("read own segment %d: %+v, %w", i, got, err)
				}
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
	totals, err := dbs[0].Totals(t.Context(), b.ID)
	require.NoError(t, err)
	require.Len(t, totals, writers)
	for _, sum := range totals {
		require.EqualValues(t, each, sum.Segments)
	}
}

func testEndedContext(t *testing.T, open func() *DB) {
	db := open()
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Write(ctx, func(tx *Tx) error {
		require.NoError(t, tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "late", CreatedAt: day}))
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	_, err = db.ChannelByName(ctx, "late")
	require.ErrorIs(t, err, context.Canceled)
	_, err = db.ChannelByName(t.Context(), "late")
	require.ErrorIs(t, err, ErrNotFound)
}
