package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

// Snapshot is all that a backup has of a database, as it was at one moment. A
// server goes on writing meanwhile, in SQLite to a log that grows until Close.
// It is for one goroutine.
type Snapshot struct {
	s      source
	tx     *sql.Tx
	reader Reader
	schema int64
	tables []table
}

// OpenSnapshot opens the database at a place that Open takes, and changes
// nothing: it stays in the schema that it is in. A database that is not there,
// that is not ours or that a newer version has migrated is refused. The caller
// closes the snapshot.
func OpenSnapshot(ctx context.Context, where string) (*Snapshot, error) {
	s, err := existing(where)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	snapshot := &Snapshot{s: s}
	if err := snapshot.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", s.name, plain(err)), snapshot.Close())
	}
	return snapshot, nil
}

// existing is sqliteSource or postgresSource of a database that is there.
func existing(where string) (source, error) {
	if isAddress(where) {
		return postgresSource(where)
	}
	if _, err := os.Stat(where); errors.Is(err, fs.ErrNotExist) {
		return source{}, fmt.Errorf("there is none at %s", where)
	}
	return sqliteSource(where)
}

// begin begins the transaction that sees one moment, and learns what is there.
func (p *Snapshot) begin(ctx context.Context) (err error) {
	options := &sql.TxOptions{ReadOnly: true} // in SQLite any transaction sees one moment
	if p.s.dialect == goose.DialectPostgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	if p.tx, err = p.s.read.BeginTx(ctx, options); err != nil {
		return err
	}
	p.reader = Reader{p.tx}
	there, err := p.s.layout.list(ctx, p.reader)
	if err != nil {
		return err
	}
	if !slices.Contains(there, "goose_db_version") {
		return errors.New("no server has used it yet")
	}
	if err := p.tx.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&p.schema); err != nil {
		return err
	}
	newest, err := newestSchema(p.s)
	if err != nil {
		return err
	}
	if p.schema > newest {
		return tooNew(p.schema, newest)
	}
	names, err := toCarry(there)
	if err != nil {
		return err
	}
	for _, name := range names {
		t, err := p.s.layout.table(ctx, p.reader, name)
		if err != nil {
			return err
		}
		p.tables = append(p.tables, t)
	}
	return nil
}

// newestSchema is the version of the schema that this version of the product
// makes.
func newestSchema(s source) (int64, error) {
	p, err := migrator(s, slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	return sources[len(sources)-1].Version, nil
}

// Schema is the version of the database's schema.
func (p *Snapshot) Schema() int64 { return p.schema }

// Tables lists the names of the tables that a backup has, each behind those
// that it refers to.
func (p *Snapshot) Tables() []string {
	names := make([]string, len(p.tables))
	for i := range p.tables {
		names[i] = p.tables[i].name
	}
	return names
}

// Columns lists those of one of Tables.
func (p *Snapshot) Columns(name string) []string {
	if t := find(p.tables, name); t != nil {
		return t.names()
	}
	return nil
}

func find(tables []table, name string) *table {
	i := slices.IndexFunc(tables, func(t table) bool { return t.name == name })
	if i < 0 {
		return nil
	}
	return &tables[i]
}

// Rows goes through the rows of one of Tables, sorted by its primary key. A row
// has a value for each of Columns: nil, an int64, a string or, of columns of
// bytes, a []byte. It is good until each returns.
func (p *Snapshot) Rows(ctx context.Context, name string, each func(row []any) error) error {
	t := find(p.tables, name)
	if t == nil {
		return fmt.Errorf("read table %s: %w", name, ErrNotFound)
	}
	query := `SELECT ` + strings.Join(t.names(), ", ") + ` FROM ` + t.name + ` ORDER BY ` + t.order()
	rows, err := p.tx.QueryContext(ctx, query)
	if err != nil {
		return wrap(err, "read table %s", name)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	row, into := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return wrap(err, "read table %s", name)
		}
		for i := range t.columns {
			if row[i], err = t.columns[i].kind.take(row[i]); err != nil {
				return fmt.Errorf("read column %s of %s: %w", t.columns[i].name, name, err)
			}
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "read table %s", name)
}

// take checks that a value is one of a kind of column. SQLite would keep any
// value in any column.
func (k kind) take(v any) (any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil //nolint:nilnil // NULL is a value
	case int64:
		if k == integers {
			return v, nil
		}
	case string:
		switch k {
		case texts:
			return v, nil
		case octets:
			return []byte(v), nil
		}
	case []byte:
		switch k {
		case texts:
			return string(v), nil
		case octets:
			return v, nil
		}
	}
	return nil, fmt.Errorf("it holds a %T", v)
}

// Close ends the snapshot. It is idempotent.
func (p *Snapshot) Close() error {
	if p.tx != nil {
		_ = p.tx.Rollback() // nothing was written
	}
	return p.s.close()
}
