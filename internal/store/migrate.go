package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// documentsVersion is the migration that is made in Go.
const documentsVersion = 13

//go:embed migrations/*.sql
var migrations embed.FS

// scripts are the files themselves, but those of the other database, whose
// names end so.
func scripts(other string) fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the folder's name is one
	}
	return without{files, other}
}

// without is a folder less the files whose names end so.
type without struct {
	fs.FS
	suffix string
}

// ReadDir implements fs.ReadDirFS.
func (w without) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(w.FS, name)
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasSuffix(e.Name(), w.suffix) }), err
}

// migrate brings the schema up to date, or says why it cannot. Migrations
// only go forward: a file that was released is never changed.
func migrate(ctx context.Context, s source, log *slog.Logger) (err error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return fmt.Errorf("lock for migration: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if upToDate(ctx, s) {
		return nil
	}
	p, err := migrator(s, log)
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have > want {
		return tooNew(have, want)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate from schema %d: %w", have, err)
	}
	if len(done) > 0 {
		log.Info("database migrated", "from", have, "to", want)
	}
	return nil
}

// upToDate tells whether exactly the migrations that there are were applied, as
// nearly every start finds it: asking is cheaper than reading all of their SQL.
// What cannot be read is not up to date.
func upToDate(ctx context.Context, s source) bool {
	entries, err := fs.ReadDir(s.schema, ".")
	if err != nil {
		return false
	}
	pending := map[int64]bool{documentsVersion: true}
	for _, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return false
		}
		pending[version] = true
	}
	rows, err := s.write.QueryContext(ctx, `SELECT version_id FROM goose_db_version WHERE is_applied AND version_id > 0`)
	if err != nil {
		return false
	}
	defer rows.Close()
	for rows.Next() {
		var version int64
		if rows.Scan(&version) != nil || !pending[version] {
			return false
		}
		delete(pending, version)
	}
	return rows.Err() == nil && len(pending) == 0
}

// tooNew refuses a schema.
func tooNew(have, known int64) error {
	return fmt.Errorf("it was made by a newer version of Rostrum (its schema is %d, this version knows %d): start the newer version, or restore a backup made by this one", have, known)
}

// migrator takes a database from one schema to another.
func migrator(s source, log *slog.Logger) (*goose.Provider, error) {
	p, err := goose.NewProvider(s.dialect, s.write, s.schema, goose.WithSlog(log), goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(documentsVersion, &goose.GoFunc{RunTx: documentsOfAll}, nil)))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}
