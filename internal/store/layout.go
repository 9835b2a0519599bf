package store

import (
	"context"
	"fmt"
	"strings"
)

// layout is how a database is asked what it consists of.
type layout struct {
	tables  string // their names
	columns string // of the table $1: name, type, whether it is generated and whether it counts, place in the key
}

var sqliteLayout = layout{
	tables:  `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY name`,
	columns: `SELECT name, type, CASE WHEN hidden > 0 THEN 1 ELSE 0 END, 0, pk FROM pragma_table_xinfo($1) ORDER BY cid`,
}

var postgresLayout = layout{
	tables: `SELECT CAST(table_name AS TEXT) FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`,
	columns: `SELECT CAST(c.column_name AS TEXT), CAST(c.data_type AS TEXT),
			CASE c.is_generated WHEN 'ALWAYS' THEN 1 ELSE 0 END, CASE c.is_identity WHEN 'YES' THEN 1 ELSE 0 END,
			COALESCE((SELECT CAST(k.ordinal_position AS INTEGER) FROM information_schema.table_constraints p
				JOIN information_schema.key_column_usage k ON k.constraint_schema = p.constraint_schema
					AND k.constraint_name = p.constraint_name AND k.table_name = p.table_name
				WHERE p.constraint_type = 'PRIMARY KEY' AND p.table_schema = c.table_schema
					AND p.table_name = c.table_name AND k.column_name = c.column_name), 0)
		FROM information_schema.columns c WHERE c.table_schema = current_schema() AND c.table_name = $1 ORDER BY c.ordinal_position`,
}

// kind is what a column holds.
type kind uint8

const (
	integers kind = iota + 1
	texts
	octets
)

// kinds are the types that our migrations use, as the two databases call them.
var kinds = map[string]kind{"integer": integers, "bigint": integers, "text": texts, "blob": octets, "bytea": octets}

// column is one of a table's.
type column struct {
	name     string
	typ      string // as the database calls it, in lower case
	kind     kind
	identity bool  // the database counts it when nothing is given
	key      int64 // its place in the primary key from 1; 0: it is not in there
}

// table is one that rows are read from or written to. What the database makes
// of other columns is not among its columns.
type table struct {
	name    string
	columns []column
}

// names returns those of the columns.
func (t *table) names() []string {
	names := make([]string, len(t.columns))
	for i := range t.columns {
		names[i] = t.columns[i].name
	}
	return names
}

// order is what its rows are sorted by: the primary key.
func (t *table) order() string {
	var key []string
	for place := int64(1); ; place++ {
		found := len(key)
		for i := range t.columns {
			if t.columns[i].key == place {
				key = append(key, t.columns[i].name)
			}
		}
		if len(key) == found {
			return strings.Join(key, ", ")
		}
	}
}

// list returns the names of a database's.
func (l *layout) list(ctx context.Context, r Reader) ([]string, error) {
	names, err := list(ctx, r, scanText, l.tables)
	return names, wrap(err, "list tables")
}

// table reads what a table consists of.
func (l *layout) table(ctx context.Context, r Reader, name string) (table, error) {
	t := table{name: name}
	rows, err := r.q.QueryContext(ctx, l.columns, name)
	if err != nil {
		return t, wrap(err, "list columns of %s", name)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what matters
	for rows.Next() {
		var c column
		var generated bool
		if err := rows.Scan(&c.name, &c.typ, flag{&generated}, flag{&c.identity}, &c.key); err != nil {
			return t, wrap(err, "list columns of %s", name)
		}
		if generated {
			continue
		}
		c.typ = strings.ToLower(c.typ)
		if c.kind = kinds[c.typ]; c.kind == 0 {
			return t, fmt.Errorf("the column %s of %s is of the type %s, which is not carried", c.name, name, c.typ)
		}
		t.columns = append(t.columns, c)
	}
	if err := rows.Err(); err != nil {
		return t, wrap(err, "list columns of %s", name)
	}
	if t.order() == "" {
		return t, fmt.Errorf("the table %s has no primary key", name)
	}
	return t, nil
}

func scanText(row scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}
