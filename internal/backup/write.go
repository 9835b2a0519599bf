package backup

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// writer writes the members of a backup.
type writer struct {
	out  io.Writer
	gz   *gzip.Writer
	tar  *tar.Writer
	at   time.Time // of all members
	sums []byte    // of the members since the last sums
	n    int       // how many those are
	list int       // members of sums
	all  hash.Hash // of all sums
}

func newWriter(out io.Writer, at time.Time) (*writer, error) {
	w := &writer{out: out, at: at, all: sha256.New()}
	w.tar = tar.NewWriter(level{w})
	return w, w.compress(gzip.BestSpeed)
}

// level is what the tar is written to: whatever compresses now.
type level struct{ w *writer }

// Write implements io.Writer.
func (l level) Write(b []byte) (int, error) { return l.w.gz.Write(b) }

// compress begins another level of compression, which makes another stream of
// gzip: who reads them one behind the other sees no border. Media is compressed
// by itself, and only takes longer.
func (w *writer) compress(to int) (err error) {
	if w.gz != nil {
		if err := errors.Join(w.tar.Flush(), w.gz.Close()); err != nil {
			return err
		}
	}
	w.gz, err = gzip.NewWriterLevel(w.out, to)
	return err
}

// add writes a member of bytes.
func (w *writer) add(name string, b []byte) error {
	if err := w.begin(name, int64(len(b))); err != nil {
		return err
	}
	if _, err := w.tar.Write(b); err != nil {
		return err
	}
	sum := sha256.Sum256(b)
	return w.sum(name, sum[:])
}

// copyFrom writes a member that is read while it is written.
func (w *writer) copyFrom(name string, r io.Reader, size int64) error {
	if err := w.begin(name, size); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(w.tar, io.TeeReader(io.LimitReader(r, size), sum))
	if err == nil && n < size {
		err = fmt.Errorf("it had %d bytes, and now has %d", size, n)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return w.sum(name, sum.Sum(nil))
}

func (w *writer) begin(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: w.at})
}

// sum takes note of a member's.
func (w *writer) sum(name string, sum []byte) error {
	w.sums = appendSum(w.sums, name, sum)
	if w.n++; w.n < summed {
		return nil
	}
	return w.flush()
}

func appendSum(b []byte, name string, sum []byte) []byte {
	b = hex.AppendEncode(b, sum)
	b = append(b, "  "...)
	b = append(b, name...)
	return append(b, '\n')
}

// flush writes the sums that are due.
func (w *writer) flush() error {
	w.list++
	name := numbered(sumsFolder, w.list, "txt")
	if err := w.begin(name, int64(len(w.sums))); err != nil {
		return err
	}
	_, err := w.tar.Write(w.sums)
	w.all.Write(w.sums)
	w.sums, w.n = w.sums[:0], 0
	return err
}

func numbered(folder string, n int, suffix string) string {
	return fmt.Sprintf("%s/%06d.%s", folder, n, suffix)
}

// close writes the end.
func (w *writer) close(c Counts) error {
	if err := w.flush(); err != nil {
		return err
	}
	b, err := json.MarshalIndent(end{c, hex.EncodeToString(w.all.Sum(nil))}, "", "  ")
	if err != nil {
		return err
	}
	if err := w.begin(endName, int64(len(b))); err != nil {
		return err
	}
	if _, err := w.tar.Write(b); err != nil {
		return err
	}
	return errors.Join(w.tar.Close(), w.gz.Close())
}
