package store

import (
	"context"
	"database/sql/driver"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// connector makes connections that take any text.
type connector struct{ driver.Connector }

func newConnector(cfg *pgx.ConnConfig) driver.Connector {
	return connector{stdlib.GetConnector(*cfg, stdlib.OptionAfterConnect(planOnce))}
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{inner.(*stdlib.Conn)}, nil
}

// conn makes arguments fit for PostgreSQL, which takes neither NUL nor what is
// no UTF-8. Strangers choose what an encoder calls itself, and what they ask
// for: SQLite keeps the one and does not find the other, and so must this.
type conn struct{ *stdlib.Conn }

// CheckNamedValue implements driver.NamedValueChecker.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if text, ok := v.Value.(string); ok {
		v.Value = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	}
	return c.Conn.CheckNamedValue(v)
}

// bytewise is the migrations for PostgreSQL: their text columns compare byte by
// byte whatever the language of the database is, as SQLite's do. Cursors of
// lists, and the order of ids, depend on it.
type bytewise struct{ fs.FS }

var textType = regexp.MustCompile(`\bTEXT\b`)

// ReadDir implements fs.ReadDirFS.
func (b bytewise) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(b.FS, name) }

// Open implements fs.FS.
func (b bytewise) Open(name string) (fs.File, error) {
	f, err := b.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return f, err
	}
	defer f.Close()
	text, err := fs.ReadFile(b.FS, name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return &script{info, strings.NewReader(textType.ReplaceAllString(string(text), `TEXT COLLATE "C"`))}, nil
}

// script is a migration that was read, and changed.
type script struct {
	info fs.FileInfo // of the file as it was
	*strings.Reader
}

// Stat implements fs.File.
func (s *script) Stat() (fs.FileInfo, error) { return s.info, nil }

// Close implements fs.File.
func (s *script) Close() error { return nil }
