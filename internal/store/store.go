// Package store owns the rows: SQL text, migrations, transactions and the
// making of ids, one file a table. It is the only room that knows a database
// driver. It must not know what the rows mean to people: rights, the names
// that are allowed and what happens when are decided above. It only refuses
// to move a broadcast's state where no broadcast goes.
//
// The rows lie in SQLite or in PostgreSQL, and nobody above notices which. The
// SQL keeps to what both speak: $N, RETURNING, ON CONFLICT, times as BIGINT
// milliseconds since 1970, truth as INTEGER 0 or 1, names folded before they
// come here. On both, text compares byte by byte, and writers come one after
// the other.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"
)

// What callers branch on. Every error that a method returns wraps one of
// these, the context's, or is the database's own trouble.
var (
	// ErrNotFound: no such row, or a row would refer to one that is not there.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the row exists already, or its state forbids the change.
	ErrConflict = errors.New("conflict")
)

// DB is a database that is open. Its methods may be called by any number of
// goroutines. Reads are the methods of Reader; writes are methods of Tx.
type DB struct {
	Reader
	write    *sql.DB // a pool of one: writers of this process queue here, in Go
	read     *sql.DB
	writing  writing
	matching matching
	clock    string // a query for the present
	ids      idMaker
	news     chan struct{} // holds one when deliveries were put or changed
	waiting  chan struct{} // holds one when announcements or notices were
}

// writing is how a transaction that writes begins.
type writing struct {
	options *sql.TxOptions
	// queue is a statement that waits for the writers of other processes, and
	// keeps them waiting until the transaction ends. It is empty where the
	// database does that by itself.
	queue string
}

