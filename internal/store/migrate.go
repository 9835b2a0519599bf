package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"golang.org/x/sys/unix"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date, or says why it cannot. Migrations
// only go forward: a file that was released is never changed.
func migrate(ctx context.Context, db *sql.DB, path string, log *slog.Logger) (err error) {
	unlock, err := lockFolder(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("lock for migration: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithSlog(log), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have > want {
		return fmt.Errorf("it was made by a newer version of Rostrum (its schema is %d, this version knows %d): start the newer version, or restore a backup made by this one", have, want)
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
