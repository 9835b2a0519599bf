// Package store owns the rows: SQL text, migrations, transactions and the
// making of ids, one file a table. It is the only room that knows a database
// driver. It must not know what the rows mean to people: rights, the names
// that are allowed and what happens when are decided above. It only refuses
// to move a broadcast's state where no broadcast goes.
//
// The SQL keeps to what SQLite and PostgreSQL both speak: $N, RETURNING, ON
// CONFLICT, times as BIGINT milliseconds since 1970, truth as INTEGER 0 or 1,
// names folded before they come here.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// What callers branch on. Every error that a method returns wraps one of
// these, the context's, or is the database's own trouble.
var (
	// ErrNotFound: no such row, or a row would refer to one that is not there.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the row exists already, or its state forbids the change.
	ErrConflict = errors.New("conflict")
)

// readConnections bounds the connections that read at one time. In WAL mode
// they see the last commit and never wait for the writer.
const readConnections = 4

// DB is a database that is open. Its methods may be called by any number of
// goroutines. Reads are the methods of Reader; writes are methods of Tx.
type DB struct {
	Reader
	write *sql.DB // a pool of one: writers queue here, in Go, not in the database
	read  *sql.DB
	ids   idMaker
}

// Open opens the SQLite database in the file at path and brings its schema up
// to date. It makes the file (mode 0600) and its folder (mode 0700) when they
// are missing. A database that a newer version has migrated is refused and
// left as it is. Several processes may have the same file open. The caller
// closes the DB.
func Open(ctx context.Context, path string, log *slog.Logger) (*DB, error) {
	if err := prepareFile(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db := &DB{ids: idMaker{now: time.Now}}
	var err error
	if db.write, err = openSQLite(path, writing, 1); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := migrate(ctx, db.write, path, log); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.write.Close())
	}
	if db.read, err = openSQLite(path, reading, readConnections); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.write.Close())
	}
	db.Reader = Reader{db.read}
	return db, nil
}

// prepareFile makes the file before the driver does: the driver would make it
// readable for everybody, and its companions (-wal, -shm) take its mode.
func prepareFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// Close waits for running statements and closes the database. It is
// idempotent.
func (db *DB) Close() error {
	// The writer goes last: the last connection to close empties the WAL.
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

// Write runs fn in a transaction that holds the database's only write lock
// and commits when fn returns nil; otherwise nothing has happened. When it
// returns nil the rows survive a loss of power. It blocks until earlier writers
// are done, bounded by ctx. fn must be quick, must do no other I/O, and must
// not call Write: that would wait for itself.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return wrap(err, "begin transaction")
	}
	defer func() { _ = tx.Rollback() }() // says so when already committed: nothing to do
	if err := fn(&Tx{Reader{tx}, tx}); err != nil {
		return err
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // the end of ctx rolled it back before
	}
	return wrap(err, "commit transaction")
}

// Tx is a transaction that writes, valid inside the function that Write
// calls. It reads what it wrote.
type Tx struct {
	Reader
	tx *sql.Tx
}

// exec runs one statement and returns the number of rows that it changed.
func (t *Tx) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(ctx, query, args...)
	if err != nil {
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
	doing = fmt.Sprintf(doing, args...)
	if kind := classify(err); kind != nil {
		return fmt.Errorf("%s: %w (%w)", doing, kind, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
