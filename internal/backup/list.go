package backup

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/rostrumlive/rostrum/internal/store"
)

// list is a list of objects that may be longer than memory is wide. It lies in a
// file without a name, which the system removes with the process: a million
// segments take a few megabytes of it.
type list struct {
	file *os.File
	gz   *gzip.Writer
	json *json.Encoder
}

func newList(folder string) (*list, error) {
	f, err := os.CreateTemp(folder, ".rostrum-list-*")
	if err != nil {
		return nil, fmt.Errorf("make a list: %w", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("make a list: %w", err), f.Close())
	}
	gz, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a list: %w", err), f.Close())
	}
	return &list{f, gz, json.NewEncoder(gz)}, nil
}

// add appends an object.
func (l *list) add(o store.Object) error {
	if err := l.json.Encode(o); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	return nil
}

// each goes through the list, once, after which nothing can be added.
func (l *list) each(do func(store.Object) error) error {
	if err := l.gz.Close(); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	if _, err := l.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read a list: %w", err)
	}
	gz, err := gzip.NewReader(bufio.NewReader(l.file))
	if err != nil {
		return fmt.Errorf("read a list: %w", err)
	}
	for d := json.NewDecoder(gz); ; {
		var o store.Object
		err := d.Decode(&o)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a list: %w", err)
		}
		if err := do(o); err != nil {
			return err
		}
	}
}

func (l *list) close() { _ = l.file.Close() } // it is gone with it
