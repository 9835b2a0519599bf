// Package archive makes the data folder of a server that has recorded for
// years: a real server records one short broadcast, and its rows and files are
// multiplied, or repeated into a long one. It knows of the layout what an
// operator can see: which tables have a broadcast_id, and that a broadcast's
// files lie below media/<its id>.
package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver that the product has
)

// Archive is the data folder of a server that does not run.
type Archive struct {
	folder string
	db     *sql.DB
}

// Open opens a data folder. The caller owes Close before a server starts.
func Open(folder string) (*Archive, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("find the data folder: %w", err)
	}
	// Nothing here has to survive a loss of power.
	q := url.Values{"_pragma": {"journal_mode(WAL)", "synchronous(OFF)", "cache_size(-200000)"}}
	source := url.URL{Scheme: "file", Path: filepath.Join(folder, "rostrum.db"), RawQuery: q.Encode()}
	db, err := sql.Open("sqlite", source.String())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	db.SetMaxOpenConns(1)
	return &Archive{folder, db}, nil
}

// Close closes the database, which empties its WAL.
func (a *Archive) Close() error { return a.db.Close() }

// Newest returns the id of the newest broadcast.
func (a *Archive) Newest(ctx context.Context) (string, error) {
	var id string
	if err := a.db.QueryRowContext(ctx, `SELECT id FROM broadcasts ORDER BY id DESC LIMIT 1`).Scan(&id); err != nil {
		return "", fmt.Errorf("find the newest broadcast: %w", err)
	}
	return id, nil
}

// SetLive makes a broadcast one that was on air when its server was killed, just
// now.
func (a *Archive) SetLive(ctx context.Context, id string) error {
	return a.transact(ctx, func(tx *sql.Tx) error {
		for _, query := range []string{endsAt, `UPDATE broadcasts SET state = 'live', interrupted_at = NULL, ended_at = NULL,
			end_reason = '', duration_ms = 0, bytes = 0, started_at = (SELECT MIN(pdt_ms) FROM segments WHERE broadcast_id = ?1),
			reserved = (SELECT MAX(number) + 1 FROM segments WHERE broadcast_id = ?1) WHERE id = ?1`} {
			if _, err := tx.ExecContext(ctx, query, id, time.Now().UnixMilli()); err != nil {
				return fmt.Errorf("put a broadcast on air: %w", err)
			}
		}
		return nil
	})
}

// endsAt moves the segments of the broadcast ?1 so that the last ends at ?2.
const endsAt = `UPDATE segments SET pdt_ms = pdt_ms + ?2 -
	(SELECT MAX(pdt_ms + duration * 1000 / timescale) FROM segments WHERE broadcast_id = ?1) WHERE broadcast_id = ?1`

func (a *Archive) mediaFolder(id string) string { return filepath.Join(a.folder, "media", id) }

// mediaTables are the tables whose rows a broadcast has for its media.
var mediaTables = []string{"renditions", "inits", "segments"}

// columns returns a table's.
func columns(ctx context.Context, tx *sql.Tx, table string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `SELECT name FROM pragma_table_info(?)`, table)
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	defer func() { _ = rows.Close() }()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, fmt.Errorf("read the columns of %s: %w", table, err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the columns of %s: %w", table, err)
	}
	if len(names) == 0 {
		return nil, errors.New("there is no table " + table)
	}
	return names, nil
}

// copyQuery copies a table's rows where a column is ?1. What other columns
// hold is copied as it is, unless values says how it is made.
func copyQuery(ctx context.Context, tx *sql.Tx, table, key string, values map[string]string) (string, error) {
	names, err := columns(ctx, tx, table)
	if err != nil {
		return "", err
	}
	made := make([]string, len(names))
	for i, name := range names {
		made[i] = name
		if value, ok := values[name]; ok {
			made[i] = value
		}
	}
	return fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM %[1]s WHERE %[4]s = ?1",
		table, strings.Join(names, ", "), strings.Join(made, ", "), key), nil
}

// transact runs do in one transaction.
func (a *Archive) transact(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := a.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// makeFolder makes one that is not there.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	return nil
}
