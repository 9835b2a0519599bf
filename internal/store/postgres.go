package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

const (
	// postgresReaders bounds the connections that read at one time; one more
	// writes. Of the hundred that PostgreSQL allows by itself that leaves room
	// for other servers and for commands.
	postgresReaders = 8
	// idleConnection is after how long one that nobody needs is closed.
	idleConnection = 5 * time.Minute
	// connectLimit is for addresses that set none (connect_timeout).
	connectLimit = 10 * time.Second

	// writersLock is the advisory lock that writers and migrations of all
	// processes queue at. It spells "rostrum" and is each database's own.
	writersLock = "32210689010595181"
	// queueStatement takes it until the transaction ends. A process that the
	// network took away in the middle of one must not keep it for the two hours
	// that TCP may need to notice.
	queueStatement = `SELECT pg_advisory_xact_lock(` + writersLock + `), set_config('idle_in_transaction_session_timeout', '60s', true)`
)

// postgresSource is the database at an address. No connection is opened yet.
//
// READ COMMITTED is asked for whatever the database's default is: each
// statement of a transaction sees what the writers before it committed. Under
// the others it would see what was there before it waited for them.
func postgresSource(address string) (source, error) {
	cfg, err := parseAddress(address)
	if err != nil {
		return source{}, err
	}
	return postgresAt(cfg), nil
}

// postgresAt is postgresSource of an address that was read.
func postgresAt(cfg *pgx.ConnConfig) source {
	s := source{
		name: nameOf(cfg), write: openPostgres(cfg, 1), read: openPostgres(cfg, postgresReaders),
		writing: writing{options: &sql.TxOptions{Isolation: sql.LevelReadCommitted}, queue: queueStatement},
		check:   checkEncoding, dialect: goose.DialectPostgres, schema: bytewise{scripts(".sqlite.sql")},
		layout: postgresLayout, matching: textVector,
		clock: `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`,
	}
	s.lock = func(ctx context.Context) (func() error, error) { return lockSession(ctx, s.read) }
	return s
}

// nameOf names a database for people, without what lets one in.
func nameOf(cfg *pgx.ConnConfig) string {
	database := cfg.Database
	if database == "" {
		database = cfg.User // as PostgreSQL has it
	}
	at := cfg.Host
	if !strings.HasPrefix(at, "/") { // else it is the folder of a socket
		at = net.JoinHostPort(at, strconv.Itoa(int(cfg.Port)))
	}
	return fmt.Sprintf("%q at %s", database, at)
}

// openPostgres makes a pool of n connections.
func openPostgres(cfg *pgx.ConnConfig, n int) *sql.DB {
	db := sql.OpenDB(newConnector(cfg))
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	db.SetConnMaxIdleTime(idleConnection)
	return db
}

// planOnce has a connection plan each statement once, for any arguments, and
// not again and again for those that came. The statements are made for one
// plan, along an index (TestPostgresListsUseIndexes); to plan the list of the
// newest recordings took longer than to read it. Compiling them (jit), which
// PostgreSQL thinks worth its while by how many rows there are, never pays for
// a page of them.
func planOnce(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('jit', 'off', false)`)
	return err
}

// checkEncoding refuses a database that cannot hold every text.
func checkEncoding(ctx context.Context, db *sql.DB) error {
	var encoding string
	if err := db.QueryRowContext(ctx, `SELECT current_setting('server_encoding')`).Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("its encoding is %s: make the database with ENCODING 'UTF8'", encoding)
	}
	return nil
}

// lockSession takes the writers' lock on a connection of its own, so that
// whoever else writes or migrates waits. The lock dies with its connection.
func lockSession(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(`+writersLock+`)`); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		// Also when ctx ended meanwhile: the connection goes on in its pool.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectLimit)
		defer cancel()
		_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(`+writersLock+`)`)
		return errors.Join(err, conn.Close())
	}, nil
}

// classifyPostgres goes by SQLSTATE (PostgreSQL's appendix A).
func classifyPostgres(err error) error {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		switch e.Code {
		case "23505": // unique_violation
			return ErrConflict
		case "23503": // foreign_key_violation
			return ErrNotFound
		}
	}
	return nil
}

// plain makes a driver's error fit for one line and for people. Where no
// connection was to be had, that is what each attempt met; with and without TLS
// that is mostly the same.
func plain(err error) error {
	var e *pgconn.ConnectError
	if errors.As(err, &e) {
		var met []string
		for line := range strings.Lines(e.Unwrap().Error()) {
			if line = strings.TrimSpace(line); !slices.Contains(met, line) {
				met = append(met, line)
			}
		}
		return &trouble{"the database cannot be reached: " + strings.Join(met, "; "), e}
	}
	for _, lost := range []error{driver.ErrBadConn, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, lost) {
			return &trouble{"the connection to the database was lost (" + err.Error() + ")", err}
		}
	}
	return err
}

// trouble is an error in other words.
type trouble struct {
	words string
	cause error
}

func (t *trouble) Error() string { return t.words }
func (t *trouble) Unwrap() error { return t.cause }
