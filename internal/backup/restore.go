package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Target is where a backup is restored to.
type Target struct {
	// Data is the data folder, in which nothing may lie but what Ignore names.
	// No server may use it meanwhile.
	Data   string
	Ignore []string
	// Address is that of an empty PostgreSQL. When it is empty, the database is a
	// file Database in Data.
	Address  string
	Database string
	Objects  string   // the folder of the objects in Data
	Files    []string // that a backup may put into Data
	Log      *slog.Logger
	// Progress, unless it is nil, is told how far it has come, often.
	Progress func(Counts)
}

// staging is the folder in the data folder that is filled first. What is left of
// one was left by a restore that died.
const staging = ".restore"

// syncedAtOnce is how many objects are made safe together.
const syncedAtOnce = 1000

// restoring is a backup that is being restored.
type restoring struct {
	Target
	header  Header
	rowsTo  *store.Loading
	objects *blob.Files
	keys    []string // of objects that are not safe yet
	files   []string
	done    bool // with the rows
}

// Restore makes a server of a backup. All has happened when it returns nil, and
// nothing otherwise: sums are checked before anything is put in its place.
func Restore(ctx context.Context, t Target, in io.Reader) (Header, Counts, error) {
	r := &restoring{Target: t}
	if r.Progress == nil {
		r.Progress = func(Counts) {}
	}
	if err := r.prepare(); err != nil {
		return Header{}, Counts{}, err
	}
	counts, err := read(ctx, in, r, r.Progress)
	if err == nil {
		err = r.publish(ctx)
	}
	if r.rowsTo != nil {
		err = errors.Join(err, r.rowsTo.Close())
	}
	return r.header, counts, errors.Join(err, os.RemoveAll(r.stage()))
}

func (r *restoring) stage(elements ...string) string {
	return filepath.Join(append([]string{r.Data, staging}, elements...)...)
}

// prepare makes the folder that is filled, in a data folder that is empty.
func (r *restoring) prepare() error {
	if err := os.MkdirAll(r.Data, 0o700); err != nil {
		return fmt.Errorf("data: %w", err)
	}
	entries, err := os.ReadDir(r.Data)
	if err != nil {
		return fmt.Errorf("data: %w", err)
	}
	var there []string
	for _, e := range entries {
		if e.Name() != staging && !slices.Contains(r.Ignore, e.Name()) {
			there = append(there, e.Name())
		}
	}
	if len(there) > 0 {
		return fmt.Errorf("data: the folder %s is not empty, there are %s: nothing is restored over what is there, give another folder with --data",
			r.Data, strings.Join(there[:min(len(there), 5)], ", "))
	}
	if err := os.RemoveAll(r.stage()); err != nil {
		return err
	}
	if err := os.Mkdir(r.stage(), 0o700); err != nil {
		return err
	}
	r.objects, err = blob.Open(r.stage(r.Objects))
	return err
}

// begin implements receiver.
func (r *restoring) begin(ctx context.Context, h Header) (err error) {
	r.header = h
	where := r.Address
	if where == "" {
		where = r.stage(r.Database)
	}
	r.rowsTo, err = store.Restore(ctx, where, h.Schema, r.Log)
	return err
}

// rows implements receiver.
func (r *restoring) rows(ctx context.Context, table string, columns []string, rows [][]any) error {
	return r.rowsTo.Insert(ctx, table, columns, rows)
}

// file implements receiver.
func (r *restoring) file(name string, b []byte) error {
	if !slices.Contains(r.Files, name) || slices.Contains(r.files, name) {
		return damaged("%.100q is no file of a data folder", name)
	}
	r.files = append(r.files, name)
	f, err := os.OpenFile(r.stage(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// object implements receiver.
func (r *restoring) object(ctx context.Context, key string, from io.Reader, _ int64) error {
	if f, _, err := r.objects.Get(ctx, key); err == nil {
		_ = f.Close() // it was only read
		return damaged("the object %s comes twice", key)
	}
	src := r.stage("object")
	f, err := os.OpenFile(src, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, from)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := r.objects.Put(ctx, key, src); err != nil {
		return err
	}
	if r.keys = append(r.keys, key); len(r.keys) < syncedAtOnce {
		return nil
	}
	return r.sync(ctx)
}

// sync makes objects safe from a loss of power.
func (r *restoring) sync(ctx context.Context) error {
	err := r.objects.Sync(ctx, r.keys)
	r.keys = r.keys[:0]
	return err
}

// missing implements receiver.
func (r *restoring) missing(ctx context.Context, o store.Object) error {
	if err := r.finish(ctx); err != nil {
		return err
	}
	return r.rowsTo.Forget(ctx, o)
}

// finish says, once, that all rows are there.
func (r *restoring) finish(ctx context.Context) error {
	if r.done {
		return nil
	}
	r.done = true
	return r.rowsTo.Finish(ctx)
}

// publish puts everything in its place: what the rows speak of first, and the
// rows last.
func (r *restoring) publish(ctx context.Context) (err error) {
	if err := r.sync(ctx); err != nil {
		return err
	}
	if err := r.finish(ctx); err != nil {
		return err
	}
	placed := []string{}
	defer func() {
		for i := 0; err != nil && i < len(placed); i++ {
			err = errors.Join(err, os.RemoveAll(filepath.Join(r.Data, placed[i])))
		}
	}()
	place := func(name string) error {
		to := filepath.Join(r.Data, name)
		if _, err := os.Lstat(to); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("somebody else put %s there meanwhile", to)
		}
		if err := os.Rename(r.stage(name), to); err != nil {
			return fmt.Errorf("put %s in its place: %w", name, err)
		}
		placed = append(placed, name)
		return nil
	}
	for _, name := range append([]string{r.Objects}, r.files...) {
		if err := place(name); err != nil {
			return err
		}
	}
	if err := syncFolder(r.Data); err != nil {
		return err
	}
	if err := r.rowsTo.Publish(ctx); err != nil {
		return err
	}
	if r.Address != "" {
		return nil
	}
	if err := place(r.Database); err != nil {
		return err
	}
	return syncFolder(r.Data)
}

// syncFolder has the names in a folder survive a loss of power.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
