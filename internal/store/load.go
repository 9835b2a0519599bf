package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// Loading is a database that is being filled with what a snapshot read. Nothing
// of it is where Open would find it until Publish. It is for one goroutine.
type Loading struct {
	s      source // what is filled
	log    *slog.Logger
	schema int64
	tables []table
	target *staged // of PostgreSQL
}

// Restore makes an empty database in the schema of that version. Where is the
// path of a file that is not there, for SQLite: the caller moves it to its place
// once all is well. Or it is the address of a PostgreSQL in which nothing lies
// yet: what does is named in the error. The caller closes what is returned.
func Restore(ctx context.Context, where string, schema int64, log *slog.Logger) (*Loading, error) {
	l := &Loading{schema: schema, log: log}
	var err error
	if isAddress(where) {
		l.target, l.s, err = stage(ctx, where)
	} else {
		l.s, err = sqliteSource(where)
	}
	if err != nil {
		return nil, fmt.Errorf("make database: %w", plain(err))
	}
	if err := l.begin(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("make database %s: %w", l.s.name, plain(err)), l.Close())
	}
	return l, nil
}

// begin makes the schema of the snapshot.
func (l *Loading) begin(ctx context.Context) error {
	newest, err := newestSchema(l.s)
	if err != nil {
		return err
	}
	if l.schema > newest || l.schema < 1 {
		return fmt.Errorf("the backup's schema is %d, and this version knows 1 to %d: restore it with the version that made it, or a newer one", l.schema, newest)
	}
	p, err := migrator(l.s, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, l.schema); err != nil {
		return fmt.Errorf("make schema %d: %w", l.schema, err)
	}
	r := Reader{l.s.write}
	there, err := l.s.layout.list(ctx, r)
	if err != nil {
		return err
	}
	names, err := toCarry(there)
	if err != nil {
		return err
	}
	for _, name := range names {
		t, err := l.s.layout.table(ctx, r, name)
		if err != nil {
			return err
		}
		l.tables = append(l.tables, t)
	}
	return nil
}

// Rows that one statement inserts. PostgreSQL is asked over a network, and takes
// 65,535 values at once. SQLite looks for each parameter's name among all before
// it, so that a long statement takes many times as long as several short ones.
const (
	sqliteRows   = 10
	postgresRows = 200
)

// Insert adds rows to one of the snapshot's tables, as Rows gave them, all or
// none. Tables come in the order of Tables. Columns and values are checked: they
// come from a file.
func (l *Loading) Insert(ctx context.Context, name string, columns []string, rows [][]any) (err error) {
	t := find(l.tables, name)
	if t == nil {
		return fmt.Errorf("schema %d has no table %q to fill", l.schema, name)
	}
	if !slices.Equal(slices.Sorted(slices.Values(columns)), slices.Sorted(slices.Values(t.names()))) {
		return fmt.Errorf("the table %s of schema %d has the columns %s, not %s", name, l.schema, strings.Join(t.names(), ", "), strings.Join(columns, ", "))
	}
	for _, row := range rows {
		if err := fit(t, columns, row); err != nil {
			return err
		}
	}
	tx, err := l.s.write.BeginTx(ctx, nil)
	if err != nil {
		return wrap(err, "fill table %s", name)
	}
	defer func() { _ = tx.Rollback() }() // says so when already committed: nothing to do
	most := sqliteRows
	if l.s.dialect == goose.DialectPostgres {
		most = postgresRows
	}
	whole := len(rows) - len(rows)%most
	if err := insert(ctx, tx, name, columns, rows[:whole], most); err != nil {
		return wrap(err, "fill table %s", name)
	}
	if err := insert(ctx, tx, name, columns, rows[whole:], len(rows)-whole); err != nil {
		return wrap(err, "fill table %s", name)
	}
	return wrap(tx.Commit(), "fill table %s", name)
}

