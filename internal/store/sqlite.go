package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"golang.org/x/sys/unix"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readConnections bounds the connections that read at one time. In WAL mode
// they see the last commit and never wait for the writer.
const readConnections = 4

// access says what a pool of connections is for.
type access uint8

const (
	toWrite access = iota
	toRead
)

// sqliteSource is the database in a file, which is made when it is missing.
func sqliteSource(path string) (source, error) {
	if err := prepareFile(path); err != nil {
		return source{}, err
	}
	write, err := openSQLite(path, toWrite, 1)
	if err != nil {
		return source{}, fmt.Errorf("%s: %w", path, err)
	}
	read, err := openSQLite(path, toRead, readConnections)
	if err != nil {
		return source{}, errors.Join(fmt.Errorf("%s: %w", path, err), write.Close())
	}
	return source{
		name: path, write: write, read: read, dialect: goose.DialectSQLite3, schema: scripts(".postgres.sql"),
		layout: sqliteLayout, matching: fullText,
		clock: `SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)`,
		lock:  func(context.Context) (func() error, error) { return lockFolder(filepath.Dir(path)) },
	}, nil
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

// lockFolder keeps two processes that start at the same time from migrating
// at the same time. It waits for the other; the lock dies with its process.
func lockFolder(dir string) (unlock func() error, err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f.Close, nil
}

// openSQLite makes a pool of n connections. None is opened yet.
func openSQLite(path string, a access, n int) (*sql.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", dataSource(path, a))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n) // a new connection costs more than one kept
	return db, nil
}

// dataSource names the file and how each connection to it behaves.
// synchronous(FULL) syncs the WAL at each commit: what was acknowledged
// survives a loss of power. busy_timeout (ms) is for other processes, such as
// the command line beside a running server: writers of this one queue before
// the database. Immediate transactions take the write lock at once, where
// waiting for it is possible.
func dataSource(path string, a access) string {
	q := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	if a == toRead {
		q.Add("_pragma", "query_only(1)")
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

func classifySQLite(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return ErrConflict
		case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
			return ErrNotFound
		}
	}
	return nil
}
