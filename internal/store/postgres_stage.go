package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// staged is a schema of PostgreSQL beside the one that Open uses.
type staged struct {
	s      source // of where it goes
	unlock func() error
	done   bool
}

// staging is its name. One that is left was left by a process that died.
const staging = "rostrum_restore"

// stage makes the schema, empty, and keeps everybody else from the database.
func stage(ctx context.Context, address string) (*staged, source, error) {
	cfg, err := parseAddress(address)
	if err != nil {
		return nil, source{}, err
	}
	t := &staged{s: postgresAt(cfg)}
	if err := t.begin(ctx); err != nil {
		return nil, source{}, errors.Join(fmt.Errorf("%s: %w", t.s.name, plain(err)), t.close())
	}
	inside := cfg.Copy()
	inside.RuntimeParams["search_path"] = staging
	// What publishes waits for the disk, and so for all that was before.
	inside.RuntimeParams["synchronous_commit"] = "off"
	return t, postgresAt(inside), nil
}

func (t *staged) begin(ctx context.Context) (err error) {
	if err := t.s.check(ctx, t.s.read); err != nil {
		return err
	}
	if t.unlock, err = t.s.lock(ctx); err != nil {
		return err
	}
	if err := t.empty(ctx); err != nil {
		return err
	}
	for _, statement := range []string{`DROP SCHEMA IF EXISTS ` + staging + ` CASCADE`, `CREATE SCHEMA ` + staging} {
		if _, err := t.s.write.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("make a schema to fill (the user needs the right to CREATE in the database): %w", err)
		}
	}
	return nil
}

// empty refuses a database in which something lies. What belongs to an extension
// was there before anybody's rows.
func (t *staged) empty(ctx context.Context) error {
	const shown = 5
	names, err := list(ctx, Reader{t.s.write}, scanText, `SELECT CAST(c.relname AS TEXT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND NOT EXISTS (
			SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
		ORDER BY c.relkind <> 'r', 1 LIMIT $1`, shown)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return fmt.Errorf("the database is not empty, there are %s: nothing is restored over what is there, make a new database", strings.Join(names, ", "))
	}
	return nil
}

// publish moves the tables into the schema that Open uses, all at once.
func (t *staged) publish(ctx context.Context) error {
	tx, err := t.s.write.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return wrap(err, "begin transaction")
	}
	defer func() { _ = tx.Rollback() }() // says so when already committed: nothing to do
	var to string
	if err := tx.QueryRowContext(ctx, `SELECT quote_ident(current_schema())`).Scan(&to); err != nil {
		return wrap(err, "find where the tables go")
	}
	names, err := list(ctx, Reader{tx}, scanText, `SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = CAST($1 AS regnamespace) AND relkind = 'r'`, staging)
	if err != nil {
		return wrap(err, "list tables")
	}
	for _, name := range names { // with their indexes and counters
		if _, err := tx.ExecContext(ctx, `ALTER TABLE `+staging+`.`+name+` SET SCHEMA `+to); err != nil {
			return wrap(err, "put table %s in its place", name)
		}
	}
	if _, err := tx.ExecContext(ctx, `DROP SCHEMA `+staging); err != nil { // fails when something was forgotten
		return wrap(err, "end restore")
	}
	if err := tx.Commit(); err != nil {
		return wrap(err, "commit transaction")
	}
	t.done = true
	return nil
}

// close removes what was not published.
func (t *staged) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), connectLimit)
	defer cancel()
	var err error
	if t.unlock != nil {
		if !t.done {
			_, err = t.s.write.ExecContext(ctx, `DROP SCHEMA IF EXISTS `+staging+` CASCADE`)
		}
		err = errors.Join(err, t.unlock())
		t.unlock = nil
	}
	return errors.Join(err, t.s.close())
}
