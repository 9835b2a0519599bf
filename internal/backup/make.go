package backup

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
)

// Source is a server that is backed up, whether it runs or not.
type Source struct {
	Database string // as store.Open takes it
	Objects  string // the folder of the objects
	Data     string // the data folder
	Files    []string
	Product  string // the version that makes the backup
	Media    bool   // take recordings and clips too
	Scratch  string // folder for a list that is too long for memory
	// Progress, unless it is nil, is told how far it has come, often.
	Progress func(Counts)
}

// making is a backup that is being made.
type making struct {
	Source
	w        *writer
	snapshot *store.Snapshot
	counts   Counts
}

// Make writes a backup of the rows as they are at one moment, and of the objects
// that they speak of. An object that was removed meanwhile is noted, so that the
// rows that are restored do not speak of it; so is one that is lost, for which
// somebody should look. What was written to out before an error is no backup.
func Make(ctx context.Context, s Source, out io.Writer) (Counts, error) {
	snapshot, err := store.OpenSnapshot(ctx, s.Database)
	if err != nil {
		return Counts{}, err
	}
	m := &making{Source: s, snapshot: snapshot, counts: Counts{Tables: map[string]int64{}}}
	if m.Progress == nil {
		m.Progress = func(Counts) {}
	}
	err = m.all(ctx, out)
	return m.counts, errors.Join(err, snapshot.Close())
}

func (m *making) all(ctx context.Context, out io.Writer) (err error) {
	h := Header{Format: format, Product: m.Product, Schema: m.snapshot.Schema(), MadeAt: time.Now().UTC().Truncate(time.Second), Media: m.Media}
	if m.w, err = newWriter(out, h.MadeAt); err != nil {
		return err
	}
	b, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return err
	}
	if err := m.w.add(headerName, b); err != nil {
		return err
	}
	for _, table := range m.snapshot.Tables() {
		if err := m.table(ctx, table); err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
	}
	list, err := newList(m.Scratch)
	if err != nil {
		return err
	}
	defer list.close()
	if err := m.snapshot.Objects(ctx, m.Media, list.add); err != nil {
		return err
	}
	// From here on the database need not keep the moment: the rest may take hours.
	if err := m.snapshot.End(); err != nil {
		return err
	}
	if err := m.files(); err != nil {
		return err
	}
	if err := m.objects(ctx, list); err != nil {
		return err
	}
	return m.w.close(m.counts)
}

// table writes a table's rows.
func (m *making) table(ctx context.Context, name string) error {
	columns, err := json.Marshal(struct {
		Columns []string `json:"columns"`
	}{m.snapshot.Columns(name)})
	if err != nil {
		return err
	}
	columns = append(columns, '\n')
	lines, parts := append([]byte(nil), columns...), 0
	flush := func() error {
		parts++
		err := m.w.add(numbered(tablesFolder+"/"+name, parts, "jsonl"), lines)
		lines = append(lines[:0], columns...)
		m.Progress(m.counts)
		return err
	}
	m.counts.Tables[name] = 0
	err = m.snapshot.Rows(ctx, name, func(row []any) (err error) {
		if lines, err = appendRow(lines, row); err != nil {
			return err
		}
		m.counts.Tables[name]++
		switch {
		case len(lines) > maxChunk:
			return errors.New("a row is longer than a backup takes")
		case len(lines) > chunk:
			return flush()
		}
		return nil
	})
	if err == nil && (parts == 0 || len(lines) > len(columns)) {
		err = flush()
	}
	return err
}

// files writes those of the data folder that are there.
func (m *making) files() error {
	for _, name := range m.Files {
		b, err := os.ReadFile(filepath.Join(m.Data, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && len(b) > maxFile {
			err = fmt.Errorf("%s is larger than a backup takes", name)
		}
		if err == nil {
			err = m.w.add(filesFolder+"/"+name, b)
		}
		if err != nil {
			return err
		}
		m.counts.Files++
	}
	return nil
}

// objects writes those of the list.
func (m *making) objects(ctx context.Context, l *list) error {
	files, err := blob.OpenToRead(m.Objects)
	if err != nil {
		return err
	}
	if err := m.w.compress(gzip.NoCompression); err != nil {
		return err
	}
	missing, err := newList(m.Scratch)
	if err != nil {
		return err
	}
	defer missing.close()
	err = l.each(func(o store.Object) error {
		for _, key := range keys(o) {
			err := m.object(ctx, files, key)
			if errors.Is(err, blob.ErrNotFound) {
				return m.gone(ctx, o, missing)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return m.listMissing(missing)
}

func (m *making) object(ctx context.Context, files *blob.Files, key string) error {
	f, size, err := files.Get(ctx, key)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := m.w.copyFrom(objectsFolder+"/"+key, f, size); err != nil {
		return err
	}
	m.counts.Objects++
	m.counts.Bytes += size
	m.Progress(m.counts)
	return nil
}

// gone finds out why an object is not there.
func (m *making) gone(ctx context.Context, o store.Object, missing *list) (err error) {
	if o.Kind == store.ClipCover {
		return nil // it may not be made yet, and is made when it is missing
	}
	if o.Lost, err = m.snapshot.Named(ctx, o); err != nil {
		return err
	}
	if o.Lost {
		m.counts.Lost++
	} else {
		m.counts.Missing++
	}
	return missing.add(o)
}

// listMissing writes down what was not there.
func (m *making) listMissing(missing *list) error {
	var lines []byte
	parts := 0
	flush := func() error {
		parts++
		err := m.w.add(numbered(missingFolder, parts, "jsonl"), lines)
		lines = lines[:0]
		return err
	}
	err := missing.each(func(o store.Object) error {
		b, err := json.Marshal(o)
		if err != nil {
			return err
		}
		if lines = append(append(lines, b...), '\n'); len(lines) > chunk {
			return flush()
		}
		return nil
	})
	if err == nil && len(lines) > 0 {
		err = flush()
	}
	return err
}
