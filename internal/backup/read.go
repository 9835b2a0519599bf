package backup

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"strings"

	"github.com/rostrumlive/rostrum/internal/blob"
	"github.com/rostrumlive/rostrum/internal/store"
)

// receiver takes what a reader finds, in the order of the file. What it is given
// is as the form has it, and nothing more is known of it before the end.
type receiver interface {
	begin(ctx context.Context, h Header) error
	rows(ctx context.Context, table string, columns []string, rows [][]any) error
	file(name string, b []byte) error
	// object reads r, which has size bytes, to its end.
	object(ctx context.Context, key string, r io.Reader, size int64) error
	missing(ctx context.Context, o store.Object) error
}

// errDamaged: a file is no backup, or no more a whole one.
var errDamaged = errors.New("the backup is damaged or not whole")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errDamaged}, args...)...)
}

// reader reads a backup. What it reads is hostile until its sums are known to be
// right, and even then.
type reader struct {
	tar    *tar.Reader
	to     receiver
	told   func(Counts)
	counts Counts

	members int
	stage   int    // of the order of kinds
	table   string // the newest
	parts   int    // of it, or of the list of what is missing
	sums    []byte // of the members since the last sums
	pending int
	lists   int
	all     hash.Hash
}

// The order of kinds.
const (
	inHeader = iota
	inTables
	inFiles
	inObjects
	inMissing
	inEnd
)

// stages are the kinds by the first element of their names.
var stages = map[string]int{tablesFolder: inTables, filesFolder: inFiles, objectsFolder: inObjects, missingFolder: inMissing}

// read hands a backup to a receiver and returns how much there was once all of
// it is known to be whole.
func read(ctx context.Context, in io.Reader, to receiver, told func(Counts)) (Counts, error) {
	gz, err := gzip.NewReader(in)
	if err != nil {
		return Counts{}, damaged("it is not compressed as one is (%w)", err)
	}
	r := &reader{tar: tar.NewReader(gz), to: to, told: told, all: sha256.New(), counts: Counts{Tables: map[string]int64{}}}
	for r.stage != inEnd {
		if err := ctx.Err(); err != nil {
			return r.counts, err
		}
		if err := r.next(ctx); err != nil {
			return r.counts, err
		}
		told(r.counts)
	}
	return r.counts, r.finish(gz)
}

// finish reads what is behind the end, which must be as a tar ends.
func (r *reader) finish(gz io.Reader) error {
	if _, err := r.tar.Next(); !errors.Is(err, io.EOF) {
		return damaged("it goes on behind its end")
	}
	const padding = 1 << 20
	n, err := io.Copy(io.Discard, io.LimitReader(gz, padding))
	if err != nil || n == padding {
		return damaged("it does not end as one does")
	}
	return nil
}

// next reads a member.
func (r *reader) next(ctx context.Context) error {
	h, err := r.tar.Next()
	if errors.Is(err, io.EOF) {
		return damaged("its end is missing")
	}
	if err != nil {
		return damaged("%w", err)
	}
	if r.members++; r.members > maxMembers {
		return damaged("it has too many members")
	}
	if err := plainMember(h); err != nil {
		return err
	}
	folder, rest, _ := strings.Cut(h.Name, "/")
	switch {
	case r.members == 1:
		if h.Name != headerName {
			return damaged("it does not begin as one does")
		}
		return r.header(ctx, h)
	case h.Name == endName:
		return r.end(h)
	case folder == sumsFolder:
		return r.checkSums(h)
	}
	stage, ok := stages[folder]
	if !ok || stage < r.stage {
		return damaged("%.100q has no place where it is", h.Name)
	}
	if stage > r.stage {
		r.stage, r.parts = stage, 0
	}
	switch stage {
	case inTables:
		return r.rows(ctx, h, rest)
	case inFiles:
		return r.file(h, rest)
	case inObjects:
		return r.object(ctx, h, rest)
	}
	return r.missing(ctx, h)
}

// plainMember refuses what no writer of ours makes: links, folders, sparse files.
func plainMember(h *tar.Header) error {
	for name := range h.PAXRecords {
		if name != "path" {
			return damaged("%.100q is no plain member", h.Name)
		}
	}
	if h.Typeflag != tar.TypeReg || h.Size < 0 {
		return damaged("%.100q is no plain member", h.Name)
	}
	return nil
}

// bytes reads a member that is at most so large.
func (r *reader) bytes(h *tar.Header, most int64) ([]byte, error) {
	if h.Size > most {
		return nil, damaged("%.100q is too large", h.Name)
	}
	var b bytes.Buffer // which grows by what comes, and not by what is said
	if _, err := io.Copy(&b, r.tar); err != nil {
		return nil, damaged("%w", err)
	}
	return b.Bytes(), nil
}

// noted is bytes of a member that sums are kept of.
func (r *reader) noted(h *tar.Header, most int64) ([]byte, error) {
	b, err := r.bytes(h, most)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return b, r.sum(h.Name, sum[:])
}

func (r *reader) sum(name string, sum []byte) error {
	if r.pending++; r.pending > summed {
		return damaged("sums are missing")
	}
	r.sums = appendSum(r.sums, name, sum)
	return nil
}