// Open opens a database and brings its schema up to date. Where is the path of
// a file for SQLite, which is made (mode 0600) with its folder (mode 0700) when
// it is missing, or a postgres:// address that CheckAddress takes. A database
// that a newer version has migrated is refused and left as it is. Several
// processes may have the same one open. Errors never tell the password of an
// address. The caller closes the DB.
//
// A connection to PostgreSQL that is lost costs the statement that was under
// way. Later ones connect again, and fail for as long as that fails.
func Open(ctx context.Context, where string, log *slog.Logger) (*DB, error) {
	var s source
	var err error
	if isAddress(where) {
		s, err = postgresSource(where)
	} else {
		s, err = sqliteSource(where)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{
		Reader: Reader{s.read}, write: s.write, read: s.read, writing: s.writing, matching: s.matching, clock: s.clock,
		ids: idMaker{now: time.Now}, news: make(chan struct{}, 1), waiting: make(chan struct{}, 1),
	}
	if s.check != nil {
		err = s.check(ctx, s.read)
	}
	if err == nil {
		err = migrate(ctx, s, log)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", s.name, plain(err)), db.Close())
	}
	return db, nil
}

// source is what the two databases do differently.
type source struct {
	name        string // for people
	write, read *sql.DB
	writing     writing
	// check looks whether the database is fit, where it might not be.
	check func(context.Context, *sql.DB) error
	// lock keeps other processes from migrating until unlock.
	lock     func(context.Context) (unlock func() error, err error)
	dialect  goose.Dialect
	schema   fs.FS // the migrations
	layout   layout
	matching matching
	clock    string // a query for the present, in milliseconds since 1970
}

// close closes the pools. It is idempotent.
func (s *source) close() error {
	// The writer goes last: the last connection to close empties SQLite's WAL.
	return errors.Join(s.read.Close(), s.write.Close())
}

// Close waits for running statements and closes the database. It is
// idempotent.
func (db *DB) Close() error {
	// The writer goes last: the last connection to close empties SQLite's WAL.
	if err := errors.Join(db.read.Close(), db.write.Close()); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// NewID returns an id for a new row, fit for an address: 20 characters of
// lower-case Crockford base32 (0-9 and a-z without i, l, o, u), made of 48
// bits of Unix milliseconds and 52 random bits. Ids sort by the time of their
// making, and each is greater than all that this DB made before.
func (db *DB) NewID() string { return db.ids.next() }

// Write runs fn in a transaction and commits when fn returns nil; otherwise
// nothing has happened. When it returns nil the rows survive a loss of power,
// unless a PostgreSQL was told not to care (synchronous_commit, fsync). An error
// of the connection during the commit leaves open whether it happened.
//
// There is one writer at a time, over all processes: what fn reads stays true
// until the commit, so it may count and then insert. Write blocks until earlier
// writers are done, bounded by ctx. fn must be quick, must do no other I/O, and
// must not call Write: that would wait for itself. A statement that failed ends
// the transaction: fn must return then, and if it returns nil, Write fails.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.write.BeginTx(ctx, db.writing.options)
	if err != nil {
		return wrap(err, "begin transaction")
	}
	defer func() { _ = tx.Rollback() }() // says so when already committed: nothing to do
	if db.writing.queue != "" {
		if _, err := tx.ExecContext(ctx, db.writing.queue); err != nil {
			return wrap(err, "wait for other writers")
		}
	}
	t := &Tx{Reader: Reader{tx}, tx: tx, ids: &db.ids}
	if err := fn(t); err != nil {
		return err
	}
	if t.failed != nil {
		return wrap(t.failed, "commit transaction after a statement failed")
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // the end of ctx rolled it back before
	}
	if err == nil && t.outbox {
		word(db.news)
	}
	if err == nil && t.announced {
		word(db.waiting)
	}
	return wrap(err, "commit transaction")
}

// word leaves one, unless it is there already.
func word(news chan<- struct{}) {
	select {
	case news <- struct{}{}:
	default:
	}
}

// OutboxNews holds a word when a transaction of this process has put or changed
// deliveries of webhooks. It is for one who waits.
func (db *DB) OutboxNews() <-chan struct{} { return db.news }

// AnnouncementNews holds a word when a transaction of this process has announced
// a broadcast or put followers in line. It is for one who waits.
func (db *DB) AnnouncementNews() <-chan struct{} { return db.waiting }

// Now is the present by the database's clock, which is the same for all
// processes that have the database open.
func (db *DB) Now(ctx context.Context) (now time.Time, err error) {
	err = db.read.QueryRowContext(ctx, db.clock).Scan(instant{&now})
	return now, wrap(err, "read the database's clock")
}

// Tx is a transaction that writes, valid inside the function that Write
// calls. It reads what it wrote.
type Tx struct {
	Reader
	tx     *sql.Tx
	ids    *idMaker
	failed error // of a statement that was to change something
	outbox bool  // deliveries were put or changed
	// announced: a broadcast was, or followers were put in line.
	announced bool
}

// NewID is DB.NewID.
func (t *Tx) NewID() string { return t.ids.next() }

// exec runs one statement and returns the number of rows that it changed.
func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, query, args...)
	if err != nil {
		t.failed = err
		return 0, err
	}
	return res.RowsAffected()
}

// one runs a statement that changes one row. When there is none it returns
// ErrNotFound.
func (t *Tx) one(ctx context.Context, doing, query string, args ...any) error {
	n, err := t.exec(ctx, query, args...)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrap(err, "%s", doing)
}

// Reader answers questions. A DB is one, over the last commit; a Tx is one,
// over its own writes too. Lists take a limit of at least 1, the most rows
// that the caller will hold.
type Reader struct{ q querier }

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// scanner is a row, alone or one of many.
type scanner interface{ Scan(dest ...any) error }

// list runs a query and reads each row by scan.
func list[T any](ctx context.Context, r Reader, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := r.q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// wrap adds what was being done, and the sentinel that the database's error
// stands for. A nil error stays nil.
func wrap(err error, doing string, args ...any) error {
	if err == nil {
		return nil
	}
	doing, err = fmt.Sprintf(doing, args...), plain(err)
	if kind := classify(err); kind != nil {
		return fmt.Errorf("%s: %w (%w)", doing, kind, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// classify returns the sentinel that a driver's error stands for, nil when
// there is none.
func classify(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if kind := classifySQLite(err); kind != nil {
		return kind
	}
	return classifyPostgres(err)
}