// insert adds rows, so many with each statement, of which they are a multiple.
func insert(ctx context.Context, tx *sql.Tx, name string, columns []string, rows [][]any, each int) (err error) {
	if len(rows) == 0 {
		return nil
	}
	statement, err := tx.PrepareContext(ctx, insertion(name, columns, each))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	for part := range slices.Chunk(rows, each) {
		if _, err := statement.ExecContext(ctx, slices.Concat(part...)...); err != nil {
			return err
		}
	}
	return nil
}

// fit checks a row's values, which are those of the columns.
func fit(t *table, columns []string, row []any) error {
	if len(row) != len(columns) {
		return fmt.Errorf("a row of %s has %d values, not %d", t.name, len(row), len(columns))
	}
	for i, name := range columns {
		at := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
		v, err := t.columns[at].kind.take(row[i])
		if err != nil {
			return fmt.Errorf("the column %s of %s: %w", name, t.name, err)
		}
		row[i] = v
	}
	return nil
}

// insertion is the statement that adds n rows.
func insertion(name string, columns []string, n int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO ` + name + ` (` + strings.Join(columns, ", ") + `) VALUES `)
	for i := range n {
		for j := range columns {
			switch {
			case j > 0:
				b.WriteString(", $")
			case i > 0:
				b.WriteString("), ($")
			default:
				b.WriteString("($")
			}
			b.WriteString(strconv.Itoa(i*len(columns) + j + 1))
		}
	}
	return b.String() + `)`
}

// Forget has rows no longer speak of an object that the backup has not. It
// comes after Finish.
func (l *Loading) Forget(ctx context.Context, o Object) error {
	statements, args, err := o.forgets()
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := l.s.write.ExecContext(ctx, statement, args...); err != nil {
			return wrap(err, "forget an object that is missing")
		}
	}
	return nil
}

// ended makes broadcasts that were on air such as the next start closes: after
// the snapshot they went on, and what was published then under numbers that
// would come again is in caches.
const ended = `UPDATE broadcasts SET interrupted_at = 0 WHERE state IN ('live', 'interrupted')`

// unleased lets go of the webhooks that a process of the old server delivered to.
const unleased = `UPDATE webhooks SET leased_by = '', leased_until = NULL`

// Publish puts the database where Open finds it; SQLite's, where Restore was
// told to make it, whole in one file. It comes last, and once: all has happened
// when it returns nil, and nothing otherwise.
func (l *Loading) Publish(ctx context.Context) error {
	if err := l.s.close(); err != nil {
		return fmt.Errorf("finish database: %w", err)
	}
	if l.target == nil {
		return nil
	}
	return l.target.publish(ctx)
}

// Finish says that all rows are there: the schema is brought up to date.
func (l *Loading) Finish(ctx context.Context) error {
	if err := l.count(ctx); err != nil {
		return wrap(err, "finish database")
	}
	p, err := migrator(l.s, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate from schema %d: %w", l.schema, err)
	}
	if len(done) > 0 {
		l.log.Info("the backup was of an older schema, and was brought up to date", "from", l.schema)
	}
	for _, statement := range []string{ended, unleased} {
		if _, err := l.s.write.ExecContext(ctx, statement); err != nil {
			return wrap(err, "end what was under way")
		}
	}
	return nil
}

// count has the database go on counting behind what was inserted.
func (l *Loading) count(ctx context.Context) error {
	if l.s.dialect != goose.DialectPostgres {
		return nil // SQLite counts from the greatest
	}
	for i := range l.tables {
		for _, c := range l.tables[i].columns {
			if !c.identity {
				continue
			}
			name := l.tables[i].name
			_, err := l.s.write.ExecContext(ctx, `SELECT setval(pg_get_serial_sequence($1, $2),
				COALESCE((SELECT MAX(`+c.name+`) FROM `+name+`), 0) + 1, false)`, name, c.name)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Close lets go of the database, and removes what was not published; of SQLite
// that is the caller's file. It is idempotent.
func (l *Loading) Close() error {
	err := l.s.close()
	if l.target != nil {
		err = errors.Join(err, l.target.close())
	}
	return err
}
