package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// apart is the time between two broadcasts of the archive.
	apart = time.Minute
	// whole is up to which size a copied file has its bytes. Longer ones are as
	// long and have holes: a hundred thousand recordings of real bytes are
	// terabytes, and what is measured on them reads none.
	whole = 4 << 10
)

// perChannel is how many recordings a new channel has.
const perChannel = 100

// Multiply adds n copies of an archived broadcast with all rows and files, each
// a minute older than all that are there, in new channels.
func (a *Archive) Multiply(ctx context.Context, id string, n int) error {
	files, err := listFiles(a.mediaFolder(id))
	if err != nil {
		return err
	}
	var ids []string
	if err := a.transact(ctx, func(tx *sql.Tx) (err error) {
		ids, err = a.multiplyRows(ctx, tx, id, n)
		return err
	}); err != nil {
		return err
	}
	g, copying := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU()) // most of it is the kernel's work
	for _, to := range ids {
		if copying.Err() != nil {
			break
		}
		g.Go(func() error { return files.copyTo(a.mediaFolder(to)) })
	}
	return errors.Join(g.Wait(), context.Cause(ctx))
}

// copier is the statements that make one copy.
type copier struct {
	channel, broadcast *sql.Stmt
	media              []*sql.Stmt
}

func (a *Archive) multiplyRows(ctx context.Context, tx *sql.Tx, id string, n int) ([]string, error) {
	c, err := a.prepare(ctx, tx)
	if err != nil {
		return nil, err
	}
	var of string
	var made int64
	var there int
	if err := tx.QueryRowContext(ctx, `SELECT channel_id, created_at, (SELECT COUNT(*) FROM broadcasts)
		FROM broadcasts WHERE id = ?`, id).Scan(&of, &made, &there); err != nil {
		return nil, fmt.Errorf("read the broadcast: %w", err)
	}
	ids, owner := make([]string, n), ""
	for i := range ids {
		number := there + i
		older := int64(number) * apart.Milliseconds()
		ids[i] = newID(made-older, number)
		if i%perChannel == 0 {
			owner = ids[i]
			if _, err := c.channel.ExecContext(ctx, of, owner, fmt.Sprintf("archive-%d", number)); err != nil {
				return nil, fmt.Errorf("copy a channel: %w", err)
			}
		}
		if _, err := c.broadcast.ExecContext(ctx, id, ids[i], owner, older); err != nil {
			return nil, fmt.Errorf("copy a broadcast: %w", err)
		}
		for _, media := range c.media {
			if _, err := media.ExecContext(ctx, id, ids[i], older); err != nil {
				return nil, fmt.Errorf("copy media's rows: %w", err)
			}
		}
	}
	return ids, nil
}

func (a *Archive) prepare(ctx context.Context, tx *sql.Tx) (c copier, err error) {
	statement := func(table, key string, values map[string]string) *sql.Stmt {
		if err != nil {
			return nil
		}
		var query string
		if query, err = copyQuery(ctx, tx, table, key, values); err != nil {
			return nil
		}
		var s *sql.Stmt
		s, err = tx.PrepareContext(ctx, query)
		return s
	}
	c.channel = statement("channels", "id", map[string]string{"id": "?2", "name": "?3"})
	c.broadcast = statement("broadcasts", "id", map[string]string{
		"id": "?2", "channel_id": "?3", "created_at": "created_at - ?4", "started_at": "started_at - ?4", "ended_at": "ended_at - ?4",
	})
	for _, table := range mediaTables {
		c.media = append(c.media, statement(table, "broadcast_id", map[string]string{
			"broadcast_id": "?2", "blob_key": "replace(blob_key, ?1, ?2)", "pdt_ms": "pdt_ms - ?3",
		}))
	}
	if err != nil {
		return c, fmt.Errorf("prepare copies: %w", err)
	}
	return c, nil
}

// file is one that is copied.
type file struct {
	path  string // below the broadcast's folder
	bytes int64
	data  []byte // nil when it is long
}

// tree is a broadcast's files.
type tree struct {
	folders []string // parents first
	files   []file
}

func listFiles(root string) (t tree, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		at, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			t.folders = append(t.folders, at)
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		f := file{path: at, bytes: info.Size()}
		if f.bytes <= whole {
			if f.data, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		t.files = append(t.files, f)
		return nil
	})
	if err != nil {
		return t, fmt.Errorf("list a recording's files: %w", err)
	}
	return t, nil
}

func (t *tree) copyTo(root string) error {
	for _, at := range t.folders {
		if err := makeFolder(filepath.Join(root, at)); err != nil {
			return err
		}
	}
	for i := range t.files {
		if err := t.files[i].copyTo(root); err != nil {
			return fmt.Errorf("copy a recording's file: %w", err)
		}
	}
	return nil
}

func (f *file) copyTo(root string) error {
	path := filepath.Join(root, f.path)
	if err := os.WriteFile(path, f.data, 0o600); err != nil {
		return err
	}
	if f.data != nil {
		return nil
	}
	return os.Truncate(path, f.bytes)
}
