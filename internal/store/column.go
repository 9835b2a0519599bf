package store

import (
	"encoding/json"
	"fmt"
	"time"
)

// instant reads a BIGINT of milliseconds since 1970 into a time in UTC. NULL
// is the zero time.
type instant struct{ t *time.Time }

// Scan implements sql.Scanner.
func (i instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i.t = time.Time{}
	case int64:
		*i.t = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("column of milliseconds holds a %T", src)
	}
	return nil
}

// millis is the argument for such a column.
func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// span reads a BIGINT of milliseconds into a duration.
type span struct{ d *time.Duration }

// Scan implements sql.Scanner.
func (s span) Scan(src any) error {
	v, ok := src.(int64)
	if !ok {
		return fmt.Errorf("column of milliseconds holds a %T", src)
	}
	*s.d = time.Duration(v) * time.Millisecond
	return nil
}

// maybeSpan reads a BIGINT of milliseconds that may be NULL, which is nil.
type maybeSpan struct{ d **time.Duration }

// Scan implements sql.Scanner.
func (s maybeSpan) Scan(src any) error {
	if *s.d = nil; src == nil {
		return nil
	}
	var d time.Duration
	if err := (span{&d}).Scan(src); err != nil {
		return err
	}
	*s.d = &d
	return nil
}

// maybeMillis is the argument for such a column.
func maybeMillis(d *time.Duration) any {
	if d == nil {
		return nil
	}
	return d.Milliseconds()
}

// bit is the argument for a column of truth, an INTEGER of 0 or 1.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// flag reads a column of truth.
type flag struct{ b *bool }

// Scan implements sql.Scanner.
func (f flag) Scan(src any) error {
	v, ok := src.(int64)
	if !ok {
		return fmt.Errorf("column of truth holds a %T", src)
	}
	*f.b = v != 0
	return nil
}

// fromJSON reads a TEXT column that holds a JSON list. An empty one is nil.
type fromJSON[T any] struct{ v *[]T }

// Scan implements sql.Scanner.
func (j fromJSON[T]) Scan(src any) error {
	var text []byte
	switch v := src.(type) {
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("column of JSON holds a %T", src)
	}
	err := json.Unmarshal(text, j.v)
	if len(*j.v) == 0 {
		*j.v = nil
	}
	return err
}

// asJSON is the argument for such a column. No list is an empty one.
func asJSON[T any](list []T) (string, error) {
	if list == nil {
		return "[]", nil
	}
	b, err := json.Marshal(list)
	return string(b), err
}

// maybeText is the argument for a TEXT column that is NULL instead of empty.
func maybeText(s string) any {
	if s == "" {
		return nil
	}
	return s
}
