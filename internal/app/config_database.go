package app

import (
	"strings"

	"github.com/rostrumlive/rostrum/internal/store"
)

// sqliteWord stands for the database in the data folder.
const sqliteWord = "sqlite"

// database is where the rows are: in a file of the data folder, which is the
// empty text, or at an address that may hold a password.
type database struct{ to *string }

func (v database) Set(text string) error {
	if strings.EqualFold(text, sqliteWord) {
		*v.to = ""
		return nil
	}
	if err := store.CheckAddress(text); err != nil {
		return err
	}
	*v.to = text
	return nil
}

func (v database) Form() string        { return sqliteWord + ", or postgres://…" }
func (v database) Placeholder() string { return "URL" }

// Masked implements secret.
func (v database) Masked(text string) string {
	if strings.EqualFold(text, sqliteWord) {
		return text
	}
	return store.MaskAddress(text)
}

// secret is a value whose text must not be shown as it is.
type secret interface {
	// Masked returns a text that Set took, without what nobody should see.
	Masked(text string) string
}
