package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
)

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

// tooNew refuses a schema.
func tooNew(have, known int64) error {
	return fmt.Errorf("it was made by a newer version of Rostrum (its schema is %d, this version knows %d): start the newer version, or restore a backup made by this one", have, known)
}

// migrator takes a database from one schema to another.
func migrator(s source, log *slog.Logger) (*goose.Provider, error) {
	p, err := goose.NewProvider(s.dialect, s.write, s.schema, goose.WithSlog(log), goose.WithDisableGlobalRegistry(true),
		goose.WithGoMigrations(goose.NewGoMigration(13, &goose.GoFunc{RunTx: documentsOfAll}, nil)))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}
