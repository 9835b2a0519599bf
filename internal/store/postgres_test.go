package store

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rostrumlive/rostrum/internal/testkit/postgres"
)

// limit bounds every wait of a test.
const limit = time.Minute

func TestPostgres(t *testing.T) {
	migrated := postgres.Fresh(t)
	db, err := Open(t.Context(), migrated, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	suite(t, func(t *testing.T) func() *DB {
		address := postgres.Copy(t, migrated) // each migration takes its time
		return func() *DB { return openFile(t, address) }
	})
}

// TestTextComparesByBytes: whatever the database's own order is.
func TestTextComparesByBytes(t *testing.T) {
	for name, options := range map[string]string{
		"English":               "",
		"Swedish":               "LOCALE_PROVIDER icu ICU_LOCALE 'sv'",
		"capitals do not count": "LOCALE_PROVIDER icu ICU_LOCALE 'und-u-kf-upper-ka-shifted'",
		"bytes":                 "LOCALE_PROVIDER libc LOCALE 'C'",
	} {
		t.Run(name, func(t *testing.T) {
			db := openFile(t, postgres.Fresh(t, options))
			columns, err := list(t.Context(), db.Reader, func(row scanner) (column string, err error) {
				err = row.Scan(&column)
				return column, err
			}, `SELECT table_name || '.' || column_name FROM information_schema.columns
				WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying', 'character')
				AND collation_name IS DISTINCT FROM 'C'`)
			require.NoError(t, err)
			require.Empty(t, columns)
			testOrder(t, func() *DB { return db })
		})
	}
}

func TestPostgresConnections(t *testing.T) {
	db := openFile(t, postgres.Fresh(t))
	require.Equal(t, 1, db.write.Stats().MaxOpenConnections)
	require.Equal(t, postgresReaders, db.read.Stats().MaxOpenConnections)
	var name string
	require.NoError(t, db.read.QueryRowContext(t.Context(), `SELECT current_setting('application_name')`).Scan(&name))
	require.Equal(t, "rostrum", name)
	write(t, db, func(ctx context.Context, tx *Tx) error {
		var level, patience string
		require.NoError(t, tx.tx.QueryRowContext(ctx, `SELECT current_setting('transaction_isolation'),
			current_setting('idle_in_transaction_session_timeout')`).Scan(&level, &patience))
		require.Equal(t, "read committed", level)
		require.Equal(t, "1min", patience, "who is lost in the middle lets others go on")
		return nil
	})
}

// TestWritersQueueWhateverIsolationIsUsual: a database that is set to another
// would show a transaction what was there before it waited.
func TestWritersQueueWhateverIsolationIsUsual(t *testing.T) {
	address := postgres.Fresh(t)
	name := postgres.NameOf(address)
	require.NoError(t, postgres.Shared(t).Exec(t.Context(), name, `ALTER DATABASE `+name+` SET default_transaction_isolation = 'serializable'`))
	testOneWriter(t, func() *DB { return openFile(t, address) })
}

func TestPostgresRefusesNewerDatabase(t *testing.T) {
	address := postgres.Fresh(t)
	db := openFile(t, address)
	_, err := db.write.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
	require.NoError(t, err)
	require.NoError(t, db.Close())
	_, err = Open(t.Context(), address, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "made by a newer version of Rostrum")
	require.ErrorContains(t, err, "9999")
}

func TestPostgresRefusesOtherEncodings(t *testing.T) {
	address := postgres.Fresh(t, "ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
	_, err := Open(t.Context(), address, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "its encoding is SQL_ASCII")
}

// TestPostgresCannotBeReached: the error names the place, and no password.
func TestPostgresCannotBeReached(t *testing.T) {
	good, err := url.Parse(postgres.Fresh(t))
	require.NoError(t, err)
	change := func(fn func(*url.URL)) string {
		u := *good
		fn(&u)
		return u.String()
	}
	for name, tc := range map[string]struct {
		address string
		want    []string
	}{
		"nobody listens":  {change(func(u *url.URL) { u.Host = "127.0.0.1:1" }), []string{`"test`, "127.0.0.1:1", "connection refused"}},
		"no such machine": {change(func(u *url.URL) { u.Host = "database.invalid" }), []string{"database.invalid:5432"}},
		"no such socket":  {change(func(u *url.URL) { u.Host, u.RawQuery = "", "host=/nowhere" }), []string{" at /nowhere"}},
		"no such database": {
			change(func(u *url.URL) { u.Path = "/nothing" }),
			[]string{`"nothing" at ` + good.Host, `database "nothing" does not exist`},
		},
		"wrong password": {change(func(u *url.URL) { u.User = url.UserPassword("rostrum", "an0ther") }), []string{good.Host, "password authentication failed"}},
		"no TLS":         {change(func(u *url.URL) { u.RawQuery = "sslmode=require" }), []string{good.Host, "TLS"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), tc.address, slog.New(slog.DiscardHandler))
			require.ErrorContains(t, err, "open database ")
			for _, want := range tc.want {
				require.ErrorContains(t, err, want)
			}
			require.NotContains(t, err.Error(), "\n")
			for _, secret := range []string{postgres.Password, url.QueryEscape(postgres.Password), "s3cret", "an0ther"} {
				require.NotContains(t, err.Error(), secret)
			}
		})
	}
}

