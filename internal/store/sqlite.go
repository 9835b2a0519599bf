package store

import (
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// access says what a pool of connections is for.
type access uint8

const (
	writing access = iota
	reading
)

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
	if a == reading {
		q.Add("_pragma", "query_only(1)")
	}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// classify returns the sentinel that a driver's error stands for, nil when
// there is none.
func classify(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
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
