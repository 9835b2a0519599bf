package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	// maxWord bounds a word in runes, and maxWords what is kept of one text:
	// more than titles have.
	maxWord  = 40
	maxWords = 60
)

// The first word of a document says what it is of. Folded text has no such.
const (
	ofChannel   = "_channel"
	ofBroadcast = "_broadcast"
)

// matching is how a database is asked for documents that have words.
type matching struct {
	from   string // tables; d is documents
	where  string // the condition, on $1
	number string // the column that they are listed by
	// query is $1: all the words, of which the first must be a whole one.
	query func(words []string) string
}

// fullText are SQLite's words: those of FTS5, in quotes.
var fullText = matching{
	from: `documents_words w JOIN documents d ON d.number = w.rowid`, where: `w.documents_words MATCH $1`, number: `w.rowid`,
	query: func(words []string) string { return `"` + strings.Join(words, `"* "`) + `"*` },
}

// textVector are PostgreSQL's.
var textVector = matching{
	from: `documents d`, where: `d.search @@ CAST($1 AS TSQUERY)`, number: `d.number`,
	query: func(words []string) string { return `'` + strings.Join(words, `':* & '`) + `':*` },
}

var folder = cases.Fold()

// foldWords returns the words of a text as they are searched for: without case
// and accents, each once. Scripts that put no spaces between words have one for
// each character.
func foldWords(texts ...string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 && len(words) < maxWords && !slices.Contains(words, string(word)) {
			words = append(words, string(word))
		}
		word = word[:0]
	}
	for _, text := range texts {
		for _, r := range norm.NFKD.String(folder.String(strings.ToValidUTF8(text, " "))) {
			switch {
			case unicode.Is(unicode.Mn, r): // an accent
			case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer):
				end()
				word = append(word, r)
				end()
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				if len(word) < maxWord {
					word = append(word, r)
				}
			default:
				end()
			}
		}
		end()
	}
	return words
}

// document writes down what a row is searched by.
func (t *Tx) document(ctx context.Context, kind, target string, texts ...string) error {
	words := strings.Join(append([]string{kind}, foldWords(texts...)...), " ")
	_, err := t.exec(ctx, `INSERT INTO documents (target, words) VALUES ($1, $2)
		ON CONFLICT (target) DO UPDATE SET words = excluded.words`, target, words)
	return wrap(err, "write words of %s", target)
}

func (t *Tx) channelDocument(ctx context.Context, c Channel) error {
	return t.document(ctx, ofChannel, c.ID, append([]string{c.Name, c.Title, c.Category}, c.Tags...)...)
}

func (t *Tx) broadcastDocument(ctx context.Context, id, title string) error {
	return t.document(ctx, ofBroadcast, id, title)
}

// SearchChannels lists public channels that have all words of a text, or words
// that begin so, in their names, titles, categories or tags: first the one whose
// name it is, then those whose names begin so, then by name.
func (db *DB) SearchChannels(ctx context.Context, text string, limit int) ([]Channel, error) {
	words := foldWords(text)
	if len(words) == 0 {
		return nil, nil
	}
	m, name := db.matching, strings.Join(words, "")
	cs, err := list(ctx, db.Reader, scanChannel, `SELECT `+channelColumns+` FROM channels
		WHERE visibility = 'public' AND taken_down_at IS NULL AND id IN (SELECT d.target FROM `+m.from+` WHERE `+m.where+`)
		ORDER BY CASE WHEN name = $2 THEN 0 WHEN substr(name, 1, length(CAST($2 AS TEXT))) = $2 THEN 1 ELSE 2 END, name LIMIT $3`,
		m.query(append([]string{ofChannel}, words...)), name, limit)
	return cs, wrap(err, "search channels")
}

// Found is a broadcast that was searched for. Its number is for the list's next
// page.
type Found struct {
	Broadcast
	Number int64
}

// SearchRecordings lists recordings that PublicRecordings would list and that
// have all words of a text in their titles, or words that begin so: newest first,
// those with a smaller number than before, or all when it is 0.
func (db *DB) SearchRecordings(ctx context.Context, text string, before int64, limit int) ([]Found, error) {
	words := foldWords(text)
	if len(words) == 0 {
		return nil, nil
	}
	if before <= 0 {
		before = 1<<63 - 1
	}
	m := db.matching
	scan := func(row scanner) (f Found, err error) {
		f.Broadcast, err = scanBroadcast(prefixed{row, &f.Number})
		return f, err
	}
	found, err := list(ctx, db.Reader, scan, strings.Replace(broadcastQuery, "SELECT ", "SELECT f.number, ", 1)+
		`JOIN (SELECT d.target, `+m.number+` AS number FROM `+m.from+` WHERE `+m.where+` AND `+m.number+` < $2) f ON f.target = b.id
		WHERE b.state IN ('ended', 'archived') AND b.recorded = 1 AND b.taken_down_at IS NULL AND c.taken_down_at IS NULL
		AND 'public' = CASE b.visibility WHEN '' THEN c.visibility ELSE b.visibility END
		ORDER BY f.number DESC LIMIT $3`, m.query(append([]string{ofBroadcast}, words...)), before, limit)
	return found, wrap(err, "search recordings")
}

// prefixed is a row that has a column more in front.
type prefixed struct {
	scanner
	first any
}

// Scan implements scanner.
func (p prefixed) Scan(dest ...any) error { return p.scanner.Scan(append([]any{p.first}, dest...)...) }

// documentsOfAll writes down what is searched by in databases of versions that
// had no search. It asks for the columns that there were then.
func documentsOfAll(ctx context.Context, tx *sql.Tx) error {
	t := &Tx{Reader: Reader{tx}, tx: tx}
	err := t.documentsOf(ctx, ofChannel, `SELECT id, name || ' ' || title || ' ' || category || ' ' || tags FROM channels WHERE id > $1 ORDER BY id LIMIT $2`)
	if err != nil {
		return err
	}
	return t.documentsOf(ctx, ofBroadcast, `SELECT id, title FROM broadcasts WHERE id > $1 ORDER BY id LIMIT $2`)
}

// documentsOf writes documents of ids and texts that a query lists in pages.
func (t *Tx) documentsOf(ctx context.Context, kind, query string) error {
	const many = 1000
	type row struct{ id, text string }
	for after := ""; ; {
		rows, err := list(ctx, t.Reader, func(s scanner) (r row, err error) {
			err = s.Scan(&r.id, &r.text)
			return r, err
		}, query, after, many)
		if err != nil {
			return wrap(err, "list what can be searched for")
		}
		for _, r := range rows {
			if err := t.document(ctx, kind, r.id, r.text); err != nil {
				return err
			}
			after = r.id
		}
		if len(rows) < many {
			return nil
		}
	}
}