// TestConnectionsAreLost: whoever was connected goes on by itself.
func TestConnectionsAreLost(t *testing.T) {
	address := postgres.Fresh(t)
	db, name := openFile(t, address), postgres.NameOf(address)
	c := addChannel(t, db, "mine")
	for range 3 {
		// In the middle of a transaction, and while idle.
		err := tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
			require.NoError(t, tx.InsertChannel(ctx, Channel{ID: db.NewID(), Name: "lost", CreatedAt: day}))
			require.NoError(t, postgres.Shared(t).Disconnect(ctx, name))
			_, err := tx.Channel(ctx, c.ID)
			require.Error(t, err)
			return nil
		})
		require.Error(t, err, "what was begun is gone")
		worksAgain(t, db, c)
		_, err = db.ChannelByName(t.Context(), "lost")
		require.ErrorIs(t, err, ErrNotFound)
	}
}

// worksAgain waits until a database can be read and written.
func worksAgain(t *testing.T, db *DB, c Channel) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, err := db.Channel(t.Context(), c.ID)
		return err == nil && tryWrite(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.ReserveSegments(ctx, "none", 1)
		}) == nil
	}, limit, 10*time.Millisecond)
}

// TestServerIsAway: meanwhile every call says so, and afterwards all is well.
func TestServerIsAway(t *testing.T) {
	server, err := postgres.Start(t.Context(), false)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Remove()) })
	address, err := server.Create(t.Context(), "away", "")
	require.NoError(t, err)
	db := openFile(t, address)
	c := addChannel(t, db, "mine")
	for range 2 {
		require.NoError(t, server.Stop())
		// The first may meet a connection that ended, later ones find none.
		_, err = db.Channel(t.Context(), c.ID)
		require.Error(t, err)
		require.NotErrorIs(t, err, ErrNotFound, "it is not known to be missing")
		require.Error(t, tryWrite(t, db, func(context.Context, *Tx) error { return nil }))
		for range 2 {
			_, err = db.Channel(t.Context(), c.ID)
			require.ErrorContains(t, err, "the database cannot be reached: ")
			require.NotErrorIs(t, err, ErrNotFound)
			err = tryWrite(t, db, func(context.Context, *Tx) error { return nil })
			require.ErrorContains(t, err, "the database cannot be reached: ")
		}
		require.NoError(t, server.Start(t.Context()))
		worksAgain(t, db, c)
	}
}

// TestWaitingForWritersEnds with the caller's patience, and the next one has
// its turn.
func TestWaitingForWritersEnds(t *testing.T) {
	address := postgres.Fresh(t)
	a, b := openFile(t, address), openFile(t, address)
	write(t, a, func(context.Context, *Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		err := b.Write(ctx, func(*Tx) error { return errors.New("two writers at a time") })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	})
	addChannel(t, b, "mine")
}

func TestAddresses(t *testing.T) {
	for address, masked := range map[string]string{
		"postgres://localhost/rostrum":                                "postgres://localhost/rostrum",
		"postgresql://me@db.example.org:5433/rostrum":                 "postgresql://me@db.example.org:5433/rostrum",
		"postgres://me:secret@db.example.org/rostrum":                 "postgres://me:xxxxx@db.example.org/rostrum",
		"postgres://me:s%40e%2Fcret@10.0.0.1/r?sslmode=require":       "postgres://me:xxxxx@10.0.0.1/r?sslmode=require",
		"postgres:///rostrum?host=/run/postgresql":                    "postgres:///rostrum?host=/run/postgresql",
		"postgres:///rostrum?host=/run/postgresql&password=secret":    "postgres:///rostrum?host=%2Frun%2Fpostgresql&password=xxxxx",
		"postgres://db/rostrum?user=me&PassWord=secret&sslmode=allow": "postgres://db/rostrum?PassWord=xxxxx&sslmode=allow&user=me",
	} {
		require.NoError(t, CheckAddress(address), address)
		require.Equal(t, masked, MaskAddress(address))
	}
	for _, address := range []string{
		"", "rostrum.db", "mysql://me:secret@db/rostrum", "host=db password=secret", "postgres:secret",
		"postgres://me:se/secret@db/rostrum", "postgres://me:12/secret@db/rostrum", "postgres://me:12?secret@db/rostrum",
		"postgres://me:se#secret@db/rostrum", "postgres://me:12#secret@db/rostrum", "postgres://me:se@secret@db/rostrum",
		"postgres://me:%secret@db/rostrum", "postgres://me:secret@db:port/rostrum", "postgres://me:secret@db:99999999/rostrum",
		"postgres://me:secret@db/rostrum?sslmode=sometimes", "postgres://me:secret@db/rostrum?sslrootcert=/nowhere&sslmode=verify-full",
		"postgres://me:secret@db/rostrum?connect_timeout=soon", "postgres://me:secret@db/rostrum?%",
	} {
		err := CheckAddress(address)
		require.Error(t, err, address)
		require.NotContains(t, err.Error(), "secret", address)
		require.NotContains(t, err.Error(), "\n", address)
	}
	require.False(t, strings.Contains(MaskAddress("postgres://me:%secret@db/rostrum"), "secret"))
}