func (r *reader) checkSums(h *tar.Header) error {
	r.lists++
	if h.Name != numbered(sumsFolder, r.lists, "txt") {
		return damaged("%.100q has no place where it is", h.Name)
	}
	b, err := r.bytes(h, summed*(sha256.Size*2+600))
	if err != nil {
		return err
	}
	if !bytes.Equal(b, r.sums) {
		return damaged("a sum is not right, of %s", wrong(r.sums, b))
	}
	r.all.Write(b)
	r.sums, r.pending = r.sums[:0], 0
	return nil
}

// wrong names the first member whose sum is another.
func wrong(have, want []byte) string {
	other := map[string]bool{}
	for line := range strings.Lines(string(want)) {
		other[line] = true
	}
	for line := range strings.Lines(string(have)) {
		if !other[line] {
			return strings.TrimSpace(line[min(len(line), sha256.Size*2):])
		}
	}
	return "a member that is missing"
}

func (r *reader) header(ctx context.Context, m *tar.Header) error {
	b, err := r.noted(m, maxMeta)
	if err != nil {
		return err
	}
	var h Header
	if err := json.Unmarshal(b, &h); err != nil || h.Format < 1 {
		return damaged("its header is none")
	}
	if h.Format > format {
		return fmt.Errorf("the backup was made by a newer version of Rostrum (%.50q, format %d, this version knows %d): restore it with that version", h.Product, h.Format, format)
	}
	return r.to.begin(ctx, h)
}

func (r *reader) rows(ctx context.Context, m *tar.Header, rest string) error {
	table, _, _ := strings.Cut(rest, "/")
	if table != r.table {
		if _, again := r.counts.Tables[table]; again || len(r.counts.Tables) >= summed {
			return damaged("the table %.50q comes twice", table)
		}
		r.table, r.parts, r.counts.Tables[table] = table, 0, 0
	}
	r.parts++
	if m.Name != numbered(tablesFolder+"/"+table, r.parts, "jsonl") {
		return damaged("%.100q has no place where it is", m.Name)
	}
	b, err := r.noted(m, maxChunk)
	if err != nil {
		return err
	}
	var head struct {
		Columns []string `json:"columns"`
	}
	var rows [][]any
	for line := range bytes.Lines(b) {
		if head.Columns == nil {
			if err := json.Unmarshal(line, &head); err != nil || head.Columns == nil {
				return damaged("%.100q does not say which columns it has", m.Name)
			}
			continue
		}
		row, err := parseRow(line)
		if err != nil {
			return damaged("%.100q: %w", m.Name, err)
		}
		rows = append(rows, row)
	}
	r.counts.Tables[table] += int64(len(rows))
	return r.to.rows(ctx, table, head.Columns, rows)
}

func (r *reader) file(m *tar.Header, name string) error {
	b, err := r.noted(m, maxFile)
	if err != nil {
		return err
	}
	r.counts.Files++
	return r.to.file(name, b)
}

func (r *reader) object(ctx context.Context, m *tar.Header, key string) error {
	if !blob.ValidKey(key) {
		return damaged("%.100q is no object", m.Name)
	}
	if m.Size > maxObject {
		return damaged("%.100q is too large", m.Name)
	}
	sum := sha256.New()
	if err := r.to.object(ctx, key, io.TeeReader(broken{r.tar}, sum), m.Size); err != nil {
		return err
	}
	r.counts.Objects++
	r.counts.Bytes += m.Size
	return r.sum(m.Name, sum.Sum(nil))
}

// broken tells an error of what is read from one of where it is written to.
type broken struct{ r io.Reader }

// Read implements io.Reader.
func (b broken) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged("%w", err)
	}
	return n, err
}

func (r *reader) missing(ctx context.Context, m *tar.Header) error {
	r.parts++
	if m.Name != numbered(missingFolder, r.parts, "jsonl") {
		return damaged("%.100q has no place where it is", m.Name)
	}
	b, err := r.noted(m, maxChunk)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(b) {
		var o store.Object
		if err := json.Unmarshal(line, &o); err != nil || keys(store.Object{Kind: o.Kind}) == nil {
			return damaged("%.100q: a line is no object", m.Name)
		}
		if o.Lost {
			r.counts.Lost++
		} else {
			r.counts.Missing++
		}
		if err := r.to.missing(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// end compares what came with what there was.
func (r *reader) end(m *tar.Header) error {
	b, err := r.bytes(m, maxMeta)
	if err != nil {
		return err
	}
	var e end
	if err := json.Unmarshal(b, &e); err != nil {
		return damaged("its end is none")
	}
	c := &r.counts
	if r.pending > 0 || e.Sums != hex.EncodeToString(r.all.Sum(nil)) || !maps.Equal(e.Tables, c.Tables) ||
		e.Files != c.Files || e.Objects != c.Objects || e.Bytes != c.Bytes || e.Missing != c.Missing || e.Lost != c.Lost {
		return damaged("something is missing in it")
	}
	r.stage = inEnd
	return nil
}
